//! The calls of Galen's pallets, and those of the SDK that operators need, with typed arguments: one file a pallet.
//!
//! Arguments are SCALE-encoded from the types that the runtime itself uses (`galen-primitives`), so that what is signed
//! here is what the runtime decodes; pallet and call indices come from the chain's metadata, by name.

mod consent;
mod consortium;
mod council;
mod custody;
mod devices;
mod emergency;
mod federated;
mod records;
mod session;
mod staking;
mod summaries;
mod system;

pub use consent::*;
pub use consortium::*;
pub use council::*;
pub use custody::*;
pub use devices::*;
pub use emergency::*;
pub use federated::*;
pub use records::*;
pub use session::*;
pub use staking::*;
pub use summaries::*;
pub use system::*;

use codec::{Compact, Encode};
use subxt::ext::{
    scale_encode::{self, EncodeAsFields, FieldIter},
    scale_type_resolver::TypeResolver,
};

/// Arguments that are SCALE already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded(Vec<u8>);

impl EncodeAsFields for Encoded {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

/// A call: pallet, name, arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    args: Encoded,
}

impl subxt::tx::Payload for Call {
    type CallData = Encoded;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &Encoded {
        &self.args
    }
}

impl Call {
    /// `pallet.name` with these arguments, which must encode as the runtime decodes them.
    pub fn new(pallet: &'static str, name: &'static str, args: impl Encode) -> Self {
        Call { pallet, name, args: Encoded(args.encode()) }
    }

    /// `Utility.batch_all`: these calls, each in the chain's own bytes, in order, or none of them.
    pub fn batch_all(calls: &[Vec<u8>]) -> Self {
        let mut args = Compact(u32::try_from(calls.len()).unwrap_or(u32::MAX)).encode();
        calls.iter().for_each(|call| args.extend_from_slice(call));
        Call { pallet: "Utility", name: "batch_all", args: Encoded(args) }
    }
}

fn call(pallet: &'static str, name: &'static str, args: impl Encode) -> Call {
    Call::new(pallet, name, args)
}

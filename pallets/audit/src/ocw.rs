//! Disclosures, as [`galen_offchain::reports`] has the hospital's worker report them.
//!
//! | method | params | result |
//! |---|---|---|
//! | `node_disclosures` | `["0x<hospital>", next, "0x<head>"]` | `null` if no batch is due, or `"0x<SCALE of DisclosureBatch>"` |

use crate::{Call, Config, Pallet, Sites};
use core::marker::PhantomData;
use frame_system::offchain::SubmitTransaction;
use galen_offchain::reports::Reports;
use galen_primitives::{AccountId, BlockNumber, H256, audit::disclosure::DisclosureBatch, reports::Position};
use sp_core::sr25519;

/// The reports of disclosures.
pub(crate) struct Disclosures<T>(PhantomData<T>);

impl<T: Config> Reports for Disclosures<T> {
    type Batch = DisclosureBatch;
    type Consortium = T::Consortium;
    const LOG: &'static str = "galen::audit";
    const TAG: &'static str = "GalenReport";
    const MEMORY: &'static [u8] = b"galen::audit::report";
    const LOCK: &'static [u8] = b"galen::audit::lock";

    fn genesis_hash() -> H256 {
        Pallet::<T>::genesis_hash()
    }

    fn block() -> BlockNumber {
        Pallet::<T>::block()
    }

    fn position(hospital: &AccountId) -> Position {
        Sites::<T>::get(hospital).position()
    }

    fn submit(hospital: AccountId, batch: DisclosureBatch, signature: sr25519::Signature) -> Result<(), ()> {
        let call = Call::<T>::report { hospital, batch, signature };
        SubmitTransaction::<T, Call<T>>::submit_transaction(T::create_authorized_transaction(call.into()))
    }
}

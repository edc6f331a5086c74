//! Whether the new runtime may follow the old one.

use crate::state::Storage;
use codec::Decode;
use sc_executor::WasmExecutor;
use sp_core::{storage::well_known_keys::CODE, traits::ReadRuntimeVersion};
use sp_io::SubstrateHostFunctions;
use sp_version::RuntimeVersion;

/// Reads the version of the runtime that stands in a state.
pub fn of_state(storage: &mut Storage) -> Result<RuntimeVersion, String> {
    let code = storage
        .execute_with(|| sp_io::storage::get(CODE))
        .filter(|code| !code.is_empty())
        .ok_or("the state holds no runtime: it is none of a Substrate chain")?;
    let version = WasmExecutor::<SubstrateHostFunctions>::builder()
        .build()
        .read_runtime_version(&code, &mut storage.ext())
        .map_err(|error| format!("the version of the runtime in the state cannot be read: {error}"))?;
    RuntimeVersion::decode(&mut version.as_slice())
        .map_err(|error| format!("the version of the runtime in the state does not decode: {error}"))
}

/// Says why a network on `old` would refuse `new`, if it would. The rule is
/// `frame_system::Pallet::can_set_code`'s.
pub fn refusal(old: &RuntimeVersion, new: &RuntimeVersion) -> Option<String> {
    if old.spec_name != new.spec_name {
        return Some(format!(
            "spec name `{}` is not `{}`: this is the runtime of another chain, and the network refuses it \
             (InvalidSpecName)",
            new.spec_name, old.spec_name
        ));
    }
    (new.spec_version <= old.spec_version).then(|| {
        format!(
            "spec version {} is not higher than {}: the network refuses it (SpecVersionNeedsToIncrease). \
             Raise spec_version in runtime/src/version.rs",
            new.spec_version, old.spec_version
        )
    })
}

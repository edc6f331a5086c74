//! The gate from the council to Root.

use crate::{Config, Pallet, WeightInfo};
use codec::Encode;
use frame_support::{
    dispatch::{DispatchResult, GetDispatchInfo, extract_actual_weight},
    storage::with_storage_layer,
    weights::Weight,
};
use frame_system::RawOrigin;
use galen_primitives::{H256, audit::Kind, commitment::tagged_hash, traits::AuditSink};
use sp_runtime::{DispatchError, SaturatedConversion, traits::Dispatchable};

/// A call that was dispatched as Root.
pub(crate) struct Governed {
    /// BLAKE2b-256 of the encoded call.
    pub call: H256,
    /// How the call ended.
    pub result: DispatchResult,
    /// What it and the gate cost.
    pub weight: Weight,
}

impl<T: Config> Pallet<T> {
    /// Dispatches the call as Root; what a call changed that failed is undone.
    pub(crate) fn do_govern(call: <T as Config>::RuntimeCall) -> Result<Governed, DispatchError> {
        let encoded = call.encode();
        let subject: H256 = tagged_hash(&[], &[&encoded]);
        // Before the dispatch, so that the log tells of the act before it tells of what the act did.
        T::Audit::append(None, Kind::Governed, subject, None)?;
        let info = call.get_dispatch_info();
        let result = with_storage_layer(|| call.dispatch(RawOrigin::Root.into()));
        let own = T::WeightInfo::govern(encoded.len().saturated_into());
        Ok(Governed {
            call: subject,
            weight: own.saturating_add(extract_actual_weight(&result, &info)),
            result: result.map(|_| ()).map_err(|failed| failed.error),
        })
    }
}

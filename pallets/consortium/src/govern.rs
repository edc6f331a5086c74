//! The gate from the council to Root.

use crate::{Config, Event, Pallet, WeightInfo};
use codec::Encode;
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, GetDispatchInfo, extract_actual_weight},
    storage::with_storage_layer,
};
use frame_system::RawOrigin;
use galen_primitives::{H256, audit::Kind, commitment::tagged_hash, traits::AuditSink};
use sp_runtime::{SaturatedConversion, traits::Dispatchable};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_govern(call: <T as Config>::RuntimeCall) -> DispatchResultWithPostInfo {
        let encoded = call.encode();
        let subject: H256 = tagged_hash(&[], &[&encoded]);
        // Before the dispatch, so that the log tells of the act before it tells of what the act did.
        T::Audit::append(None, Kind::Governed, subject, None)?;
        let info = call.get_dispatch_info();
        let result = with_storage_layer(|| call.dispatch(RawOrigin::Root.into()));
        let own = T::WeightInfo::govern(encoded.len().saturated_into());
        let actual = own.saturating_add(extract_actual_weight(&result, &info));
        Self::deposit_event(Event::Governed {
            call: subject,
            result: result.map(|_| ()).map_err(|failed| failed.error),
        });
        Ok(Some(actual).into())
    }
}

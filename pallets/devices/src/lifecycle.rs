//! The end of a device, and doubts about it. Neither asks for good standing: a warning is never refused.

use crate::{Config, Devices, Error, Pallet};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use galen_primitives::{AccountId, BlockNumber, H256, audit::Kind, traits::AuditSink};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_retire(hospital: &AccountId, id: H256) -> DispatchResult {
        let mut device = Self::of_hospital(hospital, &id)?;
        ensure!(device.retired_at.is_none(), Error::<T>::AlreadyRetired);
        device.retired_at = Some(Self::block());
        Self::put_out_of_force(&mut device);
        Devices::<T>::insert(id, device);
        T::Audit::append(Some(hospital), Kind::DeviceRetired, id, None)
    }

    /// Marks a device suspect; `actor` is `None` for the council. Gives the block from which on it is suspect
    /// now.
    pub(crate) fn do_mark_suspect(
        actor: Option<&AccountId>,
        id: H256,
        from: BlockNumber,
    ) -> Result<BlockNumber, DispatchError> {
        let mut device = match actor {
            Some(hospital) => Self::of_hospital(hospital, &id)?,
            None => Devices::<T>::get(id).ok_or(Error::<T>::NotFound)?,
        };
        ensure!(from <= Self::block(), Error::<T>::InvalidBlock);
        let from = device.suspect_from.map_or(from, |old| old.min(from));
        device.suspect_from = Some(from);
        Devices::<T>::insert(id, device);
        T::Audit::append(actor, Kind::DeviceSuspect, id, None)?;
        Ok(from)
    }
}

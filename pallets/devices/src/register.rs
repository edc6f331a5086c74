//! Registration: a hospital vouches for a device, and the device's key for itself.

use crate::{ByHospital, Config, Devices, Error, Pallet};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    devices::{Device, DeviceKey},
    traits::{AuditSink, Consortium},
};
use sp_core::H512;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(
        hospital: &AccountId,
        id: H256,
        key: DeviceKey,
        model: H256,
        proof: &H512,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(hospital), Error::<T>::NotMember);
        ensure!(!Devices::<T>::contains_key(id), Error::<T>::AlreadyExists);
        Self::ensure_possessed(hospital, &id, &key, proof)?;
        let mut device = Device {
            hospital: hospital.clone(),
            model,
            registered_at: Self::block(),
            keys: Default::default(),
            retired_at: None,
            suspect_from: None,
        };
        Self::put_in_force(&mut device, id, key)?;
        Devices::<T>::insert(id, device);
        ByHospital::<T>::insert(hospital, id, ());
        T::Audit::append(Some(hospital), Kind::DeviceRegistered, id, None)
    }
}

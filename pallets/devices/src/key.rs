//! A device's keys: the one in force and those before it.

use crate::{Config, Devices, Error, Keys, Pallet};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    devices::{Device, DeviceKey, DeviceKeyPeriod, possession_payload},
    traits::{AuditSink, Consortium},
};
use sp_core::H512;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_rotate_key(
        hospital: &AccountId,
        id: H256,
        key: DeviceKey,
        proof: &H512,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(hospital), Error::<T>::NotMember);
        let mut device = Self::of_hospital(hospital, &id)?;
        ensure!(device.retired_at.is_none(), Error::<T>::AlreadyRetired);
        ensure!(device.suspect_from.is_none(), Error::<T>::AlreadySuspect);
        Self::ensure_possessed(hospital, &id, &key, proof)?;
        Self::put_in_force(&mut device, id, key)?;
        Devices::<T>::insert(id, device);
        T::Audit::append(Some(hospital), Kind::DeviceKeyRotated, id, None)
    }

    /// That the key is nobody's yet and has signed to be this device's of this hospital.
    pub(crate) fn ensure_possessed(
        hospital: &AccountId,
        id: &H256,
        key: &DeviceKey,
        proof: &H512,
    ) -> DispatchResult {
        ensure!(key.is_valid(), Error::<T>::InvalidKey);
        ensure!(!Keys::<T>::contains_key(key), Error::<T>::KeyAlreadyExists);
        let payload = possession_payload(&Self::genesis_hash(), hospital, id, key);
        ensure!(key.verifies(&payload, proof), Error::<T>::InvalidProof);
        Ok(())
    }

    /// Puts a key in force in place of the one before, and notes whose it is.
    pub(crate) fn put_in_force(device: &mut Device, id: H256, key: DeviceKey) -> DispatchResult {
        Self::put_out_of_force(device);
        let period = DeviceKeyPeriod { key, from: Self::block(), until: None };
        device.keys.try_push(period).map_err(|_| Error::<T>::TooManyKeys)?;
        Keys::<T>::insert(key, id);
        Ok(())
    }

    pub(crate) fn put_out_of_force(device: &mut Device) {
        if let Some(last) = device.keys.last_mut().filter(|last| last.until.is_none()) {
            last.until = Some(Self::block());
        }
    }

    /// The device, if it is this hospital's.
    pub(crate) fn of_hospital(hospital: &AccountId, id: &H256) -> Result<Device, Error<T>> {
        let device = Devices::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(device.hospital == *hospital, Error::<T>::NotOwner);
        Ok(device)
    }
}

//! What runtime APIs ask; bounded in what is read, but no call pays for it.

use crate::{Batches, ByHospital, Config, Devices, Pallet, Sites};
use alloc::vec::Vec;
use galen_primitives::{
    AccountId, H256,
    api::MAX_PAGE,
    devices::{
        Device,
        reading::{AnchoredReadings, ReadingSite},
    },
};

impl<T: Config> Pallet<T> {
    /// One device.
    pub fn device(id: &H256) -> Option<Device> {
        Devices::<T>::get(id)
    }

    /// A hospital's devices, in no order, from the one after `after` on; at most `limit` and [`MAX_PAGE`].
    pub fn devices(hospital: &AccountId, after: Option<H256>, limit: u32) -> Vec<(H256, Device)> {
        let ids = match after {
            Some(after) => {
                let key = ByHospital::<T>::hashed_key_for(hospital, after);
                ByHospital::<T>::iter_key_prefix_from(hospital, key)
            }
            None => ByHospital::<T>::iter_key_prefix(hospital),
        };
        ids.take(page(limit)).filter_map(|id| Devices::<T>::get(id).map(|device| (id, device))).collect()
    }

    /// How far a hospital has anchored its readings.
    pub fn reading_site(hospital: &AccountId) -> ReadingSite {
        Sites::<T>::get(hospital)
    }

    /// A hospital's batches from number `from` on; at most `limit` and [`MAX_PAGE`].
    pub fn reading_batches(hospital: &AccountId, from: u64, limit: u32) -> Vec<AnchoredReadings> {
        let numbers = (from..u64::MAX).take(page(limit));
        numbers.map_while(|index| Batches::<T>::get(hospital, index)).collect()
    }
}

fn page(limit: u32) -> usize {
    usize::try_from(limit.min(MAX_PAGE)).unwrap_or(0)
}

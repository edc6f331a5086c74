//! What must hold between any two extrinsics.

use crate::{Batches, ByHospital, Config, Devices, Keys, Pallet, Sites};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use galen_primitives::{
    devices::{DeviceKey, reading::ReadingSite},
    reports::LogBatch,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// A device's keys follow each other, the last is in force unless it is retired, and each is noted as the
    /// device's and no other's; devices stand with their hospitals. Each hospital's batches follow each
    /// other, up to what its site says.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = Self::block();
        let (mut keys, mut by_hospital) = (BTreeMap::<DeviceKey, _>::new(), BTreeSet::new());
        for (id, device) in Devices::<T>::iter() {
            ensure!(!device.keys.is_empty(), "a device without a key");
            let mut since = device.registered_at;
            for (at, period) in device.keys.iter().enumerate() {
                ensure!(period.from == since, "keys do not follow each other");
                let last = at.saturating_add(1) == device.keys.len();
                match period.until {
                    Some(until) => {
                        ensure!(until >= period.from, "a key ended before it began");
                        ensure!(!last || device.retired_at == Some(until), "no key is in force");
                        since = until;
                    }
                    None => ensure!(last && device.retired_at.is_none(), "two keys are in force"),
                }
                ensure!(keys.insert(period.key, id).is_none(), "a key serves twice");
            }
            let latest = [Some(since), device.retired_at, device.suspect_from];
            ensure!(latest.into_iter().flatten().all(|at| at <= now), "something of the future");
            by_hospital.insert((device.hospital, id));
        }
        ensure!(Keys::<T>::iter().collect::<BTreeMap<_, _>>() == keys, "keys are not those of the devices");
        let stored = ByHospital::<T>::iter().map(|(hospital, id, ())| (hospital, id));
        ensure!(
            stored.collect::<BTreeSet<_>>() == by_hospital,
            "the index by hospital is not that of the devices"
        );
        Self::check_sites()
    }

    fn check_sites() -> Result<(), TryRuntimeError> {
        let mut batches = 0u64;
        for (hospital, stored) in Sites::<T>::iter() {
            let mut site = ReadingSite::default();
            for index in 0..stored.batches {
                let anchored = Batches::<T>::get(&hospital, index).ok_or("a batch is missing")?;
                let after = anchored.batch.follows(&site.position());
                let after = after.map_err(|_| "a batch does not follow the one before")?;
                ensure!(Self::earliest(&site) <= anchored.block, "a batch came too soon");
                site = ReadingSite {
                    batches: after.place,
                    next: after.next,
                    refused: site.refused.saturating_add(anchored.batch.refused.into()),
                    head: after.head,
                    last_block: anchored.block,
                };
            }
            ensure!(site == stored, "a site is not that of its batches");
            batches = batches.saturating_add(site.batches);
        }
        let stored = Batches::<T>::iter_keys().fold(0u64, |count, _| count.saturating_add(1));
        ensure!(stored == batches, "a batch beyond its site");
        Ok(())
    }
}

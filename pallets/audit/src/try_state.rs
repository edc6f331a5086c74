//! What must hold between any two extrinsics.

use crate::{ByHospital, ByPatient, Config, Entries, Holders, Log, Pallet};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use galen_primitives::audit::{LogState, leaf};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Entries are numbered from 0 without gaps, in the order of blocks; the peaks are theirs; each index says exactly
    /// what the entries say. Reads the whole log.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let log = Log::<T>::get();
        let mut again = LogState::default();
        let mut block = 0;
        let (mut by_hospital, mut by_patient) = (BTreeSet::new(), BTreeSet::new());
        let mut holders = BTreeMap::new();
        for index in 0..log.count {
            let entry = Entries::<T>::get(index).ok_or("audit: a number without an entry")?;
            ensure!(entry.index == index, "audit: an entry under another number");
            ensure!(entry.block >= block, "audit: an entry older than the one before it");
            block = entry.block;
            again.append(leaf(&entry)).ok_or("audit: the log cannot be appended to")?;
            if let Some(hospital) = &entry.hospital {
                by_hospital.insert((hospital.clone(), index.to_be_bytes()));
            }
            if let Some(patient) = &entry.patient {
                by_patient.insert((patient.clone(), index.to_be_bytes()));
            }
            if let (Some(patient), Some(hospital)) = (entry.patient, entry.hospital) {
                holders.insert((patient, hospital), index);
            }
        }
        ensure!(again == log, "audit: count and peaks are not those of the entries");
        ensure!(Entries::<T>::iter_keys().all(|index| index < log.count), "audit: an entry beyond the count");
        ensure!(
            ByHospital::<T>::iter_keys().collect::<BTreeSet<_>>() == by_hospital,
            "audit: the index by hospital is not that of the entries"
        );
        ensure!(
            ByPatient::<T>::iter_keys().collect::<BTreeSet<_>>() == by_patient,
            "audit: the index by patient key is not that of the entries"
        );
        let stored = Holders::<T>::iter().map(|(patient, hospital, index)| ((patient, hospital), index));
        ensure!(stored.collect::<BTreeMap<_, _>>() == holders, "audit: holders are not those of the entries");
        Ok(())
    }
}

//! What must hold between any two extrinsics.

use crate::{Batches, ByHospital, ByPatient, Config, Entries, Holders, Log, Nodes, Pallet, Sites};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use galen_primitives::{
    audit::{Kind, LogState, disclosure::Site, leaf},
    reports::LogBatch,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Entries are numbered from 0 without gaps, in the order of blocks; peaks and nodes are theirs; each
    /// index says exactly what the entries say. Each site's batches follow each other, up to what the site
    /// says, and have their entries. Reads the whole log.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let log = Log::<T>::get();
        let mut again = LogState::default();
        let mut block = 0;
        let (mut by_hospital, mut by_patient) = (BTreeSet::new(), BTreeSet::new());
        let (mut holders, mut nodes) = (BTreeMap::new(), BTreeMap::new());
        for index in 0..log.count {
            let entry = Entries::<T>::get(index).ok_or("a number without an entry")?;
            ensure!(entry.index == index, "an entry under another number");
            ensure!(entry.block >= block, "an entry older than the one before it");
            block = entry.block;
            let completed = again.append(leaf(&entry)).ok_or("the log cannot be appended to")?;
            nodes.extend(completed.into_iter().map(|(level, index, node)| ((level, index), node)));
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
        ensure!(again == log, "count and peaks are not those of the entries");
        ensure!(Entries::<T>::iter_keys().all(|index| index < log.count), "an entry beyond the count");
        ensure!(
            ByHospital::<T>::iter_keys().collect::<BTreeSet<_>>() == by_hospital,
            "the index by hospital is not that of the entries"
        );
        ensure!(
            ByPatient::<T>::iter_keys().collect::<BTreeSet<_>>() == by_patient,
            "the index by patient key is not that of the entries"
        );
        let stored = Holders::<T>::iter().map(|(patient, hospital, index)| ((patient, hospital), index));
        ensure!(stored.collect::<BTreeMap<_, _>>() == holders, "holders are not those of the entries");
        let stored = Nodes::<T>::iter().map(|((level, index), node)| ((u32::from(level), index), node));
        ensure!(stored.collect::<BTreeMap<_, _>>() == nodes, "nodes are not those of the entries");
        Self::check_sites()
    }

    fn check_sites() -> Result<(), TryRuntimeError> {
        let mut sites = BTreeMap::new();
        // In the order of their numbers within each hospital.
        for (hospital, last, reported) in Batches::<T>::iter() {
            let site: &mut Site = sites.entry(hospital.clone()).or_default();
            let after = reported.batch.follows(&site.position());
            let after = after.map_err(|_| "a batch does not follow the last")?;
            let place = after.next.checked_sub(1).map(u64::to_be_bytes);
            ensure!(place == Some(last), "a batch is misplaced");
            ensure!(reported.block >= site.last_block, "a batch older than the one before it");
            let entry = Entries::<T>::get(reported.entry).ok_or("a report without an entry")?;
            ensure!(
                entry.kind == Kind::DisclosuresReported
                    && entry.hospital == Some(hospital)
                    && entry.subject == reported.batch.root
                    && entry.block == reported.block,
                "the entry of a report says something else"
            );
            *site = Site { next: after.next, head: after.head, last_block: reported.block };
        }
        ensure!(
            Sites::<T>::iter().collect::<BTreeMap<_, _>>() == sites,
            "sites are not those of the batches"
        );
        Ok(())
    }
}

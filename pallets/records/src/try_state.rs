//! What must hold between blocks.

use crate::{Config, Pallet, Records};
use frame_support::ensure;
use galen_primitives::{
    H256,
    record::{Record, RecordFacts},
    traits::ConsentCheck,
};
use sp_runtime::{SaturatedConversion, TryRuntimeError};

impl<T: Config> Pallet<T> {
    /// - links between versions are mutual, within one custodian and one patient, and never lead back in time;
    /// - every record is reached from a first version exactly once, so that no lineage is a circle;
    /// - a record's custodian is its patient's, and no record comes from a block that is yet to come;
    /// - an erased record was anchored before, and says no more than that and whose it was.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now: u32 = frame_system::Pallet::<T>::block_number().saturated_into();
        let (mut count, mut reached) = (0u64, 0u64);
        for (id, record) in Records::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(!id.is_zero(), "no document has the zero commitment");
            ensure!(record.anchored_at <= now, "anchored in the future");
            ensure!(
                T::Consent::custodian_of(&record.attributes.patient).as_ref() == Some(&record.custodian),
                "the patient's custodian anchored it"
            );
            if let Some(at) = record.erased_at {
                ensure!(record.anchored_at <= at && at <= now, "erased after it was anchored");
                let kept = &record.attributes.facts;
                ensure!(
                    *kept == RecordFacts { level: kept.level, ..Default::default() },
                    "an erased record says no more than it must"
                );
            }
            match record.supersedes {
                Some(old) => {
                    let older = Records::<T>::get(old).ok_or("the replaced record exists")?;
                    ensure!(older.superseded_by == Some(id), "the replaced record knows its successor");
                    ensure!(Self::is_successor(&older, &record), "one patient, one custodian, in order");
                }
                None => reached = reached.saturating_add(Self::lineage_length(id, record)?),
            }
        }
        ensure!(reached == count, "every record descends from one first version");
        Ok(())
    }

    fn is_successor(older: &Record, newer: &Record) -> bool {
        older.custodian == newer.custodian
            && older.attributes.patient == newer.attributes.patient
            && older.anchored_at <= newer.anchored_at
    }

    /// How many records descend from this first version, itself included. Ends, since mutual links cannot lead from a
    /// record without a predecessor into a circle.
    fn lineage_length(first: H256, record: Record) -> Result<u64, TryRuntimeError> {
        let (mut id, mut record, mut length) = (first, record, 1u64);
        while let Some(next) = record.superseded_by {
            let newer = Records::<T>::get(next).ok_or("the successor exists")?;
            ensure!(newer.supersedes == Some(id), "the successor knows what it replaced");
            (id, record, length) = (next, newer, length.saturating_add(1));
        }
        Ok(length)
    }
}

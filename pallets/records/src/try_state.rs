//! What must hold between blocks.

use crate::{Batches, Config, ErasedLeaves, Pallet, Records};
use frame_support::ensure;
use galen_primitives::{
    BlockNumber, H256,
    records::{Record, RecordFacts, batch::MAX_LEAVES},
    traits::ConsentCheck,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// - links between versions are mutual, within one custodian and one patient, and never lead back in
    ///   time;
    /// - every record is reached from a first version exactly once, so that no lineage is a circle;
    /// - a record's custodian is its patient's, and no record comes from a block that is yet to come;
    /// - an erased record was anchored before, and says no more than that and whose it was;
    /// - a record is voided or transferred after it was anchored, and a transferred one has no successor;
    /// - a revealed record is as old as its batch and of the same custodian;
    /// - an erased leaf is of its batch's custodian, and no record.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = Self::block();
        Self::try_batches(now)?;
        let (mut count, mut reached) = (0u64, 0u64);
        for (id, record) in Records::<T>::iter() {
            Self::try_record(&id, &record, now)?;
            count = count.saturating_add(1);
            match record.supersedes {
                Some(old) => {
                    let older = Records::<T>::get(old).ok_or("a record replaces an unknown one")?;
                    ensure!(older.superseded_by == Some(id), "a replaced record names another successor");
                    ensure!(
                        Self::is_successor(&older, &record),
                        "a successor is of another patient or custodian, or older"
                    );
                }
                None => reached = reached.saturating_add(Self::lineage_length(id, record)?),
            }
        }
        ensure!(reached == count, "a record descends from no first version");
        Ok(())
    }

    /// What holds of a record by itself.
    fn try_record(id: &H256, record: &Record, now: BlockNumber) -> Result<(), TryRuntimeError> {
        ensure!(!id.is_zero(), "a record has the zero commitment");
        ensure!(record.anchored_at <= now, "a record comes from the future");
        ensure!(
            T::Consent::custodian_of(&record.attributes.patient).as_ref() == Some(&record.custodian),
            "a record's custodian is not its patient's"
        );
        let within = |at| record.anchored_at <= at && at <= now;
        if let Some(at) = record.erased_at {
            ensure!(within(at), "a record was erased before it was anchored, or in the future");
            let kept = &record.attributes.facts;
            ensure!(
                *kept == RecordFacts { level: kept.level, ..Default::default() },
                "an erased record says more than it may"
            );
        }
        let withdrawn = [record.voided.as_ref().map(|v| v.at), record.transferred.as_ref().map(|t| t.at)];
        ensure!(
            withdrawn.into_iter().flatten().all(within),
            "a record was withdrawn before it was anchored, or in the future"
        );
        ensure!(
            record.transferred.is_none() || record.superseded_by.is_none(),
            "a transferred record has a successor"
        );
        if let Some(root) = record.batch {
            let batch = Batches::<T>::get(root).ok_or("a record is of an unknown batch")?;
            ensure!(
                (&batch.custodian, batch.anchored_at) == (&record.custodian, record.anchored_at),
                "a revealed record differs from its batch in custodian or block"
            );
        }
        Ok(())
    }

    fn try_batches(now: BlockNumber) -> Result<(), TryRuntimeError> {
        for (root, batch) in Batches::<T>::iter() {
            ensure!(!root.is_zero(), "a batch has the zero root");
            ensure!((1..=MAX_LEAVES).contains(&batch.count), "a batch has no leaf, or too many");
            ensure!(batch.anchored_at <= now, "a batch comes from the future");
        }
        for (id, leaf) in ErasedLeaves::<T>::iter() {
            ensure!(!Records::<T>::contains_key(id), "an erased leaf is a record");
            let batch = Batches::<T>::get(leaf.batch).ok_or("an erased leaf is of an unknown batch")?;
            ensure!(
                batch.custodian == leaf.custodian,
                "a leaf was erased by another than its batch's custodian"
            );
            ensure!(
                batch.anchored_at <= leaf.erased_at && leaf.erased_at <= now,
                "a leaf was erased before it was anchored, or in the future"
            );
        }
        Ok(())
    }

    fn is_successor(older: &Record, newer: &Record) -> bool {
        older.custodian == newer.custodian
            && older.attributes.patient == newer.attributes.patient
            && older.anchored_at <= newer.anchored_at
    }

    /// How many records descend from this first version, itself included. Ends, since mutual links cannot
    /// lead from a record without a predecessor into a circle.
    fn lineage_length(first: H256, record: Record) -> Result<u64, TryRuntimeError> {
        let (mut id, mut record, mut length) = (first, record, 1u64);
        while let Some(next) = record.superseded_by {
            let newer = Records::<T>::get(next).ok_or("a record's successor is unknown")?;
            ensure!(newer.supersedes == Some(id), "a successor names another record that it replaced");
            (id, record, length) = (next, newer, length.saturating_add(1));
        }
        Ok(length)
    }
}

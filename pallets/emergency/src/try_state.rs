//! What must hold between any two extrinsics.

use crate::{Accesses, Config, Open, Opened, Pallet, Unreviewed};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use galen_primitives::AccountId;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// - an access was not opened, nor reviewed, in the future; its review is due no sooner than it ends;
    /// - a review is by another person, not before the access, and by its hospital or, once overdue, by the
    ///   council;
    /// - an access waits for its review exactly while it has none;
    /// - every access that is open is listed; lists hold known accesses of their own hospital and patient,
    ///   none twice;
    /// - each hospital opened as many as are counted.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = Self::seconds();
        let mut opened = BTreeMap::<AccountId, u32>::new();
        for (id, access) in Accesses::<T>::iter() {
            let count = opened.entry(access.hospital.clone()).or_default();
            *count = count.saturating_add(1);
            ensure!(
                access.opened_at <= now && access.block <= Self::block(),
                "an access was opened in the future"
            );
            ensure!(
                access.opened_at <= access.until && access.until <= access.review_due,
                "an access ends before it begins, or its review is due before it ends"
            );
            ensure!(
                Unreviewed::<T>::contains_key(&access.hospital, id) == access.review.is_none(),
                "an access waits for the review that it has, or does not wait for the one that it lacks"
            );
            let listed = Open::<T>::get(&access.hospital, &access.patient).contains(&id);
            ensure!(listed || !access.is_open(now), "an access that is open is not listed");
            if let Some(review) = &access.review {
                ensure!(review.by != access.by, "an access was reviewed by who opened it");
                ensure!(
                    access.opened_at <= review.at && review.at <= now,
                    "an access was reviewed outside its time"
                );
                let entitled = match &review.hospital {
                    Some(hospital) => *hospital == access.hospital,
                    None => review.at > access.review_due,
                };
                ensure!(entitled, "an access was reviewed by who may not");
            }
        }
        for (hospital, patient, ids) in Open::<T>::iter() {
            ensure!(!ids.is_empty(), "an empty list is stored");
            let distinct: BTreeSet<_> = ids.iter().collect();
            ensure!(distinct.len() == ids.len(), "an access is listed twice");
            ensure!(
                ids.iter().all(|id| Accesses::<T>::get(id)
                    .is_some_and(|access| access.hospital == hospital && access.patient == patient)),
                "a list holds what is not its own"
            );
        }
        ensure!(
            Unreviewed::<T>::iter_keys().all(
                |(hospital, id)| Accesses::<T>::get(id).is_some_and(|access| access.hospital == hospital)
            ),
            "an unknown access waits for its review"
        );
        ensure!(
            opened == Opened::<T>::iter().collect::<BTreeMap<_, _>>(),
            "the count is not that of the accesses"
        );
        Ok(())
    }
}

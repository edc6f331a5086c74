//! Batches of readings: each hospital's in a chain of their own.

use crate::{Batches, Config, Error, Pallet, Sites};
use frame_support::traits::Get;
use galen_primitives::{
    AccountId, BlockNumber,
    audit::Kind,
    devices::reading::{AnchoredReadings, ReadingBatch, ReadingSite},
    reports::LogBatch,
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Takes a batch in, with its audit entry, whose subject is the batch's head.
    pub(crate) fn do_anchor(hospital: &AccountId, batch: ReadingBatch) -> DispatchResult {
        let site = Sites::<T>::get(hospital);
        let after = batch.follows(&site.position()).map_err(|_| Error::<T>::NotNext)?;
        let key = T::Consortium::worker_key(hospital).ok_or(Error::<T>::NotNext)?;
        let block = Self::block();
        Batches::<T>::insert(hospital, batch.index, AnchoredReadings { batch, block, key });
        let site = ReadingSite {
            batches: after.place,
            next: after.next,
            refused: site.refused.saturating_add(batch.refused.into()),
            head: after.head,
            last_block: block,
        };
        Sites::<T>::insert(hospital, site);
        T::Audit::append(Some(hospital), Kind::ReadingsAnchored, after.head, None)
    }

    /// The first block in which the hospital's next batch may come.
    pub(crate) fn earliest(site: &ReadingSite) -> BlockNumber {
        if site.batches == 0 { 0 } else { site.last_block.saturating_add(T::MinPeriod::get()) }
    }
}

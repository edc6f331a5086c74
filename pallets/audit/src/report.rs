//! Reports of disclosures: each site's batches in a chain of their own.

use crate::{AuditSink, Batches, Config, Error, Log, Pallet, Sites};
use galen_primitives::{
    AccountId,
    audit::{
        Kind,
        disclosure::{DisclosureBatch, ReportedBatch, Site},
    },
    reports::LogBatch,
    traits::Consortium,
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Takes a batch in, with its audit entry.
    pub(crate) fn do_report(hospital: &AccountId, batch: DisclosureBatch) -> DispatchResult {
        let site = Sites::<T>::get(hospital).position();
        let after = batch.follows(&site).map_err(|_| Error::<T>::NotNext)?;
        let key = T::Consortium::worker_key(hospital).ok_or(Error::<T>::NotNext)?;
        let block = Self::block();
        let entry = Log::<T>::get().count;
        Self::append(Some(hospital), Kind::DisclosuresReported, batch.root, None)?;
        // A batch holds one at least: `next` is above zero.
        let last = after.next.saturating_sub(1).to_be_bytes();
        Batches::<T>::insert(hospital, last, ReportedBatch { batch, block, entry, key });
        Sites::<T>::insert(hospital, Site { next: after.next, head: after.head, last_block: block });
        Ok(())
    }
}

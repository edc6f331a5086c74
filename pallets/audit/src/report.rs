//! Reports of disclosures: each site's batches in a chain of their own.

use crate::{AuditSink, Batches, Config, Error, Log, Pallet, Sites};
use frame_support::{ensure, pallet_prelude::Weight};
use galen_primitives::{
    AccountId,
    audit::{
        Kind,
        disclosure::{DisclosureBatch, ReportedBatch, Site, report_payload},
    },
    traits::Consortium,
};
use sp_core::sr25519;
use sp_runtime::{
    DispatchResult,
    traits::Verify,
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityWithRefund,
        ValidTransaction,
    },
};

/// Blocks for which a report stays in the pool before it must be sent again.
pub const LONGEVITY: u32 = 16;
/// The code of `InvalidTransaction::Custom` for a batch that begins after the site's next number.
pub const GAP: u8 = 1;
/// The code of `InvalidTransaction::Custom` for a batch that names another one before it than the site's last.
pub const FORK: u8 = 2;

// Below summaries' submissions, which have deadlines; above any tip.
const PRIORITY: TransactionPriority = TransactionPriority::MAX / 4;

impl<T: Config> Pallet<T> {
    /// Whether this is the site's next batch and the hospital's worker key signed it. The cheap checks come first: anybody
    /// can send such a call for nothing.
    pub(crate) fn authorize_report(
        _: TransactionSource,
        hospital: &AccountId,
        batch: &DisclosureBatch,
        signature: &sr25519::Signature,
    ) -> TransactionValidityWithRefund {
        let key = T::Consortium::worker_key(hospital).ok_or(InvalidTransaction::BadSigner)?;
        follows(&Sites::<T>::get(hospital), batch)?;
        let payload = report_payload(&Self::genesis_hash(), hospital, batch);
        ensure!(
            signature.verify(payload.as_slice(), &sr25519::Public::from_raw(key.0)),
            InvalidTransaction::BadProof
        );
        let validity = ValidTransaction::with_tag_prefix("GalenReport")
            .priority(PRIORITY)
            .longevity(u64::from(LONGEVITY))
            .and_provides((hospital, batch.first))
            .propagate(true)
            .build()?;
        Ok((validity, Weight::zero()))
    }

    /// Takes a batch in, with its audit entry.
    pub(crate) fn do_report(hospital: &AccountId, batch: DisclosureBatch) -> DispatchResult {
        let next = follows(&Sites::<T>::get(hospital), &batch).map_err(|_| Error::<T>::NotNext)?;
        let key = T::Consortium::worker_key(hospital).ok_or(Error::<T>::NotNext)?;
        let block = Self::block();
        let entry = Log::<T>::get().count;
        Self::append(Some(hospital), Kind::DisclosuresReported, batch.root, None)?;
        // A batch holds one at least: `next` is above zero.
        let last = next.saturating_sub(1).to_be_bytes();
        Batches::<T>::insert(hospital, last, ReportedBatch { batch, block, entry, key });
        Sites::<T>::insert(hospital, Site { next, head: batch.head(), last_block: block });
        Ok(())
    }
}

/// The number after the batch, if the batch is the site's next.
pub(crate) fn follows(site: &Site, batch: &DisclosureBatch) -> Result<u64, InvalidTransaction> {
    let end = batch.end().ok_or(InvalidTransaction::Call)?;
    ensure!(batch.first >= site.next, InvalidTransaction::Stale);
    ensure!(batch.first == site.next, InvalidTransaction::Custom(GAP));
    ensure!(batch.previous == site.head, InvalidTransaction::Custom(FORK));
    Ok(end)
}

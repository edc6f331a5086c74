//! Batches of readings: each hospital's in a chain of their own.

use crate::{Batches, Config, Error, Pallet, Sites};
use frame_support::{ensure, pallet_prelude::Weight, traits::Get};
use galen_primitives::{
    AccountId, BlockNumber,
    audit::Kind,
    devices::reading::{AnchoredReadings, ReadingBatch, ReadingSite, anchor_payload},
    traits::{AuditSink, Consortium},
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

/// Blocks for which a batch stays in the pool before it must be sent again.
pub const LONGEVITY: u32 = 16;
/// The code of `InvalidTransaction::Custom` for a batch that begins after the hospital's next one.
pub const GAP: u8 = 1;
/// The code of `InvalidTransaction::Custom` for a batch that names another one before it than the hospital's last.
pub const FORK: u8 = 2;
/// The code of `InvalidTransaction::Custom` for a batch that comes too soon after the last.
pub const EARLY: u8 = 3;

// Below summaries' submissions, which have deadlines; above any tip.
const PRIORITY: TransactionPriority = TransactionPriority::MAX / 4;

impl<T: Config> Pallet<T> {
    /// Whether this is the hospital's next batch, its worker key signed it, and it is time. The cheap checks come first: anybody
    /// can send such a call for nothing.
    pub(crate) fn authorize_anchor(
        _: TransactionSource,
        hospital: &AccountId,
        batch: &ReadingBatch,
        signature: &sr25519::Signature,
    ) -> TransactionValidityWithRefund {
        let key = T::Consortium::worker_key(hospital).ok_or(InvalidTransaction::BadSigner)?;
        let site = Sites::<T>::get(hospital);
        follows(&site, batch)?;
        ensure!(Self::earliest(&site) <= Self::block(), InvalidTransaction::Custom(EARLY));
        let payload = anchor_payload(&Self::genesis_hash(), hospital, batch);
        ensure!(
            signature.verify(payload.as_slice(), &sr25519::Public::from_raw(key.0)),
            InvalidTransaction::BadProof
        );
        let validity = ValidTransaction::with_tag_prefix("GalenReadings")
            .priority(PRIORITY)
            .longevity(u64::from(LONGEVITY))
            .and_provides((hospital, batch.index))
            .propagate(true)
            .build()?;
        Ok((validity, Weight::zero()))
    }

    /// Takes a batch in, with its audit entry, whose subject is the batch's head.
    pub(crate) fn do_anchor(hospital: &AccountId, batch: ReadingBatch) -> DispatchResult {
        let site = Sites::<T>::get(hospital);
        let next = follows(&site, &batch).map_err(|_| Error::<T>::NotNext)?;
        let key = T::Consortium::worker_key(hospital).ok_or(Error::<T>::NotNext)?;
        let (block, head) = (Self::block(), batch.head());
        Batches::<T>::insert(hospital, batch.index, AnchoredReadings { batch, block, key });
        let site = ReadingSite {
            batches: batch.index.saturating_add(1),
            next,
            refused: site.refused.saturating_add(batch.refused.into()),
            head,
            last_block: block,
        };
        Sites::<T>::insert(hospital, site);
        T::Audit::append(Some(hospital), Kind::ReadingsAnchored, head, None)
    }

    /// The first block in which the hospital's next batch may come.
    pub(crate) fn earliest(site: &ReadingSite) -> BlockNumber {
        if site.batches == 0 { 0 } else { site.last_block.saturating_add(T::MinPeriod::get()) }
    }
}

/// The number after the batch's last reading, if the batch is the hospital's next.
pub(crate) fn follows(site: &ReadingSite, batch: &ReadingBatch) -> Result<u64, InvalidTransaction> {
    let end = batch.end().ok_or(InvalidTransaction::Call)?;
    ensure!(batch.index >= site.batches, InvalidTransaction::Stale);
    ensure!(batch.index == site.batches && batch.first == site.next, InvalidTransaction::Custom(GAP));
    ensure!(batch.previous == site.head, InvalidTransaction::Custom(FORK));
    Ok(end)
}

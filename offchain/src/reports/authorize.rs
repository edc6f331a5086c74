//! Whether a report may enter a block: pallets authorize their calls with it.

use super::{LONGEVITY, Reports};
use galen_primitives::{
    AccountId,
    reports::{LogBatch, NotNext},
    traits::Consortium,
};
use sp_core::sr25519;
use sp_runtime::{
    Weight,
    traits::Verify,
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityWithRefund,
        ValidTransaction,
    },
};

/// The code of `InvalidTransaction::Custom` for a batch before which another is missing.
pub const GAP: u8 = 1;
/// The code of `InvalidTransaction::Custom` for a batch that names another one before it than the hospital's
/// last.
pub const FORK: u8 = 2;
/// The code of `InvalidTransaction::Custom` for a batch that comes too soon after the last.
pub const EARLY: u8 = 3;

/// The priority of reports: below summaries' submissions, which have deadlines; above any tip.
pub const PRIORITY: TransactionPriority = TransactionPriority::MAX / 4;

/// Whether the batch is the hospital's next, it is time for it, and the hospital's worker key of this block
/// signed it. The cheap checks come first: anybody can send such a call for nothing.
///
/// Errors: `BadSigner` the hospital has no worker key (any more), `Call` the batch contradicts itself,
/// `Stale` it or another one was taken in its place, `Custom` [`GAP`], [`FORK`] and [`EARLY`], `BadProof` the
/// key did not sign it.
pub fn authorize<R: Reports>(
    _source: TransactionSource,
    hospital: &AccountId,
    batch: &R::Batch,
    signature: &sr25519::Signature,
) -> TransactionValidityWithRefund {
    let key = R::Consortium::worker_key(hospital).ok_or(InvalidTransaction::BadSigner)?;
    batch.follows(&R::position(hospital)).map_err(invalid)?;
    if R::earliest(hospital) > R::block() {
        return Err(InvalidTransaction::Custom(EARLY).into());
    }
    let payload = batch.payload(&R::genesis_hash(), hospital);
    if !signature.verify(payload.as_slice(), &sr25519::Public::from_raw(key.0)) {
        return Err(InvalidTransaction::BadProof.into());
    }
    let validity = ValidTransaction::with_tag_prefix(R::TAG)
        .priority(PRIORITY)
        .longevity(LONGEVITY.into())
        .and_provides((hospital, batch.place()))
        .propagate(true)
        .build()?;
    Ok((validity, Weight::zero()))
}

fn invalid(why: NotNext) -> InvalidTransaction {
    match why {
        NotNext::Invalid => InvalidTransaction::Call,
        NotNext::Stale => InvalidTransaction::Stale,
        NotNext::Gap => InvalidTransaction::Custom(GAP),
        NotNext::Fork => InvalidTransaction::Custom(FORK),
    }
}

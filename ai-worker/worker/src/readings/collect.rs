//! Batches of readings, as they are anchored on the chain.
//!
//! The node asks with what the chain has. The answer to one question is always the same batch, because a batch is on disk
//! before it is shown and never changes; so whatever is killed when, nothing is lost and the chain takes nothing twice. A
//! batch is made only where the chain stands, and when it is due.
//!
//! A chain that has batches which are not here shows that the table was restored from an older backup. Nothing is anchored
//! then, until the operator has it go on where the chain stands; the numbers in between are lost.

use super::{
    BATCHES, BY_NAME, BY_RECORD, READINGS, REFUSALS, RESUMED, Readings, Refused, Row, damaged, decode,
};
use super::{insert, name_key, next_reading, next_refusal};
use crate::store::{StoreError, failed};
use codec::{Decode, Encode};
use galen_primitives::{
    H256, UnixSeconds,
    devices::reading::{MAX_BATCH, READINGS as TREE, ReadingBatch, leaf, refusals_hash},
};
use redb::{ReadTransaction, ReadableTable};

/// So many refusals are kept after they stand in a batch.
const KEPT_REFUSALS: u64 = 100_000;

/// When a batch is due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// When so many readings and refusals wait.
    pub readings: u32,
    /// When one has waited for so many seconds.
    pub seconds: u64,
}

/// The chain and this table have not the same past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the chain has {chain} batches of this hospital's readings, and here {here} are known: if this worker was restored from \
     an older backup, start once with --continue-readings; if another worker anchors for this hospital, or the node is on \
     another chain, mend that"
)]
pub struct Apart {
    /// The number of the batch that the chain takes next.
    pub chain: u64,
    /// The number of the next batch here.
    pub here: u64,
}

/// Why no batch can be given.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    #[error(transparent)]
    Apart(#[from] Apart),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the chain has of this hospital's readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Stands {
    /// How many batches.
    pub batches: u64,
    /// How many readings.
    pub next: u64,
    /// The head of the last batch.
    pub head: H256,
}

/// A batch, and the number of its first refusal.
#[derive(Encode, Decode)]
struct Sealed {
    batch: ReadingBatch,
    refusal: u64,
}

impl Sealed {
    fn after(&self) -> Result<(Stands, u64), StoreError> {
        let batch = &self.batch;
        let next = batch.end().ok_or(()).map_err(damaged)?;
        let stands = Stands { batches: batch.index.saturating_add(1), next, head: batch.head() };
        Ok((stands, self.refusal.saturating_add(batch.refused.into())))
    }
}

/// What would have to be on the chain if all batches that were made were anchored, and the number of the first refusal that is
/// in none: after the last batch, or where batches went on after a loss.
pub(super) fn sealed(transaction: &ReadTransaction) -> Result<(Stands, u64), StoreError> {
    let batches = transaction.open_table(BATCHES).map_err(failed)?;
    let of_batch = match batches.last().map_err(failed)? {
        Some((_, bytes)) => decode::<Sealed>(bytes.value())?.after()?,
        None => Default::default(),
    };
    let resumed = transaction.open_table(RESUMED).map_err(failed)?;
    let of_loss = match resumed.last().map_err(failed)? {
        Some((_, bytes)) => decode::<(Stands, u64)>(bytes.value())?,
        None => Default::default(),
    };
    Ok(if of_loss.0.batches > of_batch.0.batches { of_loss } else { of_batch })
}

impl Readings {
    /// The batch that follows what the chain has, if there is one or one is due at second `now`.
    pub fn collect(
        &self,
        chain: Stands,
        due: Due,
        now: UnixSeconds,
    ) -> Result<Option<ReadingBatch>, CollectError> {
        let mut store = self.store();
        let (known, sealed, waiting) = store.read(|transaction| {
            let batches = transaction.open_table(BATCHES).map_err(failed)?;
            let known = batches.get(chain.batches).map_err(failed)?;
            let known = known.map(|bytes| decode::<Sealed>(bytes.value())).transpose()?;
            let sealed = sealed(transaction)?;
            Ok::<_, StoreError>((known, sealed, Waiting::read(transaction, sealed, due)?))
        })?;
        let apart = Apart { chain: chain.batches, here: sealed.0.batches };
        if let Some(Sealed { batch, .. }) = known {
            let same = batch.previous == chain.head && batch.first == chain.next;
            return if same { Ok(Some(batch)) } else { Err(apart.into()) };
        }
        if sealed.0 != chain {
            return Err(apart.into());
        }
        let Some(batch) = waiting.batch(chain, due, now) else { return Ok(None) };
        let new = Sealed { batch, refusal: sealed.1 };
        store.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES).map_err(failed)?;
            batches.insert(batch.index, new.encode().as_slice()).map_err(failed)?;
            let mut refusals = transaction.open_table(REFUSALS).map_err(failed)?;
            refusals.retain_in(..sealed.1.saturating_sub(KEPT_REFUSALS), |_, _| false).map_err(failed)?;
            Ok::<_, StoreError>(())
        })?;
        Ok(Some(batch))
    }

    /// Has batches go on where the chain stands, if that has more than were ever made here: readings that are in no batch get
    /// the numbers from there on. Gives how many batches are lost.
    pub fn go_on(&self, chain: Stands) -> Result<u64, CollectError> {
        let mut store = self.store();
        let ((sealed, refusal), next) = store
            .read(|transaction| Ok::<_, StoreError>((sealed(transaction)?, next_reading(transaction)?)))?;
        let ahead = chain.batches.checked_sub(sealed.batches).filter(|lost| *lost > 0);
        let (Some(lost), Some(shift)) = (ahead, chain.next.checked_sub(sealed.next)) else {
            return Err(Apart { chain: chain.batches, here: sealed.batches }.into());
        };
        store.write(|transaction| {
            // From the last one, so that none is overwritten.
            for number in (sealed.next..next).rev() {
                let moved = number.checked_add(shift).ok_or(()).map_err(damaged)?;
                let row = {
                    let mut readings = transaction.open_table(READINGS).map_err(failed)?;
                    let row = readings.remove(number).map_err(failed)?.ok_or(()).map_err(damaged)?;
                    decode::<Row>(row.value())?
                };
                transaction
                    .open_table(BY_NAME)
                    .map_err(failed)?
                    .remove(&name_key(&row.device, row.sequence))
                    .map_err(failed)?;
                transaction.open_table(BY_RECORD).map_err(failed)?.remove(&row.record.0).map_err(failed)?;
                insert(transaction, moved, &row)?;
            }
            let mut resumed = transaction.open_table(RESUMED).map_err(failed)?;
            resumed.insert(chain.batches, (chain, refusal).encode().as_slice()).map_err(failed)?;
            Ok::<_, StoreError>(())
        })?;
        Ok(lost)
    }

    /// The batch that holds this reading.
    pub fn batch_of(&self, number: u64) -> Result<Option<ReadingBatch>, StoreError> {
        self.store().read(|transaction| {
            let batches = transaction.open_table(BATCHES).map_err(failed)?;
            // Batches are in the order of their readings.
            let (mut low, mut high) =
                (0, batches.last().map_err(failed)?.map_or(0, |(last, _)| last.value() + 1));
            while low < high {
                let middle = low + (high - low) / 2;
                // Where numbers were lost, the next batch that is there decides.
                let Some(entry) = batches.range(middle..high).map_err(failed)?.next() else {
                    high = middle;
                    continue;
                };
                let (index, bytes) = entry.map_err(failed)?;
                let batch = decode::<Sealed>(bytes.value())?.batch;
                let end = batch.end().ok_or(()).map_err(damaged)?;
                if number < batch.first {
                    high = middle;
                } else if number >= end {
                    low = index.value() + 1;
                } else {
                    return Ok(Some(batch));
                }
            }
            Ok(None)
        })
    }
}

/// What is in no batch yet, as much as one batch takes.
struct Waiting {
    records: Vec<H256>,
    refused: u32,
    refusals: H256,
    /// When the first and the last of these came in.
    period: Option<(UnixSeconds, UnixSeconds)>,
    /// More wait than are in here.
    more: bool,
}

impl Waiting {
    fn read(transaction: &ReadTransaction, sealed: (Stands, u64), due: Due) -> Result<Self, StoreError> {
        let most = u64::from(due.readings.clamp(1, MAX_BATCH));
        let (reading, refusal) = (sealed.0.next, sealed.1);
        let readings = transaction.open_table(READINGS).map_err(failed)?;
        let mut waiting = Waiting {
            records: Vec::new(),
            refused: 0,
            refusals: H256::zero(),
            period: None,
            more: next_reading(transaction)?.saturating_sub(reading) > most
                || next_refusal(transaction)?.saturating_sub(refusal) > most,
        };
        for entry in readings.range(reading..reading.saturating_add(most)).map_err(failed)? {
            let row: Row = decode(entry.map_err(failed)?.1.value())?;
            waiting.records.push(row.record);
            waiting.note(row.taken_at);
        }
        let table = transaction.open_table(REFUSALS).map_err(failed)?;
        let mut refused = Vec::new();
        for entry in table.range(refusal..refusal.saturating_add(most)).map_err(failed)? {
            let bytes = entry.map_err(failed)?.1.value().to_vec();
            waiting.note(decode::<Refused>(&bytes)?.at);
            refused.push(bytes);
        }
        waiting.refused = u32::try_from(refused.len()).map_err(damaged)?;
        waiting.refusals = refusals_hash(refused);
        Ok(waiting)
    }

    fn note(&mut self, at: UnixSeconds) {
        let (from, until) = self.period.unwrap_or((at, at));
        self.period = Some((from.min(at), until.max(at)));
    }

    /// The batch, if it is due.
    fn batch(&self, chain: Stands, due: Due, now: UnixSeconds) -> Option<ReadingBatch> {
        let (from, until) = self.period?;
        let count = u32::try_from(self.records.len()).ok()?;
        let full = self.more || count.saturating_add(self.refused) >= due.readings;
        // A clock that was set back makes all due rather than nothing ever.
        let old = now.checked_sub(from).is_none_or(|waited| waited >= due.seconds);
        if !full && !old {
            return None;
        }
        let leaves: Vec<H256> = self.records.iter().map(leaf).collect();
        Some(ReadingBatch {
            index: chain.batches,
            first: chain.next,
            count,
            root: TREE.root(&leaves),
            refused: self.refused,
            refusals: self.refusals,
            from,
            until,
            previous: chain.head,
        })
    }
}

//! How readings are anchored on the chain ([`crate::reports`]): each by its record id, and what was refused
//! meanwhile.

use super::{
    BATCHES, BY_NAME, BY_RECORD, READINGS, REFUSALS, RESUMED, Readings, Refused, Row, damaged, decode,
    insert, name_key, next_reading, next_refusal,
};
use crate::{
    reports::{Due, ReportLog, Sealed},
    store::{Store, StoreError, failed},
};
use codec::Encode;
use galen_primitives::{
    H256, UnixSeconds,
    devices::reading::{ReadingBatch, refusals_hash},
    reports::{LogBatch, MAX_BATCH, Position},
};
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use std::{ops::Range, sync::MutexGuard};

/// So many refusals are kept after they stand in a batch.
const KEPT_REFUSALS: u64 = 100_000;

/// The mark is the number of a batch's first refusal.
impl ReportLog for Readings {
    type Batch = ReadingBatch;
    type Mark = u64;
    const BATCHES: TableDefinition<'static, u64, &'static [u8]> = BATCHES;

    fn store(&self) -> MutexGuard<'_, Store> {
        Readings::store(self)
    }

    fn next_number(transaction: &ReadTransaction) -> Result<u64, StoreError> {
        next_reading(transaction)
    }

    fn leaves(transaction: &ReadTransaction, numbers: Range<u64>) -> Result<Vec<H256>, StoreError> {
        let readings = transaction.open_table(READINGS).map_err(failed)?;
        let mut leaves = Vec::new();
        for entry in readings.range(numbers).map_err(failed)? {
            let row: Row = decode(entry.map_err(failed)?.1.value())?;
            leaves.push(ReadingBatch::leaf(&row.record));
        }
        Ok(leaves)
    }

    fn make(
        store: &mut Store,
        sealed: &Sealed<u64>,
        due: &Due,
        now: UnixSeconds,
    ) -> Result<Option<ReadingBatch>, StoreError> {
        store.read(|transaction| {
            Ok(Waiting::read(transaction, sealed, due)?.batch(&sealed.position, due, now))
        })
    }

    fn mark_after(batch: &ReadingBatch, mark: u64) -> u64 {
        mark.saturating_add(batch.refused.into())
    }

    fn tidy(transaction: &WriteTransaction, sealed: &Sealed<u64>) -> Result<(), StoreError> {
        let mut refusals = transaction.open_table(REFUSALS).map_err(failed)?;
        refusals.retain_in(..sealed.mark.saturating_sub(KEPT_REFUSALS), |_, _| false).map_err(failed)
    }

    fn last_loss(transaction: &ReadTransaction) -> Result<Option<Sealed<u64>>, StoreError> {
        let resumed = transaction.open_table(RESUMED).map_err(failed)?;
        let last = resumed.last().map_err(failed)?;
        last.map(|(_, bytes)| decode(bytes.value())).transpose()
    }

    fn write_loss(
        transaction: &WriteTransaction,
        sealed: &Sealed<u64>,
        chain: &Position,
    ) -> Result<(), StoreError> {
        let from = Sealed { position: *chain, mark: sealed.mark };
        let mut resumed = transaction.open_table(RESUMED).map_err(failed)?;
        resumed.insert(chain.place, from.encode().as_slice()).map_err(failed)?;
        Ok(())
    }

    fn renumber(transaction: &WriteTransaction, from: u64, to: u64) -> Result<(), StoreError> {
        let row = {
            let mut readings = transaction.open_table(READINGS).map_err(failed)?;
            let row = readings.remove(from).map_err(failed)?.ok_or(()).map_err(damaged)?;
            decode::<Row>(row.value())?
        };
        transaction
            .open_table(BY_NAME)
            .map_err(failed)?
            .remove(&name_key(&row.device, row.sequence))
            .map_err(failed)?;
        transaction.open_table(BY_RECORD).map_err(failed)?.remove(&row.record.0).map_err(failed)?;
        insert(transaction, to, &row)
    }

    /// Readings and refusals.
    fn waiting(&self) -> Result<u64, StoreError> {
        self.store().read(|transaction| {
            let sealed = Self::sealed(transaction)?;
            let readings = next_reading(transaction)?.saturating_sub(sealed.position.next);
            Ok(readings.saturating_add(next_refusal(transaction)?.saturating_sub(sealed.mark)))
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
    fn read(transaction: &ReadTransaction, sealed: &Sealed<u64>, due: &Due) -> Result<Self, StoreError> {
        let most = u64::from(due.entries.clamp(1, MAX_BATCH));
        let (reading, refusal) = (sealed.position.next, sealed.mark);
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
    fn batch(&self, position: &Position, due: &Due, now: UnixSeconds) -> Option<ReadingBatch> {
        let (from, until) = self.period?;
        let count = u32::try_from(self.records.len()).ok()?;
        let waiting = u64::from(count).saturating_add(self.refused.into());
        if !self.more && !due.is_due(waiting, from, now) {
            return None;
        }
        let leaves: Vec<H256> = self.records.iter().map(ReadingBatch::leaf).collect();
        Some(ReadingBatch {
            index: position.place,
            first: position.next,
            count,
            root: ReadingBatch::TREE.root(&leaves),
            refused: self.refused,
            refusals: self.refusals,
            from,
            until,
            previous: position.head,
        })
    }
}

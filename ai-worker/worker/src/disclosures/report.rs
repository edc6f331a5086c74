//! How the log is reported on the chain ([`crate::reports`]): each entry by its salted commitment.

use super::{
    BATCHES, Disclosure, Disclosures, LOG, RESUMED, SALTS, What, insert, next, open::commitment,
    stored::decode,
};
use crate::{
    reports::{Due, ReportLog, Sealed, elapsed},
    store::{Store, StoreError, failed},
};
use galen_primitives::{
    H256, UnixSeconds,
    audit::disclosure::DisclosureBatch,
    reports::{LogBatch, Position},
};
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use std::{ops::Range, sync::MutexGuard};

fn damaged<E>(_: E) -> StoreError {
    StoreError::Damaged("batches of disclosures".into())
}

impl ReportLog for Disclosures {
    type Batch = DisclosureBatch;
    type Mark = ();
    const BATCHES: TableDefinition<'static, u64, &'static [u8]> = BATCHES;

    fn store(&self) -> MutexGuard<'_, Store> {
        Disclosures::store(self)
    }

    fn next_number(transaction: &ReadTransaction) -> Result<u64, StoreError> {
        next(transaction)
    }

    fn leaves(transaction: &ReadTransaction, numbers: Range<u64>) -> Result<Vec<H256>, StoreError> {
        let log = transaction.open_table(LOG).map_err(failed)?;
        let salts = transaction.open_table(SALTS).map_err(failed)?;
        let leaf = |number| {
            let entry = log.get(number).map_err(failed)?.ok_or(()).map_err(damaged)?;
            let salt = salts.get(number).map_err(failed)?.ok_or(()).map_err(damaged)?;
            let commitment = commitment(&salt.value(), number, &decode(entry.value())?)?;
            Ok(DisclosureBatch::leaf(&commitment))
        };
        numbers.map(leaf).collect()
    }

    /// A silent log gets an entry that says so instead, which is in the next batch.
    fn make(
        store: &mut Store,
        sealed: &Sealed<()>,
        due: &Due,
        now: UnixSeconds,
    ) -> Result<Option<DisclosureBatch>, StoreError> {
        let Position { next: first, head: previous, .. } = sealed.position;
        let (next, oldest, newest) = store.read(|transaction| {
            let log = transaction.open_table(LOG).map_err(failed)?;
            let oldest = log.range(first..).map_err(failed)?.next().transpose().map_err(failed)?;
            let oldest = oldest.map(|(_, bytes)| decode(bytes.value())).transpose()?;
            let newest = log.last().map_err(failed)?;
            let newest = newest.map(|(_, bytes)| decode(bytes.value())).transpose()?;
            Ok::<_, StoreError>((next(transaction)?, oldest, newest))
        })?;
        let Some(oldest) = oldest else {
            let silent = |most| newest.is_none_or(|newest| elapsed(newest.at, now) >= most);
            if due.silence.is_some_and(silent) {
                let alive = Disclosure::new(now, "galen-worker", What::Alive);
                store.write(|transaction| insert(transaction, next, &alive))?;
            }
            return Ok(None);
        };
        let waiting = next.saturating_sub(first);
        if !due.is_due(waiting, oldest.at, now) {
            return Ok(None);
        }
        let count = u32::try_from(waiting).unwrap_or(u32::MAX).min(due.entries);
        let numbers = first..first.saturating_add(count.into());
        let leaves = store.read(|transaction| Self::leaves(transaction, numbers))?;
        let root = DisclosureBatch::TREE.root(&leaves);
        Ok(Some(DisclosureBatch { first, count, root, previous }))
    }

    fn last_loss(transaction: &ReadTransaction) -> Result<Option<Sealed<()>>, StoreError> {
        let resumed = transaction.open_table(RESUMED).map_err(failed)?;
        let last = resumed.last().map_err(failed)?;
        Ok(last.map(|(next, value)| {
            let position = Position::of_entries(next.value(), H256(value.value().1));
            Sealed { position, mark: () }
        }))
    }

    fn write_loss(
        transaction: &WriteTransaction,
        sealed: &Sealed<()>,
        chain: &Position,
    ) -> Result<(), StoreError> {
        let mut resumed = transaction.open_table(RESUMED).map_err(failed)?;
        resumed.insert(chain.next, (sealed.position.next, chain.head.0)).map_err(failed)?;
        Ok(())
    }

    fn renumber(transaction: &WriteTransaction, from: u64, to: u64) -> Result<(), StoreError> {
        let mut log = transaction.open_table(LOG).map_err(failed)?;
        let entry = log.remove(from).map_err(failed)?.map(|entry| {
            let (version, fields) = entry.value();
            (version, fields.to_vec())
        });
        let (version, fields) = entry.ok_or(()).map_err(damaged)?;
        log.insert(to, (version, fields.as_slice())).map_err(failed)?;
        let mut salts = transaction.open_table(SALTS).map_err(failed)?;
        let salt = salts.remove(from).map_err(failed)?.map(|salt| salt.value());
        salts.insert(to, salt.ok_or(()).map_err(damaged)?).map_err(failed)?;
        Ok(())
    }
}

impl Disclosures {
    /// What was lost: from which number to before which, for each loss.
    pub fn lost(&self) -> Result<Vec<(u64, u64)>, StoreError> {
        self.store().read(|transaction| {
            let resumed = transaction.open_table(RESUMED).map_err(failed)?;
            let losses = resumed.iter().map_err(failed)?.map(|loss| {
                let (next, value) = loss.map_err(failed)?;
                Ok((value.value().0, next.value()))
            });
            losses.collect()
        })
    }
}

//! A log whose entries are reported: how its batches are made, kept, found again and continued after a loss.

use super::{CollectError, Diverged, Due};
use crate::store::{Store, StoreError, failed};
use codec::{Decode, DecodeAll, Encode};
use galen_primitives::{
    H256, UnixSeconds,
    reports::{LogBatch, Position},
};
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use std::{ops::Range, sync::MutexGuard};

/// How far a log is in batches: what would stand on the chain if all batches that were made were reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Sealed<M> {
    /// What the next batch must follow.
    pub position: Position,
    /// The log's own mark of where the next batch begins.
    pub mark: M,
}

/// An entry with what proves that it is in its batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven<B> {
    /// The entry's number.
    pub number: u64,
    /// The batch that it is in.
    pub batch: B,
    /// The hashes beside the way up to the batch's root.
    pub path: Vec<H256>,
}

/// A log in a store. What an implementation must supply comes first; the rest follows from it.
pub trait ReportLog {
    /// What is reported.
    type Batch: LogBatch;
    /// What is kept beside each batch to know where the next one begins: `()` if the batch itself says it
    /// all.
    type Mark: Encode + Decode + Copy + Default;
    /// The batches by their places: SCALE of a batch and the mark at which it began.
    const BATCHES: TableDefinition<'static, u64, &'static [u8]>;

    /// The store, for as long as the guard is held.
    fn store(&self) -> MutexGuard<'_, Store>;

    /// The number of the next entry that is written.
    fn next_number(transaction: &ReadTransaction) -> Result<u64, StoreError>;

    /// The leaves of these entries, all of which are there.
    fn leaves(transaction: &ReadTransaction, numbers: Range<u64>) -> Result<Vec<H256>, StoreError>;

    /// The batch that follows `sealed`, if one is due at second `now`. It is written down by the caller.
    fn make(
        store: &mut Store,
        sealed: &Sealed<Self::Mark>,
        due: &Due,
        now: UnixSeconds,
    ) -> Result<Option<Self::Batch>, StoreError>;

    /// The mark after a batch that began at `mark`.
    fn mark_after(_batch: &Self::Batch, mark: Self::Mark) -> Self::Mark {
        mark
    }

    /// Drops what nobody needs any more when the batch after `sealed` is written down.
    fn tidy(_transaction: &WriteTransaction, _sealed: &Sealed<Self::Mark>) -> Result<(), StoreError> {
        Ok(())
    }

    /// Where the log continued after its last loss.
    fn last_loss(transaction: &ReadTransaction) -> Result<Option<Sealed<Self::Mark>>, StoreError>;

    /// Writes down that what stands between `sealed` and `chain` is lost.
    fn write_loss(
        transaction: &WriteTransaction,
        sealed: &Sealed<Self::Mark>,
        chain: &Position,
    ) -> Result<(), StoreError>;

    /// Gives an entry another number, which none has.
    fn renumber(transaction: &WriteTransaction, from: u64, to: u64) -> Result<(), StoreError>;

    /// How far the log is in batches: after the last batch, or where it continued after a loss.
    fn sealed(transaction: &ReadTransaction) -> Result<Sealed<Self::Mark>, StoreError> {
        let batches = transaction.open_table(Self::BATCHES).map_err(failed)?;
        let of_batch = match batches.last().map_err(failed)? {
            Some((_, bytes)) => {
                let (batch, mark) = read_batch::<Self>(bytes.value())?;
                let position = batch.position_after().ok_or_else(damaged::<Self>)?;
                Sealed { position, mark: Self::mark_after(&batch, mark) }
            }
            None => Sealed { position: Position::default(), mark: Self::Mark::default() },
        };
        let of_loss = Self::last_loss(transaction)?;
        Ok(of_loss.filter(|loss| loss.position.place > of_batch.position.place).unwrap_or(of_batch))
    }

    /// The batch that follows what the chain has, if there is one or one is due at second `now`.
    fn collect(
        &self,
        chain: &Position,
        due: &Due,
        now: UnixSeconds,
    ) -> Result<Option<Self::Batch>, CollectError> {
        let mut store = self.store();
        let (known, sealed) = store.read(|transaction| {
            let batches = transaction.open_table(Self::BATCHES).map_err(failed)?;
            let known = batches.get(chain.place).map_err(failed)?;
            let known = known.map(|bytes| read_batch::<Self>(bytes.value())).transpose()?;
            Ok::<_, StoreError>((known, Self::sealed(transaction)?))
        })?;
        if let Some((batch, _)) = known {
            let follows = batch.follows(chain).is_ok();
            return if follows { Ok(Some(batch)) } else { Err(diverged::<Self>(chain, &sealed).into()) };
        }
        if sealed.position != *chain {
            return Err(diverged::<Self>(chain, &sealed).into());
        }
        let Some(batch) = Self::make(&mut store, &sealed, due, now)? else { return Ok(None) };
        store.write(|transaction| {
            let mut batches = transaction.open_table(Self::BATCHES).map_err(failed)?;
            batches.insert(batch.place(), (&batch, sealed.mark).encode().as_slice()).map_err(failed)?;
            Self::tidy(transaction, &sealed)
        })?;
        Ok(Some(batch))
    }

    /// Has the log continue where the chain stands, if that has more batches than were ever made here:
    /// entries that are in no batch get the numbers from there on. Gives by how many places the chain is
    /// ahead.
    fn resume(&self, chain: &Position) -> Result<u64, CollectError> {
        let mut store = self.store();
        let (sealed, next) = store.read(|transaction| {
            Ok::<_, StoreError>((Self::sealed(transaction)?, Self::next_number(transaction)?))
        })?;
        let here = sealed.position;
        let ahead = chain.place.checked_sub(here.place).filter(|ahead| *ahead > 0);
        let (Some(ahead), Some(shift)) = (ahead, chain.next.checked_sub(here.next)) else {
            return Err(diverged::<Self>(chain, &sealed).into());
        };
        store.write(|transaction| {
            // From the last one, so that none is overwritten.
            for number in (here.next..next).rev() {
                let moved = number.checked_add(shift).ok_or_else(damaged::<Self>)?;
                Self::renumber(transaction, number, moved)?;
            }
            Self::write_loss(transaction, &sealed, chain)
        })?;
        Ok(ahead)
    }

    /// How many entries wait for a batch.
    fn waiting(&self) -> Result<u64, StoreError> {
        self.store().read(|transaction| {
            let sealed = Self::sealed(transaction)?;
            Ok(Self::next_number(transaction)?.saturating_sub(sealed.position.next))
        })
    }

    /// The batch that holds the entry with this number.
    fn batch_of(&self, number: u64) -> Result<Option<Self::Batch>, StoreError> {
        self.store().read(|transaction| find_batch::<Self>(transaction, number))
    }

    /// What proves the entry with this number; `None` if it is in no batch yet.
    fn prove(&self, number: u64) -> Result<Option<Proven<Self::Batch>>, StoreError> {
        self.store().read(|transaction| {
            let Some(batch) = find_batch::<Self>(transaction, number)? else { return Ok(None) };
            let end = batch.end().ok_or_else(damaged::<Self>)?;
            let leaves = Self::leaves(transaction, batch.first()..end)?;
            let index = usize::try_from(number.saturating_sub(batch.first())).unwrap_or(usize::MAX);
            let path = Self::Batch::TREE.inclusion_path(&leaves, index);
            Ok(path.map(|path| Proven { number, batch, path }))
        })
    }
}

fn damaged<L: ReportLog + ?Sized>() -> StoreError {
    StoreError::Damaged(format!("batches of {}", L::Batch::NAME))
}

fn diverged<L: ReportLog + ?Sized>(chain: &Position, sealed: &Sealed<L::Mark>) -> Diverged {
    Diverged { name: L::Batch::NAME, chain: chain.place, here: sealed.position.place }
}

fn read_batch<L: ReportLog + ?Sized>(bytes: &[u8]) -> Result<(L::Batch, L::Mark), StoreError> {
    <(L::Batch, L::Mark)>::decode_all(&mut &*bytes).map_err(|_| damaged::<L>())
}

/// The batch that holds an entry. Batches are in the order of their entries, and one may hold none.
fn find_batch<L: ReportLog + ?Sized>(
    transaction: &ReadTransaction,
    number: u64,
) -> Result<Option<L::Batch>, StoreError> {
    let batches = transaction.open_table(L::BATCHES).map_err(failed)?;
    let last = batches.last().map_err(failed)?.map(|(place, _)| place.value());
    let (mut low, mut high) = (0, last.map_or(0, |place| place.saturating_add(1)));
    if !L::Batch::NUMBERED {
        // Their places are the numbers of their first entries.
        low = match batches.range(..=number).map_err(failed)?.next_back() {
            Some(entry) => entry.map_err(failed)?.0.value(),
            None => return Ok(None),
        };
        high = low.saturating_add(1);
    }
    while low < high {
        let middle = low + (high - low) / 2;
        // Where numbers were lost, the next batch that is there decides.
        let Some(entry) = batches.range(middle..high).map_err(failed)?.next() else {
            high = middle;
            continue;
        };
        let (place, bytes) = entry.map_err(failed)?;
        let (batch, _) = read_batch::<L>(bytes.value())?;
        let end = batch.end().ok_or_else(damaged::<L>)?;
        if number < batch.first() {
            high = middle;
        } else if number >= end {
            low = place.value().saturating_add(1);
        } else {
            return Ok(Some(batch));
        }
    }
    Ok(None)
}

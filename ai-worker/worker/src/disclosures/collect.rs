//! Batches of the log, as they are reported on the chain.
//!
//! The node asks with what the chain has: the site's next number and its last head. The answer to one question is always the
//! same batch, because a batch is on disk before it is shown and never changes; so whatever is killed when, nothing is
//! lost and the chain takes nothing twice. A batch is made only where the chain stands, and when it is due.
//!
//! A chain that knows of entries which are not here shows that the log was restored from an older backup. Nothing is reported
//! then, until the operator has the log go on where the chain stands; what is lost remains on record.

use super::{
    BATCHES, Disclosure, Disclosures, LOG, RESUMED, SALTS, What, decode, insert,
    leaf::{damaged, leaf_at},
    next,
};
use crate::store::{StoreError, failed};
use codec::{Decode, Encode};
use galen_primitives::{
    H256,
    audit::disclosure::{DISCLOSURES, DisclosureBatch},
};
use redb::{ReadTransaction, ReadableTable};

/// When a batch is due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// When so many entries wait; no batch has more.
    pub entries: u32,
    /// When an entry has waited for so many seconds.
    pub seconds: u64,
    /// When nothing was written for so many seconds: then an entry is made that says so.
    pub alive: u64,
}

/// The chain and this log have not the same past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the chain has {chain} disclosures of this hospital, and here {here} are known to be reported: if this log was \
     restored from an older backup, start once with --continue-disclosures; if another worker reports for this \
     hospital, or the node is on another chain, mend that"
)]
pub struct Apart {
    /// The number that the chain takes next.
    pub chain: u64,
    /// The number after the last batch here.
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

/// What the chain has of this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The number that it takes next.
    pub next: u64,
    /// The head of the last batch.
    pub head: H256,
}

// What would have to be on the chain if all batches that were made were reported: the end of the last batch, or where the
// log went on after a loss.
fn sealed(transaction: &ReadTransaction) -> Result<Reported, StoreError> {
    let batches = transaction.open_table(BATCHES).map_err(failed)?;
    let batch = match batches.last().map_err(failed)? {
        Some((_, bytes)) => Some(DisclosureBatch::decode(&mut bytes.value()).map_err(damaged)?),
        None => None,
    };
    let of_batch = match batch {
        Some(batch) => Reported { next: batch.end().ok_or(()).map_err(damaged)?, head: batch.head() },
        None => Reported { next: 0, head: H256::zero() },
    };
    let resumed = transaction.open_table(RESUMED).map_err(failed)?;
    let resumed = resumed.last().map_err(failed)?;
    let of_loss = resumed.map(|(next, value)| Reported { next: next.value(), head: H256(value.value().1) });
    Ok(of_loss.filter(|loss| loss.next >= of_batch.next).unwrap_or(of_batch))
}

impl Disclosures {
    /// The batch that follows what the chain has, if there is one or one is due at second `now`.
    pub fn collect(
        &self,
        chain: Reported,
        due: Due,
        now: u64,
    ) -> Result<Option<DisclosureBatch>, CollectError> {
        if let Some(batch) = self.batch_at(chain.next)? {
            let same = batch.previous == chain.head;
            return if same { Ok(Some(batch)) } else { Err(self.apart(chain)?.into()) };
        }
        let mut store = self.store();
        let (sealed, next, oldest, newest) = store.read(|transaction| {
            let log = transaction.open_table(LOG).map_err(failed)?;
            let sealed = sealed(transaction)?;
            let oldest = log.range(sealed.next..).map_err(failed)?.next().transpose().map_err(failed)?;
            let oldest = oldest.map(|(_, bytes)| decode(bytes.value())).transpose()?;
            let newest = log.last().map_err(failed)?;
            let newest = newest.map(|(_, bytes)| decode(bytes.value())).transpose()?;
            Ok::<_, StoreError>((sealed, next(transaction)?, oldest, newest))
        })?;
        if sealed != chain {
            return Err(Apart { chain: chain.next, here: sealed.next }.into());
        }
        // A clock that was set back makes all due rather than nothing ever.
        let since = |entry: &Disclosure| now.checked_sub(entry.at).unwrap_or(u64::MAX);
        let Some(oldest) = oldest else {
            if newest.is_none_or(|newest| since(&newest) >= due.alive) {
                let alive = Disclosure::new(now, "galen-worker", What::Alive);
                store.write(|transaction| insert(transaction, next, &alive))?;
            }
            return Ok(None);
        };
        let waiting = next.saturating_sub(sealed.next);
        if waiting < due.entries.into() && since(&oldest) < due.seconds {
            return Ok(None);
        }
        let count = u32::try_from(waiting).unwrap_or(u32::MAX).min(due.entries);
        Ok(Some(store.write(|transaction| {
            let leaves = {
                let log = transaction.open_table(LOG).map_err(failed)?;
                let salts = transaction.open_table(SALTS).map_err(failed)?;
                let numbers = sealed.next..sealed.next.saturating_add(count.into());
                let leaf = |index| leaf_at(&log, &salts, index);
                numbers.map(leaf).collect::<Result<Vec<_>, _>>()?
            };
            let root = DISCLOSURES.root(&leaves);
            let batch = DisclosureBatch { first: sealed.next, count, root, previous: sealed.head };
            let mut batches = transaction.open_table(BATCHES).map_err(failed)?;
            batches.insert(batch.first, batch.encode().as_slice()).map_err(failed)?;
            Ok::<_, StoreError>(batch)
        })?))
    }

    fn apart(&self, chain: Reported) -> Result<Apart, StoreError> {
        Ok(Apart { chain: chain.next, here: self.store().read(sealed)?.next })
    }

    /// Has the log go on where the chain stands, if that has more than was ever reported from here: entries that were not
    /// reported get the numbers from there on, and those between are lost. Gives how many are.
    pub fn go_on(&self, chain: Reported) -> Result<u64, CollectError> {
        let mut store = self.store();
        let (sealed, next) =
            store.read(|transaction| Ok::<_, StoreError>((sealed(transaction)?, next(transaction)?)))?;
        let Some(shift) = chain.next.checked_sub(sealed.next).filter(|shift| *shift > 0) else {
            return Err(Apart { chain: chain.next, here: sealed.next }.into());
        };
        store
            .write(|transaction| {
                let mut log = transaction.open_table(LOG).map_err(failed)?;
                let mut salts = transaction.open_table(SALTS).map_err(failed)?;
                // From the last one, so that none is overwritten.
                for index in (sealed.next..next).rev() {
                    let moved = index.checked_add(shift).ok_or(()).map_err(damaged)?;
                    let entry = log.remove(index).map_err(failed)?.map(|bytes| bytes.value().to_vec());
                    log.insert(moved, entry.ok_or(()).map_err(damaged)?.as_slice()).map_err(failed)?;
                    let salt = salts.remove(index).map_err(failed)?.map(|salt| salt.value());
                    salts.insert(moved, salt.ok_or(()).map_err(damaged)?).map_err(failed)?;
                }
                let mut resumed = transaction.open_table(RESUMED).map_err(failed)?;
                resumed.insert(chain.next, (sealed.next, chain.head.0)).map_err(failed)?;
                Ok::<_, StoreError>(shift)
            })
            .map_err(CollectError::from)
    }

    /// The batch that begins with this number.
    pub fn batch_at(&self, first: u64) -> Result<Option<DisclosureBatch>, StoreError> {
        self.store().read(|transaction| {
            let batches = transaction.open_table(BATCHES).map_err(failed)?;
            let found = batches.get(first).map_err(failed)?;
            found.map(|bytes| DisclosureBatch::decode(&mut bytes.value()).map_err(damaged)).transpose()
        })
    }

    /// The batch that holds this number.
    pub fn batch_of(&self, number: u64) -> Result<Option<DisclosureBatch>, StoreError> {
        self.store().read(|transaction| {
            let batches = transaction.open_table(BATCHES).map_err(failed)?;
            let found = batches.range(..=number).map_err(failed)?.next_back().transpose().map_err(failed)?;
            let batch = found.map(|(_, bytes)| DisclosureBatch::decode(&mut bytes.value()).map_err(damaged));
            Ok(batch.transpose()?.filter(|batch| batch.end().is_some_and(|end| number < end)))
        })
    }

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

    /// How many entries wait for a batch.
    pub fn waiting(&self) -> Result<u64, StoreError> {
        self.store().read(|transaction| Ok(next(transaction)?.saturating_sub(sealed(transaction)?.next)))
    }
}

//! The log of disclosures: who was shown what, when, for which purpose, on which decision of the chain.
//!
//! It answers an accounting of disclosures (45 CFR 164.528: date, recipient, description, purpose) and outlives the
//! erasure of what was disclosed. It holds ids and the patient's pairwise key, never content; and, as they came, the events
//! that the hospital's other systems handed over. Reading it is logged in it.
//!
//! Entries are numbered from 0 and reported on the chain in batches ([`crate::reports`]); each has a salt, so that
//! the chain says nothing of it and it can be opened alone ([`open`]).

pub mod accounting;
pub mod events;
mod open;
mod report;
mod stored;

pub use galen_worker_api::disclosures::{Disclosure, Entry, What};

use crate::store::{Opener, Store, StoreError, copy_table, failed};
use galen_primitives::AccountId;
use galen_worker_api::MAX_PAGE;
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The entries, each with the version of its form ([`stored`]).
const LOG: TableDefinition<u64, (u8, &[u8])> = TableDefinition::new("disclosures");
/// The salt of each entry.
const SALTS: TableDefinition<u64, [u8; 32]> = TableDefinition::new("salts");
/// The batches, by their first number.
const BATCHES: TableDefinition<u64, &[u8]> = TableDefinition::new("batches");
/// Where the log went on after a loss: the number that came next, with the one where the loss began and the chain's head.
const RESUMED: TableDefinition<u64, (u64, [u8; 32])> = TableDefinition::new("resumed");
/// By what events of other systems are known that were taken.
const EVENTS: TableDefinition<[u8; 32], ()> = TableDefinition::new("events");

/// The log.
pub struct Disclosures(Mutex<Store>);

fn salt() -> Result<[u8; 32], StoreError> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|_| StoreError::Io(std::io::ErrorKind::Other))?;
    Ok(salt)
}

// The number of the next entry.
fn next(transaction: &ReadTransaction) -> Result<u64, StoreError> {
    let log = transaction.open_table(LOG).map_err(failed)?;
    let after_last = log.last().map_err(failed)?.map_or(0, |(index, _)| index.value().saturating_add(1));
    let resumed = transaction.open_table(RESUMED).map_err(failed)?;
    let resumed = resumed.last().map_err(failed)?.map_or(0, |(index, _)| index.value());
    Ok(after_last.max(resumed))
}

fn insert(transaction: &WriteTransaction, index: u64, disclosure: &Disclosure) -> Result<(), StoreError> {
    let mut log = transaction.open_table(LOG).map_err(failed)?;
    let (version, fields) = stored::encode(disclosure);
    log.insert(index, (version, fields.as_slice())).map_err(failed)?;
    transaction.open_table(SALTS).map_err(failed)?.insert(index, salt()?).map_err(failed)?;
    Ok(())
}

impl Disclosures {
    /// Opens or creates the file. One of before there were batches or versions of entries is read on: its entries get
    /// their salts and versions now.
    pub fn open(path: &Path, opener: Opener) -> Result<Self, StoreError> {
        let mut store = Store::open(path, opener)?;
        store.write(|transaction| {
            transaction.open_table(BATCHES).map_err(failed)?;
            transaction.open_table(RESUMED).map_err(failed)?;
            transaction.open_table(EVENTS).map_err(failed)?;
            stored::prepare(transaction)?;
            let log = transaction.open_table(LOG).map_err(failed)?;
            let mut salts = transaction.open_table(SALTS).map_err(failed)?;
            // Whatever is salted was appended after all that is not.
            let salted = salts.first().map_err(failed)?.map_or(u64::MAX, |(index, _)| index.value());
            for entry in log.range(..salted).map_err(failed)? {
                salts.insert(entry.map_err(failed)?.0.value(), salt()?).map_err(failed)?;
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(Disclosures(Mutex::new(store)))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends an entry; on disk before this returns.
    pub fn append(&self, disclosure: &Disclosure) -> Result<u64, StoreError> {
        Ok(self.append_all(std::slice::from_ref(disclosure))?.0)
    }

    /// Appends entries, all or none, but for events that were taken before; on disk before this returns. Gives the number
    /// of the first and how many were appended.
    pub fn append_all(&self, disclosures: &[Disclosure]) -> Result<(u64, u64), StoreError> {
        let mut store = self.store();
        let first = store.read(next)?;
        store.write(|transaction| {
            let mut index = first;
            for disclosure in disclosures {
                if let Some(known) = events::known_by(disclosure) {
                    let mut events = transaction.open_table(EVENTS).map_err(failed)?;
                    if events.insert(known.0, ()).map_err(failed)?.is_some() {
                        continue;
                    }
                }
                insert(transaction, index, disclosure)?;
                index = index.saturating_add(1);
            }
            Ok::<_, StoreError>((first, index.saturating_sub(first)))
        })
    }

    /// Writes the log as it is now into a new file.
    pub fn back_up(&self, path: &Path, opener: Opener) -> Result<(), StoreError> {
        let snapshot = self.store().snapshot()?;
        Store::open(path, opener)?.write(|to| {
            copy_table(LOG, &snapshot, to)?;
            copy_table(SALTS, &snapshot, to)?;
            copy_table(BATCHES, &snapshot, to)?;
            copy_table(RESUMED, &snapshot, to)?;
            copy_table(EVENTS, &snapshot, to)
        })
    }

    /// Entries from index `from` on, of one patient if given, and where to ask on.
    pub fn list(
        &self,
        patient: Option<&AccountId>,
        from: u64,
        limit: u64,
    ) -> Result<(Vec<Entry>, Option<u64>), StoreError> {
        let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        let mut next = None;
        let mut entries = Vec::new();
        self.scan(from.., |entry| {
            if entries.len() == limit {
                next = Some(entry.index);
                return false;
            }
            if patient.is_none_or(|patient| entry.disclosure.patient.as_ref() == Some(patient)) {
                entries.push(entry);
            }
            true
        })?;
        Ok((entries, next))
    }

    /// Walks over the entries of a range in order, for as long as `each` says so; of one state of the log, and nobody waits.
    pub fn scan(
        &self,
        range: impl std::ops::RangeBounds<u64>,
        mut each: impl FnMut(Entry) -> bool,
    ) -> Result<(), StoreError> {
        let snapshot = self.store().snapshot()?;
        let log = snapshot.open_table(LOG).map_err(failed)?;
        for entry in log.range::<u64>(range).map_err(failed)? {
            let (index, bytes) = entry.map_err(failed)?;
            if !each(Entry { index: index.value(), disclosure: stored::decode(bytes.value())? }) {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

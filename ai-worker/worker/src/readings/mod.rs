//! Readings of devices: verified against the chain, kept in the vault, anchored in batches, cited and proven.
//!
//! A reading comes in with its device's signature. It is taken if a finalized block knows the device, its key signed it, and it
//! is newer than the last ([`judge`](galen_fhir::reading::judge)); then it is a document of its patient in the vault, encrypted and salted as any, whose
//! record id is a leaf of a batch ([`crate::reports`]). What is refused is counted, with the reason, in the same batch. The table here
//! holds ids, numbers and times, and nothing that was measured nor whom it was measured on.

mod cite;
mod devices;
mod intake;
mod report;
#[cfg(test)]
mod tests;

pub use cite::{Citations, cite};
pub use devices::Devices;
pub use galen_fhir::reading::{AHEAD_MILLIS, MAX_OBSERVATION, Submitted};
pub use galen_worker_api::readings::{Judged, NumberedRefusal, Refused};
pub use intake::Origin;

use crate::{
    reports::ReportLog,
    store::{Opener, Store, StoreError, copy_table, failed},
};
use codec::{Decode, DecodeAll, Encode};
use galen_primitives::{H256, UnixSeconds, devices::reading::UnixMillis};
use galen_worker_api::MAX_PAGE;
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is known of each reading, by its number.
const READINGS: TableDefinition<u64, &[u8]> = TableDefinition::new("readings");
/// The number of each reading, by device and sequence ([`name_key`]).
const BY_NAME: TableDefinition<&[u8; 40], u64> = TableDefinition::new("by_name");
/// The number of each reading, by record.
const BY_RECORD: TableDefinition<&[u8; 32], u64> = TableDefinition::new("by_record");
/// Sequence and time of each device's last reading.
const LAST: TableDefinition<&[u8; 32], (u64, u64)> = TableDefinition::new("last");
/// What was refused, by a number of its own.
const REFUSALS: TableDefinition<u64, &[u8]> = TableDefinition::new("refusals");
/// The batches, by their numbers.
const BATCHES: TableDefinition<u64, &[u8]> = TableDefinition::new("batches");
/// Where batches went on after a loss: by the number of the batch that came next.
const RESUMED: TableDefinition<u64, &[u8]> = TableDefinition::new("resumed");

/// What is known of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
struct Row {
    /// Its document in the vault.
    record: H256,
    device: H256,
    sequence: u64,
    at: UnixMillis,
    taken_at: UnixSeconds,
}

/// The table of readings.
pub struct Readings(Mutex<Store>);

fn damaged<E>(_: E) -> StoreError {
    StoreError::Damaged("table of readings".into())
}

fn decode<T: Decode>(bytes: &[u8]) -> Result<T, StoreError> {
    T::decode_all(&mut &*bytes).map_err(damaged)
}

/// Device and sequence as one key, in the order of sequences.
fn name_key(device: &H256, sequence: u64) -> [u8; 40] {
    let mut key = [0; 40];
    key[..32].copy_from_slice(device.as_bytes());
    key[32..].copy_from_slice(&sequence.to_be_bytes());
    key
}

// The number of the next reading.
fn next_reading(transaction: &ReadTransaction) -> Result<u64, StoreError> {
    let readings = transaction.open_table(READINGS).map_err(failed)?;
    let after_last = readings.last().map_err(failed)?.map_or(0, |(number, _)| number.value() + 1);
    Ok(after_last.max(Readings::sealed(transaction)?.position.next))
}

// The number of the next refusal.
fn next_refusal(transaction: &ReadTransaction) -> Result<u64, StoreError> {
    let refusals = transaction.open_table(REFUSALS).map_err(failed)?;
    let after_last = refusals.last().map_err(failed)?.map_or(0, |(number, _)| number.value() + 1);
    Ok(after_last.max(Readings::sealed(transaction)?.mark))
}

fn insert(transaction: &WriteTransaction, number: u64, row: &Row) -> Result<(), StoreError> {
    transaction
        .open_table(READINGS)
        .map_err(failed)?
        .insert(number, row.encode().as_slice())
        .map_err(failed)?;
    let mut by_name = transaction.open_table(BY_NAME).map_err(failed)?;
    by_name.insert(&name_key(&row.device, row.sequence), number).map_err(failed)?;
    transaction.open_table(BY_RECORD).map_err(failed)?.insert(&row.record.0, number).map_err(failed)?;
    Ok(())
}

impl Readings {
    /// Opens or creates the file.
    pub fn open(path: &Path, opener: Opener) -> Result<Self, StoreError> {
        let mut store = Store::open(path, opener)?;
        store.write(|transaction| {
            transaction.open_table(READINGS).map_err(failed)?;
            transaction.open_table(BY_NAME).map_err(failed)?;
            transaction.open_table(BY_RECORD).map_err(failed)?;
            transaction.open_table(LAST).map_err(failed)?;
            transaction.open_table(REFUSALS).map_err(failed)?;
            transaction.open_table(BATCHES).map_err(failed)?;
            transaction.open_table(RESUMED).map_err(failed)?;
            Ok::<_, StoreError>(())
        })?;
        Ok(Readings(Mutex::new(store)))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the table as it is now into a new file.
    pub fn back_up(&self, path: &Path, opener: Opener) -> Result<(), StoreError> {
        let snapshot = self.store().snapshot()?;
        Store::open(path, opener)?.write(|to| {
            copy_table(READINGS, &snapshot, to)?;
            copy_table(BY_NAME, &snapshot, to)?;
            copy_table(BY_RECORD, &snapshot, to)?;
            copy_table(LAST, &snapshot, to)?;
            copy_table(REFUSALS, &snapshot, to)?;
            copy_table(BATCHES, &snapshot, to)?;
            copy_table(RESUMED, &snapshot, to)
        })
    }

    /// The record of the reading with this name, if one was taken.
    pub fn record_of(&self, device: &H256, sequence: u64) -> Result<Option<H256>, StoreError> {
        self.store().read(|transaction| {
            let by_name = transaction.open_table(BY_NAME).map_err(failed)?;
            let number = by_name.get(&name_key(device, sequence)).map_err(failed)?;
            let Some(number) = number.map(|number| number.value()) else { return Ok(None) };
            let readings = transaction.open_table(READINGS).map_err(failed)?;
            let row = readings.get(number).map_err(failed)?.ok_or(()).map_err(damaged)?;
            Ok(Some(decode::<Row>(row.value())?.record))
        })
    }

    /// The number of the reading whose document this is.
    pub fn number_of(&self, record: &H256) -> Result<Option<u64>, StoreError> {
        self.store().read(|transaction| {
            let by_record = transaction.open_table(BY_RECORD).map_err(failed)?;
            Ok(by_record.get(&record.0).map_err(failed)?.map(|number| number.value()))
        })
    }

    /// Refusals from number `from` on, of which the oldest are dropped when there are very many, and where to ask on.
    pub fn refused(&self, from: u64, limit: u64) -> Result<(Vec<NumberedRefusal>, Option<u64>), StoreError> {
        let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        self.store().read(|transaction| {
            let refusals = transaction.open_table(REFUSALS).map_err(failed)?;
            let mut page = Vec::new();
            for entry in refusals.range(from..).map_err(failed)? {
                let (index, bytes) = entry.map_err(failed)?;
                if page.len() == limit {
                    return Ok((page, Some(index.value())));
                }
                page.push(NumberedRefusal { index: index.value(), refused: decode(bytes.value())? });
            }
            Ok((page, None))
        })
    }
}

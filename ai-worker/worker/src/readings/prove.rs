//! Proving one reading: what shows to anybody that it is in a batch that the chain has, without showing any other.

use super::{BY_RECORD, READINGS, Readings, Row, decode};
use crate::store::{StoreError, failed};
use galen_primitives::{
    H256,
    devices::reading::{READINGS as TREE, ReadingBatch, leaf},
};

/// Where a reading stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InBatch {
    /// Its number.
    pub number: u64,
    /// The batch that it is in.
    pub batch: ReadingBatch,
    /// The hashes beside the way up to the batch's root.
    pub path: Vec<H256>,
}

impl Readings {
    /// The number of the reading whose document this is.
    pub fn number_of(&self, record: &H256) -> Result<Option<u64>, StoreError> {
        self.store().read(|transaction| {
            let by_record = transaction.open_table(BY_RECORD).map_err(failed)?;
            Ok(by_record.get(&record.0).map_err(failed)?.map(|number| number.value()))
        })
    }

    /// Where a reading stands; `None` if it is in no batch yet.
    pub fn prove(&self, number: u64) -> Result<Option<InBatch>, StoreError> {
        let Some(batch) = self.batch_of(number)? else { return Ok(None) };
        self.store().read(|transaction| {
            let readings = transaction.open_table(READINGS).map_err(failed)?;
            let numbers = batch.first..batch.first.saturating_add(batch.count.into());
            let mut leaves = Vec::new();
            for entry in readings.range(numbers).map_err(failed)? {
                let row: Row = decode(entry.map_err(failed)?.1.value())?;
                leaves.push(leaf(&row.record));
            }
            let index = usize::try_from(number.saturating_sub(batch.first)).unwrap_or(usize::MAX);
            Ok(TREE.inclusion_path(&leaves, index).map(|path| InBatch { number, batch, path }))
        })
    }
}

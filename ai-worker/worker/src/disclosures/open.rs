//! Opening an entry: what shows to anybody that it is in a batch that the chain has, without showing any other.

use super::{Disclosure, Disclosures, LOG, SALTS, collect::leaf_at, decode};
use crate::store::{StoreError, failed};
use galen_primitives::{
    H256,
    audit::{
        disclosure::{DISCLOSURES, DisclosureBatch, commit},
        path,
    },
};
use serde::Serialize;

/// An entry with what proves it; `galen audit check` takes its JSON as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "proof", rename = "disclosure")]
pub struct Opened {
    /// Its number.
    pub number: u64,
    /// The entry. What is committed to is its canonical JSON (RFC 8785).
    pub entry: Disclosure,
    /// Its salt.
    pub salt: H256,
    /// The batch it is in.
    pub batch: DisclosureBatch,
    /// The hashes beside the way up to the batch's root.
    #[serde(with = "path")]
    pub path: Vec<H256>,
}

/// The commitment to an entry.
pub(super) fn commitment(salt: &[u8; 32], number: u64, entry: &Disclosure) -> Result<H256, StoreError> {
    let bytes = serde_json_canonicalizer::to_vec(entry)
        .map_err(|_| StoreError::Damaged("log of disclosures".into()))?;
    Ok(commit(salt, number, &bytes))
}

impl Disclosures {
    /// Opens the entry with this number; `None` if there is none, or it is in no batch yet.
    pub fn open_entry(&self, number: u64) -> Result<Option<Opened>, StoreError> {
        let Some(batch) = self.batch_of(number)? else { return Ok(None) };
        self.store().read(|transaction| {
            let log = transaction.open_table(LOG).map_err(failed)?;
            let salts = transaction.open_table(SALTS).map_err(failed)?;
            let (Some(entry), Some(salt)) =
                (log.get(number).map_err(failed)?, salts.get(number).map_err(failed)?)
            else {
                return Ok(None);
            };
            let numbers = batch.first..batch.first.saturating_add(batch.count.into());
            let leaves =
                numbers.map(|index| leaf_at(&log, &salts, index)).collect::<Result<Vec<_>, StoreError>>()?;
            let index = usize::try_from(number.saturating_sub(batch.first)).unwrap_or(usize::MAX);
            let Some(path) = DISCLOSURES.inclusion_path(&leaves, index) else { return Ok(None) };
            let entry = decode(entry.value())?;
            Ok(Some(Opened { number, entry, salt: H256(salt.value()), batch, path }))
        })
    }
}

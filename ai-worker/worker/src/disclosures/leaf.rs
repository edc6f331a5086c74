//! The leaf of an entry in its batch: a salted commitment to its canonical JSON (RFC 8785).

use super::{Disclosure, decode};
use crate::store::{StoreError, failed};
use galen_primitives::{
    H256,
    audit::disclosure::{commit, leaf},
};
use redb::ReadableTable;

/// Says that batches or their entries cannot be read.
pub(super) fn damaged<E>(_: E) -> StoreError {
    StoreError::Damaged("batches of disclosures".into())
}

/// The commitment to an entry.
pub(super) fn commitment(salt: &[u8; 32], number: u64, entry: &Disclosure) -> Result<H256, StoreError> {
    let bytes = serde_json_canonicalizer::to_vec(entry)
        .map_err(|_| StoreError::Damaged("log of disclosures".into()))?;
    Ok(commit(salt, number, &bytes))
}

/// The leaf of the entry with this number.
pub(super) fn leaf_at(
    log: &impl ReadableTable<u64, &'static [u8]>,
    salts: &impl ReadableTable<u64, [u8; 32]>,
    index: u64,
) -> Result<H256, StoreError> {
    let entry = log.get(index).map_err(failed)?.ok_or(()).map_err(damaged)?;
    let salt = salts.get(index).map_err(failed)?.ok_or(()).map_err(damaged)?;
    Ok(leaf(&commitment(&salt.value(), index, &decode(entry.value())?)?))
}

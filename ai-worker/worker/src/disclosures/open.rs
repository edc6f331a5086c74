//! Opening an entry: what shows to anybody that it is in a batch that the chain has, without showing any other.

use super::{Disclosure, Disclosures, LOG, SALTS, stored::decode};
use crate::{
    reports::{Proven, ReportLog},
    store::{StoreError, failed},
};
use galen_primitives::{H256, audit::disclosure::commit};
use galen_worker_api::{
    Path,
    disclosures::{DisclosureKind, Opened},
};

/// The commitment to an entry.
pub(super) fn commitment(salt: &[u8; 32], number: u64, entry: &Disclosure) -> Result<H256, StoreError> {
    let bytes = serde_json_canonicalizer::to_vec(entry)
        .map_err(|_| StoreError::Damaged("log of disclosures".into()))?;
    Ok(commit(salt, number, &bytes))
}

impl Disclosures {
    /// Opens the entry with this number; `None` if there is none, or it is in no batch yet.
    pub fn open_entry(&self, number: u64) -> Result<Option<Opened>, StoreError> {
        let Some(Proven { number, batch, path }) = self.prove(number)? else { return Ok(None) };
        self.store().read(|transaction| {
            let log = transaction.open_table(LOG).map_err(failed)?;
            let salts = transaction.open_table(SALTS).map_err(failed)?;
            let (Some(entry), Some(salt)) =
                (log.get(number).map_err(failed)?, salts.get(number).map_err(failed)?)
            else {
                return Ok(None);
            };
            let entry = decode(entry.value())?;
            let (proof, salt) = (DisclosureKind::Disclosure, H256(salt.value()));
            Ok(Some(Opened { proof, number, entry, salt, batch, path: Path(path) }))
        })
    }
}

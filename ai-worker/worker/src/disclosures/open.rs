//! Opening an entry: what shows to anybody that it is in a batch that the chain has, without showing any other.

use super::{Disclosures, LOG, SALTS, decode, leaf::leaf_at};
use crate::store::{StoreError, failed};
use galen_primitives::{H256, audit::disclosure::DISCLOSURES};
use galen_worker_api::{
    Path,
    disclosures::{DisclosureKind, Opened},
};

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
            let (proof, salt) = (DisclosureKind::Disclosure, H256(salt.value()));
            Ok(Some(Opened { proof, number, entry, salt, batch, path: Path(path) }))
        })
    }
}

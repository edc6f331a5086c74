//! The ciphertexts: one row per document, under its own key. Rows tell nothing but the commitment and the
//! size.

use super::{Error, Kind, New, seal::Key};
use crate::store::{Opener, Store, copy_table, failed};
use codec::{Decode, Encode};
use galen_primitives::{AccountId, H256, summary::Receipt};
use redb::{ReadTransaction, TableDefinition};
use std::path::Path;
use zeroize::{Zeroize, Zeroizing};

const BODIES: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("bodies");

/// What is encrypted of a document.
#[derive(Encode, Decode)]
pub struct Body {
    /// The bytes as they came in.
    pub original: Vec<u8>,
    /// The receipt, of a summary.
    pub receipt: Option<Receipt>,
}

impl Drop for Body {
    fn drop(&mut self) {
        self.original.zeroize();
    }
}

fn purpose(id: &H256, patient: &AccountId, kind: &Kind) -> Vec<u8> {
    (b"galen:vault:body:v1", id, patient, kind).encode()
}

/// The store of ciphertexts.
pub struct Documents {
    store: Store,
}

impl Documents {
    /// Opens or creates the file.
    pub fn open(path: &Path, opener: Opener) -> Result<Self, Error> {
        let mut store = Store::open(path, opener)?;
        store.write(|transaction| {
            transaction.open_table(BODIES).map(|_| ()).map_err(|e| Error::from(failed(e)))
        })?;
        Ok(Documents { store })
    }

    /// Encrypts and writes documents of one patient, all or none; durable when it returns.
    pub(super) fn insert(&mut self, patient: &AccountId, new: &[New]) -> Result<(), Error> {
        let mut sealed = Vec::with_capacity(new.len());
        for New { id, kind, secrets, body } in new {
            let plain = Zeroizing::new(body.encode());
            sealed.push((id, secrets.key.seal(&purpose(id, patient, kind), &plain)?));
        }
        self.store.write(|transaction| {
            let mut bodies = transaction.open_table(BODIES).map_err(failed)?;
            for (id, sealed) in &sealed {
                bodies.insert(&id.0, sealed.as_slice()).map_err(failed)?;
            }
            Ok(())
        })
    }

    /// Reads and decrypts; `None` if there is no ciphertext.
    pub fn find(
        &mut self,
        id: &H256,
        patient: &AccountId,
        kind: &Kind,
        key: &Key,
    ) -> Result<Option<Body>, Error> {
        let sealed = self.store.read(|transaction| {
            let bodies = transaction.open_table(BODIES).map_err(failed)?;
            Ok::<_, Error>(bodies.get(&id.0).map_err(failed)?.map(|blob| blob.value().to_vec()))
        })?;
        let Some(sealed) = sealed else { return Ok(None) };
        let plain = key.open(&purpose(id, patient, kind), &sealed)?;
        Body::decode(&mut plain.as_slice()).map(Some).map_err(|_| Error::Corrupt)
    }

    /// All ciphertexts as they are now, for [`Documents::copy`].
    pub fn snapshot(&mut self) -> Result<ReadTransaction, Error> {
        Ok(self.store.snapshot()?)
    }

    /// Writes a snapshot into a new file at `path`.
    pub fn copy(snapshot: &ReadTransaction, path: &Path, opener: Opener) -> Result<(), Error> {
        Ok(Store::open(path, opener)?.write(|to| copy_table(BODIES, snapshot, to))?)
    }

    /// Removes ciphertexts. What their pages held stays in the file until it is reused; the keys are what is
    /// destroyed.
    pub fn remove(&mut self, ids: &[H256]) -> Result<(), Error> {
        self.store.write(|transaction| {
            let mut bodies = transaction.open_table(BODIES).map_err(failed)?;
            for id in ids {
                bodies.remove(&id.0).map_err(failed)?;
            }
            Ok(())
        })
    }
}

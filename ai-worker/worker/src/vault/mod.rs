//! The vault: documents and summaries, encrypted at rest, addressed by their commitments.
//!
//! Every document has a random 256-bit key, wrapped by a random key of its patient, wrapped by the master key
//! file; the associated data of each wrapping names what it is for, so that ciphertexts cannot be swapped.
//! The salt of a commitment is kept with the document's key and dies with it. Keys stand in a small file of
//! their own (`keys`), ciphertexts in another (`documents`). Keys are written before the document: a crash in
//! between leaves a key that opens nothing.
//!
//! Erasing writes the remaining keys anew under a fresh master key and destroys the old ones ([`erase`]):
//! pages that a copy-on-write store keeps, and old copies of the document file, cannot be read with the new
//! master key. Whoever was handed a document with its salt can still open its commitment.

mod documents;
mod erase;
pub mod files;
mod keys;
pub mod seal;
#[cfg(test)]
mod tests;

use crate::store::{Opener, StoreError, file_opener};
use codec::{Decode, Encode};
use documents::{Body, Documents};
use galen_fhir::canonical::{Form, canonical};
use galen_primitives::{
    AccountId, H256,
    commitment::{Scheme, commit},
    summary::Receipt,
};
use galen_worker_api::vault::Erased;
pub use keys::Seen;
use keys::{Keys, Scope, Secrets};
use seal::Key;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// What can go wrong. Texts name files, never content.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing under this id.
    #[error("the vault holds nothing under this id")]
    NotFound,
    /// The document is not what its commitment says.
    #[error("the stored document does not match its commitment")]
    Mismatch,
    /// A ciphertext was changed, or belongs elsewhere.
    #[error("the vault is damaged: a ciphertext does not open with its key")]
    Corrupt,
    /// The document is larger than can be sealed.
    #[error("the document is too large")]
    TooLarge,
    /// The JSON has no canonical form.
    #[error("the document has no canonical form: {0}")]
    NotCanonical(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system gave no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// There is no master key.
    #[error("there is no master key at {0}: make one with `galen-worker init`, or restore it")]
    NoMaster(String),
    /// The master key file is not 32 bytes.
    #[error("{0} is not a master key: it must hold exactly 32 bytes")]
    BadMaster(String),
    /// The master key file can be read by others.
    #[error("{0}")]
    OpenToOthers(String),
    /// The key file was written under another master key.
    #[error("the master key does not belong to the key file: restore both from the same moment")]
    WrongMaster,
    /// There are documents, but no key file.
    #[error("{0} is missing though documents are there: restore it before the worker may start")]
    NoKeys(String),
    /// The erasure holds, but old key material could not be destroyed yet.
    #[error(
        "erased, but the old key files could not be destroyed yet ({0}): restart the worker to finish it"
    )]
    NotDestroyed(String),
    #[cfg(test)]
    #[error("killed here")]
    Injected,
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Store(error.into())
    }
}

/// What a stored document is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Kind {
    /// Handed over by an app.
    Document(Scheme),
    /// Made here, of a record, for a job. Always scheme JCS.
    Summary {
        /// The record's id.
        record: H256,
        /// The job's id.
        job: H256,
    },
    /// A device's reading with its signature. Always scheme JCS.
    Reading,
}

impl Kind {
    /// How the document becomes bytes that are committed to.
    pub fn scheme(&self) -> Scheme {
        match self {
            Kind::Document(scheme) => *scheme,
            Kind::Summary { .. } | Kind::Reading => Scheme::Jcs,
        }
    }
}

/// A document out of the vault, checked against its commitment.
pub struct Document {
    /// Its commitment.
    pub id: H256,
    /// Whose it is.
    pub patient: AccountId,
    /// What it is.
    pub kind: Kind,
    /// The salt of its commitment.
    pub salt: Zeroizing<[u8; 32]>,
    /// The bytes as they came in: UTF-8.
    pub original: Zeroizing<Vec<u8>>,
    /// The receipt, of a summary.
    pub receipt: Option<Receipt>,
}

/// Where the vault's files are.
#[derive(Clone, Debug)]
pub struct Files {
    /// The master key: 32 bytes, mode 0600.
    pub master: PathBuf,
    /// The key store.
    pub keys: PathBuf,
    /// The ciphertexts.
    pub documents: PathBuf,
}

impl Files {
    /// Makes a master key; refuses to replace one.
    pub fn create_master(&self) -> Result<(), Error> {
        Ok(files::write_secret(&self.master, Key::random()?.bytes())?)
    }
}

/// A document that is about to be stored.
struct New {
    id: H256,
    kind: Kind,
    secrets: Secrets,
    body: Body,
}

impl New {
    fn make(
        kind: Kind,
        original: &[u8],
        receipt: impl FnOnce(H256) -> Option<Receipt>,
    ) -> Result<Self, Error> {
        let committed = committed_bytes(kind.scheme(), original)?;
        let mut salt = Zeroizing::new([0; 32]);
        getrandom::fill(salt.as_mut_slice()).map_err(|_| Error::NoRandomness)?;
        let id = commit(kind.scheme(), &salt, &committed);
        let secrets = Secrets { key: Key::random()?, salt };
        Ok(New { id, kind, secrets, body: Body { original: original.to_vec(), receipt: receipt(id) } })
    }
}

struct Inner {
    files: Files,
    opener: Opener,
    master: Key,
    keys: Keys,
    documents: Documents,
    // An erasure holds, but its last steps are still to be done.
    unfinished: bool,
    #[cfg(test)]
    fault: Option<&'static str>,
}

impl Inner {
    // Where tests stop an erasure, as a kill would.
    #[cfg(test)]
    fn step(&self, name: &'static str) -> Result<(), Error> {
        if self.fault == Some(name) { Err(Error::Injected) } else { Ok(()) }
    }

    #[cfg(not(test))]
    fn step(&self, _: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn put(
        &mut self,
        patient: &AccountId,
        kind: Kind,
        original: &[u8],
        receipt: impl FnOnce(H256) -> Option<Receipt>,
    ) -> Result<H256, Error> {
        let new = New::make(kind, original, receipt)?;
        let id = new.id;
        self.insert(patient, &[new])?;
        Ok(id)
    }

    /// Keys first, in one transaction; then the documents, in another.
    fn insert(&mut self, patient: &AccountId, new: &[New]) -> Result<(), Error> {
        self.keys.insert(patient, new, &self.master)?;
        if let Err(error) = self.documents.insert(patient, new) {
            // If this fails too, keys that open nothing stay behind.
            let _ = self.keys.remove(new);
            return Err(error);
        }
        Ok(())
    }

    fn get(&mut self, id: &H256) -> Result<Option<Document>, Error> {
        let Some((row, secrets)) = self.keys.find(id, &self.master)? else { return Ok(None) };
        let Some(mut body) = self.documents.find(id, &row.patient, &row.kind, &secrets.key)? else {
            return Ok(None);
        };
        let committed = committed_bytes(row.kind.scheme(), &body.original).map_err(|_| Error::Mismatch)?;
        if commit(row.kind.scheme(), &secrets.salt, &committed) != *id {
            return Err(Error::Mismatch);
        }
        Ok(Some(Document {
            id: *id,
            patient: row.patient,
            kind: row.kind,
            salt: secrets.salt,
            original: Zeroizing::new(std::mem::take(&mut body.original)),
            receipt: body.receipt.take(),
        }))
    }
}

/// The vault; every method blocks for as long as the disk does.
pub struct Vault(Mutex<Inner>);

impl Vault {
    /// Opens the vault, makes its stores if they are new, and completes an erasure that a crash interrupted.
    pub fn open(files: Files) -> Result<Self, Error> {
        Self::open_with(files, file_opener())
    }

    /// As [`Vault::open`], with another way to open store files.
    pub fn open_with(files: Files, opener: Opener) -> Result<Self, Error> {
        let (keys, master) = erase::recover(&files, opener.clone())?;
        let documents = Documents::open(&files.documents, opener.clone())?;
        let mut inner = Inner {
            files,
            opener,
            master,
            keys,
            documents,
            unfinished: true,
            #[cfg(test)]
            fault: None,
        };
        erase::complete(&mut inner)?;
        Ok(Vault(Mutex::new(inner)))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> Result<T, Error>) -> Result<T, Error> {
        // A panic elsewhere leaves no half-done change behind: changes are transactions.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Stores what an app handed over, and returns its commitment.
    pub fn put(&self, patient: &AccountId, scheme: Scheme, original: &[u8]) -> Result<H256, Error> {
        self.with(|inner| inner.put(patient, Kind::Document(scheme), original, |_| None))
    }

    /// Stores a patient's readings, all or none, and returns their commitments.
    pub fn put_readings(&self, patient: &AccountId, readings: &[Vec<u8>]) -> Result<Vec<H256>, Error> {
        if readings.is_empty() {
            return Ok(Vec::new());
        }
        let new = readings.iter().map(|original| New::make(Kind::Reading, original, |_| None));
        let new = new.collect::<Result<Vec<_>, _>>()?;
        self.with(|inner| inner.insert(patient, &new))?;
        Ok(new.iter().map(|new| new.id).collect())
    }

    /// Stores the summary that was made of `record` for `job`, and the receipt that `receipt` makes of its
    /// commitment. If there is one for the job already, that one stays and its receipt is returned.
    pub fn put_summary(
        &self,
        job: &H256,
        record: &H256,
        json: &[u8],
        receipt: impl FnOnce(H256) -> Receipt,
    ) -> Result<Receipt, Error> {
        self.with(|inner| {
            if let Some(id) = inner.keys.summary_of(job)?
                && let Some(Document { receipt: Some(known), .. }) = inner.get(&id)?
            {
                return Ok(known);
            }
            let source = inner.get(record)?.ok_or(Error::NotFound)?;
            let mut made = None;
            let kind = Kind::Summary { record: *record, job: *job };
            inner.put(&source.patient, kind, json, |id| {
                made = Some(receipt(id));
                made.clone()
            })?;
            made.ok_or(Error::Corrupt)
        })
    }

    /// A document by its commitment; `None` if there is none or its keys were erased.
    pub fn get(&self, id: &H256) -> Result<Option<Document>, Error> {
        self.with(|inner| inner.get(id))
    }

    /// Whose document this is and the salt of its attributes in a batch, which tells nothing of the
    /// document's own; `None` if there is none, its keys were erased, or it is a summary.
    pub fn attributes_salt(&self, id: &H256) -> Result<Option<(AccountId, H256)>, Error> {
        self.with(|inner| {
            let Some((row, secrets)) = inner.keys.find(id, &inner.master)? else { return Ok(None) };
            let document = matches!(row.kind, Kind::Document(_));
            Ok(document
                .then(|| (row.patient, galen_primitives::records::batch::attributes_salt(&secrets.salt))))
        })
    }

    /// The summary that was stored for a job.
    pub fn summary_of(&self, job: &H256) -> Result<Option<Document>, Error> {
        self.with(|inner| match inner.keys.summary_of(job)? {
            Some(id) => inner.get(&id),
            None => Ok(None),
        })
    }

    /// Makes one record and its summaries unreadable for good; of a summary's id, that summary alone.
    pub fn erase(&self, record: &H256) -> Result<Erased, Error> {
        self.with(|inner| erase::erase(inner, &Scope::Records([*record].into())))
    }

    /// As [`Vault::erase`], of many records, the keys being written anew once.
    pub fn erase_all(&self, records: impl IntoIterator<Item = H256>) -> Result<Erased, Error> {
        self.with(|inner| erase::erase(inner, &Scope::Records(records.into_iter().collect())))
    }

    /// Makes everything of a patient unreadable for good.
    pub fn erase_patient(&self, patient: &AccountId) -> Result<Erased, Error> {
        self.with(|inner| erase::erase(inner, &Scope::Patient(patient.clone())))
    }

    /// How many documents and summaries there are.
    pub fn len(&self) -> Result<u64, Error> {
        self.with(|inner| inner.keys.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.len()? == 0)
    }

    /// Which of these records can be read, each with whose it is.
    pub fn held(&self, records: &[H256]) -> Result<Vec<(H256, AccountId)>, Error> {
        self.with(|inner| inner.keys.held(records))
    }

    /// How far the chain's log was read for erasures; `None` if never.
    pub fn seen(&self) -> Result<Option<Seen>, Error> {
        self.with(|inner| inner.keys.seen())
    }

    /// Remembers how far the chain's log was read, and carried out.
    pub fn set_seen(&self, seen: &Seen) -> Result<(), Error> {
        self.with(|inner| inner.keys.set_seen(seen))
    }

    /// Destroys the old key material that an erasure could not, if there is any.
    pub fn finish(&self) -> Result<(), Error> {
        self.with(erase::complete)
    }

    /// Writes the ciphertexts into a new file and, if `keys` names files for them, the keys and the master
    /// key that belong to them. All are of one moment; only the keys are copied while others wait.
    pub fn back_up(&self, documents: &Path, keys: Option<(&Path, &Path)>) -> Result<(), Error> {
        let (snapshot, opener) = self.with(|inner| {
            erase::complete(inner)?;
            if let Some((keys, master)) = keys {
                inner.keys.copy_to(keys, inner.opener.clone())?;
                files::write_secret(master, inner.master.bytes())?;
            }
            Ok((inner.documents.snapshot()?, inner.opener.clone()))
        })?;
        Documents::copy(&snapshot, documents, opener)
    }

    /// Whether old key material waits to be destroyed.
    pub fn unfinished(&self) -> bool {
        self.with(|inner| Ok(inner.unfinished)).unwrap_or(true)
    }

    #[cfg(test)]
    fn fail_at(&self, step: &'static str) {
        let _ = self.with(|inner| {
            inner.fault = Some(step);
            Ok(())
        });
    }
}

/// The bytes that a commitment is made over.
fn committed_bytes(scheme: Scheme, original: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (form, bytes) = canonical(original).map_err(|why| Error::NotCanonical(why.to_string()))?;
    let bytes = Zeroizing::new(bytes);
    match (scheme, form) {
        (Scheme::Text, Form::Text) | (Scheme::Jcs, Form::Json) => Ok(bytes),
        (Scheme::Text, Form::Json) => Err(Error::NotCanonical("plain text may not begin like JSON".into())),
        (Scheme::Jcs, Form::Text) => Err(Error::NotCanonical("it is not a JSON object".into())),
    }
}

//! The key store: document keys with their salts, wrapped by patient keys, wrapped by the master key.
//!
//! It is a file of its own, small enough to be written anew at every erasure.

use super::{Error, Kind, New, seal::Key};
use crate::store::{Opener, Store, copy_table, failed};
use codec::{Decode, Encode};
use galen_primitives::{AccountId, BlockNumber, H256};
use redb::{ReadableTable, ReadableTableMetadata, TableDefinition, TableError, WriteTransaction};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use zeroize::Zeroizing;

const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
const PATIENTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("patients");
const DOCUMENTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("documents");
const SUMMARIES: TableDefinition<&[u8; 32], &[u8; 32]> = TableDefinition::new("summaries_by_job");
const ERASED: TableDefinition<&[u8; 32], ()> = TableDefinition::new("erased");
/// The row of [`META`] with how far the chain's log was read.
const SEEN: &str = "chain";

/// What the key store says of one document.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Row {
    pub patient: AccountId,
    pub kind: Kind,
    sealed: Vec<u8>,
}

/// The key and the salt of one document.
pub struct Secrets {
    pub key: Key,
    pub salt: Zeroizing<[u8; 32]>,
}

/// How far the chain's log was read for erasures.
///
/// It stands in this file and no other: a copy of the keys is always as old as what it says was carried out
/// on them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seen {
    /// The first entry that was not read.
    pub next: u64,
    /// A finalized block in whose state all before it stand.
    pub number: BlockNumber,
    /// Its hash, by which another chain is told from this one.
    pub hash: H256,
}

/// What is to be erased.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Records, each with its summaries, or summaries.
    Records(BTreeSet<H256>),
    /// Everything of one patient.
    Patient(AccountId),
}

impl Scope {
    fn covers(&self, id: &H256, row: &Row) -> bool {
        match self {
            Scope::Records(records) => {
                records.contains(id)
                    || matches!(&row.kind, Kind::Summary { record, .. } if records.contains(record))
            }
            Scope::Patient(patient) => &row.patient == patient,
        }
    }
}

fn raw(patient: &AccountId) -> &[u8; 32] {
    patient.as_ref()
}

fn patient_purpose(patient: &AccountId) -> Vec<u8> {
    (b"galen:vault:patient-key:v1", patient).encode()
}

fn document_purpose(id: &H256, patient: &AccountId, kind: &Kind) -> Vec<u8> {
    (b"galen:vault:document-key:v1", id, patient, kind).encode()
}

fn seal_secrets(
    by: &Key,
    id: &H256,
    patient: &AccountId,
    kind: &Kind,
    secrets: &Secrets,
) -> Result<Row, Error> {
    let mut plain = Zeroizing::new([0; 64]);
    plain[..32].copy_from_slice(secrets.key.bytes());
    plain[32..].copy_from_slice(&*secrets.salt);
    let sealed = by.seal(&document_purpose(id, patient, kind), plain.as_slice())?;
    Ok(Row { patient: patient.clone(), kind: kind.clone(), sealed })
}

fn open_secrets(by: &Key, id: &H256, row: &Row) -> Result<Secrets, Error> {
    let plain = by.open(&document_purpose(id, &row.patient, &row.kind), &row.sealed)?;
    let (key, salt) = plain.split_at_checked(32).ok_or(Error::Corrupt)?;
    let salt = Zeroizing::new(salt.try_into().map_err(|_| Error::Corrupt)?);
    Ok(Secrets { key: Key::from_slice(key).ok_or(Error::Corrupt)?, salt })
}

fn decode(bytes: &[u8]) -> Result<Row, Error> {
    Row::decode(&mut &*bytes).map_err(|_| Error::Corrupt)
}

/// The key store.
pub struct Keys {
    store: Store,
}

impl Keys {
    /// Opens the file; a new one belongs to `master`.
    pub fn open(path: &Path, opener: Opener, master: &Key) -> Result<Self, Error> {
        let mut store = Store::open(path, opener)?;
        let fresh = store.read(|transaction| match transaction.open_table(META) {
            Ok(_) => Ok(false),
            Err(TableError::TableDoesNotExist(_)) => Ok(true),
            Err(error) => Err(Error::from(failed(error))),
        })?;
        if fresh {
            store.write(|transaction| create(transaction, master))?;
        }
        Ok(Keys { store })
    }

    /// The id of the master key that the file was written under.
    pub fn master(&mut self) -> Result<H256, Error> {
        self.store.read(|transaction| {
            let meta = transaction.open_table(META).map_err(failed)?;
            let id = meta.get("master").map_err(failed)?.ok_or(Error::Corrupt)?;
            let bytes: [u8; 32] = id.value().try_into().map_err(|_| Error::Corrupt)?;
            Ok(H256(bytes))
        })
    }

    /// What is known of a document, and its key and salt.
    pub fn find(&mut self, id: &H256, master: &Key) -> Result<Option<(Row, Secrets)>, Error> {
        self.store.read(|transaction| {
            let documents = transaction.open_table(DOCUMENTS).map_err(failed)?;
            let Some(row) = documents.get(&id.0).map_err(failed)? else { return Ok(None) };
            let row = decode(row.value())?;
            let patients = transaction.open_table(PATIENTS).map_err(failed)?;
            let wrapped = patients.get(raw(&row.patient)).map_err(failed)?.ok_or(Error::Corrupt)?;
            let patient = unwrap_patient(master, &row.patient, wrapped.value())?;
            let secrets = open_secrets(&patient, id, &row)?;
            Ok(Some((row, secrets)))
        })
    }

    /// The summary that was stored for a job.
    pub fn summary_of(&mut self, job: &H256) -> Result<Option<H256>, Error> {
        self.store.read(|transaction| {
            let summaries = transaction.open_table(SUMMARIES).map_err(failed)?;
            Ok(summaries.get(&job.0).map_err(failed)?.map(|id| H256(*id.value())))
        })
    }

    /// Adds the keys of a patient's documents, all or none, and the patient's if there is none yet.
    pub(super) fn insert(&mut self, patient: &AccountId, new: &[New], master: &Key) -> Result<(), Error> {
        self.store.write(|transaction| {
            let mut patients = transaction.open_table(PATIENTS).map_err(failed)?;
            let known = match patients.get(raw(patient)).map_err(failed)? {
                Some(wrapped) => Some(unwrap_patient(master, patient, wrapped.value())?),
                None => None,
            };
            let key = match known {
                Some(key) => key,
                None => {
                    let key = Key::random()?;
                    let wrapped = master.seal(&patient_purpose(patient), key.bytes())?;
                    patients.insert(raw(patient), wrapped.as_slice()).map_err(failed)?;
                    key
                }
            };
            let mut documents = transaction.open_table(DOCUMENTS).map_err(failed)?;
            let mut summaries = transaction.open_table(SUMMARIES).map_err(failed)?;
            for New { id, kind, secrets, .. } in new {
                let row = seal_secrets(&key, id, patient, kind, secrets)?.encode();
                documents.insert(&id.0, row.as_slice()).map_err(failed)?;
                if let Kind::Summary { job, .. } = kind {
                    summaries.insert(&job.0, &id.0).map_err(failed)?;
                }
            }
            Ok(())
        })
    }

    /// Takes back an insert whose documents could not be written.
    pub(super) fn remove(&mut self, new: &[New]) -> Result<(), Error> {
        self.store.write(|transaction| {
            let mut documents = transaction.open_table(DOCUMENTS).map_err(failed)?;
            let mut summaries = transaction.open_table(SUMMARIES).map_err(failed)?;
            for New { id, kind, .. } in new {
                documents.remove(&id.0).map_err(failed)?;
                if let Kind::Summary { job, .. } = kind {
                    summaries.remove(&job.0).map_err(failed)?;
                }
            }
            Ok(())
        })
    }

    /// Which of these records have keys, each with whose it is. Summaries are not records.
    pub fn held(&mut self, ids: &[H256]) -> Result<Vec<(H256, AccountId)>, Error> {
        self.store.read(|transaction| {
            let documents = transaction.open_table(DOCUMENTS).map_err(failed)?;
            let mut held = Vec::new();
            for id in ids {
                let Some(row) = documents.get(&id.0).map_err(failed)? else { continue };
                let row = decode(row.value())?;
                if matches!(row.kind, Kind::Document(_)) {
                    held.push((*id, row.patient));
                }
            }
            Ok(held)
        })
    }

    /// How far the chain's log was read for erasures; `None` if never, or if that cannot be told.
    pub fn seen(&mut self) -> Result<Option<Seen>, Error> {
        self.store.read(|transaction| {
            let meta = transaction.open_table(META).map_err(failed)?;
            let seen = meta.get(SEEN).map_err(failed)?;
            Ok(seen.and_then(|bytes| Seen::decode(&mut bytes.value()).ok()))
        })
    }

    /// Remembers how far the chain's log was read.
    pub fn set_seen(&mut self, seen: &Seen) -> Result<(), Error> {
        self.store.write(|transaction| {
            let mut meta = transaction.open_table(META).map_err(failed)?;
            meta.insert(SEEN, seen.encode().as_slice()).map_err(failed)?;
            Ok(())
        })
    }

    /// Writes everything into a new file at `path`.
    pub fn copy_to(&mut self, path: &Path, opener: Opener) -> Result<(), Error> {
        self.store.read(|from| {
            let mut store = Store::open(path, opener)?;
            store.write(|to| {
                copy_table(META, from, to)?;
                copy_table(PATIENTS, from, to)?;
                copy_table(DOCUMENTS, from, to)?;
                copy_table(SUMMARIES, from, to)?;
                copy_table(ERASED, from, to)?;
                Ok(())
            })
        })
    }

    /// How many documents have keys.
    pub fn len(&mut self) -> Result<u64, Error> {
        self.store.read(|transaction| {
            Ok(transaction.open_table(DOCUMENTS).map_err(failed)?.len().map_err(failed)?)
        })
    }

    /// Documents whose keys are gone and whose ciphertexts are still to be removed.
    pub fn erased(&mut self) -> Result<Vec<H256>, Error> {
        self.store.read(|transaction| {
            let erased = transaction.open_table(ERASED).map_err(failed)?;
            let ids = erased.iter().map_err(failed)?;
            ids.map(|entry| Ok(H256(*entry.map_err(failed)?.0.value()))).collect()
        })
    }

    /// Says that those ciphertexts have been removed.
    pub fn clear_erased(&mut self) -> Result<(), Error> {
        self.store.write(|transaction| {
            transaction.delete_table(ERASED).map_err(failed)?;
            transaction.open_table(ERASED).map_err(failed)?;
            Ok(())
        })
    }

    /// Writes what `scope` does not cover into a new file at `path`, under a new master key and, for patients
    /// of whom something is dropped, a new patient key. Returns the new store and the kinds dropped; durable
    /// when it returns.
    pub fn rebuild(
        &mut self,
        path: &Path,
        opener: Opener,
        scope: &Scope,
        masters: (&Key, &Key),
    ) -> Result<(Keys, Vec<Kind>), Error> {
        let (old_master, new_master) = masters;
        self.store.read(|from| {
            let documents = from.open_table(DOCUMENTS).map_err(failed)?;
            let patients = from.open_table(PATIENTS).map_err(failed)?;
            let (mut dropped, mut touched) = (Vec::new(), BTreeMap::new());
            for entry in documents.iter().map_err(failed)? {
                let (id, row) = entry.map_err(failed)?;
                let row = decode(row.value())?;
                if scope.covers(&H256(*id.value()), &row) {
                    dropped.push(row.kind);
                    touched.insert(row.patient, None);
                }
            }
            if dropped.is_empty() {
                return Err(Error::NotFound);
            }
            let mut store = Store::open(path, opener)?;
            store.write(|to| {
                create(to, new_master)?;
                if let Some(seen) = from.open_table(META).map_err(failed)?.get(SEEN).map_err(failed)? {
                    to.open_table(META).map_err(failed)?.insert(SEEN, seen.value()).map_err(failed)?;
                }
                let mut new_patients = to.open_table(PATIENTS).map_err(failed)?;
                let mut new_documents = to.open_table(DOCUMENTS).map_err(failed)?;
                let mut summaries = to.open_table(SUMMARIES).map_err(failed)?;
                let mut erased = to.open_table(ERASED).map_err(failed)?;
                for entry in from.open_table(ERASED).map_err(failed)?.iter().map_err(failed)? {
                    erased.insert(entry.map_err(failed)?.0.value(), ()).map_err(failed)?;
                }
                for entry in patients.iter().map_err(failed)? {
                    let (account, wrapped) = entry.map_err(failed)?;
                    let patient = AccountId::new(*account.value());
                    let mut key = unwrap_patient(old_master, &patient, wrapped.value())?;
                    if let Some(pair) = touched.get_mut(&patient) {
                        if matches!(scope, Scope::Patient(_)) {
                            continue;
                        }
                        let fresh = Key::random()?;
                        *pair = Some((key, fresh.clone()));
                        key = fresh;
                    }
                    let wrapped = new_master.seal(&patient_purpose(&patient), key.bytes())?;
                    new_patients.insert(account.value(), wrapped.as_slice()).map_err(failed)?;
                }
                for entry in documents.iter().map_err(failed)? {
                    let (id, bytes) = entry.map_err(failed)?;
                    let (id, row) = (H256(*id.value()), decode(bytes.value())?);
                    if scope.covers(&id, &row) {
                        erased.insert(&id.0, ()).map_err(failed)?;
                        continue;
                    }
                    match touched.get(&row.patient) {
                        None => new_documents.insert(&id.0, bytes.value()).map_err(failed)?,
                        Some(Some((old, fresh))) => {
                            let secrets = open_secrets(old, &id, &row)?;
                            let again = seal_secrets(fresh, &id, &row.patient, &row.kind, &secrets)?.encode();
                            new_documents.insert(&id.0, again.as_slice()).map_err(failed)?
                        }
                        Some(None) => return Err(Error::Corrupt),
                    };
                    if let Kind::Summary { job, .. } = &row.kind {
                        summaries.insert(&job.0, &id.0).map_err(failed)?;
                    }
                }
                Ok(())
            })?;
            Ok((Keys { store }, dropped))
        })
    }

    /// Says that the open file has been renamed.
    pub fn moved_to(&mut self, path: &Path) {
        self.store.moved_to(path);
    }
}

fn unwrap_patient(master: &Key, patient: &AccountId, wrapped: &[u8]) -> Result<Key, Error> {
    Key::from_slice(&master.open(&patient_purpose(patient), wrapped)?).ok_or(Error::Corrupt)
}

fn create(transaction: &WriteTransaction, master: &Key) -> Result<(), Error> {
    let mut meta = transaction.open_table(META).map_err(failed)?;
    meta.insert("format", [1].as_slice()).map_err(failed)?;
    meta.insert("master", master.id().as_bytes()).map_err(failed)?;
    transaction.open_table(PATIENTS).map_err(failed)?;
    transaction.open_table(DOCUMENTS).map_err(failed)?;
    transaction.open_table(SUMMARIES).map_err(failed)?;
    transaction.open_table(ERASED).map_err(failed)?;
    Ok(())
}

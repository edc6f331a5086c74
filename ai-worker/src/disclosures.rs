//! The log of disclosures: who was shown what, when, for which purpose, on which decision of the chain.
//!
//! It answers an accounting of disclosures (45 CFR 164.528: date, recipient, description, purpose) and outlives the
//! erasure of what was disclosed. It holds ids and the patient's pairwise key, never content. Reading it is logged in it.

use crate::store::{Opener, Store, StoreError, copy_table, failed};
use codec::{Decode, Encode};
use galen_primitives::{AccountId, H256, consent::Purpose};
use redb::{ReadableTable, TableDefinition};
use serde::Serialize;
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

const LOG: TableDefinition<u64, &[u8]> = TableDefinition::new("disclosures");
/// At most this many entries come in one page.
pub const MAX_PAGE: u64 = 256;

/// What was disclosed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// A document.
    Document,
    /// A summary.
    Summary,
    /// Entries of this log.
    Log,
}

/// One disclosure.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// When, in seconds since 1970.
    pub at: u64,
    /// To which credential.
    pub who: String,
    /// What kind of thing.
    pub what: What,
    /// Its commitment, if it has one.
    pub subject: Option<H256>,
    /// The job, of a summary.
    pub job: Option<H256>,
    /// Whom it is about; for the log, whose entries were asked for.
    pub patient: Option<AccountId>,
    /// What for, where it was said.
    pub purpose: Option<Purpose>,
    /// The finalized block whose decision permitted it, of a summary.
    pub block: Option<H256>,
    /// The consent version that permitted it, of a summary.
    pub consent: Option<u32>,
    /// The access of an emergency on which it rested, of a summary. Entries of before there were any end before this.
    pub access: Option<H256>,
}

impl Decode for Disclosure {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        Ok(Disclosure {
            at: Decode::decode(input)?,
            who: Decode::decode(input)?,
            what: Decode::decode(input)?,
            subject: Decode::decode(input)?,
            job: Decode::decode(input)?,
            patient: Decode::decode(input)?,
            purpose: Decode::decode(input)?,
            block: Decode::decode(input)?,
            consent: Decode::decode(input)?,
            access: if input.remaining_len()? == Some(0) { None } else { Decode::decode(input)? },
        })
    }
}

/// A disclosure with its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its number, from 0 without gaps.
    pub index: u64,
    #[serde(flatten)]
    pub disclosure: Disclosure,
}

/// The log.
pub struct Disclosures(Mutex<Store>);

fn decode(bytes: &[u8]) -> Result<Disclosure, StoreError> {
    Disclosure::decode(&mut &*bytes).map_err(|_| StoreError::Damaged("log of disclosures".into()))
}

impl Disclosures {
    /// Opens or creates the file.
    pub fn open(path: &Path, opener: Opener) -> Result<Self, StoreError> {
        let mut store = Store::open(path, opener)?;
        store.write(|transaction| transaction.open_table(LOG).map(|_| ()).map_err(failed))?;
        Ok(Disclosures(Mutex::new(store)))
    }

    /// Appends an entry; on disk before this returns.
    pub fn append(&self, disclosure: &Disclosure) -> Result<u64, StoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(|transaction| {
            let mut log = transaction.open_table(LOG).map_err(failed)?;
            let next = log.last().map_err(failed)?.map_or(0, |(index, _)| index.value() + 1);
            log.insert(next, disclosure.encode().as_slice()).map_err(failed)?;
            Ok(next)
        })
    }

    /// Writes the log as it is now into a new file.
    pub fn back_up(&self, path: &Path, opener: Opener) -> Result<(), StoreError> {
        let snapshot = self.0.lock().unwrap_or_else(PoisonError::into_inner).snapshot()?;
        Store::open(path, opener)?.write(|to| copy_table(LOG, &snapshot, to))
    }

    /// Entries from index `from` on, of one patient if given, and where to ask on.
    pub fn list(
        &self,
        patient: Option<&AccountId>,
        from: u64,
        limit: u64,
    ) -> Result<(Vec<Entry>, Option<u64>), StoreError> {
        let limit = usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(|transaction| {
            let log = transaction.open_table(LOG).map_err(failed)?;
            let mut entries = Vec::new();
            for entry in log.range(from..).map_err(failed)? {
                let (index, bytes) = entry.map_err(failed)?;
                if entries.len() == limit {
                    return Ok((entries, Some(index.value())));
                }
                let disclosure = decode(bytes.value())?;
                if patient.is_none_or(|patient| disclosure.patient.as_ref() == Some(patient)) {
                    entries.push(Entry { index: index.value(), disclosure });
                }
            }
            Ok((entries, None))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::file_opener;

    fn disclosure(patient: u8) -> Disclosure {
        Disclosure {
            at: 7,
            who: "dr-x".into(),
            what: What::Summary,
            subject: Some(H256([3; 32])),
            job: None,
            patient: Some(AccountId::new([patient; 32])),
            purpose: Some(Purpose::Treat),
            block: None,
            consent: Some(0),
            access: None,
        }
    }

    #[test]
    fn entries_of_before_there_were_accesses_are_still_read() {
        let new = Disclosure { access: Some(H256([5; 32])), ..disclosure(1) };
        assert_eq!(decode(&new.encode()).unwrap(), new);
        let encoded = disclosure(1).encode();
        let old = &encoded[..encoded.len() - 1];
        assert_eq!(decode(old).unwrap(), disclosure(1));
        assert!(decode(&old[..old.len() - 1]).is_err());
    }

    #[test]
    fn entries_are_numbered_without_gaps_and_survive_reopening() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("disclosures.redb");
        for round in 0..3u64 {
            let log = Disclosures::open(&path, file_opener()).unwrap();
            assert_eq!(log.append(&disclosure(1)).unwrap(), 2 * round);
            assert_eq!(log.append(&disclosure(2)).unwrap(), 2 * round + 1);
        }
        let log = Disclosures::open(&path, file_opener()).unwrap();
        let (first, next) = log.list(None, 0, 4).unwrap();
        assert_eq!(first.iter().map(|entry| entry.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
        let (rest, end) = log.list(None, next.unwrap(), 4).unwrap();
        assert_eq!((rest.len(), end), (2, None));
        let (mine, _) = log.list(Some(&AccountId::new([2; 32])), 0, 100).unwrap();
        assert_eq!(mine.iter().map(|entry| entry.index).collect::<Vec<_>>(), [1, 3, 5]);
        let json = serde_json::to_value(&mine[0]).unwrap();
        assert_eq!(
            (&json["index"], &json["purpose"], &json["what"]),
            (&1.into(), &"TREAT".into(), &"summary".into())
        );
    }
}

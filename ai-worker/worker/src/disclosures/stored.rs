//! How an entry is stored: the version of its form, and its fields in SCALE.
//!
//! No commitment covers these bytes: what is committed to, and reported, is an entry's canonical JSON
//! ([`super::open`]).

use super::{Disclosure, LOG};
use crate::store::{StoreError, failed};
use codec::{Decode, DecodeAll, Encode};
use galen_worker_api::disclosures::Event;
use redb::{ReadableTable, TableDefinition, TableError, WriteTransaction};

/// Entries of before there were versions. The oldest end before the field `event`, younger ones before
/// `access`.
const UNVERSIONED: u8 = 0;
/// All fields.
const VERSION: u8 = 1;

/// The table of a file of before there were versions, which has the name of [`LOG`] and another type.
pub(super) const OLD_LOG: TableDefinition<u64, &[u8]> = TableDefinition::new("disclosures");
/// What it is called while it is read.
const MOVED: TableDefinition<u64, &[u8]> = TableDefinition::new("unversioned");

fn damaged<E>(_: E) -> StoreError {
    StoreError::Damaged("log of disclosures".into())
}

pub(super) fn encode(disclosure: &Disclosure) -> (u8, Vec<u8>) {
    (VERSION, disclosure.encode())
}

pub(super) fn decode((version, mut fields): (u8, &[u8])) -> Result<Disclosure, StoreError> {
    match version {
        VERSION => Disclosure::decode_all(&mut fields).map_err(damaged),
        UNVERSIONED => {
            let disclosure = unversioned(&mut fields).map_err(damaged)?;
            fields.is_empty().then_some(disclosure).ok_or(()).map_err(damaged)
        }
        _ => Err(damaged(())),
    }
}

fn unversioned(fields: &mut &[u8]) -> Result<Disclosure, codec::Error> {
    Ok(Disclosure {
        at: Decode::decode(fields)?,
        who: Decode::decode(fields)?,
        what: Decode::decode(fields)?,
        subject: Decode::decode(fields)?,
        job: Decode::decode(fields)?,
        patient: Decode::decode(fields)?,
        purpose: Decode::decode(fields)?,
        block: Decode::decode(fields)?,
        consent: Decode::decode(fields)?,
        event: if fields.is_empty() { None } else { Option::<Event>::decode(fields)? },
        access: if fields.is_empty() { None } else { Decode::decode(fields)? },
    })
}

/// Makes the table of entries, or gives those of a file of before there were versions theirs. A program of
/// before cannot open the file then, rather than write over what it does not understand.
pub(super) fn prepare(transaction: &WriteTransaction) -> Result<(), StoreError> {
    match transaction.open_table(LOG) {
        Ok(_) => return Ok(()),
        Err(TableError::TableTypeMismatch { .. }) => {}
        Err(why) => return Err(failed(why)),
    }
    transaction.rename_table(OLD_LOG, MOVED).map_err(failed)?;
    {
        let from = transaction.open_table(MOVED).map_err(failed)?;
        let mut to = transaction.open_table(LOG).map_err(failed)?;
        for entry in from.iter().map_err(failed)? {
            let (number, fields) = entry.map_err(failed)?;
            to.insert(number.value(), (UNVERSIONED, fields.value())).map_err(failed)?;
        }
    }
    transaction.delete_table(MOVED).map_err(failed)?;
    Ok(())
}

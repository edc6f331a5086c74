//! What hospitals anchor and keep: records, one by one or many under one root, and items in custody.
//!
//! [`batch`] is many records under one Merkle root, [`custody`] who holds which item.

pub mod batch;
pub mod custody;
mod record;

pub use record::{MAX_NAMED, Record, RecordAttributes, RecordFacts, Transferred, Voided, transfer_link};

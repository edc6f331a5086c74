//! Where the chain keeps what bundles show.

use crate::storage_key as key;
use galen_primitives::H256;

/// The first authorities and the number of their set, which the start of a bundle shows.
pub fn genesis() -> [Vec<u8>; 2] {
    [key::item("Grandpa", "Authorities"), key::item("Grandpa", "CurrentSetId")]
}

/// The time of a block.
pub(super) fn time() -> Vec<u8> {
    key::item("Timestamp", "Now")
}

/// A record.
pub(super) fn record(id: &H256) -> Vec<u8> {
    key::blake2("Records", "Records", id.as_bytes())
}

/// A batch of records.
pub(super) fn batch(root: &H256) -> Vec<u8> {
    key::blake2("Records", "Batches", root.as_bytes())
}

/// The receipt of the erasure of a leaf that was never revealed.
pub(super) fn erased_leaf(commitment: &H256) -> Vec<u8> {
    key::blake2("Records", "ErasedLeaves", commitment.as_bytes())
}

/// A job.
pub(super) fn job(id: &H256) -> Vec<u8> {
    key::blake2("Summaries", "Jobs", id.as_bytes())
}

/// Whose a worker key is or was.
pub(super) fn worker_key(public: &H256) -> Vec<u8> {
    key::blake2("Consortium", "WorkerKeys", public.as_bytes())
}

/// The state of the audit log.
pub(super) fn log() -> Vec<u8> {
    key::item("Audit", "Log")
}

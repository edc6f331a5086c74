//! Records and batches of them.

use super::{Call, call};
use galen_primitives::{
    H256,
    records::{RecordAttributes, batch::BatchProof},
};

/// `Records.anchor`.
pub fn anchor(commitment: H256, attributes: &RecordAttributes) -> Call {
    call("Records", "anchor", (commitment, attributes))
}

/// `Records.supersede`.
pub fn supersede(old: H256, new: H256, attributes: &RecordAttributes) -> Call {
    call("Records", "supersede", (old, new, attributes))
}

/// `Records.erase`: the receipt that key and salt of a record were destroyed.
pub fn erase(commitment: H256) -> Call {
    call("Records", "erase", (commitment,))
}

/// `Records.anchor_batch`: the root of so many records.
pub fn anchor_batch(root: H256, count: u32) -> Call {
    call("Records", "anchor_batch", (root, count))
}

/// `Records.reveal`: a leaf becomes a record.
pub fn reveal(commitment: H256, attributes: &RecordAttributes, salt: H256, proof: &BatchProof) -> Call {
    call("Records", "reveal", (commitment, attributes, salt, proof))
}

/// `Records.erase_leaf`: the receipt that key and salt of a record were destroyed that was never revealed.
pub fn erase_leaf(commitment: H256, attributes_digest: H256, proof: &BatchProof) -> Call {
    call("Records", "erase_leaf", (commitment, attributes_digest, proof))
}

/// `Records.void`: a record was entered in error.
pub fn void(commitment: H256, reason: H256) -> Call {
    call("Records", "void", (commitment, reason))
}

/// `Records.transfer`: a record is in another hospital's custody.
pub fn transfer(commitment: H256, link: H256) -> Call {
    call("Records", "transfer", (commitment, link))
}

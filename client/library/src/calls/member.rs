//! What a member hospital says about itself.

use super::{Call, call};
use galen_primitives::{AccountId, BlockNumber, H256, member::PeerId};

/// `Consortium.set_worker_key`.
pub fn set_worker_key(key: H256) -> Call {
    call("Consortium", "set_worker_key", (key,))
}

/// `Consortium.mark_worker_key_suspect`: nothing that `key` signed in block `from` or later can be relied upon.
pub fn mark_worker_key_suspect(hospital: &AccountId, key: H256, from: BlockNumber) -> Call {
    call("Consortium", "mark_worker_key_suspect", (hospital, key, from))
}

/// `Consortium.set_nodes`: the peer ids of all nodes of this hospital.
pub fn set_nodes(nodes: &[PeerId]) -> Call {
    call("Consortium", "set_nodes", (nodes,))
}

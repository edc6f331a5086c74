//! What a member hospital says about itself and its validators, and the council's gate to Root.

use super::{Call, Encoded, call};
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

/// `Consortium.validate`; the commission in billionths.
pub fn validate(commission: u32) -> Call {
    call("Consortium", "validate", (commission,))
}

/// `Consortium.nominate`.
pub fn nominate(targets: &[AccountId]) -> Call {
    call("Consortium", "nominate", (targets,))
}

/// `Consortium.add_validator`.
pub fn add_validator(stash: &AccountId) -> Call {
    call("Consortium", "add_validator", (stash,))
}

/// `Consortium.remove_validator`.
pub fn remove_validator(stash: &AccountId) -> Call {
    call("Consortium", "remove_validator", (stash,))
}

/// `Consortium.govern` of a call's SCALE bytes.
pub(crate) fn govern(inner: &[u8]) -> Call {
    Call { pallet: "Consortium", name: "govern", args: Encoded(inner.to_vec()) }
}

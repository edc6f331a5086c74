//! Models and federated rounds.

use super::{Call, call};
use galen_primitives::{H256, model::ModelTerms};

/// `Federated.register_model`.
pub fn register_model(terms: &ModelTerms) -> Call {
    call("Federated", "register_model", (terms,))
}

/// `Federated.open_round`.
pub fn open_round(base: H256, blocks: u32) -> Call {
    call("Federated", "open_round", (base, blocks))
}

/// `Federated.register_update`.
pub fn register_update(round: u32, hash: H256, samples: u32) -> Call {
    call("Federated", "register_update", (round, hash, samples))
}

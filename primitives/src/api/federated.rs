//! Models and rounds, as clients and workers ask for them.

use crate::{
    AccountId, H256,
    model::{Model, Round, Update},
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Models and rounds.
    pub trait FederatedApi {
        /// One model by its hash.
        fn model(hash: H256) -> Option<Model>;
        /// One round by its number.
        fn round(id: u32) -> Option<Round>;
        /// The updates of a round, by member.
        fn updates(round: u32) -> Vec<(AccountId, Update)>;
    }
}

//! Models and federated rounds.

use super::Chain;
use crate::Error;
use galen_primitives::{
    AccountId, H256,
    model::{Model, Round, Update},
};

impl Chain {
    /// A registered model.
    pub async fn model(&self, hash: H256, at: Option<H256>) -> Result<Option<Model>, Error> {
        self.call("FederatedApi_model", hash, at).await
    }

    /// A federated round.
    pub async fn round(&self, id: u32, at: Option<H256>) -> Result<Option<Round>, Error> {
        self.call("FederatedApi_round", id, at).await
    }

    /// The updates of a federated round.
    pub async fn updates(&self, round: u32, at: Option<H256>) -> Result<Vec<(AccountId, Update)>, Error> {
        self.call("FederatedApi_updates", round, at).await
    }
}

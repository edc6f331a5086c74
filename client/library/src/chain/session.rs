//! Session keys, and the validators of a session.

use super::Chain;
use crate::{Error, session_keys::SessionKeys};
use galen_primitives::{AccountId, H256};
use galen_proofs::storage_key as key;

impl Chain {
    /// The session keys that an account has set, in force from the session after the next one on.
    pub async fn next_keys(&self, account: &AccountId, at: H256) -> Result<Option<SessionKeys>, Error> {
        self.stored("Session.NextKeys", key::twox("Session", "NextKeys", account.as_ref()), at).await
    }

    /// The validators of the next session with the keys that they will have in it.
    pub async fn queued_keys(&self, at: H256) -> Result<Vec<(AccountId, SessionKeys)>, Error> {
        let found = self.stored("Session.QueuedKeys", key::item("Session", "QueuedKeys"), at).await?;
        Ok(found.unwrap_or_default())
    }

    /// The validators of the current session, in the order in which blocks number them.
    pub async fn session_validators(&self, at: H256) -> Result<Vec<AccountId>, Error> {
        let found = self.stored("Session.Validators", key::item("Session", "Validators"), at).await?;
        Ok(found.unwrap_or_default())
    }
}

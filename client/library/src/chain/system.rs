//! Accounts and the runtime.

use super::Chain;
use crate::{Error, amount::Balance};
use codec::Decode;
use galen_primitives::{AccountId, H256};
use galen_proofs::storage_key as key;

/// What an account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// What it may spend or bond.
    pub free: Balance,
    /// What is held: bonded, or a deposit.
    pub held: Balance,
}

// As frame-system and pallet-balances store it.
#[derive(Decode)]
struct Account {
    _nonce: u32,
    _consumers: u32,
    _providers: u32,
    _sufficients: u32,
    free: Balance,
    reserved: Balance,
}

impl Chain {
    /// What an account has.
    pub async fn balances(&self, account: &AccountId, at: H256) -> Result<Balances, Error> {
        let found: Option<Account> =
            self.stored("System.Account", key::blake2("System", "Account", account.as_ref()), at).await?;
        Ok(found.map(|a| Balances { free: a.free, held: a.reserved }).unwrap_or_default())
    }

    /// The hash of the runtime that the council has authorised and that nobody has applied yet.
    pub async fn authorized_upgrade(&self, at: H256) -> Result<Option<H256>, Error> {
        let found: Option<(H256, bool)> =
            self.stored("System.AuthorizedUpgrade", key::item("System", "AuthorizedUpgrade"), at).await?;
        Ok(found.map(|(hash, _)| hash))
    }

    /// Name and version of the runtime at a block.
    pub async fn runtime(&self, at: H256) -> Result<(String, u32), Error> {
        let version: serde_json::Value =
            self.request_with("state_getRuntimeVersion", subxt::rpcs::rpc_params![at]).await?;
        let name = version["specName"].as_str().map(str::to_owned);
        let number = version["specVersion"].as_u64().and_then(|number| u32::try_from(number).ok());
        name.zip(number).ok_or(Error::Undecodable("state_getRuntimeVersion"))
    }

    /// The runtime's code at a block.
    pub async fn code(&self, at: H256) -> Result<Vec<u8>, Error> {
        let found = self.rpc.state_get_storage(b":code", Some(at)).await.map_err(super::node)?;
        found.ok_or_else(|| Error::Node("it has no runtime code in its state".into()))
    }
}

//! What tests read of the chain's state at a block: validators, eras, stakes, balances, by their storage keys.

use crate::{
    error::{Context, Result},
    rpc::Rpc,
};
use codec::{Compact, Decode};
use galen_client::session_keys::SessionKeys;
use galen_primitives::{AccountId, BlockNumber, H256};
use galen_proofs::storage_key::{blake2, item, twox};

/// The state of one block, seen through one node.
pub struct State<'a> {
    rpc: &'a Rpc,
    at: H256,
}

#[derive(Decode)]
struct Ledger {
    _stash: AccountId,
    total: Compact<u128>,
}

#[derive(Decode)]
struct AccountInfo {
    _nonce: u32,
    _consumers: u32,
    _providers: u32,
    _sufficients: u32,
    free: u128,
}

impl<'a> State<'a> {
    /// The state of block `at`.
    pub fn at(rpc: &'a Rpc, at: H256) -> Self {
        State { rpc, at }
    }

    /// A value, or what stands for it when it is not stored.
    pub async fn get<T: Decode + Default>(&self, key: Vec<u8>) -> Result<T> {
        Ok(self.rpc.storage(&key, self.at).await?.unwrap_or_default())
    }

    /// A value, if it is stored.
    pub async fn find<T: Decode>(&self, key: Vec<u8>) -> Result<Option<T>> {
        self.rpc.storage(&key, self.at).await
    }

    /// The validators of the session, in the order of their indices.
    pub async fn validators(&self) -> Result<Vec<AccountId>> {
        self.get(item("Session", "Validators")).await
    }

    /// The session's number.
    pub async fn session(&self) -> Result<u32> {
        self.get(item("Session", "CurrentIndex")).await
    }

    /// The number of the active era.
    pub async fn era(&self) -> Result<u32> {
        let info: Option<(u32, Option<u64>)> = self.find(item("Staking", "ActiveEra")).await?;
        Ok(info.map_or(0, |(index, _)| index))
    }

    /// The validators that are disabled for the rest of the era.
    pub async fn disabled(&self) -> Result<Vec<AccountId>> {
        let indices: Vec<(u32, u32)> = self.get(item("Session", "DisabledValidators")).await?;
        let validators = self.validators().await?;
        Ok(indices.iter().filter_map(|(index, _)| validators.get(*index as usize).cloned()).collect())
    }

    /// Whether an account is a candidate in elections.
    pub async fn is_candidate(&self, account: &AccountId) -> Result<bool> {
        let prefs: Option<(Compact<u32>, bool)> =
            self.find(twox("Staking", "Validators", account.as_ref())).await?;
        Ok(prefs.is_some())
    }

    /// The session keys that an account has registered for the sessions to come.
    pub async fn next_keys(&self, account: &AccountId) -> Result<Option<SessionKeys>> {
        self.find(twox("Session", "NextKeys", account.as_ref())).await
    }

    /// The BABE keys of the epoch's authorities.
    pub async fn babe_authorities(&self) -> Result<Vec<H256>> {
        let authorities: Vec<(H256, u64)> = self.get(item("Babe", "Authorities")).await?;
        Ok(authorities.into_iter().map(|(key, _)| key).collect())
    }

    /// What an account has bonded, unbonding included.
    pub async fn bonded(&self, stash: &AccountId) -> Result<u128> {
        let ledger: Option<Ledger> = self.find(blake2("Staking", "Ledger", stash.as_ref())).await?;
        Ok(ledger.map_or(0, |ledger| ledger.total.0))
    }

    /// What an account can spend.
    pub async fn free(&self, account: &AccountId) -> Result<u128> {
        let info: Option<AccountInfo> = self.find(blake2("System", "Account", account.as_ref())).await?;
        Ok(info.map_or(0, |info| info.free))
    }
}

/// The account that made a block, by its index among the session's validators.
pub async fn author(rpc: &Rpc, block: H256) -> Result<AccountId> {
    let claim = rpc.header(block).await?.claim().context(|| format!("block {block:?} names no author"))?;
    let validators = State::at(rpc, block).validators().await?;
    let author = validators.get(claim.authority as usize).cloned();
    author.context(|| {
        format!("block {block:?} was made by authority {} of {}", claim.authority, validators.len())
    })
}

/// The number of the first finalized block after `from` that `who` has made, if there is one yet.
pub async fn authored_since(rpc: &Rpc, who: &AccountId, from: BlockNumber) -> Result<Option<BlockNumber>> {
    let (last, _) = rpc.finalized().await?;
    for number in from + 1..=last {
        let hash = rpc.hash(number).await?.context(|| format!("{} has no block {number}", rpc.url()))?;
        if author(rpc, hash).await? == *who {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    #[test]
    fn a_ledger_is_read_up_to_its_total() {
        let stored =
            (AccountId::new([2; 32]), Compact(300_000_000_000_000_000u128), Compact(5u128), 0u8, 0u8);
        assert_eq!(Ledger::decode(&mut stored.encode().as_slice()).unwrap().total.0, 300_000_000_000_000_000);
    }
}

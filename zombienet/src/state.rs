//! What tests read of the chain's state at a block: validators, eras, stakes, balances, by their storage keys.

use crate::{
    error::{Context, Result},
    rpc::Rpc,
};
use codec::{Compact, Decode, Encode};
use galen_primitives::{AccountId, BlockNumber, H256};
use sp_crypto_hashing::{blake2_128, twox_64, twox_128};

/// The state of one block, seen through one node.
pub struct State<'a> {
    rpc: &'a Rpc,
    at: H256,
}

/// The key of a single value.
pub fn value(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// The key of a map's entry under `Blake2_128Concat`.
pub fn blake2(pallet: &str, item: &str, key: impl Encode) -> Vec<u8> {
    let key = key.encode();
    [value(pallet, item), blake2_128(&key).to_vec(), key].concat()
}

/// The key of a map's entry under `Twox64Concat`.
pub fn twox(pallet: &str, item: &str, key: impl Encode) -> Vec<u8> {
    let key = key.encode();
    [value(pallet, item), twox_64(&key).to_vec(), key].concat()
}

/// The session keys of a validator, as the runtime orders them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SessionKeys {
    /// GRANDPA, ed25519.
    pub grandpa: [u8; 32],
    /// BABE, sr25519.
    pub babe: [u8; 32],
    /// ImOnline, sr25519.
    pub im_online: [u8; 32],
    /// Authority discovery, sr25519.
    pub authority_discovery: [u8; 32],
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
        self.get(value("Session", "Validators")).await
    }

    /// The session's number.
    pub async fn session(&self) -> Result<u32> {
        self.get(value("Session", "CurrentIndex")).await
    }

    /// The number of the active era.
    pub async fn era(&self) -> Result<u32> {
        let info: Option<(u32, Option<u64>)> = self.find(value("Staking", "ActiveEra")).await?;
        Ok(info.map_or(0, |(index, _)| index))
    }

    /// The validators that are disabled for the rest of the era.
    pub async fn disabled(&self) -> Result<Vec<AccountId>> {
        let indices: Vec<(u32, u32)> = self.get(value("Session", "DisabledValidators")).await?;
        let validators = self.validators().await?;
        Ok(indices.iter().filter_map(|(index, _)| validators.get(*index as usize).cloned()).collect())
    }

    /// Whether an account is a candidate in elections.
    pub async fn is_candidate(&self, account: &AccountId) -> Result<bool> {
        let prefs: Option<(Compact<u32>, bool)> = self.find(twox("Staking", "Validators", account)).await?;
        Ok(prefs.is_some())
    }

    /// The session keys that an account has registered for the sessions to come.
    pub async fn next_keys(&self, account: &AccountId) -> Result<Option<SessionKeys>> {
        self.find(twox("Session", "NextKeys", account)).await
    }

    /// The BABE keys of the epoch's authorities.
    pub async fn babe_authorities(&self) -> Result<Vec<[u8; 32]>> {
        let authorities: Vec<([u8; 32], u64)> = self.get(value("Babe", "Authorities")).await?;
        Ok(authorities.into_iter().map(|(key, _)| key).collect())
    }

    /// What an account has bonded, unbonding included.
    pub async fn bonded(&self, stash: &AccountId) -> Result<u128> {
        let ledger: Option<Ledger> = self.find(blake2("Staking", "Ledger", stash)).await?;
        Ok(ledger.map_or(0, |ledger| ledger.total.0))
    }

    /// What an account can spend.
    pub async fn free(&self, account: &AccountId) -> Result<u128> {
        let info: Option<AccountInfo> = self.find(blake2("System", "Account", account)).await?;
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

    #[test]
    fn keys_are_those_of_the_chain() {
        // As every Substrate chain has them.
        assert_eq!(
            hex::encode(value("System", "Account")),
            "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
        );
        let key = blake2("System", "Account", AccountId::new([1; 32]));
        assert_eq!(key.len(), 32 + 16 + 32);
        assert_eq!(twox("Staking", "Validators", 7u32).len(), 32 + 8 + 4);
    }

    #[test]
    fn a_ledger_is_read_up_to_its_total() {
        let stored =
            (AccountId::new([2; 32]), Compact(300_000_000_000_000_000u128), Compact(5u128), 0u8, 0u8);
        assert_eq!(Ledger::decode(&mut stored.encode().as_slice()).unwrap().total.0, 300_000_000_000_000_000);
    }
}

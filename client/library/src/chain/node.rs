//! The node itself: its peers, its addresses, its keystore, the blocks that reach it.

use super::{Chain, node};
use crate::{Error, session_keys::SessionKeys};
use codec::{Decode, Encode};
use galen_primitives::{AccountId, BlockNumber, H256};
use galen_proofs::storage_key as key;
use serde::Deserialize;
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use subxt::rpcs::rpc_params;

/// A peer, as the node sees it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// Its peer id in base58.
    pub peer_id: String,
    /// `AUTHORITY`, `FULL` or `LIGHT`.
    pub roles: String,
    /// The number of its best block.
    pub best_number: BlockNumber,
}

/// When a block reached the node, by this machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The slot in which it was authored.
    pub slot: u64,
    /// Its author, as an index into the session's validators.
    pub author: u32,
    /// Milliseconds since 1970.
    pub millis: u64,
}

impl Chain {
    /// Its peers. A node that serves safe methods only refuses.
    pub async fn peers(&self) -> Result<Vec<Peer>, Error> {
        self.request("system_peers").await
    }

    /// Whether the keystore holds all of these keys. A node that serves safe methods only refuses.
    pub async fn has_session_keys(&self, keys: &SessionKeys) -> Result<bool, Error> {
        self.rpc.author_has_session_keys(keys.encode()).await.map_err(node)
    }

    /// Whether the keystore holds a key of that type. A node that serves safe methods only refuses.
    pub async fn has_key(&self, key: H256, key_type: &str) -> Result<bool, Error> {
        self.rpc.author_has_key(key.as_bytes().to_vec(), key_type.to_owned()).await.map_err(node)
    }

    /// Makes fresh session keys in the node's keystore; they come with the proof that the node holds them, made for `owner`.
    pub async fn rotate_keys(&self, owner: &AccountId) -> Result<(SessionKeys, Vec<u8>), Error> {
        let owner = format!("0x{}", hex::encode::<&[u8]>(owner.as_ref()));
        let made: Value = self.request_with("author_rotateKeysWithOwner", rpc_params![owner]).await?;
        let bytes = |field: &str| {
            let digits = made[field].as_str()?.strip_prefix("0x")?;
            hex::decode(digits).ok()
        };
        let (Some(keys), Some(proof)) = (bytes("keys"), bytes("proof")) else {
            return Err(Error::Undecodable("author_rotateKeysWithOwner"));
        };
        Ok((SessionKeys::from_bytes(&keys)?, proof))
    }

    /// The time that a block's author gave it, in milliseconds since 1970.
    pub async fn timestamp(&self, at: H256) -> Result<u64, Error> {
        let found = self.stored("Timestamp.Now", key::item("Timestamp", "Now"), at).await?;
        found.ok_or(Error::Undecodable("Timestamp.Now"))
    }

    /// The next `count` best blocks as they reach the node; fewer if `patience` is over first.
    pub async fn arrivals(&self, count: usize, patience: Duration) -> Result<Vec<Arrival>, Error> {
        let mut heads = self
            .raw
            .subscribe::<Value>("chain_subscribeNewHeads", rpc_params![], "chain_unsubscribeNewHeads")
            .await
            .map_err(node)?;
        let mut arrivals = Vec::new();
        // The first is the present head, told at once and not when it came.
        let collect = async {
            heads.next().await;
            while let Some(head) = heads.next().await {
                let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64);
                if let Some((author, slot)) = claim(&head.map_err(node)?) {
                    arrivals.push(Arrival { slot, author, millis });
                }
                if arrivals.len() == count {
                    break;
                }
            }
            Ok(())
        };
        match tokio::time::timeout(patience, collect).await {
            Ok(Err(why)) => Err(why),
            _ => Ok(arrivals),
        }
    }
}

/// Author and slot of a block, from BABE's pre-runtime digest: each of its kinds begins with both.
fn claim(header: &Value) -> Option<(u32, u64)> {
    // Index of `DigestItem::PreRuntime` in sp-runtime.
    const PRE_RUNTIME: u8 = 6;
    header["digest"]["logs"].as_array()?.iter().find_map(|log| {
        let bytes = hex::decode(log.as_str()?.strip_prefix("0x")?).ok()?;
        let (kind, mut rest) = bytes.split_first()?;
        let (engine, claim) = <([u8; 4], Vec<u8>)>::decode(&mut rest).ok()?;
        if *kind != PRE_RUNTIME || &engine != b"BABE" {
            return None;
        }
        <(u32, u64)>::decode(&mut claim.get(1..)?).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_blocks_claim_tells_author_and_slot() {
        let claim_bytes = [vec![3u8], 2u32.encode(), 287_654_321u64.encode(), vec![0; 96]].concat();
        let log = [vec![6u8], b"BABE".to_vec(), claim_bytes.encode()].concat();
        let seal = [vec![5u8], b"BABE".to_vec(), vec![0u8; 64].encode()].concat();
        let logs = [seal, log].map(|bytes| format!("0x{}", hex::encode(bytes)));
        assert_eq!(claim(&json!({ "digest": { "logs": logs } })), Some((2, 287_654_321)));
        assert_eq!(claim(&json!({ "digest": { "logs": [] } })), None);
    }
}

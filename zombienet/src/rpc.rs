//! A node's JSON-RPC over WebSocket, for what tests ask: any method, heads, headers, storage.

use crate::error::{Context, Result};
use codec::Decode;
use galen_primitives::{BlockNumber, H256};
use jsonrpsee::{
    core::{client::ClientT, params::ArrayParams, traits::ToRpcParams},
    ws_client::{WsClient, WsClientBuilder},
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// No answer on loopback takes longer, unless the node is stuck.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A connection that is made when it is needed, and again when the node was restarted.
pub struct Rpc {
    url: String,
    client: Mutex<Option<Arc<WsClient>>>,
}

/// Parameters by position.
pub fn params<const N: usize>(values: [serde_json::Value; N]) -> ArrayParams {
    let mut params = ArrayParams::new();
    for value in values {
        params.insert(value).expect("a JSON value serialises");
    }
    params
}

/// A block's header as the node tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    number: String,
    /// The block before it.
    pub parent_hash: H256,
    digest: Digest,
}

#[derive(Clone, Debug, Deserialize)]
struct Digest {
    logs: Vec<String>,
}

/// Who made a block: the author's index among the epoch's authorities, and the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The index among the epoch's authorities.
    pub authority: u32,
    /// The slot: its number times two seconds is its beginning.
    pub slot: u64,
}

impl Header {
    /// The block's number.
    pub fn number(&self) -> Result<BlockNumber> {
        BlockNumber::from_str_radix(self.number.trim_start_matches("0x"), 16).context(|| "a header's number")
    }

    /// Who made it; genesis was made by nobody.
    pub fn claim(&self) -> Option<Claim> {
        self.digest.logs.iter().find_map(|log| claim(&hex::decode(log.strip_prefix("0x")?).ok()?))
    }
}

// A pre-runtime digest (6) of BABE: its length, the kind of claim, the authority's index, the slot; proofs follow.
fn claim(log: &[u8]) -> Option<Claim> {
    let mut rest = log.strip_prefix(b"\x06BABE")?;
    codec::Compact::<u32>::decode(&mut rest).ok()?;
    let (_, authority, slot) = <(u8, u32, u64)>::decode(&mut rest).ok()?;
    Some(Claim { authority, slot })
}

impl Rpc {
    /// A connection to be made to this WebSocket.
    pub fn new(url: String) -> Self {
        Rpc { url, client: Mutex::new(None) }
    }

    /// The WebSocket's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn client(&self) -> Result<Arc<WsClient>> {
        let mut slot = self.client.lock().await;
        if let Some(client) = slot.as_ref().filter(|client| client.is_connected()) {
            return Ok(client.clone());
        }
        let building = WsClientBuilder::default()
            .request_timeout(TIMEOUT)
            .connection_timeout(TIMEOUT)
            .max_request_size(64 * 1024 * 1024)
            .max_response_size(64 * 1024 * 1024)
            .build(&self.url);
        let client = Arc::new(building.await.context(|| self.url.clone())?);
        *slot = Some(client.clone());
        Ok(client)
    }

    /// Calls a method.
    pub async fn ask<T: DeserializeOwned>(&self, method: &str, params: impl ToRpcParams + Send) -> Result<T> {
        self.client().await?.request(method, params).await.context(|| format!("{method} at {}", self.url))
    }

    /// The finalized head.
    pub async fn finalized(&self) -> Result<(BlockNumber, H256)> {
        let hash: H256 = self.ask("chain_getFinalizedHead", params([])).await?;
        Ok((self.header(hash).await?.number()?, hash))
    }

    /// The best head.
    pub async fn best(&self) -> Result<(BlockNumber, H256)> {
        let hash: H256 = self.ask("chain_getBlockHash", params([])).await?;
        Ok((self.header(hash).await?.number()?, hash))
    }

    /// The hash of a block of the best chain.
    pub async fn hash(&self, number: BlockNumber) -> Result<Option<H256>> {
        self.ask("chain_getBlockHash", params([number.into()])).await
    }

    /// A header.
    pub async fn header(&self, hash: H256) -> Result<Header> {
        let header: Option<Header> =
            self.ask("chain_getHeader", params([serde_json::to_value(hash)?])).await?;
        header.context(|| format!("{} knows no block {hash:?}", self.url))
    }

    /// A value of storage at a block, decoded.
    pub async fn storage<T: Decode>(&self, key: &[u8], at: H256) -> Result<Option<T>> {
        let key = format!("0x{}", hex::encode(key));
        let value: Option<String> =
            self.ask("state_getStorage", params([key.into(), serde_json::to_value(at)?])).await?;
        let Some(text) = value else { return Ok(None) };
        let bytes = hex::decode(text.trim_start_matches("0x")).context(|| "a storage value")?;
        Ok(Some(T::decode(&mut bytes.as_slice())?))
    }

    /// What a runtime API answers at a block, decoded.
    pub async fn call<T: Decode>(&self, function: &str, args: &[u8], at: H256) -> Result<T> {
        let args = format!("0x{}", hex::encode(args));
        let answer: String =
            self.ask("state_call", params([function.into(), args.into(), serde_json::to_value(at)?])).await?;
        let bytes = hex::decode(answer.trim_start_matches("0x")).context(|| function.to_owned())?;
        Ok(T::decode(&mut bytes.as_slice())?)
    }

    /// The peers that it is connected to, by id.
    pub async fn peers(&self) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Peer {
            peer_id: String,
        }
        let peers: Vec<Peer> = self.ask("system_peers", params([])).await?;
        Ok(peers.into_iter().map(|peer| peer.peer_id).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    #[test]
    fn the_author_of_a_header_is_read() {
        // A secondary claim with its VRF output and proof, by authority 3 in slot 881,234,567.
        let claimed = [(3u8, 3u32, 881_234_567u64).encode(), vec![0; 96]].concat();
        let log = [b"\x06BABE".to_vec(), claimed.encode()].concat();
        let header: Header = serde_json::from_value(serde_json::json!({
            "number": "0x1f",
            "parentHash": format!("0x{}", "11".repeat(32)),
            "digest": { "logs": ["0x0446524e4b00", format!("0x{}", hex::encode(log))] },
        }))
        .unwrap();
        assert_eq!(header.number().unwrap(), 31);
        assert_eq!(header.claim(), Some(Claim { authority: 3, slot: 881_234_567 }));
    }

    #[test]
    fn other_digests_claim_nothing() {
        assert_eq!(claim(b"\x05BABE\x04\x00"), None);
        assert_eq!(claim(b"\x06aura\x20aaaaaaaa"), None);
        assert_eq!(claim(b"\x06BABE\x04\x01"), None);
    }
}

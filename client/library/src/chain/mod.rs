//! A Galen chain, seen through one node.
//!
//! Reads go to runtime APIs at a block; unless one is given, at the finalized head. Calls are signed, submitted and waited for. What
//! is asked of a pallet stands in the file of its name; the connection itself, here.

mod audit;
mod blocks;
mod consent;
mod consortium;
mod council;
mod custody;
mod devices;
mod emergency;
mod federated;
mod finality;
mod follow;
mod node;
mod records;
mod session;
mod staking;
mod state;
mod submit;
mod summaries;
mod system;

pub use finality::Justified;
pub use follow::Entries;
pub use node::{Arrival, Peer};
pub use staking::{Slash, Stake};
pub use submit::{Included, Wait};
pub use system::Balances;

use crate::{Error, error::chain_of};
use codec::{Decode, Encode};
use galen_primitives::H256;
use std::time::Duration;
use subxt::{
    OnlineClient, PolkadotConfig,
    rpcs::{
        LegacyRpcMethods, RpcClient,
        client::{ReconnectingRpcClient, reconnecting_rpc_client::ExponentialBackoff},
    },
};

/// A connection to a node; cheap to clone, reconnects by itself.
#[derive(Clone)]
pub struct Chain {
    client: OnlineClient<PolkadotConfig>,
    rpc: LegacyRpcMethods<subxt::config::RpcConfigFor<PolkadotConfig>>,
    raw: RpcClient,
}

impl Chain {
    /// Connects to a node's WebSocket, as `ws://127.0.0.1:9944`.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let unreachable = |why: String| Error::NodeUnreachable { url: url.to_owned(), why };
        let connecting = ReconnectingRpcClient::builder()
            .retry_policy(ExponentialBackoff::from_millis(100).max_delay(Duration::from_secs(2)).take(5))
            .request_timeout(Duration::from_secs(30))
            .connection_timeout(Duration::from_secs(10))
            .build(url);
        let raw = RpcClient::new(connecting.await.map_err(|why| unreachable(why.to_string()))?);
        let client =
            OnlineClient::from_rpc_client(raw.clone()).await.map_err(|why| unreachable(why.to_string()))?;
        Ok(Chain { client, rpc: LegacyRpcMethods::new(raw.clone()), raw })
    }

    /// The genesis hash.
    pub fn genesis(&self) -> H256 {
        self.client.genesis_hash()
    }

    /// Any JSON-RPC request of the node, for what has no method here.
    pub async fn request<T: serde::de::DeserializeOwned>(&self, method: &str) -> Result<T, Error> {
        self.request_with(method, subxt::rpcs::rpc_params![]).await
    }

    async fn request_with<T: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        params: subxt::rpcs::client::RpcParams,
    ) -> Result<T, Error> {
        self.raw.request(method, params).await.map_err(node)
    }

    async fn call<T: Decode>(
        &self,
        function: &'static str,
        args: impl Encode,
        at: Option<H256>,
    ) -> Result<T, Error> {
        let at = match at {
            Some(at) => at,
            None => self.rpc.chain_get_finalized_head().await.map_err(node)?,
        };
        let answer = self.rpc.state_call(function, Some(&args.encode()), Some(at)).await;
        let bytes = answer.map_err(|why| missing(function, chain_of(&why)))?;
        T::decode(&mut bytes.as_slice()).map_err(|_| Error::Undecodable(function))
    }
}

pub(crate) fn node(why: impl std::error::Error) -> Error {
    Error::Node(chain_of(&why))
}

// What the executor says of a runtime that lacks the function.
fn missing(function: &str, why: String) -> Error {
    if why.contains("is not found") {
        return Error::Node(format!("the chain's runtime has no {function}: it is older than this client"));
    }
    Error::Node(why)
}

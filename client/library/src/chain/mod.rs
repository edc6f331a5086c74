//! A Galen chain, seen through one node.
//!
//! Reads go to runtime APIs at a block; unless one is given, at the finalized head. Calls are signed, submitted and waited for.

mod audit;
mod consent;
mod consortium;
mod council;
mod custody;
mod devices;
mod emergency;
mod entries;
mod finality;
mod node;
mod records;
mod staking;
mod state;
mod submit;
mod system;

pub use entries::Entries;
pub use finality::Justified;
pub use node::{Arrival, Peer};
pub use staking::{Slash, Stake};
pub use submit::{Included, Wait};
pub use system::Balances;

use crate::{Error, calls::Call, error::chain_of};
use codec::{Decode, Encode};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::{Filter, LogState, Page},
    consent::{ConsentVersion, Decision, Patient, Question},
    emergency::Ruling,
    model::{Model, Round, Update},
    records::Record,
    signature::RelyingParty,
    summary::Job,
};
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

    /// The finalized head: hash and number.
    pub async fn finalized(&self) -> Result<(H256, BlockNumber), Error> {
        let hash = self.rpc.chain_get_finalized_head().await.map_err(node)?;
        Ok((hash, self.number(hash).await?))
    }

    /// The best head: hash and number.
    pub async fn best(&self) -> Result<(H256, BlockNumber), Error> {
        let hash = self.rpc.chain_get_block_hash(None).await.map_err(node)?;
        let hash = hash.ok_or_else(|| Error::Node("it knows no best block".into()))?;
        Ok((hash, self.number(hash).await?))
    }

    /// The number of a block.
    pub async fn number(&self, hash: H256) -> Result<BlockNumber, Error> {
        let header = self.rpc.chain_get_header(Some(hash)).await.map_err(node)?;
        Ok(header.ok_or_else(|| Error::Node(format!("it knows no block {hash:?}")))?.number as BlockNumber)
    }

    /// The hash of a block of the chain that ends in the best block, if there is one of that number.
    pub async fn block_hash(&self, number: BlockNumber) -> Result<Option<H256>, Error> {
        self.rpc.chain_get_block_hash(Some(number.into())).await.map_err(node)
    }

    /// The extrinsics of a block of the best chain, each without its length prefix.
    pub async fn block_body(&self, number: BlockNumber) -> Result<Vec<Vec<u8>>, Error> {
        let hash = self.block_hash(number).await?;
        self.extrinsics(hash.ok_or_else(|| Error::Node(format!("it has no block {number}")))?).await
    }

    async fn extrinsics(&self, hash: H256) -> Result<Vec<Vec<u8>>, Error> {
        // Not through subxt's typed answer: it cannot read the justifications that some blocks carry.
        let block: serde_json::Value =
            self.raw.request("chain_getBlock", subxt::rpcs::rpc_params![hash]).await.map_err(node)?;
        let extrinsics = block.pointer("/block/extrinsics").and_then(|list| list.as_array());
        let unreadable = || Error::Undecodable("chain_getBlock");
        extrinsics
            .ok_or_else(unreadable)?
            .iter()
            .map(|text| {
                let digits = text.as_str().and_then(|text| text.strip_prefix("0x")).ok_or_else(unreadable)?;
                let bytes = hex::decode(digits).map_err(|_| unreadable())?;
                Vec::<u8>::decode(&mut bytes.as_slice()).map_err(|_| unreadable())
            })
            .collect()
    }

    /// The SCALE bytes of a call, as this chain's metadata numbers it.
    pub async fn encode_call(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let at = self.client.at_current_block().await.map_err(node)?;
        at.transactions().call_data(call).map_err(node)
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

    /// An enrolled patient key.
    pub async fn patient(&self, patient: &AccountId, at: Option<H256>) -> Result<Option<Patient>, Error> {
        self.call("ConsentApi_patient", patient, at).await
    }

    /// All versions of a patient's consents.
    pub async fn consents(
        &self,
        patient: &AccountId,
        at: Option<H256>,
    ) -> Result<Vec<ConsentVersion>, Error> {
        self.call("ConsentApi_consents", patient, at).await
    }

    /// The relying parties whose passkeys may sign.
    pub async fn relying_parties(&self, at: Option<H256>) -> Result<Vec<RelyingParty>, Error> {
        self.call("ConsentApi_relying_parties", (), at).await
    }

    /// The consent decision at a block.
    pub async fn decide(&self, question: &Question, at: Option<H256>) -> Result<Decision, Error> {
        self.call("ConsentApi_decide", question, at).await
    }

    /// An anchored record.
    pub async fn record(&self, id: H256, at: Option<H256>) -> Result<Option<Record>, Error> {
        self.call("RecordsApi_record", id, at).await
    }

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

    /// Count and peaks of the audit log.
    pub async fn audit_state(&self, at: Option<H256>) -> Result<LogState, Error> {
        self.call("AuditApi_state", (), at).await
    }

    /// One page of audit entries.
    pub async fn audit_entries(
        &self,
        filter: &Filter,
        from: u64,
        limit: u32,
        at: Option<H256>,
    ) -> Result<Page, Error> {
        self.call("AuditApi_entries", (filter, from, limit), at).await
    }

    /// The hospitals that hold or used something of a patient key, each with its latest entry.
    pub async fn holders(
        &self,
        patient: &AccountId,
        at: Option<H256>,
    ) -> Result<Vec<(AccountId, u64)>, Error> {
        self.call("AuditApi_holders", patient, at).await
    }

    /// A summary job.
    pub async fn job(&self, id: H256, at: Option<H256>) -> Result<Option<Job>, Error> {
        self.call("SummariesApi_job", id, at).await
    }

    /// Whether a job's use is permitted at a block; `None` if there is no such job.
    pub async fn check(&self, job: H256, at: Option<H256>) -> Result<Option<Ruling>, Error> {
        self.call("SummariesApi_check", job, at).await
    }

    /// A hospital's open jobs.
    pub async fn open_jobs(&self, hospital: &AccountId, at: Option<H256>) -> Result<Vec<H256>, Error> {
        self.call("SummariesApi_open_jobs", hospital, at).await
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

//! Transactions: any call of the runtime, signed by a hospital, followed until it stands in a block.
//!
//! Not through [`galen_client::chain::Chain`], whose calls are those that operators are to make: what must be refused is made here
//! too.

use crate::{
    error::{Context, Error, Result},
    rpc::{Rpc, params},
};
use codec::{Decode, Encode};
pub use galen_client::calls::Call;
use galen_client::{error::chain_of, keys::HospitalKey};
use galen_primitives::{AccountId, H256};
use std::{cell::RefCell, collections::BTreeMap, time::Duration};
use subxt::{
    OnlineClient, PolkadotConfig,
    config::DefaultExtrinsicParamsBuilder,
    error::DispatchError,
    events::Phase,
    tx::{Payload, TransactionStatus},
};

/// Blocks in which a transaction may be included.
const LIFETIME: u64 = 64;
/// How long one is followed: longer than it lives.
const LIMIT: Duration = Duration::from_secs(150);

/// SCALE bytes that stand in another call as they are.
#[derive(Clone, Debug)]
pub struct Raw(pub Vec<u8>);

impl Encode for Raw {
    fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
        out.write(&self.0);
    }
}

/// An account as calls name it: `MultiAddress::Id`.
pub fn address(account: &AccountId) -> (u8, AccountId) {
    (0, account.clone())
}

/// A call in a block.
#[derive(Debug)]
pub struct Included {
    /// The block.
    pub block: H256,
    /// The call's events: `Pallet.Event` and the SCALE bytes of its fields.
    pub events: Vec<(String, Vec<u8>)>,
    /// The runtime's error, `Pallet.Error`, if the call failed.
    pub error: Option<String>,
}

impl Included {
    /// The fields of the first event of a name.
    pub fn event<T: Decode>(&self, name: &str) -> Result<T> {
        let found = self.events.iter().find(|(event, _)| event == name);
        let (_, fields) = found.context(|| format!("there was no event {name}"))?;
        Ok(T::decode(&mut fields.as_slice())?)
    }
}

/// A signed transaction.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Its bytes, as they are submitted.
    pub bytes: Vec<u8>,
}

/// Signs and submits through one node.
pub struct Desk {
    client: OnlineClient<PolkadotConfig>,
    url: String,
    // The next nonce of each account that has sent something here.
    nonces: RefCell<BTreeMap<AccountId, u64>>,
}

impl Desk {
    /// At the node whose WebSocket this is.
    pub async fn open(url: &str) -> Result<Self> {
        let client = OnlineClient::<PolkadotConfig>::from_insecure_url(url).await;
        let client = client.map_err(words).context(|| url.to_owned())?;
        Ok(Desk { client, url: url.to_owned(), nonces: RefCell::default() })
    }

    /// The SCALE bytes of a call, as the chain numbers it now.
    pub async fn encode(&self, call: &impl Payload) -> Result<Raw> {
        let at = self.client.at_current_block().await.map_err(words)?;
        Ok(Raw(at.transactions().call_data(call).map_err(words)?))
    }

    /// Signs a call as the best block's runtime wants it; with the account's next nonce, unless one is given.
    ///
    /// What was sent from here before counts, even if the node's pool does not know of it at this moment: when two authors
    /// have the same slot and one's block gives way to the other's, the transactions of the first are in neither pool nor
    /// best chain for a while.
    ///
    /// Its life is counted from a final block: a signature over the hash of a block that is then reorganised away, which
    /// happens wherever two authors have the same slot, is worth nothing.
    pub async fn sign(&self, call: &impl Payload, key: &HospitalKey, nonce: Option<u64>) -> Result<Signed> {
        let rpc = Rpc::new(self.url.clone());
        let nonce = match nonce {
            Some(nonce) => nonce,
            None => {
                let known: u64 =
                    rpc.ask("system_accountNextIndex", params([key.account().to_string().into()])).await?;
                known.max(self.nonces.borrow().get(&key.account()).copied().unwrap_or(0))
            }
        };
        self.nonces.borrow_mut().insert(key.account(), nonce + 1);
        let ((_, best), (number, finalized)) = (rpc.best().await?, rpc.finalized().await?);
        let at = self.client.at_block(best).await.map_err(words)?;
        let how = DefaultExtrinsicParamsBuilder::new().nonce(nonce);
        let how = how.mortal_from_unchecked(LIFETIME, number.into(), finalized).build();
        let signed = at.transactions().create_signed(call, key, how).await.map_err(words)?;
        Ok(Signed { bytes: signed.into_encoded() })
    }

    /// Submits a call and follows it into the best chain; an error of the call is an error here.
    pub async fn submit(&self, call: &impl Payload, key: &HospitalKey) -> Result<Included> {
        succeeded(call, self.attempt(call, key, false).await?)
    }

    /// The same, until the block is final.
    pub async fn finalize(&self, call: &impl Payload, key: &HospitalKey) -> Result<Included> {
        succeeded(call, self.attempt(call, key, true).await?)
    }

    /// Submits a call that must fail; how it did: the runtime's error, or why it was not even taken into a block.
    pub async fn refused(&self, call: &impl Payload, key: &HospitalKey) -> Result<String> {
        match self.attempt(call, key, false).await {
            Ok(Included { error: Some(error), .. }) => Ok(error),
            Ok(_) => Err(Error::new(format!("{}.{} was not refused", call.pallet_name(), call.call_name()))),
            Err(why) => Ok(why.to_string()),
        }
    }

    /// Submits a call and follows it into the best chain, or until it is final, whether it fails or not.
    pub async fn attempt(
        &self,
        call: &impl Payload,
        key: &HospitalKey,
        until_final: bool,
    ) -> Result<Included> {
        let signed = self.sign(call, key, None).await?;
        let what = format!("{}.{}", call.pallet_name(), call.call_name());
        let followed = match tokio::time::timeout(LIMIT, self.follow(&signed, until_final)).await {
            Ok(included) => included.context(|| what),
            Err(_) => Err(Error::new(format!("{what} was in no block after {} s", LIMIT.as_secs()))),
        };
        if followed.is_err() {
            // What is in no block has used up no nonce.
            self.nonces.borrow_mut().remove(&key.account());
        }
        followed
    }

    async fn follow(&self, signed: &Signed, until_final: bool) -> Result<Included> {
        let at = self.client.at_current_block().await.map_err(words)?;
        let transaction = at.transactions().from_bytes(signed.bytes.clone());
        let mut progress = transaction.submit_and_watch().await.map_err(words)?;
        while let Some(status) = progress.next().await {
            match status.map_err(words)? {
                TransactionStatus::InBestBlock(block) if !until_final => {
                    return self.included(block.block_hash(), &signed.bytes).await;
                }
                TransactionStatus::InFinalizedBlock(block) => {
                    return self.included(block.block_hash(), &signed.bytes).await;
                }
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(Error::new(message)),
                _ => {}
            }
        }
        Err(Error::new("the node stopped telling what became of it"))
    }

    async fn included(&self, block: H256, submitted: &[u8]) -> Result<Included> {
        let position = transactions(&Rpc::new(self.url.clone()), block)
            .await?
            .iter()
            .position(|transaction| transaction == submitted)
            .and_then(|index| u32::try_from(index).ok())
            .context(|| format!("block {block:?} does not hold the transaction"))?;
        let at = self.client.at_block(block).await.map_err(words)?;
        let (mut events, mut error) = (Vec::new(), None);
        for event in at.events().fetch().await.map_err(words)?.iter() {
            let event = event.map_err(words)?;
            if event.phase() != Phase::ApplyExtrinsic(position) {
                continue;
            }
            let name = format!("{}.{}", event.pallet_name(), event.event_name());
            if name == "System.ExtrinsicFailed" {
                error = Some(self.dispatch_error(block, event.field_bytes()).await?);
            }
            events.push((name, event.field_bytes().to_vec()));
        }
        Ok(Included { block, events, error })
    }

    /// The name of a dispatch error, `Pallet.Error`, from its SCALE bytes.
    pub async fn dispatch_error(&self, block: H256, bytes: &[u8]) -> Result<String> {
        let at = self.client.at_block(block).await.map_err(words)?;
        Ok(match DispatchError::decode_from(bytes, at.metadata()).map_err(words)? {
            DispatchError::Module(module) => match module.details() {
                Ok(details) => format!("{}.{}", details.pallet.name(), details.variant.name),
                Err(why) => why.to_string(),
            },
            other => other.to_string(),
        })
    }
}

fn succeeded(call: &impl Payload, included: Included) -> Result<Included> {
    match included.error {
        None => Ok(included),
        Some(error) => Err(Error::new(format!("{}.{}: {error}", call.pallet_name(), call.call_name()))),
    }
}

/// The transactions of a block, each as it was submitted.
pub async fn transactions(rpc: &Rpc, block: H256) -> Result<Vec<Vec<u8>>> {
    let block: serde_json::Value = rpc.ask("chain_getBlock", params([serde_json::to_value(block)?])).await?;
    let list =
        block.pointer("/block/extrinsics").and_then(|list| list.as_array()).context(|| "a block's body")?;
    let bytes = |text: &serde_json::Value| hex::decode(text.as_str()?.strip_prefix("0x")?).ok();
    list.iter().map(|text| bytes(text).context(|| "a transaction of a block")).collect()
}

fn words(why: impl std::error::Error) -> Error {
    Error::new(chain_of(&why))
}

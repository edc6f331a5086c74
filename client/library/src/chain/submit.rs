//! Calls: signed, submitted, waited for, and what became of them.

use super::{Chain, node};
use crate::{Error, calls::Call, error::chain_of, keys::HospitalKey};
use codec::Decode;
use galen_primitives::{BlockNumber, H256};
use std::time::Duration;
use subxt::{
    config::DefaultExtrinsicParamsBuilder, error::DispatchError, events::Phase, tx::TransactionStatus,
};

/// How far a call is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Until it stands in a block on the best chain, which may still be reorganised away.
    Best,
    /// Until that block is final.
    Finalized,
}

/// Where a call was executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// The block's hash.
    pub block: H256,
    /// The events of the call, as `Pallet.Event` with the SCALE bytes of the event's fields.
    pub events: Vec<(String, Vec<u8>)>,
}

impl Included {
    /// The fields of the first event of that name, if it decodes.
    pub fn event<T: Decode>(&self, name: &str) -> Option<T> {
        let (_, bytes) = self.events.iter().find(|(event, _)| event == name)?;
        T::decode(&mut bytes.as_slice()).ok()
    }
}

/// Blocks for which a transaction may be included: a power of two, as eras of transactions are.
const LIFE: u64 = 128;

/// Asks again, a few times: a node tells of a block a moment before it serves it.
async fn soon<T, E, F: Future<Output = Result<T, E>>>(ask: impl Fn() -> F) -> Result<T, E> {
    for _ in 0..4 {
        if let Ok(answer) = ask().await {
            return Ok(answer);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    ask().await
}

impl Chain {
    /// The SCALE bytes of a call, as this chain's metadata numbers it.
    pub async fn encode_call(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let at = self.client.at_current_block().await.map_err(node)?;
        at.transactions().call_data(call).map_err(node)
    }

    /// `Utility.batch_all`: these calls in order, or none of them.
    pub async fn all_of(&self, calls: &[Call]) -> Result<Call, Error> {
        let mut bytes = Vec::with_capacity(calls.len());
        for call in calls {
            bytes.push(self.encode_call(call).await?);
        }
        Ok(Call::batch_all(&bytes))
    }

    /// The block that a transaction's life is counted from, with its number. The finalized head, since a transaction that names a block
    /// is void on a chain without it, and best blocks are replaced by others at times. The best block only where finality is so
    /// far behind that the transaction would have outlived itself.
    async fn anchor(&self, best: H256, best_number: BlockNumber) -> Result<(H256, BlockNumber), Error> {
        let (finalized, number) = self.finalized().await?;
        let behind = u64::from(best_number.saturating_sub(number));
        Ok(if behind < LIFE / 2 { (finalized, number) } else { (best, best_number) })
    }

    /// Signs `call`, submits it and waits. An error of the call is an error here, named as the runtime names it.
    ///
    /// The nonce is the next one of the key that the node's pool knows of, so that calls of one key may follow each
    /// other without waiting for finality.
    pub async fn submit(&self, call: &Call, key: &HospitalKey, wait: Wait) -> Result<Included, Error> {
        let account = subxt::tx::Signer::account_id(key);
        let nonce = self.rpc.system_account_next_index(&account).await.map_err(node)?;
        let (best, best_number) = self.best().await?;
        let at = soon(|| self.client.at_block(best)).await.map_err(node)?;
        let (anchor, number) = self.anchor(best, best_number).await?;
        let params = DefaultExtrinsicParamsBuilder::new()
            .nonce(nonce)
            .mortal_from_unchecked(LIFE, number.into(), anchor)
            .build();
        let transaction = at
            .transactions()
            .create_signed(call, key, params)
            .await
            .map_err(|why| Error::NotIncluded(chain_of(&why)))?;
        let mut progress =
            transaction.submit_and_watch().await.map_err(|why| Error::NotIncluded(chain_of(&why)))?;
        while let Some(status) = progress.next().await {
            match status.map_err(node)? {
                TransactionStatus::InBestBlock(block) if wait == Wait::Best => {
                    return self.included(block.block_hash(), transaction.encoded()).await;
                }
                TransactionStatus::InFinalizedBlock(block) => {
                    return self.included(block.block_hash(), transaction.encoded()).await;
                }
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(Error::NotIncluded(message)),
                _ => continue,
            }
        }
        Err(Error::NotIncluded("the node stopped telling what became of it".into()))
    }

    /// What became of a transaction in a block: its events, or the error that the runtime names.
    async fn included(&self, block: H256, transaction: &[u8]) -> Result<Included, Error> {
        // Extrinsics of a block come without the length that is part of what was submitted.
        let submitted =
            Vec::<u8>::decode(&mut &*transaction).map_err(|_| Error::Undecodable("transaction"))?;
        let position = self.extrinsics(block).await?.iter().position(|extrinsic| *extrinsic == submitted);
        let index = position.and_then(|index| u32::try_from(index).ok());
        let index =
            index.ok_or_else(|| Error::Node(format!("block {block:?} does not hold the transaction")))?;
        let at = soon(|| self.client.at_block(block)).await.map_err(node)?;
        let mut events = Vec::new();
        for event in at.events().fetch().await.map_err(node)?.iter() {
            let event = event.map_err(node)?;
            if event.phase() != Phase::ApplyExtrinsic(index) {
                continue;
            }
            let name = format!("{}.{}", event.pallet_name(), event.event_name());
            if name == "System.ExtrinsicFailed" {
                let why = DispatchError::decode_from(event.field_bytes(), at.metadata()).map_err(node)?;
                return Err(refusal(why));
            }
            events.push((name, event.field_bytes().to_vec()));
        }
        Ok(Included { block, events })
    }

    /// Whether the call carried out a motion of the council; an error, named as the runtime names it, if that failed.
    ///
    /// A motion that fails does not make the call fail that closed it, nor the gate to Root that it went through: the
    /// events tell.
    pub async fn executed(&self, included: &Included) -> Result<bool, Error> {
        let mut executed = false;
        for (name, fields) in &included.events {
            // Both are a hash and then the result.
            let what = match name.as_str() {
                "Council.Executed" => "Council.Executed",
                "Consortium.Governed" => "Consortium.Governed",
                _ => continue,
            };
            executed = true;
            match fields.get(32..) {
                Some([0, ..]) => {}
                Some([1, why @ ..]) => {
                    let at = self.client.at_block(included.block).await.map_err(node)?;
                    return Err(refusal(DispatchError::decode_from(why, at.metadata()).map_err(node)?));
                }
                _ => return Err(Error::Undecodable(what)),
            }
        }
        Ok(executed)
    }
}

fn refusal(why: DispatchError) -> Error {
    match why {
        DispatchError::Module(module) => match module.details() {
            Ok(details) => Error::Refused {
                pallet: details.pallet.name().to_owned(),
                error: details.variant.name.clone(),
            },
            Err(_) => Error::Refused { pallet: "unknown".into(), error: "unknown".into() },
        },
        other => Error::Refused { pallet: "System".into(), error: other.to_string() },
    }
}

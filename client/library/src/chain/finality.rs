//! What proofs are made of: justifications, headers as bytes, read proofs, the spec that the node was started with.

use super::{Chain, node};
use crate::Error;
use codec::{Decode, Encode};
use galen_primitives::{BlockNumber, H256};
use serde_json::Value;
use std::time::Duration;
use subxt::rpcs::rpc_params;

/// A justification and the block that it makes final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Justified {
    /// The block.
    pub block: H256,
    /// The justification, SCALE.
    pub justification: Vec<u8>,
}

impl Chain {
    /// The justification of the last block of the authority set that block `number` belongs to, or, if that is the present set, of
    /// the latest final block. `None` if the node has none: `number` is not final, no set has ended yet, or the node does not know
    /// when its sets ended (it was warp synced).
    pub async fn prove_finality(&self, number: BlockNumber) -> Result<Option<Justified>, Error> {
        let answer = self.request_with::<Option<String>>("grandpa_proveFinality", rpc_params![number]).await;
        let proof = match answer {
            // As sc-consensus-grandpa words it; there is no code of its own for each.
            Err(Error::Node(why)) if why.contains("not yet finalized") || why.contains("not covered") => None,
            answer => answer?,
        };
        let Some(proof) = proof else { return Ok(None) };
        let unreadable = || Error::Undecodable("grandpa_proveFinality");
        let bytes = unhex(&proof).ok_or_else(unreadable)?;
        // What follows are the headers between `number` and the block.
        let (block, justification) =
            <(H256, Vec<u8>)>::decode(&mut bytes.as_slice()).map_err(|_| unreadable())?;
        Ok(Some(Justified { block, justification }))
    }

    /// The next justification that the node sees, within `patience`.
    pub async fn next_justification(&self, patience: Duration) -> Result<Option<Justified>, Error> {
        let mut seen = self
            .raw
            .subscribe::<String>(
                "grandpa_subscribeJustifications",
                rpc_params![],
                "grandpa_unsubscribeJustifications",
            )
            .await
            .map_err(node)?;
        let Ok(Some(next)) = tokio::time::timeout(patience, seen.next()).await else { return Ok(None) };
        let unreadable = || Error::Undecodable("grandpa_subscribeJustifications");
        let justification = unhex(&next.map_err(node)?).ok_or_else(unreadable)?;
        // The round, then the commit, which begins with the block.
        let (_, block) = <(u64, H256)>::decode(&mut justification.as_slice()).map_err(|_| unreadable())?;
        Ok(Some(Justified { block, justification }))
    }

    /// The header of a block, SCALE.
    pub async fn header(&self, block: H256) -> Result<Vec<u8>, Error> {
        let header = self.rpc.chain_get_header(Some(block)).await.map_err(node)?;
        Ok(header.ok_or_else(|| Error::Node(format!("it knows no block {block:?}")))?.encode())
    }

    /// The nodes of a block's state that show what stands under `keys`. The node must still have that state.
    pub async fn read_proof(&self, keys: &[Vec<u8>], block: H256) -> Result<Vec<Vec<u8>>, Error> {
        let keys = keys.iter().map(Vec::as_slice);
        let proof = self.rpc.state_get_read_proof(keys, Some(block)).await.map_err(node)?;
        Ok(proof.proof.into_iter().map(|bytes| bytes.0).collect())
    }

    /// The raw chain spec that the node was started with.
    pub async fn raw_spec(&self) -> Result<Value, Error> {
        self.request_with("sync_state_genSyncSpec", rpc_params![true]).await
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

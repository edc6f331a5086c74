//! Blocks: heads, numbers, bodies.

use super::{Chain, node};
use crate::Error;
use codec::Decode;
use galen_primitives::{BlockNumber, H256};

impl Chain {
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

    pub(super) async fn extrinsics(&self, hash: H256) -> Result<Vec<Vec<u8>>, Error> {
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
}

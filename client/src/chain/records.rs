//! Batches, erased leaves, items; and several calls as one.

use super::Chain;
use crate::{Error, calls::Call};
use galen_primitives::{
    H256,
    records::{
        batch::{Batch, ErasedLeaf},
        custody::{CustodyStep, Item},
    },
};

impl Chain {
    /// A batch by its root.
    pub async fn batch(&self, root: H256, at: Option<H256>) -> Result<Option<Batch>, Error> {
        self.call("RecordsApi_batch", root, at).await
    }

    /// The receipt of the erasure of a leaf that was never revealed.
    pub async fn erased_leaf(&self, commitment: H256, at: Option<H256>) -> Result<Option<ErasedLeaf>, Error> {
        self.call("RecordsApi_erased_leaf", commitment, at).await
    }

    /// An item in custody.
    pub async fn item(&self, id: H256, at: Option<H256>) -> Result<Option<Item>, Error> {
        self.call("RecordsApi_item", id, at).await
    }

    /// All steps of an item's custody.
    pub async fn custody(&self, id: H256, at: H256) -> Result<Vec<CustodyStep>, Error> {
        let mut steps: Vec<CustodyStep> = Vec::new();
        loop {
            let from = u32::try_from(steps.len()).unwrap_or(u32::MAX);
            let page: Vec<CustodyStep> = self.call("RecordsApi_custody", (id, from), Some(at)).await?;
            if page.is_empty() {
                return Ok(steps);
            }
            steps.extend(page);
        }
    }

    /// `Utility.batch_all`: these calls in order, or none of them.
    pub async fn all_of(&self, calls: &[Call]) -> Result<Call, Error> {
        let mut bytes = Vec::with_capacity(calls.len());
        for call in calls {
            bytes.push(self.encode_call(call).await?);
        }
        Ok(Call::batch_all(&bytes))
    }
}

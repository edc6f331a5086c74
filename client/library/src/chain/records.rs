//! Batches, erased leaves; and several calls as one.

use super::Chain;
use crate::{Error, calls::Call};
use galen_primitives::{
    H256,
    records::batch::{Batch, ErasedLeaf},
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

    /// `Utility.batch_all`: these calls in order, or none of them.
    pub async fn all_of(&self, calls: &[Call]) -> Result<Call, Error> {
        let mut bytes = Vec::with_capacity(calls.len());
        for call in calls {
            bytes.push(self.encode_call(call).await?);
        }
        Ok(Call::batch_all(&bytes))
    }
}

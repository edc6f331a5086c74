//! Records, batches of them, erased leaves.

use super::Chain;
use crate::Error;
use galen_primitives::{
    H256,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
    },
};

impl Chain {
    /// An anchored record.
    pub async fn record(&self, id: H256, at: Option<H256>) -> Result<Option<Record>, Error> {
        self.call("RecordsApi_record", id, at).await
    }

    /// A batch by its root.
    pub async fn batch(&self, root: H256, at: Option<H256>) -> Result<Option<Batch>, Error> {
        self.call("RecordsApi_batch", root, at).await
    }

    /// The receipt of the erasure of a leaf that was never revealed.
    pub async fn erased_leaf(&self, commitment: H256, at: Option<H256>) -> Result<Option<ErasedLeaf>, Error> {
        self.call("RecordsApi_erased_leaf", commitment, at).await
    }
}

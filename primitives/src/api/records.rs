//! Records and batches, as clients and workers ask for them.

use crate::{
    H256,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
    },
};

sp_api::decl_runtime_apis! {
    /// Anchored records.
    pub trait RecordsApi {
        /// One record by its commitment.
        fn record(id: H256) -> Option<Record>;
        /// A batch by its root.
        fn batch(root: H256) -> Option<Batch>;
        /// The receipt of the erasure of a leaf that was never revealed, by the record's commitment.
        fn erased_leaf(commitment: H256) -> Option<ErasedLeaf>;
    }
}

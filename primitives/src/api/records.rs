//! Records, batches and items, as clients and workers ask for them.

#[cfg(doc)]
use super::MAX_PAGE;
use crate::{
    H256,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
        custody::{CustodyStep, Item},
    },
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Anchored records.
    pub trait RecordsApi {
        /// One record by its commitment.
        fn record(id: H256) -> Option<Record>;
        /// A batch by its root.
        fn batch(root: H256) -> Option<Batch>;
        /// The receipt of the erasure of a leaf that was never revealed, by the record's commitment.
        fn erased_leaf(commitment: H256) -> Option<ErasedLeaf>;
        /// An item in custody.
        fn item(id: H256) -> Option<Item>;
        /// The steps of an item's custody from number `from` on; never more than [`MAX_PAGE`].
        fn custody(id: H256, from: u32) -> Vec<CustodyStep>;
    }
}

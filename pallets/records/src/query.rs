//! Looking up records, batches and erased leaves.

use crate::{Batches, Config, ErasedLeaves, Pallet, Records};
use galen_primitives::{
    H256,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
    },
    traits::RecordLookup,
};

impl<T: Config> Pallet<T> {
    /// The record with this commitment, superseded or not.
    pub fn record(id: &H256) -> Option<Record> {
        Records::<T>::get(id)
    }

    /// The batch with this root.
    pub fn batch(root: &H256) -> Option<Batch> {
        Batches::<T>::get(root)
    }

    /// The receipt of the erasure of a leaf that was never revealed.
    pub fn erased_leaf(commitment: &H256) -> Option<ErasedLeaf> {
        ErasedLeaves::<T>::get(commitment)
    }
}

impl<T: Config> RecordLookup for Pallet<T> {
    fn record(id: &H256) -> Option<Record> {
        Records::<T>::get(id)
    }
}

//! Looking up records, batches and items.

use crate::{Batches, Config, Custody, ErasedLeaves, Items, Pallet, Records};
use alloc::vec::Vec;
use galen_primitives::{
    H256,
    api::MAX_PAGE,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
        custody::{CustodyStep, Item},
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

    /// An item.
    pub fn item(id: &H256) -> Option<Item> {
        Items::<T>::get(id)
    }

    /// The steps of an item's custody from number `from` on; at most [`MAX_PAGE`].
    pub fn custody(id: &H256, from: u32) -> Vec<CustodyStep> {
        (from..from.saturating_add(MAX_PAGE)).map_while(|step| Custody::<T>::get(id, step)).collect()
    }
}

impl<T: Config> RecordLookup for Pallet<T> {
    fn record(id: &H256) -> Option<Record> {
        Records::<T>::get(id)
    }
}

//! What can be asked of items.

use crate::{Config, Items, Pallet, Steps};
use alloc::vec::Vec;
use galen_primitives::{
    H256,
    api::MAX_PAGE,
    records::custody::{CustodyStep, Item},
};

impl<T: Config> Pallet<T> {
    /// An item by its id.
    pub fn item(id: &H256) -> Option<Item> {
        Items::<T>::get(id)
    }

    /// The steps of an item's custody from number `from` on; at most [`MAX_PAGE`].
    pub fn steps(id: &H256, from: u32) -> Vec<CustodyStep> {
        (from..from.saturating_add(MAX_PAGE)).map_while(|step| Steps::<T>::get(id, step)).collect()
    }
}

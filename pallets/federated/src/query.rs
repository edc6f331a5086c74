//! What runtime APIs and other pallets ask.

use crate::{Config, Models, Pallet, Rounds, Updates};
use alloc::vec::Vec;
use galen_primitives::{
    AccountId, H256,
    model::{Model, ModelStatus, Round, Update},
    traits::ModelLookup,
};

impl<T: Config> Pallet<T> {
    /// One round by its number.
    pub fn round(id: u32) -> Option<Round> {
        Rounds::<T>::get(id)
    }

    /// The updates of a round, by member; at most `MaxUpdates`.
    pub fn updates(round: u32) -> Vec<(AccountId, Update)> {
        let mut updates: Vec<_> = Updates::<T>::iter_prefix(round).collect();
        updates.sort_by(|(left, _), (right, _)| left.cmp(right));
        updates
    }
}

impl<T: Config> ModelLookup for Pallet<T> {
    fn model(hash: &H256) -> Option<Model> {
        Models::<T>::get(hash)
    }

    fn is_approved(hash: &H256) -> bool {
        Models::<T>::get(hash).is_some_and(|model| model.status == ModelStatus::Approved)
    }
}

//! What others ask.

use crate::{Config, Error, Models, Pallet, Rounds, Updates};
use alloc::vec::Vec;
use frame_support::ensure;
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    model::{Model, ModelStatus, Round, Update},
    traits::{Consortium, ModelLookup},
};
use sp_runtime::{DispatchError, SaturatedConversion};

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

    pub(crate) fn ensure_member(origin: OriginFor<T>) -> Result<AccountId, DispatchError> {
        let account = ensure_signed(origin)?;
        ensure!(T::Consortium::is_member(&account), Error::<T>::NotAuthorized);
        Ok(account)
    }

    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
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

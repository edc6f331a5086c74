//! Rounds and updates.

use crate::{Config, Error, NextRound, Pallet, Rounds, Updates};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::Kind,
    model::{Round, Update},
    traits::{AuditSink, Consortium, ModelLookup},
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Opens a round; gives its number and the last block in which it takes updates.
    pub(crate) fn do_open_round(
        opener: &AccountId,
        base: H256,
        blocks: BlockNumber,
    ) -> Result<(u32, BlockNumber), DispatchError> {
        ensure!(T::Consortium::is_member(opener), Error::<T>::NotMember);
        ensure!(blocks >= 1 && blocks <= T::MaxRoundBlocks::get(), Error::<T>::InvalidLength);
        ensure!(Self::is_approved(&base), Error::<T>::NotApproved);
        let opened_at = Self::block();
        let deadline = opened_at.checked_add(blocks).ok_or(Error::<T>::InvalidLength)?;
        let id = NextRound::<T>::get();
        NextRound::<T>::put(id.checked_add(1).ok_or(Error::<T>::TooManyRounds)?);
        Rounds::<T>::insert(id, Round { base, opener: opener.clone(), opened_at, deadline, updates: 0 });
        T::Audit::append(Some(opener), Kind::RoundOpened, base, None)?;
        Ok((id, deadline))
    }

    /// Registers a member's update in a round.
    pub(crate) fn do_register_update(
        member: &AccountId,
        id: u32,
        hash: H256,
        samples: u32,
    ) -> DispatchResult {
        ensure!(T::Consortium::is_member(member), Error::<T>::NotMember);
        let mut round = Rounds::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        let now = Self::block();
        ensure!(now <= round.deadline, Error::<T>::Expired);
        ensure!(Self::is_approved(&round.base), Error::<T>::NotApproved);
        ensure!(samples > 0, Error::<T>::InvalidSamples);
        ensure!(!Updates::<T>::contains_key(id, member), Error::<T>::AlreadyExists);
        ensure!(round.updates < T::MaxUpdates::get(), Error::<T>::TooManyUpdates);
        let known = Updates::<T>::iter_prefix_values(id).any(|update| update.hash == hash);
        ensure!(!known, Error::<T>::AlreadyExists);

        round.updates = round.updates.checked_add(1).ok_or(Error::<T>::TooManyUpdates)?;
        Rounds::<T>::insert(id, round);
        Updates::<T>::insert(id, member, Update { hash, samples, registered_at: now });
        T::Audit::append(Some(member), Kind::UpdateRegistered, hash, None)
    }
}

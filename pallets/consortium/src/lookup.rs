//! What others ask.

use crate::{Config, Members, Pallet, WorkerKeys};
use alloc::vec::Vec;
use frame_support::pallet_prelude::DispatchResult;
use galen_primitives::{
    AccountId, H256,
    member::{Member, MemberName, Quotas},
    traits::Consortium,
};

impl<T: Config> Pallet<T> {
    /// All members, by account, in good standing or not.
    pub fn members() -> Vec<(AccountId, Member)> {
        let mut members: Vec<_> = Members::<T>::iter().collect();
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        members
    }

    /// One member, in good standing or not.
    pub fn member(account: AccountId) -> Option<Member> {
        Members::<T>::get(account)
    }
}

impl<T: Config> Consortium for Pallet<T> {
    fn is_member(account: &AccountId) -> bool {
        Self::in_good_standing(account).is_some()
    }

    fn name(account: &AccountId) -> Option<MemberName> {
        Self::in_good_standing(account).map(|member| member.name)
    }

    fn worker_key(account: &AccountId) -> Option<H256> {
        Self::in_good_standing(account).and_then(|member| member.worker_key)
    }

    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        let hospital = WorkerKeys::<T>::get(key)?.hospital;
        // Many keys lead to a hospital, one of them is in force.
        Self::in_good_standing(&hospital)
            .is_some_and(|member| member.worker_key == Some(*key))
            .then_some(hospital)
    }

    fn quotas(account: &AccountId) -> Option<Quotas> {
        Self::in_good_standing(account).map(|member| member.quotas)
    }

    fn charge_grant(account: &AccountId) -> DispatchResult {
        Self::do_charge_grant(account)
    }
}

//! What runtime APIs and other pallets ask.

use crate::{Config, Members, NodesOf, Pallet, ValidatorsOf, WorkerKeyPeriods, WorkerKeys};
use alloc::vec::Vec;
use frame_support::pallet_prelude::DispatchResult;
use galen_primitives::{
    AccountId, H256,
    member::{Member, MemberName, PeerId, Quotas, WorkerKeyPeriod},
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

    /// The accounts with which a hospital may validate: its own, and then those it has registered, in that
    /// order.
    pub fn validator_accounts(hospital: &AccountId) -> Vec<AccountId> {
        let mut accounts = Vec::from([hospital.clone()]);
        accounts.extend(ValidatorsOf::<T>::get(hospital));
        accounts
    }

    /// The hospitals in good standing with their [`Self::validator_accounts`], by account: who elects and is
    /// elected.
    pub fn electorate() -> Vec<(AccountId, Vec<AccountId>)> {
        let mut hospitals: Vec<_> = Members::<T>::iter()
            .filter(|(_, member)| Self::is_good(member))
            .map(|(hospital, _)| {
                let accounts = Self::validator_accounts(&hospital);
                (hospital, accounts)
            })
            .collect();
        hospitals.sort();
        hospitals
    }

    /// The worker keys that a hospital has had, the oldest first; also of one that was evicted.
    pub fn worker_keys(hospital: &AccountId) -> Vec<WorkerKeyPeriod> {
        WorkerKeyPeriods::<T>::get(hospital).into_inner()
    }

    /// The nodes of members in good standing, by hospital.
    pub fn nodes() -> Vec<(AccountId, PeerId)> {
        let mut nodes: Vec<_> = NodesOf::<T>::iter()
            .filter(|(hospital, _)| Members::<T>::get(hospital).as_ref().is_some_and(Self::is_good))
            .flat_map(|(hospital, nodes)| nodes.into_iter().map(move |node| (hospital.clone(), node)))
            .collect();
        nodes.sort();
        nodes
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

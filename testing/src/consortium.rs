//! The fake of [`Consortium`].

use frame_support::{Blake2_128Concat, parameter_types, storage_alias};
use galen_primitives::{
    AccountId, H256,
    member::{MemberName, Quotas},
    traits::Consortium,
};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeMap;

/// A member of the fake consortium.
#[derive(Clone, Debug)]
pub struct FakeMember {
    /// Its registered name.
    pub name: MemberName,
    /// Its worker key in force.
    pub worker_key: Option<H256>,
    /// How many jobs it may have open at a time.
    pub open_jobs: u32,
}

parameter_types! {
    /// A consortium of the members that a test has admitted, all in good standing.
    pub static FakeConsortium: BTreeMap<AccountId, FakeMember> = BTreeMap::new();
}

/// Grants that a member may still relay. In storage, so that what a failed grant took is given back.
#[storage_alias]
type GrantsLeft = StorageMap<FakeConsortium, Blake2_128Concat, AccountId, u32>;

impl FakeConsortium {
    /// Admits a hospital under this name, without a worker key and with all quotas at their highest. A member
    /// is renamed, and keeps the rest.
    pub fn admit(account: &AccountId, name: &str) {
        let name = MemberName::truncate_from(name.as_bytes().to_vec());
        Self::mutate(|members| {
            let member = FakeMember { name: name.clone(), worker_key: None, open_jobs: u32::MAX };
            members.entry(account.clone()).or_insert(member).name = name;
        });
    }

    /// Admits hospital number `n` with its worker key.
    pub fn admit_with_key(n: u8) {
        let account = crate::account(n);
        Self::admit(&account, "Hospital");
        Self::set_worker_key(&account, Some(crate::worker_key(n)));
    }

    /// Takes the membership away.
    pub fn evict(account: &AccountId) {
        Self::mutate(|members| members.remove(account));
    }

    /// Sets or takes away a member's worker key.
    pub fn set_worker_key(account: &AccountId, key: Option<H256>) {
        Self::change(account, |member| member.worker_key = key);
    }

    /// Sets how many jobs a member may have open at a time.
    pub fn set_open_jobs(account: &AccountId, open_jobs: u32) {
        Self::change(account, |member| member.open_jobs = open_jobs);
    }

    /// Sets how many grants a member may still relay.
    pub fn set_grants_left(account: &AccountId, grants: u32) {
        GrantsLeft::insert(account, grants);
    }

    /// How many grants a member may still relay; as many as it likes unless a test says otherwise.
    pub fn grants_left(account: &AccountId) -> u32 {
        GrantsLeft::get(account).unwrap_or(u32::MAX)
    }

    fn change(account: &AccountId, change: impl FnOnce(&mut FakeMember)) {
        Self::mutate(|members| change(members.get_mut(account).expect("only members are changed")));
    }
}

impl Consortium for FakeConsortium {
    fn is_member(account: &AccountId) -> bool {
        Self::get().contains_key(account)
    }
    fn name(account: &AccountId) -> Option<MemberName> {
        Self::get().get(account).map(|member| member.name.clone())
    }
    fn worker_key(account: &AccountId) -> Option<H256> {
        Self::get().get(account)?.worker_key
    }
    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        let is_its_own = |(_, member): &(AccountId, FakeMember)| member.worker_key.as_ref() == Some(key);
        Self::get().into_iter().find(is_its_own).map(|(account, _)| account)
    }
    fn quotas(account: &AccountId) -> Option<Quotas> {
        let open_jobs = Self::get().get(account)?.open_jobs;
        Some(Quotas { grants_per_day: Self::grants_left(account), open_jobs })
    }
    fn charge_grant(account: &AccountId) -> DispatchResult {
        let left = Self::grants_left(account).checked_sub(1).ok_or(DispatchError::Exhausted)?;
        GrantsLeft::insert(account, left);
        Ok(())
    }
}

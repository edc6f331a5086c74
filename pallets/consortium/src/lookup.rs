//! What others ask.

use crate::{Config, Error, Members, Pallet, WeightInfo, WorkerKeys};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult, weights::Weight};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use galen_primitives::{
    AccountId, H256,
    member::{Member, MemberName, Quotas},
    traits::Consortium,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// All members, by account.
    pub fn members() -> Vec<(AccountId, Member)> {
        let mut members: Vec<_> = Members::<T>::iter().collect();
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        members
    }

    /// One member.
    pub fn member(account: AccountId) -> Option<Member> {
        Members::<T>::get(account)
    }

    pub(crate) fn ensure_member(origin: OriginFor<T>) -> Result<AccountId, DispatchError> {
        let account = ensure_signed(origin)?;
        ensure!(Members::<T>::contains_key(&account), Error::<T>::NotAuthorized);
        Ok(account)
    }
}

impl<T: Config> Consortium for Pallet<T> {
    fn is_member(account: &AccountId) -> bool {
        Members::<T>::contains_key(account)
    }

    fn name(account: &AccountId) -> Option<MemberName> {
        Members::<T>::get(account).map(|member| member.name)
    }

    fn worker_key(account: &AccountId) -> Option<H256> {
        Members::<T>::get(account).and_then(|member| member.worker_key)
    }

    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        WorkerKeys::<T>::get(key)
    }

    fn quotas(account: &AccountId) -> Option<Quotas> {
        Members::<T>::get(account).map(|member| member.quotas)
    }

    fn charge_grant(account: &AccountId) -> DispatchResult {
        Self::do_charge_grant(account)
    }

    fn weight() -> Weight {
        T::WeightInfo::lookup()
    }
}

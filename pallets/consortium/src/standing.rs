//! Who is in good standing: admitted, not expired, not suspended.

use crate::{Config, Error, HospitalOf, Members, Pallet, ValidatorControl};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use galen_primitives::{
    AccountId, BlockNumber, UnixSeconds,
    audit::{Kind, account_subject},
    member::Member,
    traits::AuditSink,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// The member with this account, if it is in good standing.
    pub fn in_good_standing(account: &AccountId) -> Option<Member> {
        Members::<T>::get(account).filter(Self::is_good)
    }

    /// The hospital whose account this is, its own or one of its validators', in good standing or not.
    pub fn hospital_of(account: &AccountId) -> Option<AccountId> {
        if Members::<T>::contains_key(account) {
            return Some(account.clone());
        }
        HospitalOf::<T>::get(account)
    }

    /// Whether this account may validate and nominate: a hospital's own or one of its validators', the
    /// hospital being in good standing.
    pub fn may_validate(account: &AccountId) -> bool {
        Self::hospital_of(account).is_some_and(|hospital| Self::in_good_standing(&hospital).is_some())
    }

    pub(crate) fn is_good(member: &Member) -> bool {
        // The clock is asked only where it matters: at genesis there is none.
        !member.is_suspended(Self::block())
            && (member.expires_at.is_none() || !member.is_expired(Self::seconds()))
    }

    /// The signer, who must be a member in good standing.
    pub(crate) fn ensure_member(origin: OriginFor<T>) -> Result<AccountId, DispatchError> {
        let account = ensure_signed(origin)?;
        ensure!(Self::in_good_standing(&account).is_some(), Error::<T>::NotMember);
        Ok(account)
    }

    /// The signer, who must be an account with which a member in good standing validates.
    pub(crate) fn ensure_validator(origin: OriginFor<T>) -> Result<AccountId, DispatchError> {
        let account = ensure_signed(origin)?;
        ensure!(Self::may_validate(&account), Error::<T>::NotMember);
        Ok(account)
    }

    /// Suspends a member for so many blocks. Gives the block from which on it is in good standing again, and
    /// whether staking has chilled all its validators.
    pub(crate) fn do_suspend(
        account: &AccountId,
        blocks: BlockNumber,
    ) -> Result<(BlockNumber, bool), DispatchError> {
        ensure!((1..=T::MaxSuspension::get()).contains(&blocks), Error::<T>::InvalidLength);
        let mut member = Members::<T>::get(account).ok_or(Error::<T>::NotFound)?;
        let until = Self::block().saturating_add(blocks);
        // More than half suspend, and two thirds lift: no suspension is shortened by another one.
        let until = member.suspended_until.map_or(until, |old| old.max(until));
        member.suspended_until = Some(until);
        Members::<T>::insert(account, member);
        let chilled = Self::chill_all(account);
        T::Validators::force_new_era();
        T::Audit::append(None, Kind::MemberSuspended, account_subject(account), None)?;
        Ok((until, chilled))
    }

    /// Ends a member's suspension.
    pub(crate) fn do_lift_suspension(account: &AccountId) -> DispatchResult {
        let mut member = Members::<T>::get(account).ok_or(Error::<T>::NotFound)?;
        ensure!(member.is_suspended(Self::block()), Error::<T>::NotSuspended);
        member.suspended_until = None;
        Members::<T>::insert(account, member);
        T::Audit::append(None, Kind::SuspensionLifted, account_subject(account), None)
    }

    /// Sets when a membership ends, or that it does not.
    pub(crate) fn do_set_expiry(account: &AccountId, expires_at: Option<UnixSeconds>) -> DispatchResult {
        Members::<T>::try_mutate(account, |member| {
            member.as_mut().ok_or(Error::<T>::NotFound)?.expires_at = expires_at;
            T::Audit::append(None, Kind::ExpirySet, account_subject(account), None)
        })
    }
}

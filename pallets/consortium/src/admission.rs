//! Coming in and going out.

use crate::{Config, Error, GrantsToday, HospitalOf, Members, Pallet, ValidatorControl, ValidatorsOf};
use frame_support::{
    ensure,
    pallet_prelude::DispatchResult,
    traits::{
        Get,
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Preservation},
    },
};
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    member::{Member, MemberName, Quotas, is_valid_name},
    traits::AuditSink,
};
use sp_runtime::{
    DispatchError,
    traits::{CheckedAdd, Zero},
};

impl<T: Config> Pallet<T> {
    /// Admits a hospital: pays its endowments and writes it among the members.
    pub(crate) fn do_admit(account: &AccountId, name: MemberName, quotas: Quotas) -> DispatchResult {
        ensure!(is_valid_name(&name), Error::<T>::InvalidName);
        ensure!(Self::hospital_of(account).is_none(), Error::<T>::AlreadyExists);
        ensure!(Members::<T>::count() < T::MaxMembers::get(), Error::<T>::TooManyMembers);
        ensure!(!Self::has_name(&name), Error::<T>::NameAlreadyExists);
        Self::endow(account)?;

        let member = Member {
            name,
            admitted_at: Self::block(),
            worker_key: None,
            quotas,
            expires_at: None,
            suspended_until: None,
        };
        Members::<T>::insert(account, member);
        T::Audit::append(None, Kind::MemberAdmitted, account_subject(account), None)
    }

    /// Removes a hospital with all that is kept of it; gives whether staking has chilled all its validators.
    pub(crate) fn do_evict(account: &AccountId) -> Result<bool, DispatchError> {
        ensure!(Members::<T>::contains_key(account), Error::<T>::NotFound);
        let chilled = Self::chill_all(account);
        Members::<T>::remove(account);
        for validator in ValidatorsOf::<T>::take(account) {
            HospitalOf::<T>::remove(validator);
        }
        // Which key was the hospital's, and when, is asked for as long as what it signed.
        Self::close_period(account);
        Self::forget_nodes(account);
        GrantsToday::<T>::remove(account);
        T::Validators::force_new_era();
        T::Audit::append(None, Kind::MemberEvicted, account_subject(account), None)?;
        Ok(chilled)
    }

    // Patients read names in the texts they sign, so names that differ only in case are the same.
    pub(crate) fn has_name(name: &[u8]) -> bool {
        Members::<T>::iter_values().any(|member| member.name.eq_ignore_ascii_case(name))
    }

    fn endow(account: &AccountId) -> DispatchResult {
        let endowment = T::StakeEndowment::get()
            .checked_add(&T::FeeEndowment::get())
            .ok_or(Error::<T>::InsufficientTreasury)?;
        if endowment.is_zero() {
            return Ok(());
        }
        let treasury = T::Treasury::get();
        let free = T::Currency::reducible_balance(&treasury, Preservation::Preserve, Fortitude::Polite);
        ensure!(free >= endowment, Error::<T>::InsufficientTreasury);
        T::Currency::transfer(&treasury, account, endowment, Preservation::Preserve).map(|_| ())
    }
}

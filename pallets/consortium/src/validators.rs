//! The hospitals' validator accounts, and staking as far as members meet it.

use crate::{Config, Error, HospitalOf, Pallet, ValidatorsOf};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult, storage::with_storage_layer};
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    traits::AuditSink,
};
use sp_runtime::{DispatchError, Perbill};

/// What the consortium asks of staking. `()` refuses.
pub trait ValidatorControl {
    /// Makes `account`, which has bonded its stake, a candidate.
    fn validate(account: &AccountId, commission: Perbill) -> DispatchResult;
    /// Has `account`, which has bonded its stake, vote for `targets`.
    fn nominate(account: &AccountId, targets: Vec<AccountId>) -> DispatchResult;
    /// Takes `account` out of the candidates and of the nominators; `Ok` too if it was neither.
    fn chill(account: &AccountId) -> DispatchResult;
    /// Ends the era with the current session, so that a new set is elected.
    fn force_new_era();
}

impl ValidatorControl for () {
    fn validate(_: &AccountId, _: Perbill) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn nominate(_: &AccountId, _: Vec<AccountId>) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn chill(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn force_new_era() {}
}

impl<T: Config> Pallet<T> {
    /// Registers another account with which a hospital may validate.
    pub(crate) fn do_add_validator(hospital: &AccountId, account: &AccountId) -> DispatchResult {
        ensure!(Self::hospital_of(account).is_none(), Error::<T>::AlreadyExists);
        ValidatorsOf::<T>::try_mutate(hospital, |accounts| accounts.try_push(account.clone()))
            .map_err(|_| Error::<T>::TooManyValidators)?;
        HospitalOf::<T>::insert(account, hospital);
        T::Audit::append(Some(hospital), Kind::ValidatorAdded, account_subject(account), None)
    }

    /// Gives up a validator account; gives whether staking has chilled it.
    pub(crate) fn do_remove_validator(
        hospital: &AccountId,
        account: &AccountId,
    ) -> Result<bool, DispatchError> {
        ensure!(HospitalOf::<T>::get(account).as_ref() == Some(hospital), Error::<T>::NotFound);
        HospitalOf::<T>::remove(account);
        ValidatorsOf::<T>::mutate_exists(hospital, |slot| {
            let mut accounts = slot.take().unwrap_or_default();
            accounts.retain(|other| other != account);
            *slot = (!accounts.is_empty()).then_some(accounts);
        });
        let chilled = Self::try_chill(account);
        T::Audit::append(Some(hospital), Kind::ValidatorRemoved, account_subject(account), None)?;
        Ok(chilled)
    }

    /// Makes an account, which has bonded its stake, a candidate.
    pub(crate) fn do_validate(account: &AccountId, commission: Perbill) -> DispatchResult {
        T::Validators::validate(account, commission)
    }

    /// Votes with an account, which has bonded its stake, for accounts of members.
    pub(crate) fn do_nominate(account: &AccountId, targets: Vec<AccountId>) -> DispatchResult {
        ensure!(targets.iter().all(|target| Self::hospital_of(target).is_some()), Error::<T>::NotFound);
        T::Validators::nominate(account, targets)
    }

    /// Chills all of a hospital's accounts; whether each of them could be.
    pub(crate) fn chill_all(hospital: &AccountId) -> bool {
        // Each is tried, whatever became of those before it.
        let refused =
            Self::validator_accounts(hospital).into_iter().filter(|account| !Self::try_chill(account));
        refused.count() == 0
    }

    // In a layer of its own: what a refusal left half-done must not stay, and must not keep the hospital in.
    fn try_chill(account: &AccountId) -> bool {
        with_storage_layer(|| T::Validators::chill(account)).is_ok()
    }
}

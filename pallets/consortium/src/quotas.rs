//! What a member may use of what all share.

use crate::{Config, Error, GrantsToday, Members, Pallet};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use galen_primitives::{AccountId, audit::Kind, audit::account_subject, member::Quotas, traits::AuditSink};
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    /// Sets a member's quotas.
    pub(crate) fn do_set_quotas(account: &AccountId, quotas: Quotas) -> DispatchResult {
        Members::<T>::try_mutate(account, |member| {
            member.as_mut().ok_or(Error::<T>::NotFound)?.quotas = quotas;
            T::Audit::append(None, Kind::QuotasSet, account_subject(account), None)
        })
    }

    /// Counts one grant of today (UTC) and refuses when today's are used up. Has no audit entry of its own:
    /// the grant that it is counted for has one.
    pub(crate) fn do_charge_grant(account: &AccountId) -> DispatchResult {
        let member = Self::in_good_standing(account).ok_or(Error::<T>::NotMember)?;
        let today: u32 = (Self::seconds() / 86_400).saturated_into();
        let (day, count) = GrantsToday::<T>::get(account);
        let used = if day == today { count } else { 0 };
        ensure!(used < member.quotas.grants_per_day, Error::<T>::TooManyGrants);
        GrantsToday::<T>::insert(account, (today, used.saturating_add(1)));
        Ok(())
    }
}

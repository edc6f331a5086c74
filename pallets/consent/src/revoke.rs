//! Ending consents: by who granted them, with no quota and no list that could be full; or by a court's order.

use crate::{Config, Error, Pallet, Patients, Versions, signed::Signed};
use frame_support::ensure;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::Ending,
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_revoke(relayer: &AccountId, id: u32, signed: &Signed<'_>) -> DispatchResult {
        ensure!(T::Consortium::is_member(relayer), Error::<T>::NotMember);
        ensure!(Patients::<T>::contains_key(signed.patient), Error::<T>::NotEnrolled);
        let version = Versions::<T>::get(signed.patient, id).ok_or(Error::<T>::NotFound)?;
        ensure!(version.ended.is_none(), Error::<T>::AlreadyEnded);
        let text = Self::revoke_text(signed.patient, id, signed.signer, signed.valid_until);
        let text = text.ok_or(Error::<T>::NotEnrolled)?;
        Self::ensure_standing(signed.patient, signed.signer, |mandate| mandate.may_withdraw)?;
        Self::accept(signed, &text, |_| Ok(()))?;
        Self::end(signed.patient, id, Ending::Revoked(signed.signer.clone()))?;
        T::Audit::append(Some(relayer), Kind::ConsentRevoked, version.terms.form, Some(signed.patient))
    }

    pub(crate) fn do_end_by_order(patient: &AccountId, id: u32, order: H256) -> DispatchResult {
        Self::end(patient, id, Ending::Ordered(order))?;
        T::Audit::append(None, Kind::ConsentOrdered, order, Some(patient))
    }
}

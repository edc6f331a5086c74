//! Revoking: no quota, no list that could be full.

use crate::{Config, Error, Live, Pallet, Pasts, Patients, Versions};
use frame_support::ensure;
use galen_primitives::{
    AccountId, UnixSeconds,
    audit::Kind,
    consent::PatientSignature,
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Returns the grantee of the consent that was revoked.
    pub(crate) fn do_revoke(
        relayer: &AccountId,
        patient: &AccountId,
        id: u32,
        valid_until: UnixSeconds,
        signature: &PatientSignature,
    ) -> Result<AccountId, DispatchError> {
        ensure!(T::Consortium::is_member(relayer), Error::<T>::NotMember);
        ensure!(Patients::<T>::contains_key(patient), Error::<T>::NotEnrolled);
        let mut version = Versions::<T>::get(patient, id).ok_or(Error::<T>::NotFound)?;
        ensure!(version.until_block.is_none(), Error::<T>::AlreadyRevoked);
        Self::ensure_fresh(valid_until)?;
        let text = Self::revoke_text(patient, id, valid_until).ok_or(Error::<T>::NotEnrolled)?;
        Self::accept(patient, &text, signature, |_| Ok(()))?;

        version.until_block = Some(Self::block());
        Versions::<T>::insert(patient, id, &version);
        let grantee = version.terms.grantee;
        let was_live = Live::<T>::mutate(patient, &grantee, |live| {
            let before = live.len();
            live.retain(|other| *other != id);
            live.len() < before
        });
        Pasts::<T>::mutate(patient, &grantee, |past| {
            past.revoked = past.revoked.saturating_add(1);
            if !was_live {
                past.pruned = past.pruned.saturating_sub(1);
            }
        });
        T::Audit::append(Some(relayer), Kind::ConsentRevoked, version.terms.form, Some(patient))?;
        Ok(grantee)
    }
}

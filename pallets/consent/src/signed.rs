//! Texts that patients sign: rebuilt, verified, and counted by the key's nonce.

use crate::{Config, Error, Pallet, Patients, RelyingParties};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{Get, UnixTime},
};
use frame_system::pallet_prelude::BlockNumberFor;
use galen_primitives::{
    AccountId, BlockNumber, UnixSeconds,
    consent::{ConsentTerms, Patient, PatientSignature},
    consent_text::{self, Binding, Named},
    traits::Consortium,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult, SaturatedConversion, traits::Zero};

impl<T: Config> Pallet<T> {
    /// The text of a grant with these terms, carrying the patient key's next nonce; `None` if the key is not enrolled
    /// with `terms.custodian`, or custodian or grantee is not a member. `valid_until` is in seconds of Unix time.
    pub fn grant_text(terms: &ConsentTerms, valid_until: UnixSeconds) -> Option<Vec<u8>> {
        let patient = Self::patient(&terms.patient).filter(|patient| patient.custodian == terms.custodian)?;
        let custodian = T::Consortium::name(&terms.custodian)?;
        let grantee = T::Consortium::name(&terms.grantee)?;
        Some(consent_text::grant_text(
            terms,
            &Named { account: &terms.custodian, name: &custodian },
            &Named { account: &terms.grantee, name: &grantee },
            &Self::binding(&patient, valid_until),
        ))
    }

    /// The text of a revocation of the consent `id`, carrying the patient key's next nonce; `None` if the key is not
    /// enrolled. `valid_until` is in seconds of Unix time.
    pub fn revoke_text(patient: &AccountId, id: u32, valid_until: UnixSeconds) -> Option<Vec<u8>> {
        let enrolled = Self::patient(patient)?;
        Some(consent_text::revoke_text(patient, id, &Self::binding(&enrolled, valid_until)))
    }

    fn binding(patient: &Patient, valid_until: UnixSeconds) -> Binding {
        // The system pallet keeps the hash of block 0 for good.
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        Binding { genesis, nonce: patient.nonce, valid_until }
    }

    /// Refuses a text whose last valid second is past, or too far ahead.
    pub(crate) fn ensure_fresh(valid_until: UnixSeconds) -> DispatchResult {
        let now = Self::now();
        ensure!(now <= valid_until, Error::<T>::Expired);
        ensure!(valid_until <= now.saturating_add(T::MaxTextAge::get()), Error::<T>::TooFarAhead);
        Ok(())
    }

    /// Verifies the signature over `text` and uses up the nonce; `change` sees the patient before it is written back.
    pub(crate) fn accept<R>(
        key: &AccountId,
        text: &[u8],
        signature: &PatientSignature,
        change: impl FnOnce(&mut Patient) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        let signed = signature.verify(text, key, |id| RelyingParties::<T>::get(id));
        ensure!(signed, Error::<T>::BadSignature);
        Patients::<T>::try_mutate(key, |slot| {
            let patient = slot.as_mut().ok_or(Error::<T>::NotEnrolled)?;
            patient.nonce = patient.nonce.checked_add(1).ok_or(ArithmeticError::Overflow)?;
            change(patient)
        })
    }

    pub(crate) fn block() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    pub(crate) fn now() -> UnixSeconds {
        T::Time::now().as_secs()
    }
}

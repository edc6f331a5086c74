//! Texts that patients and those who act for them sign: rebuilt, verified, and counted by the patient key's
//! nonce.

use crate::{Config, Error, Guardians, Pallet, Patients, RelyingParties};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use galen_primitives::{
    AccountId, UnixSeconds,
    consent::{
        ConsentTerms, Mandate, Patient, PatientSignature,
        text::{Binding, TextWriter},
    },
    traits::Consortium,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// A text that somebody signed.
pub(crate) struct Signed<'a> {
    /// The patient's key.
    pub patient: &'a AccountId,
    /// The key that signed: the patient's, a guardian's or a delegate's.
    pub signer: &'a AccountId,
    /// Last second (Unix time) at which the text is accepted.
    pub valid_until: UnixSeconds,
    /// The signature.
    pub signature: &'a PatientSignature,
}

impl<T: Config> Pallet<T> {
    /// The text that `grantor` signs for these terms, carrying the patient key's next nonce; `None` if the
    /// key is not enrolled with `terms.custodian`. `valid_until` is in seconds of Unix time.
    pub fn grant_text(
        terms: &ConsentTerms,
        grantor: &AccountId,
        valid_until: UnixSeconds,
    ) -> Option<Vec<u8>> {
        let patient = Self::patient(&terms.patient).filter(|patient| patient.custodian == terms.custodian)?;
        Some(Self::text(&terms.patient, &patient, grantor, valid_until, |writer| writer.grant(terms)))
    }

    /// The text that `grantor` signs to withdraw the consent `id`; `None` if the key is not enrolled.
    pub fn revoke_text(
        patient: &AccountId,
        id: u32,
        grantor: &AccountId,
        valid_until: UnixSeconds,
    ) -> Option<Vec<u8>> {
        let enrolled = Self::patient(patient)?;
        Some(Self::text(patient, &enrolled, grantor, valid_until, |writer| writer.revoke(id)))
    }

    /// The text by which a patient gives `delegate` a mandate; `None` if the patient's key is not enrolled.
    pub fn appoint_text(
        patient: &AccountId,
        delegate: &AccountId,
        mandate: &Mandate,
        valid_until: UnixSeconds,
    ) -> Option<Vec<u8>> {
        let enrolled = Self::patient(patient)?;
        Some(Self::text(patient, &enrolled, patient, valid_until, |writer| writer.appoint(delegate, mandate)))
    }

    /// The text by which a patient ends the mandate of `delegate`; `None` if the patient's key is not
    /// enrolled.
    pub fn dismiss_text(
        patient: &AccountId,
        delegate: &AccountId,
        valid_until: UnixSeconds,
    ) -> Option<Vec<u8>> {
        let enrolled = Self::patient(patient)?;
        Some(Self::text(patient, &enrolled, patient, valid_until, |writer| writer.dismiss(delegate)))
    }

    fn text(
        key: &AccountId,
        patient: &Patient,
        signer: &AccountId,
        valid_until: UnixSeconds,
        write: impl FnOnce(&TextWriter<'_>) -> Vec<u8>,
    ) -> Vec<u8> {
        write(&TextWriter {
            patient: key,
            signer,
            binding: Binding { genesis: Self::genesis_hash(), nonce: patient.nonce, valid_until },
            name: &|account| T::Consortium::name(account).map(|name| name.to_vec()),
        })
    }

    /// Verifies the signature over `text` and uses up the nonce; `change` sees the patient before it is
    /// written back. A text whose last valid second is past, or too far ahead, is refused.
    pub(crate) fn accept<R>(
        signed: &Signed<'_>,
        text: &[u8],
        change: impl FnOnce(&mut Patient) -> Result<R, DispatchError>,
    ) -> Result<R, DispatchError> {
        let now = Self::seconds();
        ensure!(now <= signed.valid_until, Error::<T>::Expired);
        ensure!(signed.valid_until <= now.saturating_add(T::MaxTextAge::get()), Error::<T>::InvalidExpiry);
        let valid = signed.signature.verify(text, signed.signer, |id| RelyingParties::<T>::get(id));
        ensure!(valid, Error::<T>::InvalidSignature);
        Patients::<T>::try_mutate(signed.patient, |slot| {
            let patient = slot.as_mut().ok_or(Error::<T>::NotEnrolled)?;
            patient.nonce = patient.nonce.checked_add(1).ok_or(ArithmeticError::Overflow)?;
            change(patient)
        })
    }

    /// Whether the signer is the patient, or acts for the patient under a mandate that `covers` this.
    pub(crate) fn ensure_standing(
        patient: &AccountId,
        signer: &AccountId,
        covers: impl FnOnce(&Mandate) -> bool,
    ) -> DispatchResult {
        if patient == signer {
            return Ok(());
        }
        let mandate = Guardians::<T>::get(patient, signer).filter(|known| known.holds(Self::seconds()));
        let mandate = mandate.ok_or(Error::<T>::MandateNotFound)?.mandate;
        ensure!(covers(&mandate), Error::<T>::InsufficientMandate);
        Ok(())
    }
}

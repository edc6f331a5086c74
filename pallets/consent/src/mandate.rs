//! Guardians and delegates: who signs for a patient, and since when.

use crate::{Config, Error, Guardians, Pallet, Patients, signed::Signed};
use alloc::vec::Vec;
use frame_support::ensure;
use galen_primitives::{
    AccountId, UnixSeconds,
    audit::{Kind, account_subject},
    consent::{Guardianship, Mandate, Patient, PatientSignature, Standing},
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

/// What a patient signed: the last second (Unix time) at which the text is accepted, and the signature over
/// it.
pub type PatientApproval = (UnixSeconds, PatientSignature);

impl<T: Config> Pallet<T> {
    /// Appoints a guardian, whose paper the custodian has seen, or a delegate, with the patient's approval.
    pub(crate) fn do_appoint(
        relayer: &AccountId,
        patient: &AccountId,
        guardian: &AccountId,
        mandate: Mandate,
        approval: Option<&PatientApproval>,
    ) -> DispatchResult {
        let enrolled = Self::ensure_relayed(relayer, patient)?;
        ensure!(guardian != patient, Error::<T>::InvalidMandate);
        ensure!(!T::Consortium::is_member(guardian), Error::<T>::MemberNotAllowed);
        ensure!(mandate.may_grant || mandate.may_withdraw, Error::<T>::InvalidMandate);
        let over = mandate.end.is_some_and(|end| end < Self::seconds());
        let sound = mandate.start.zip(mandate.end).is_none_or(|(start, end)| start <= end);
        ensure!(sound && !over, Error::<T>::InvalidPeriod);
        let standing = Guardians::<T>::get(patient, guardian).filter(|known| known.until_block.is_none());
        match (mandate.standing, approval) {
            (Standing::Guardian, None) => ensure!(*relayer == enrolled.custodian, Error::<T>::NotCustodian),
            (Standing::Delegate, Some(approval)) => {
                // A delegate never takes the place of what a guardian has by law.
                let guarded = standing.is_some_and(|known| known.mandate.standing == Standing::Guardian);
                ensure!(!guarded, Error::<T>::AlreadyExists);
                let text = Self::appoint_text(patient, guardian, &mandate, approval.0);
                Self::accept_approval(patient, text, approval)?;
            }
            _ => return Err(Error::<T>::InvalidMandate.into()),
        }
        let subject = account_subject(guardian);
        Guardians::<T>::insert(
            patient,
            guardian,
            Guardianship { mandate, from_block: Self::block(), until_block: None },
        );
        T::Audit::append(Some(relayer), Kind::MandateGiven, subject, Some(patient))
    }

    /// Dismisses a guardian, which the custodian does, or a delegate, with the patient's approval.
    pub(crate) fn do_dismiss(
        relayer: &AccountId,
        patient: &AccountId,
        guardian: &AccountId,
        approval: Option<&PatientApproval>,
    ) -> DispatchResult {
        let enrolled = Self::ensure_relayed(relayer, patient)?;
        let mut known = Guardians::<T>::get(patient, guardian)
            .filter(|known| known.until_block.is_none())
            .ok_or(Error::<T>::MandateNotFound)?;
        match (known.mandate.standing, approval) {
            (Standing::Guardian, None) => ensure!(*relayer == enrolled.custodian, Error::<T>::NotCustodian),
            (Standing::Delegate, Some(approval)) => {
                Self::accept_approval(patient, Self::dismiss_text(patient, guardian, approval.0), approval)?;
            }
            _ => return Err(Error::<T>::InvalidMandate.into()),
        }
        known.until_block = Some(Self::block());
        Guardians::<T>::insert(patient, guardian, known);
        T::Audit::append(Some(relayer), Kind::MandateEnded, account_subject(guardian), Some(patient))
    }

    fn ensure_relayed(
        relayer: &AccountId,
        patient: &AccountId,
    ) -> Result<Patient, sp_runtime::DispatchError> {
        ensure!(T::Consortium::is_member(relayer), Error::<T>::NotMember);
        Patients::<T>::get(patient).ok_or(Error::<T>::NotEnrolled.into())
    }

    fn accept_approval(
        patient: &AccountId,
        text: Option<Vec<u8>>,
        approval: &PatientApproval,
    ) -> DispatchResult {
        let text = text.ok_or(Error::<T>::NotEnrolled)?;
        let (valid_until, signature) = approval;
        let signed = Signed { patient, signer: patient, valid_until: *valid_until, signature };
        Self::accept(&signed, &text, |_| Ok(()))
    }
}

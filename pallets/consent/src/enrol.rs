//! Enrolment of a patient key by its custodian.

use crate::{Config, Error, Pallet, Patients};
use frame_support::ensure;
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    consent::Patient,
    traits::{AuditSink, Consortium},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_enrol(custodian: &AccountId, patient: &AccountId) -> DispatchResult {
        ensure!(T::Consortium::is_member(custodian), Error::<T>::NotMember);
        // An account that acts for a hospital must not also speak for a patient.
        ensure!(!T::Consortium::is_member(patient), Error::<T>::MemberNotAllowed);
        ensure!(!Patients::<T>::contains_key(patient), Error::<T>::AlreadyExists);
        let enrolled_at = Self::block();
        Patients::<T>::insert(
            patient,
            Patient {
                custodian: custodian.clone(),
                enrolled_at,
                nonce: 0,
                versions: 0,
                past: Default::default(),
                overflow: 0,
            },
        );
        T::Audit::append(Some(custodian), Kind::PatientEnrolled, account_subject(patient), Some(patient))
    }
}

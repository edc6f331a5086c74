//! Enrolment, consents, mandates, and what is owed after a consent has ended.

use super::{Call, call};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    consent::{ConsentTerms, Mandate, PatientSignature, Settlement},
};

/// `Consent.enrol`.
pub fn enrol(patient: &AccountId) -> Call {
    call("Consent", "enrol", (patient,))
}

/// `Consent.grant`.
pub fn grant(
    terms: &ConsentTerms,
    grantor: &AccountId,
    valid_until: UnixSeconds,
    signature: &PatientSignature,
) -> Call {
    call("Consent", "grant", (terms, grantor, valid_until, signature))
}

/// `Consent.revoke`.
pub fn revoke(
    patient: &AccountId,
    id: u32,
    grantor: &AccountId,
    valid_until: UnixSeconds,
    signature: &PatientSignature,
) -> Call {
    call("Consent", "revoke", (patient, id, grantor, valid_until, signature))
}

/// `Consent.end_by_order`, for the council.
pub fn end_by_order(patient: &AccountId, id: u32, order: H256) -> Call {
    call("Consent", "end_by_order", (patient, id, order))
}

/// `Consent.appoint`: with the patient's approval (last second and signature) for a delegate, without for a guardian.
pub fn appoint(
    patient: &AccountId,
    guardian: &AccountId,
    mandate: &Mandate,
    approval: Option<(UnixSeconds, PatientSignature)>,
) -> Call {
    call("Consent", "appoint", (patient, guardian, mandate, approval))
}

/// `Consent.dismiss`.
pub fn dismiss(
    patient: &AccountId,
    guardian: &AccountId,
    approval: Option<(UnixSeconds, PatientSignature)>,
) -> Call {
    call("Consent", "dismiss", (patient, guardian, approval))
}

/// `Consent.report_use`.
pub fn report_use(patient: &AccountId, consent: u32, reader: &AccountId) -> Call {
    call("Consent", "report_use", (patient, consent, reader))
}

/// `Consent.settle`.
pub fn settle(patient: &AccountId, consent: u32, how: Settlement) -> Call {
    call("Consent", "settle", (patient, consent, how))
}

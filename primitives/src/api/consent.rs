//! Patients and consents, as clients and workers ask for them.

#[cfg(doc)]
use super::MAX_PAGE;
use crate::{
    AccountId, BlockNumber, UnixSeconds,
    consent::{
        ConsentTerms, ConsentVersion, Decision, Guardianship, Mandate, OwedPage, Patient, Question, Use,
    },
    signature::RelyingParty,
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Patients and consents.
    pub trait ConsentApi {
        /// An enrolled patient key.
        fn patient(patient: AccountId) -> Option<Patient>;
        /// All versions of a patient's consents, by id.
        fn consents(patient: AccountId) -> Vec<ConsentVersion>;
        /// The decision now.
        fn decide(question: Question) -> Decision;
        /// The decision as it was at block `at` (not later than this one), `now` being that block's time.
        fn decide_at(question: Question, at: BlockNumber, now: UnixSeconds) -> Decision;
        /// The text that `grantor` signs for these terms, with the key's next nonce; `None` if patient or
        /// custodian are unknown.
        fn grant_text(terms: ConsentTerms, grantor: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// The text that `grantor` signs to withdraw a consent, with the key's next nonce; `None` if the
        /// patient is unknown.
        fn revoke_text(patient: AccountId, id: u32, grantor: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// The text that a patient signs for a mandate.
        fn appoint_text(patient: AccountId, delegate: AccountId, mandate: Mandate, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// The text that a patient signs to end a mandate.
        fn dismiss_text(patient: AccountId, delegate: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>>;
        /// Who may or might once sign for a patient.
        fn guardians(patient: AccountId) -> Vec<(AccountId, Guardianship)>;
        /// What a hospital owes since consents under which it had read have ended, from `after` on in the
        /// order of the keys; at most `limit`, and never more than [`MAX_PAGE`].
        fn owed(hospital: AccountId, after: Option<(AccountId, u32)>, limit: u32) -> OwedPage;
        /// The hospitals that read under a consent.
        fn uses(patient: AccountId, consent: u32) -> Vec<(AccountId, Use)>;
        /// The relying parties whose passkeys may sign, in no order that means anything.
        fn relying_parties() -> Vec<RelyingParty>;
    }
}

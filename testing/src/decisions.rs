//! The fakes of [`ConsentCheck`] and [`EmergencyCheck`].

use frame_support::{pallet_prelude::ValueQuery, parameter_types, storage_alias};
use galen_primitives::{
    AccountId, H256,
    consent::{Basis, Decision, Outcome, Part, Question, Reason},
    emergency::Ruling,
    traits::{ConsentCheck, EmergencyCheck},
};
use sp_runtime::{DispatchResult, Weight};
use std::collections::BTreeMap;

// What a decision and a ruling cost here, about whomever.
const WEIGHT: Weight = Weight::from_parts(1_000, 10);

/// The decision that permits on the root of this consent, with no obligations.
pub fn permit(consent: u32) -> Decision {
    let basis = Some(Basis { consent, part: Part::Root });
    Decision { outcome: Outcome::Permit, basis, ..Decision::refuse(Reason::Root) }
}

fn refuse(_: &Question) -> Decision {
    Decision::refuse(Reason::NoConsent)
}

parameter_types! {
    static Rule: fn(&Question) -> Decision = refuse;
    static Custodians: BTreeMap<AccountId, AccountId> = BTreeMap::new();
    static LastQuestion: Option<Question> = None;
}

// In storage, so that a use that a failed call noted is undone with the call.
#[storage_alias]
type Uses = StorageValue<FakeConsent, Vec<(AccountId, u32, AccountId)>, ValueQuery>;

/// Consents that decide by one rule, which refuses everything until a test gives another.
pub struct FakeConsent;

impl FakeConsent {
    /// Enrols a patient's key, or moves it to another custodian.
    pub fn enrol(patient: &AccountId, custodian: &AccountId) {
        Custodians::mutate(|custodians| custodians.insert(patient.clone(), custodian.clone()));
    }

    /// Decides by this rule from here on.
    pub fn decide_by(rule: fn(&Question) -> Decision) {
        Rule::set(rule);
    }

    /// The question that was asked last, in a failed call too.
    pub fn last_question() -> Option<Question> {
        LastQuestion::get()
    }

    /// The uses that were noted, oldest first: patient, consent, hospital.
    pub fn uses() -> Vec<(AccountId, u32, AccountId)> {
        Uses::get()
    }
}

impl ConsentCheck for FakeConsent {
    fn decide(question: &Question) -> Decision {
        LastQuestion::set(Some(question.clone()));
        Rule::get()(question)
    }
    fn custodian_of(patient: &AccountId) -> Option<AccountId> {
        Custodians::get().get(patient).cloned()
    }
    fn note_use(patient: &AccountId, consent: u32, hospital: &AccountId) -> DispatchResult {
        Uses::append((patient.clone(), consent, hospital.clone()));
        Ok(())
    }
    fn weight() -> Weight {
        WEIGHT
    }
    fn weight_of(_: &AccountId) -> Weight {
        WEIGHT
    }
}

parameter_types! {
    /// The one ruling on every question, which refuses until a test sets another.
    pub static FakeEmergency: Ruling = Ruling::refuse(Reason::NoConsent);
    static LastRuled: Option<(Question, Option<H256>)> = None;
}

impl FakeEmergency {
    /// Sets the decision of the ruling.
    pub fn set_decision(decision: Decision) {
        Self::mutate(|ruling| ruling.decision = decision);
    }

    /// Sets the access on which the ruling rests.
    pub fn set_access(access: Option<H256>) {
        Self::mutate(|ruling| ruling.access = access);
    }

    /// The question that was asked last, and the record that it was about.
    pub fn last_question() -> Option<(Question, Option<H256>)> {
        LastRuled::get()
    }
}

impl EmergencyCheck for FakeEmergency {
    fn rule(question: &Question, record: Option<&H256>) -> Ruling {
        LastRuled::set(Some((question.clone(), record.copied())));
        Self::get()
    }
    fn weight() -> Weight {
        WEIGHT
    }
    fn weight_of(_: &AccountId) -> Weight {
        WEIGHT
    }
}

/// Sets everything here back to what it is at the beginning of a test.
pub(crate) fn reset() {
    Rule::set(refuse);
    Custodians::take();
    LastQuestion::take();
    FakeEmergency::set(Ruling::refuse(Reason::NoConsent));
    LastRuled::take();
}

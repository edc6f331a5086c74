//! A chain with this pallet alone, the members General and Mercy, and patients of General with records.

use crate::{self as pallet_emergency, Call};
use frame_support::parameter_types;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Decision, Obligations, Outcome, Purpose, Question, Reason},
    emergency::{Finding, Ruling, Urgency},
    records::{Record, RecordAttributes, RecordFacts},
    traits::EmergencyCheck,
};
use galen_testing::{AuditEntry, TestExternalities, dispatch, permit};
pub use galen_testing::{
    Clock, FakeAudit, FakeConsent, FakeConsortium, FakeRecords, GENESIS, START, account, general, hash, mercy,
};
use sp_runtime::DispatchResult;
use std::collections::{BTreeMap, BTreeSet};

galen_testing::test_runtime! { 1: Emergency = pallet_emergency, }

pub const ACCESS: u64 = 100;
pub const REVIEW: u64 = 300;
pub const MAX_OPEN: u32 = 3;
/// The consent that permits, where one does.
pub const CONSENT: u32 = 5;

/// What the consents of a patient say about every use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentAnswer {
    Permit,
    Deny,
    Refuse(Reason),
}

parameter_types! {
    /// By patient.
    pub static Consents: BTreeMap<AccountId, ConsentAnswer> = Default::default();
    /// Practitioners whom every patient denies.
    pub static DeniedActors: BTreeSet<H256> = Default::default();
    pub const AccessSeconds: u64 = ACCESS;
    pub const ReviewSeconds: u64 = REVIEW;
    pub const MaxOpen: u32 = MAX_OPEN;
}

impl pallet_emergency::Config for Test {
    type Consortium = FakeConsortium;
    type Consent = FakeConsent;
    type Records = FakeRecords;
    type Audit = FakeAudit;
    type Time = Clock;
    type GovernOrigin = frame_system::EnsureRoot<AccountId>;
    type AccessSeconds = AccessSeconds;
    type ReviewSeconds = ReviewSeconds;
    type MaxOpen = MaxOpen;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

fn decide(question: &Question) -> Decision {
    let deny = Decision { outcome: Outcome::Deny, ..permit(CONSENT) };
    if question.actors.iter().any(|actor| DeniedActors::get().contains(actor)) {
        return deny;
    }
    match Consents::get().get(&question.patient) {
        None => Decision::refuse(Reason::NotEnrolled),
        Some(ConsentAnswer::Refuse(reason)) => Decision::refuse(*reason),
        Some(ConsentAnswer::Deny) => deny,
        Some(ConsentAnswer::Permit) => {
            let break_glass_review = question.purpose == Purpose::Btg;
            let obligations = Obligations { break_glass_review, ..Default::default() };
            Decision { obligations, ..permit(CONSENT) }
        }
    }
}

/// The patients; none of their consents says anything at the start.
pub fn patient(n: u8) -> AccountId {
    account(70 + n)
}
/// The practitioners of the tests.
pub fn doctor(n: u8) -> H256 {
    hash(200 + n)
}
/// The record number `n` of a patient.
pub fn record(of: u8, n: u8) -> H256 {
    hash(10 * of + n)
}
pub fn facts(n: u8) -> RecordFacts {
    RecordFacts { name: Some(hash(n)), ..Default::default() }
}

/// Dispatches as a transaction would: an error undoes everything.
pub fn submit(origin: RuntimeOrigin, call: Call<Test>) -> DispatchResult {
    dispatch::<Test>(origin, call)
}

pub fn open_for(hospital: &AccountId, patient: &AccountId, record: Option<H256>, by: H256) -> DispatchResult {
    let (patient, reason, note) = (patient.clone(), Urgency::DangerInDelay, hash(99));
    let call = Call::open_access { patient, record, by, reason, note };
    submit(RuntimeOrigin::signed(hospital.clone()), call)
}

/// The access that was opened last.
pub fn last() -> H256 {
    let opened = |(_, kind, ..): &&AuditEntry| *kind == Kind::AccessOpened;
    FakeAudit::entries().iter().rfind(opened).unwrap().2
}

pub fn review(origin: RuntimeOrigin, id: H256, by: H256, finding: Finding) -> DispatchResult {
    submit(origin, Call::review { id, by, finding, note: hash(98) })
}

pub fn rule(hospital: &AccountId, patient: &AccountId, record: Option<H256>, purpose: Purpose) -> Ruling {
    let question = Question {
        patient: patient.clone(),
        custodian: general(),
        requester: hospital.clone(),
        actors: Default::default(),
        purpose,
        record: record.and_then(|id| FakeRecords::get().get(&id).map(|known| known.attributes.facts.clone())),
    };
    Emergency::rule(&question, record.as_ref())
}

/// Sets what the consents of a patient of General say.
pub fn set_answer(patient: &AccountId, says: ConsentAnswer) {
    FakeConsent::enrol(patient, &general());
    Consents::mutate(|consents| consents.insert(patient.clone(), says));
}

pub fn wait(seconds: u64) {
    Clock::set(Clock::get() + seconds);
    System::set_block_number(System::block_number() + 1);
}

/// At block 1, with two members, two patients of General, whose consents say nothing, and two records of
/// each.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        FakeConsortium::admit(&general(), "General");
        FakeConsortium::admit(&mercy(), "Mercy");
        FakeConsent::decide_by(decide);
        Consents::take();
        DeniedActors::take();
        for of in [1, 2] {
            set_answer(&patient(of), ConsentAnswer::Refuse(Reason::NoConsent));
            for n in [0, 1] {
                let attributes = RecordAttributes { patient: patient(of), facts: facts(n) };
                let anchored = Record::new(general(), attributes, 0);
                FakeRecords::mutate(|records| records.insert(record(of, n), anchored));
            }
        }
    })
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Emergency::do_try_state, test)
}

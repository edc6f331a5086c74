//! A runtime of this pallet alone; members, consents, records and the clock are told by the tests, and the audit log is in
//! storage, so that it rolls back with a call.

use crate::{self as pallet_emergency, Call, Pallet};
use frame_support::{derive_impl, parameter_types, storage_alias, traits::UnixTime};
use frame_system::mocking::MockBlockU32;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Basis, Decision, Obligations, Outcome, Part, Purpose, Question, Reason},
    emergency::{Finding, Ruling, Urgency},
    member::{MemberName, Quotas},
    records::{Record, RecordAttributes, RecordFacts},
    traits::{AuditSink, ConsentCheck, Consortium, EmergencyCheck, RecordLookup},
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult, Weight,
    traits::{Dispatchable, IdentityLookup},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Emergency = pallet_emergency;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

pub const GENESIS: H256 = H256([0x47; 32]);
pub const START: u64 = 1_700_000_000;
pub const ACCESS: u64 = 100;
pub const REVIEW: u64 = 300;
pub const MAX_OPEN: u32 = 3;
/// The consent that permits, where one does.
pub const CONSENT: u32 = 5;

/// What the consents of a patient say about every use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Permit,
    Deny,
    Nothing(Reason),
}

parameter_types! {
    pub static Clock: u64 = START;
    pub static Members: BTreeSet<AccountId> = Default::default();
    /// By patient; one that is not here is not enrolled.
    pub static Consents: BTreeMap<AccountId, Says> = Default::default();
    /// Practitioners whom every patient denies.
    pub static DeniedActors: BTreeSet<H256> = Default::default();
    pub static Records: BTreeMap<H256, Record> = Default::default();
    pub static Asked: Option<Question> = None;
    pub const AccessSeconds: u64 = ACCESS;
    pub const ReviewSeconds: u64 = REVIEW;
    pub const MaxOpen: u32 = MAX_OPEN;
}

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(Clock::get())
    }
}

impl pallet_emergency::Config for Test {
    type Consortium = Told;
    type Consent = Told;
    type Records = Told;
    type Audit = Log;
    type Time = Clock;
    type GovernOrigin = frame_system::EnsureRoot<AccountId>;
    type AccessSeconds = AccessSeconds;
    type ReviewSeconds = ReviewSeconds;
    type MaxOpen = MaxOpen;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Told;
}

/// Answers what the tests told it.
pub struct Told;

impl Consortium for Told {
    fn is_member(account: &AccountId) -> bool {
        Members::get().contains(account)
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(_: &AccountId) -> Option<H256> {
        None
    }
    fn member_of_worker_key(_: &H256) -> Option<AccountId> {
        None
    }
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

impl ConsentCheck for Told {
    fn decide(question: &Question) -> Decision {
        Asked::set(Some(question.clone()));
        let basis = Some(Basis { consent: CONSENT, part: Part::Root });
        let deny = Decision { outcome: Outcome::Deny, basis, ..Decision::refuse(Reason::Root) };
        if question.actors.iter().any(|actor| DeniedActors::get().contains(actor)) {
            return deny;
        }
        match Consents::get().get(&question.patient) {
            None => Decision::refuse(Reason::NotEnrolled),
            Some(Says::Nothing(reason)) => Decision::refuse(*reason),
            Some(Says::Deny) => deny,
            Some(Says::Permit) => Decision {
                outcome: Outcome::Permit,
                obligations: Obligations {
                    break_glass_review: question.purpose == Purpose::Btg,
                    ..Default::default()
                },
                ..deny
            },
        }
    }
    fn custodian_of(patient: &AccountId) -> Option<AccountId> {
        Consents::get().contains_key(patient).then(general)
    }
    fn note_use(_: &AccountId, _: u32, _: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn weight() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn weight_of(_: &AccountId) -> Weight {
        Weight::from_parts(1, 0)
    }
}

impl RecordLookup for Told {
    fn record(id: &H256) -> Option<Record> {
        Records::get().get(id).cloned()
    }
}

pub type LogEntry = (Option<AccountId>, Kind, H256, Option<AccountId>);

#[storage_alias]
type Entries = StorageValue<MockAudit, Vec<LogEntry>, frame_support::pallet_prelude::ValueQuery>;
#[storage_alias]
type Broken = StorageValue<MockAudit, bool, frame_support::pallet_prelude::ValueQuery>;

pub struct Log;

impl Log {
    pub fn entries() -> Vec<LogEntry> {
        Entries::get()
    }
    pub fn break_down(broken: bool) {
        Broken::put(broken);
    }
}

impl AuditSink for Log {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        Entries::append((hospital.cloned(), kind, subject, patient.cloned()));
        // Fails after writing: nothing of it may remain.
        if Broken::get() { Err(DispatchError::Unavailable) } else { Ok(()) }
    }
}

pub fn account(n: u8) -> AccountId {
    AccountId::new([n; 32])
}
/// Keeps all records.
pub fn general() -> AccountId {
    account(1)
}
pub fn mercy() -> AccountId {
    account(2)
}
/// The patients; none of their consents says anything at the start.
pub fn patient(n: u8) -> AccountId {
    account(70 + n)
}
pub fn hash(n: u8) -> H256 {
    H256([n; 32])
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
    RuntimeCall::from(call).dispatch(origin).map(|_| ()).map_err(|refused| refused.error)
}

pub fn open_for(hospital: &AccountId, patient: &AccountId, record: Option<H256>, by: H256) -> DispatchResult {
    let (patient, reason, note) = (patient.clone(), Urgency::DangerInDelay, hash(99));
    let call = Call::open_access { patient, record, by, reason, note };
    submit(RuntimeOrigin::signed(hospital.clone()), call)
}

/// The access that was opened last.
pub fn last() -> H256 {
    let opened = |(_, kind, ..): &&LogEntry| *kind == Kind::AccessOpened;
    Log::entries().iter().rfind(opened).unwrap().2
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
        record: record.and_then(|id| Records::get().get(&id).map(|known| known.attributes.facts.clone())),
    };
    Emergency::rule(&question, record.as_ref())
}

pub fn say(patient: &AccountId, says: Says) {
    Consents::mutate(|consents| consents.insert(patient.clone(), says));
}

pub fn wait(seconds: u64) {
    Clock::set(Clock::get() + seconds);
    System::set_block_number(System::block_number() + 1);
}

/// Runs a test at block 1 with two members, two patients of General and two records of each, and checks the invariants
/// after it.
pub fn run(test: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        Clock::set(START);
        Members::set([general(), mercy()].into());
        Consents::set([1, 2].map(|n| (patient(n), Says::Nothing(Reason::NoConsent))).into());
        DeniedActors::set(Default::default());
        let anchored = |of, n| {
            let attributes = RecordAttributes { patient: patient(of), facts: facts(n) };
            (record(of, n), Record::new(general(), attributes, 0))
        };
        Records::set([(1, 0), (1, 1), (2, 0), (2, 1)].map(|(of, n)| anchored(of, n)).into());
        Asked::set(None);
        frame_system::BlockHash::<Test>::insert(0, GENESIS);
        System::set_block_number(1);
        test();
        Pallet::<Test>::do_try_state().unwrap();
    });
}

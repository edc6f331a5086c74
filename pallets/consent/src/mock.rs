//! A runtime of this pallet alone, with a consortium and an audit log in storage, so that both roll back with a call.

use crate::{self as pallet_consent, Call, Pallet};
use frame_support::{derive_impl, parameter_types, storage_alias, traits::UnixTime};
use frame_system::mocking::MockBlockU32;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{
        Confidentiality, ConsentTerms, Effect, Mandate, PatientSignature, Provision, Purpose, Question,
        Standing, decision::id,
    },
    member::{MemberName, Quotas},
    records::RecordFacts,
    traits::{AuditSink, Consortium},
};
use sp_core::{Pair, ed25519, sr25519};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult,
    traits::{Dispatchable, IdentityLookup},
};
use std::time::Duration;

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
    pub type Consent = pallet_consent;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

pub const GENESIS: H256 = H256([0x47; 32]);
pub const START: u64 = 1_700_000_000;
pub const DAY: u64 = 86_400;
/// How many consents are judged one by one, and how many of them may permit something.
pub const MAX_LIVE: u32 = 4;
pub const MAX_GRANTS: u32 = 3;
pub const SETTLE_PERIOD: u64 = 30 * DAY;
pub const MAX_TEXT_AGE: u64 = 7 * DAY;

parameter_types! {
    pub static Clock: u64 = START;
    pub const MaxLive: u32 = MAX_LIVE;
    pub const MaxGrants: u32 = MAX_GRANTS;
    pub const SettlePeriod: u64 = SETTLE_PERIOD;
    pub const MaxTextAge: u64 = MAX_TEXT_AGE;
}

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(Clock::get())
    }
}

impl pallet_consent::Config for Test {
    type Consortium = Hospitals;
    type Audit = Log;
    type Time = Clock;
    type GovernOrigin = frame_system::EnsureRoot<AccountId>;
    type MaxLive = MaxLive;
    type MaxGrants = MaxGrants;
    type SettlePeriod = SettlePeriod;
    type MaxTextAge = MaxTextAge;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Hospitals;
}

/// Grants that each member may still relay.
#[storage_alias]
type Quota = StorageMap<MockConsortium, frame_support::Blake2_128Concat, AccountId, u32>;
#[storage_alias]
type Names = StorageMap<MockConsortium, frame_support::Blake2_128Concat, AccountId, MemberName>;

pub struct Hospitals;

impl Hospitals {
    pub fn admit(account: &AccountId, name: &str, grants: u32) {
        Names::insert(account, MemberName::truncate_from(name.as_bytes().to_vec()));
        Quota::insert(account, grants);
    }
    pub fn evict(account: &AccountId) {
        Names::remove(account);
    }
    pub fn left(account: &AccountId) -> u32 {
        Quota::get(account).unwrap_or(0)
    }
}

impl Consortium for Hospitals {
    fn is_member(account: &AccountId) -> bool {
        Names::contains_key(account)
    }
    fn name(account: &AccountId) -> Option<MemberName> {
        Names::get(account)
    }
    fn worker_key(_: &AccountId) -> Option<H256> {
        None
    }
    fn member_of_worker_key(_: &H256) -> Option<AccountId> {
        None
    }
    fn quotas(account: &AccountId) -> Option<Quotas> {
        Some(Quotas { grants_per_day: Quota::get(account)?, open_jobs: 0 })
    }
    fn charge_grant(account: &AccountId) -> DispatchResult {
        let left = Self::left(account).checked_sub(1).ok_or(DispatchError::Exhausted)?;
        Quota::insert(account, left);
        Ok(())
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

pub fn hospital(n: u8) -> AccountId {
    AccountId::new([n; 32])
}
/// Keeps the records of the first two patients.
pub fn general() -> AccountId {
    hospital(1)
}
pub fn mercy() -> AccountId {
    hospital(2)
}
pub fn outsider() -> AccountId {
    hospital(9)
}

/// A patient's wallet of either kind, which signs bare or wrapped.
#[derive(Clone)]
pub enum Wallet {
    Sr(Box<sr25519::Pair>, bool),
    Ed(Box<ed25519::Pair>, bool),
}

impl Wallet {
    pub fn sr(seed: u8) -> Self {
        Wallet::Sr(Box::new(sr25519::Pair::from_seed(&[seed; 32])), false)
    }
    pub fn ed(seed: u8) -> Self {
        Wallet::Ed(Box::new(ed25519::Pair::from_seed(&[seed; 32])), false)
    }
    /// The same key in a wallet that wraps what it signs.
    pub fn wrapping(self) -> Self {
        match self {
            Wallet::Sr(pair, _) => Wallet::Sr(pair, true),
            Wallet::Ed(pair, _) => Wallet::Ed(pair, true),
        }
    }
    pub fn key(&self) -> AccountId {
        match self {
            Wallet::Sr(pair, _) => pair.public().0.into(),
            Wallet::Ed(pair, _) => pair.public().0.into(),
        }
    }
    pub fn sign(&self, text: &[u8]) -> PatientSignature {
        let message = match self {
            Wallet::Sr(_, true) | Wallet::Ed(_, true) => [b"<Bytes>", text, b"</Bytes>"].concat(),
            _ => text.to_vec(),
        };
        match self {
            Wallet::Sr(pair, _) => PatientSignature::Sr25519(pair.sign(&message)),
            Wallet::Ed(pair, _) => PatientSignature::Ed25519(pair.sign(&message)),
        }
    }
}

/// Dispatches as a transaction would: an error undoes everything.
pub fn submit(who: &AccountId, call: Call<Test>) -> DispatchResult {
    RuntimeCall::from(call)
        .dispatch(RuntimeOrigin::signed(who.clone()))
        .map(|_| ())
        .map_err(|refused| refused.error)
}

pub fn enrol(custodian: &AccountId, patient: &AccountId) -> DispatchResult {
    submit(custodian, Call::enrol { patient: patient.clone() })
}

/// A grant by the patient.
pub fn grant(relayer: &AccountId, wallet: &Wallet, terms: &ConsentTerms) -> DispatchResult {
    grant_by(relayer, wallet, terms)
}

/// A grant by whoever holds the wallet.
pub fn grant_by(relayer: &AccountId, signer: &Wallet, terms: &ConsentTerms) -> DispatchResult {
    let (grantor, valid_until) = (signer.key(), Clock::get() + 60);
    let text = Consent::grant_text(terms, &grantor, valid_until).unwrap_or_default();
    let signature = signer.sign(&text);
    submit(relayer, Call::grant { terms: terms.clone(), grantor, valid_until, signature })
}

/// A withdrawal by the patient.
pub fn revoke(relayer: &AccountId, wallet: &Wallet, id: u32) -> DispatchResult {
    revoke_by(relayer, wallet, &wallet.key(), id)
}

/// A withdrawal by whoever holds the wallet.
pub fn revoke_by(relayer: &AccountId, signer: &Wallet, patient: &AccountId, id: u32) -> DispatchResult {
    let (grantor, valid_until) = (signer.key(), Clock::get() + 60);
    let text = Consent::revoke_text(patient, id, &grantor, valid_until).unwrap_or_default();
    let signature = signer.sign(&text);
    submit(relayer, Call::revoke { patient: patient.clone(), id, grantor, valid_until, signature })
}

pub fn label(n: u8) -> H256 {
    H256([n; 32])
}

/// An actor's id.
pub fn actor(account: &AccountId) -> H256 {
    id(account)
}

/// A rule about Mercy.
pub fn rule(effect: Effect) -> Provision {
    Provision { actors: vec![actor(&mercy())].try_into().unwrap(), ..Provision::all(effect) }
}

/// General's patient allows Mercy: treatment, up to normal, no labels, without end.
pub fn terms(patient: &AccountId) -> ConsentTerms {
    ConsentTerms {
        patient: patient.clone(),
        custodian: general(),
        policy: Default::default(),
        root: Provision {
            purposes: vec![Purpose::Treat].try_into().unwrap(),
            levels: vec![Confidentiality::N].try_into().unwrap(),
            ..rule(Effect::Permit)
        },
        exceptions: Default::default(),
        duo: Default::default(),
        supersedes: None,
        form: H256([0xF0; 32]),
    }
}

/// The same patient refuses Mercy marketing.
pub fn denial(patient: &AccountId) -> ConsentTerms {
    let purposes = vec![Purpose::Hmarkt].try_into().unwrap();
    ConsentTerms { root: Provision { purposes, ..rule(Effect::Deny) }, ..terms(patient) }
}

/// The terms with another root.
pub fn with_root(terms: &ConsentTerms, change: impl FnOnce(&mut Provision)) -> ConsentTerms {
    let mut terms = terms.clone();
    change(&mut terms.root);
    terms
}

/// What [`terms`] permit.
pub fn question(patient: &AccountId) -> Question {
    Question {
        patient: patient.clone(),
        custodian: general(),
        requester: mercy(),
        actors: Default::default(),
        purpose: Purpose::Treat,
        record: Some(RecordFacts::default()),
    }
}

/// The question about another record.
pub fn about(question: &Question, change: impl FnOnce(&mut RecordFacts)) -> Question {
    let mut record = question.record.clone().unwrap_or_default();
    change(&mut record);
    Question { record: Some(record), ..question.clone() }
}

/// A mandate that allows everything, for ever.
pub fn mandate(standing: Standing) -> Mandate {
    Mandate {
        standing,
        start: None,
        end: None,
        may_grant: true,
        may_withdraw: true,
        purposes: Default::default(),
        paper: H256([0xBA; 32]),
    }
}

pub fn to_block(number: u32) {
    System::set_block_number(number);
}

/// Runs a test at block 1 in a consortium of General and Mercy, and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        Clock::set(START);
        frame_system::BlockHash::<Test>::insert(0, GENESIS);
        to_block(1);
        Hospitals::admit(&general(), "General", 1_000_000);
        Hospitals::admit(&mercy(), "Mercy", 1_000_000);
        test();
        Pallet::<Test>::do_try_state().unwrap();
    });
}

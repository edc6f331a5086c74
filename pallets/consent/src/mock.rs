//! A chain with this pallet alone and the members General and Mercy.

use crate::{self as pallet_consent, Call};
use frame_support::parameter_types;
use galen_primitives::{
    AccountId, H256,
    consent::{
        Confidentiality, ConsentTerms, Effect, Mandate, PatientSignature, Provision, Purpose, Question,
        Standing, decision::id,
    },
    records::RecordFacts,
};
use galen_testing::TestExternalities;
pub use galen_testing::{
    Clock, DAY, FakeAudit, FakeConsortium, GENESIS, START, account as hospital, general, hash as label,
    mercy, outsider,
};
use sp_core::{Pair, ed25519, sr25519};
use sp_runtime::DispatchResult;

galen_testing::test_runtime! { 1: Consent = pallet_consent, }

/// How many consents are judged one by one, and how many of them may permit something.
pub const MAX_LIVE: u32 = 4;
pub const MAX_GRANTS: u32 = 3;
pub const SETTLE_PERIOD: u64 = 30 * DAY;
pub const MAX_TEXT_AGE: u64 = 7 * DAY;

parameter_types! {
    pub const MaxLive: u32 = MAX_LIVE;
    pub const MaxGrants: u32 = MAX_GRANTS;
    pub const SettlePeriod: u64 = SETTLE_PERIOD;
    pub const MaxTextAge: u64 = MAX_TEXT_AGE;
}

impl pallet_consent::Config for Test {
    type Consortium = FakeConsortium;
    type Audit = FakeAudit;
    type Time = Clock;
    type GovernOrigin = frame_system::EnsureRoot<AccountId>;
    type MaxLive = MaxLive;
    type MaxGrants = MaxGrants;
    type SettlePeriod = SettlePeriod;
    type MaxTextAge = MaxTextAge;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
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
    galen_testing::submit::<Test>(who, call)
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

/// At block 1, in a consortium of General and Mercy.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        FakeConsortium::admit(&general(), "General");
        FakeConsortium::admit(&mercy(), "Mercy");
    })
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Consent::do_try_state, test)
}

//! A chain with this pallet alone: hospitals 1 and 2 with their worker keys, their records, and one approved
//! model.

use crate::{self as pallet_summaries, *};
use frame_support::traits::ConstU32;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Confidentiality, Decision, Purpose},
    records::{Record, RecordAttributes, RecordFacts},
    summary::{Failure, Job, Outcome, Receipt, submission_payload},
};
use galen_testing::TestExternalities;
pub use galen_testing::{
    FakeAudit, FakeConsent, FakeConsortium, FakeEmergency, FakeModels, FakeRecords, account as hospital,
    hash as record_id, worker as worker_pair, worker_key,
};
use sp_core::{Pair, sr25519};
use sp_runtime::{
    DispatchResult,
    transaction_validity::{TransactionValidityError, ValidTransaction},
};

galen_testing::test_runtime! { 1: Summaries = pallet_summaries, }

pub const DEADLINE: u32 = 40;
pub const MAX_OPEN: u32 = 6;

impl Config for Test {
    type Consortium = FakeConsortium;
    type Consent = FakeConsent;
    type Emergency = FakeEmergency;
    type Records = FakeRecords;
    type Models = FakeModels;
    type Audit = FakeAudit;
    type Deadline = ConstU32<DEADLINE>;
    type MaxOpenJobs = ConstU32<MAX_OPEN>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

pub fn audited(kind: Kind, job: H256) -> usize {
    FakeAudit::entries().iter().filter(|entry| entry.1 == kind && entry.2 == job).count()
}

pub fn permit() -> Decision {
    galen_testing::permit(3)
}

pub fn patient() -> AccountId {
    hospital(77)
}

pub const MODEL: H256 = H256([200; 32]);

pub fn facts() -> RecordFacts {
    let labels = vec![H256([9; 32])].try_into().unwrap();
    RecordFacts { level: Confidentiality::R, labels, ..Default::default() }
}

pub fn record_of(number: u8) -> Record {
    Record::new(hospital(number), RecordAttributes { patient: patient(), facts: facts() }, 0)
}

/// At block 1, hospitals 1 and 2 with worker keys and room for four jobs each, three records each, and one
/// approved model.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        for n in [1, 2] {
            FakeConsortium::admit_with_key(n);
            FakeConsortium::set_open_jobs(&hospital(n), 4);
            for i in 0..3 {
                FakeRecords::mutate(|records| records.insert(record_id(n * 10 + i), record_of(n)));
            }
        }
        FakeModels::set([MODEL].into());
        FakeEmergency::set_decision(permit());
        FakeConsent::decide_by(|_| panic!("consents are asked with emergencies counted in"));
    })
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Summaries::do_try_state, test)
}

/// What the nonce check does before a signed call runs, and then the call, as a transaction.
pub fn dispatch_signed(who: AccountId, call: Call<Test>) -> DispatchResult {
    System::inc_account_nonce(&who);
    galen_testing::submit::<Test>(&who, call)
}

pub fn request(number: u8, record: H256) -> DispatchResult {
    dispatch_signed(hospital(number), Call::request { record, model: MODEL, purpose: Purpose::Treat })
}

/// Opens a job that must be opened; gives its id.
pub fn opened(number: u8, record: H256) -> H256 {
    request(number, record).unwrap();
    *OpenJobs::<Test>::get(hospital(number)).last().unwrap()
}

pub fn receipt(job: &Job) -> Receipt {
    Receipt {
        input: job.record,
        output: H256([50; 32]),
        model: job.model,
        adapter: None,
        template: H256([51; 32]),
        parameters: H256([52; 32]),
        engine: H256([53; 32]),
        consent: job.consent,
        access: job.access,
        prompt_tokens: 100,
        output_tokens: 20,
        unsupported: 1,
        millis: 900,
    }
}

pub fn done(id: H256) -> Outcome {
    Outcome::Done(receipt(&Jobs::<Test>::get(id).unwrap()))
}

pub fn failed() -> Outcome {
    Outcome::Failed(Failure::EngineFailed)
}

pub fn signed_submit(pair: &sr25519::Pair, job: H256, outcome: Outcome) -> Call<Test> {
    let genesis = System::block_hash(0);
    let signature = pair.sign(&submission_payload(&genesis, &job, &outcome));
    Call::submit { job, outcome, signature }
}

/// What the pool asks.
pub fn validate(call: &Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    galen_testing::validate::<Test>(call.clone())
}

/// What a block does with it.
pub fn include(call: Call<Test>) -> Result<DispatchResult, TransactionValidityError> {
    galen_testing::include::<Test>(call)
}

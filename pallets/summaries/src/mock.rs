//! A runtime with this pallet alone; the other pallets' answers are told by the tests.

use crate as pallet_summaries;
use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use codec::{Decode, Encode};
use frame_support::{
    derive_impl, parameter_types,
    storage::unhashed,
    traits::{Authorize, ConstU32},
    weights::Weight,
};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{self, Basis, Confidentiality, Decision, Part, Purpose, Question, Reason},
    emergency::Ruling,
    member::{MemberName, Quotas},
    model::Model,
    records::{Record, RecordAttributes, RecordFacts},
    summary::{Failure, Job, Outcome, Receipt, submission_payload},
    traits::{AuditSink, ConsentCheck, Consortium, EmergencyCheck, ModelLookup, RecordLookup},
};
use sp_core::{Pair, sr25519};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult, MultiSignature,
    generic::{self, UncheckedExtrinsic},
    traits::{BlakeTwo256, Dispatchable, IdentityLookup},
    transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
};

pub type TxExtension = frame_system::AuthorizeCall<Test>;
pub type Extrinsic = UncheckedExtrinsic<AccountId, RuntimeCall, MultiSignature, TxExtension>;
pub type Block = generic::Block<generic::Header<u32, BlakeTwo256>, Extrinsic>;

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
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Summaries = pallet_summaries::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

pub const DEADLINE: u32 = 40;
pub const MAX_OPEN: u32 = 6;

impl Config for Test {
    type Consortium = Told;
    type Consent = Told;
    type Emergency = Told;
    type Records = Told;
    type Models = Told;
    type Audit = Told;
    type Deadline = ConstU32<DEADLINE>;
    type MaxOpenJobs = ConstU32<MAX_OPEN>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Told;
}

impl<C> frame_system::offchain::CreateTransactionBase<C> for Test
where
    RuntimeCall: From<C>,
{
    type RuntimeCall = RuntimeCall;
    type Extrinsic = Extrinsic;
}

impl<C> frame_system::offchain::CreateTransaction<C> for Test
where
    RuntimeCall: From<C>,
{
    type Extension = TxExtension;
    fn create_transaction(call: RuntimeCall, extension: TxExtension) -> Extrinsic {
        Extrinsic::new_transaction(call, extension)
    }
}

impl<C> frame_system::offchain::CreateAuthorizedTransaction<C> for Test
where
    RuntimeCall: From<C>,
{
    fn create_extension() -> TxExtension {
        TxExtension::new()
    }
}

parameter_types! {
    pub static Members: BTreeMap<AccountId, (Option<H256>, u32)> = BTreeMap::new();
    pub static Records: BTreeMap<H256, Record> = BTreeMap::new();
    pub static Approved: BTreeSet<H256> = BTreeSet::new();
    pub static Answer: Decision = permit();
    pub static Opened: Option<H256> = None;
    pub static Asked: Option<(Question, Option<H256>)> = None;
    pub static AuditFull: bool = false;
}

/// Answers what the tests told it.
pub struct Told;

impl Consortium for Told {
    fn is_member(account: &AccountId) -> bool {
        Members::get().contains_key(account)
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(account: &AccountId) -> Option<H256> {
        Members::get().get(account)?.0
    }
    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        Members::get().into_iter().find(|(_, (own, _))| own.as_ref() == Some(key)).map(|(account, _)| account)
    }
    fn quotas(account: &AccountId) -> Option<Quotas> {
        Members::get().get(account).map(|(_, open_jobs)| Quotas { grants_per_day: 0, open_jobs: *open_jobs })
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

impl ConsentCheck for Told {
    fn decide(_: &Question) -> Decision {
        panic!("consents are asked with emergencies counted in")
    }
    fn custodian_of(_: &AccountId) -> Option<AccountId> {
        None
    }
    fn note_use(patient: &AccountId, consent: u32, hospital: &AccountId) -> DispatchResult {
        let mut used = used();
        used.push((patient.clone(), consent, hospital.clone()));
        unhashed::put(USED, &used);
        Ok(())
    }
    fn weight() -> Weight {
        Weight::from_parts(1, 0)
    }
    fn weight_of(_: &AccountId) -> Weight {
        Weight::from_parts(1, 0)
    }
}

impl EmergencyCheck for Told {
    fn rule(question: &Question, record: Option<&H256>) -> Ruling {
        Asked::set(Some((question.clone(), record.copied())));
        Ruling { decision: Answer::get(), access: Opened::get() }
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

impl ModelLookup for Told {
    fn model(_: &H256) -> Option<Model> {
        None
    }
    fn is_approved(hash: &H256) -> bool {
        Approved::get().contains(hash)
    }
}

pub type Logged = (Option<AccountId>, Kind, H256, Option<AccountId>);
const LOGGED: &[u8] = b"mock:audit";

impl AuditSink for Told {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        if AuditFull::get() {
            return Err(DispatchError::Exhausted);
        }
        // In state, so that it is undone with the call.
        let mut log = audit();
        log.push((hospital.cloned(), kind, subject, patient.cloned()));
        unhashed::put(LOGGED, &log);
        Ok(())
    }
}

const USED: &[u8] = b"mock:used";

/// The uses of consents that were noted.
pub fn used() -> Vec<(AccountId, u32, AccountId)> {
    unhashed::get_or_default(USED)
}

pub fn audit() -> Vec<Logged> {
    unhashed::get_or_default(LOGGED)
}

pub fn audited(kind: Kind, job: H256) -> usize {
    audit().iter().filter(|entry| entry.1 == kind && entry.2 == job).count()
}

pub fn permit() -> Decision {
    let basis = Some(Basis { consent: 3, part: Part::Root });
    Decision { outcome: consent::Outcome::Permit, basis, ..Decision::refuse(Reason::Root) }
}

pub fn hospital(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub fn patient() -> AccountId {
    AccountId::new([77; 32])
}

pub fn worker_pair(number: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[number; 32])
}

pub fn worker_key(number: u8) -> H256 {
    H256(worker_pair(number).public().0)
}

pub fn record_id(number: u8) -> H256 {
    H256([number; 32])
}

pub const MODEL: H256 = H256([200; 32]);

pub fn facts() -> RecordFacts {
    let labels = vec![H256([9; 32])].try_into().unwrap();
    RecordFacts { level: Confidentiality::R, labels, ..Default::default() }
}

pub fn record_of(number: u8) -> Record {
    Record::new(hospital(number), RecordAttributes { patient: patient(), facts: facts() }, 0)
}

/// Hospitals 1 and 2 with worker keys and room for four jobs each, three records each, and one approved model.
pub fn new_ext() -> sp_io::TestExternalities {
    let members = [1, 2].map(|n| (hospital(n), (Some(worker_key(n)), 4)));
    Members::set(members.into_iter().collect());
    let records =
        [1u8, 2].into_iter().flat_map(|n| (0..3).map(move |i| (record_id(n * 10 + i), record_of(n))));
    Records::set(records.collect());
    Approved::set([MODEL].into_iter().collect());
    Answer::set(permit());
    Opened::set(None);
    Asked::set(None);
    AuditFull::set(false);
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

pub fn run(test: impl FnOnce()) {
    new_ext().execute_with(|| {
        test();
        Summaries::do_try_state().unwrap();
    });
}

/// What the nonce check does before a signed call runs, and then the call, as a transaction.
pub fn dispatch_signed(who: AccountId, call: Call<Test>) -> DispatchResult {
    System::inc_account_nonce(&who);
    RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(who)).map(drop).map_err(|error| error.error)
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
    RuntimeCall::from(call.clone())
        .authorize(TransactionSource::External)
        .expect("submit is authorized")
        .map(|(validity, _)| validity)
}

/// What a block does with it: validates, then dispatches.
pub fn include(call: Call<Test>) -> Result<DispatchResult, TransactionValidityError> {
    validate(&call)?;
    Ok(RuntimeCall::from(call).dispatch(RawOrigin::Authorized.into()).map(drop).map_err(|error| error.error))
}

/// The call in an extrinsic that the offchain worker sent.
pub fn call_of(extrinsic: &[u8]) -> Call<Test> {
    match Extrinsic::decode(&mut &extrinsic[..]).unwrap().function {
        RuntimeCall::Summaries(call) => call,
        other => panic!("not a call of this pallet: {}", hex::encode(other.encode())),
    }
}

//! A runtime of this pallet alone, with members, custodians and an audit log in storage, so that all roll
//! back with a call.

use crate::{self as pallet_records, Call, Pallet};
use frame_support::{derive_impl, storage_alias};
use frame_system::mocking::MockBlockU32;
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Confidentiality, Decision, Question, Reason},
    member::{MemberName, Quotas},
    records::{
        RecordAttributes, RecordFacts,
        batch::{BatchTree, attributes_digest, attributes_salt, leaf},
    },
    traits::{AuditSink, ConsentCheck, Consortium},
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult, Weight,
    traits::{Dispatchable, IdentityLookup},
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
    pub type Records = pallet_records;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

impl pallet_records::Config for Test {
    type Consortium = Hospitals;
    type Consent = Custodians;
    type Audit = Log;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Hospitals;
}

#[storage_alias]
type Names = StorageMap<MockConsortium, frame_support::Blake2_128Concat, AccountId, MemberName>;

pub struct Hospitals;

impl Hospitals {
    pub fn admit(account: &AccountId, name: &str) {
        Names::insert(account, MemberName::truncate_from(name.as_bytes().to_vec()));
    }
    pub fn evict(account: &AccountId) {
        Names::remove(account);
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
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Exhausted)
    }
}

#[storage_alias]
type Enrolled = StorageMap<MockConsent, frame_support::Blake2_128Concat, AccountId, AccountId>;

/// Knows custodians and permits nothing.
pub struct Custodians;

impl Custodians {
    pub fn enrol(patient: &AccountId, custodian: &AccountId) {
        Enrolled::insert(patient, custodian);
    }
}

impl ConsentCheck for Custodians {
    fn decide(_: &Question) -> Decision {
        Decision::refuse(Reason::NoConsent)
    }
    fn custodian_of(patient: &AccountId) -> Option<AccountId> {
        Enrolled::get(patient)
    }
    fn note_use(_: &AccountId, _: u32, _: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
    fn weight() -> Weight {
        Weight::from_parts(1_000, 10)
    }
    fn weight_of(_: &AccountId) -> Weight {
        Self::weight()
    }
}

pub type LogEntry = (Option<AccountId>, Kind, H256, Option<AccountId>);

#[storage_alias]
type Entries = StorageValue<MockAudit, Vec<LogEntry>, frame_support::pallet_prelude::ValueQuery>;
/// The log fails once it has this many entries.
#[storage_alias]
type Room = StorageValue<MockAudit, u32>;

pub struct Log;

impl Log {
    pub fn entries() -> Vec<LogEntry> {
        Entries::get()
    }
    pub fn room_for(more: u32) {
        Room::put(Entries::get().len() as u32 + more);
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
        match Room::get() {
            Some(room) if Entries::get().len() as u32 > room => Err(DispatchError::Unavailable),
            _ => Ok(()),
        }
    }
}

pub fn general() -> AccountId {
    AccountId::new([1; 32])
}
pub fn mercy() -> AccountId {
    AccountId::new([2; 32])
}
pub fn outsider() -> AccountId {
    AccountId::new([9; 32])
}

/// Patients 0 to 3 are General's, 4 to 7 Mercy's; others are not enrolled.
pub fn patient(n: u8) -> AccountId {
    AccountId::new([100 + n; 32])
}

pub fn commitment(n: u64) -> H256 {
    H256::from_low_u64_be(n)
}

pub fn attributes(n: u8) -> RecordAttributes {
    RecordAttributes {
        patient: patient(n),
        facts: RecordFacts {
            level: Confidentiality::R,
            labels: vec![H256([1; 32]), H256([2; 32])].try_into().unwrap(),
            authored: Some(1_700_000_000),
            authors: vec![H256([7; 32])].try_into().unwrap(),
            name: Some(H256([8; 32])),
            related: vec![H256([9; 32])].try_into().unwrap(),
        },
    }
}

/// Dispatches as a transaction would: an error undoes everything.
pub fn submit(who: &AccountId, call: Call<Test>) -> DispatchResult {
    RuntimeCall::from(call)
        .dispatch(RuntimeOrigin::signed(who.clone()))
        .map(|_| ())
        .map_err(|refused| refused.error)
}

/// The same with other facts.
pub fn with_facts(n: u8, change: impl FnOnce(&mut RecordFacts)) -> RecordAttributes {
    let mut attributes = attributes(n);
    change(&mut attributes.facts);
    attributes
}

pub fn anchor(who: &AccountId, id: H256, of: u8) -> DispatchResult {
    submit(who, Call::anchor { commitment: id, attributes: attributes(of) })
}

pub fn supersede(who: &AccountId, old: H256, id: H256, of: u8) -> DispatchResult {
    submit(who, Call::supersede { old, commitment: id, attributes: attributes(of) })
}

pub fn erase(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::erase { commitment: id })
}

pub fn void(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::void { commitment: id, reason: REASON })
}

/// The fingerprint of a reason.
pub const REASON: H256 = H256([77; 32]);
/// A link to a record elsewhere.
pub const LINK: H256 = H256([78; 32]);

pub fn transfer(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::transfer { commitment: id, link: LINK })
}

/// The salt of the attributes of the record with this number.
pub fn salt(n: u64) -> H256 {
    attributes_salt(commitment(n).as_fixed_bytes())
}

/// What stands in the leaf of record `n` of patient `of` beside its commitment.
pub fn digest(n: u64, of: u8) -> H256 {
    attributes_digest(&salt(n), &attributes(of))
}

/// A batch of these records, each with the number of its patient.
pub fn tree(records: &[(u64, u8)]) -> BatchTree {
    let leaves = records.iter().map(|(n, of)| leaf(&commitment(*n), &digest(*n, *of))).collect();
    BatchTree::new(leaves).unwrap()
}

pub fn anchor_batch(who: &AccountId, tree: &BatchTree) -> DispatchResult {
    submit(who, Call::anchor_batch { root: tree.root(), count: tree.count() })
}

/// Reveals record `n` of patient `of` as leaf `index`.
pub fn reveal(who: &AccountId, tree: &BatchTree, index: u32, n: u64, of: u8) -> DispatchResult {
    let (commitment, attributes, attributes_salt) = (commitment(n), attributes(of), salt(n));
    let proof = tree.proof(index).unwrap();
    submit(who, Call::reveal { commitment, attributes, attributes_salt, proof })
}

/// Erases record `n` of patient `of` as leaf `index`.
pub fn erase_leaf(who: &AccountId, tree: &BatchTree, index: u32, n: u64, of: u8) -> DispatchResult {
    let (commitment, attributes_digest) = (commitment(n), digest(n, of));
    let proof = tree.proof(index).unwrap();
    submit(who, Call::erase_leaf { commitment, attributes_digest, proof })
}

/// Runs a test at block 1 in a consortium of General and Mercy, and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        System::set_block_number(1);
        for (hospital, name, first) in [(general(), "General", 0), (mercy(), "Mercy", 4)] {
            Hospitals::admit(&hospital, name);
            (first..first + 4).for_each(|n| Custodians::enrol(&patient(n), &hospital));
        }
        test();
        Pallet::<Test>::do_try_state().unwrap();
    });
}

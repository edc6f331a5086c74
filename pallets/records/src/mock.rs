//! A chain with this pallet alone, the members General and Mercy, and patients of theirs.

use crate::{self as pallet_records, Call};
use galen_primitives::{
    AccountId, H256,
    consent::Confidentiality,
    records::{
        RecordAttributes, RecordFacts,
        batch::{BatchTree, attributes_digest, attributes_salt, leaf},
    },
};
pub use galen_testing::{FakeAudit, FakeConsortium, general, mercy, outsider};
use galen_testing::{FakeConsent, TestExternalities, account};
use sp_runtime::DispatchResult;

galen_testing::test_runtime! { 1: Records = pallet_records, }

impl pallet_records::Config for Test {
    type Consortium = FakeConsortium;
    type Consent = FakeConsent;
    type Audit = FakeAudit;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

/// Patients 0 to 3 are General's, 4 to 7 Mercy's; others are not enrolled.
pub fn patient(n: u8) -> AccountId {
    account(100 + n)
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
    galen_testing::submit::<Test>(who, call)
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

/// At block 1, in a consortium of General and Mercy with their patients.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        for (hospital, name, first) in [(general(), "General", 0), (mercy(), "Mercy", 4)] {
            FakeConsortium::admit(&hospital, name);
            (first..first + 4).for_each(|n| FakeConsent::enrol(&patient(n), &hospital));
        }
    })
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Records::do_try_state, test)
}

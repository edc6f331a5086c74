//! What the calls cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{Batches, Call, Config, ErasedLeaves, Pallet, Records};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::Get};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    benchmark::{MakeLog, MakeMember, MakePatient, numbered},
    consent::Confidentiality,
    records::{
        Record, RecordAttributes, RecordFacts,
        batch::{BATCH, Batch, BatchProof, MAX_LEAVES, attributes_digest, leaf},
    },
};

/// The most elements of a record: labels, authors, encounters and plans.
const MOST_ELEMENTS: u32 = 24;

fn hash(seed: u32) -> H256 {
    numbered(u64::from(seed) + 1)
}

fn patient() -> AccountId {
    account("patient", 0, 0)
}

/// A member with a patient.
fn custodian<T: Config>() -> AccountId {
    T::BenchmarkHelper::long_log(1);
    let custodian = account("custodian", 0, 0);
    T::BenchmarkHelper::member(&custodian, hash(0));
    T::BenchmarkHelper::patient(&patient(), &custodian);
    custodian
}

/// As many as there is room for and are left, all different.
fn take<Bound: Get<u32>>(left: &mut u32) -> BoundedVec<H256, Bound> {
    let count = Bound::get().min(*left);
    *left -= count;
    (0..count).map(hash).collect::<Vec<_>>().try_into().expect("no more than the bound")
}

/// Attributes with so many elements.
fn attributes(elements: u32) -> RecordAttributes {
    let mut left = elements;
    let facts = RecordFacts {
        level: Confidentiality::V,
        labels: take(&mut left),
        authored: Some(1),
        authors: take(&mut left),
        name: Some(hash(0)),
        related: take(&mut left),
    };
    assert_eq!(facts.elements(), elements);
    RecordAttributes { patient: patient(), facts }
}

/// The largest record, of number `seed`.
fn record<T: Config>(custodian: &AccountId, seed: u32) -> H256 {
    let record = Record::new(custodian.clone(), attributes(MOST_ELEMENTS), 0);
    Records::<T>::insert(hash(seed), record);
    hash(seed)
}

/// A batch of the largest size with this leaf in it, and the leaf's proof. The other leaves are left out: a
/// path of any hashes leads to some root.
fn batch<T: Config>(custodian: &AccountId, commitment: &H256, digest: &H256) -> BatchProof {
    let path: Vec<H256> = (0..20).map(hash).collect();
    // The first leaf is on the left at every height.
    let root = path.iter().fold(leaf(commitment, digest), |below, sibling| BATCH.node(&below, sibling));
    Batches::<T>::insert(root, Batch { custodian: custodian.clone(), count: MAX_LEAVES, anchored_at: 0 });
    BatchProof { root, count: MAX_LEAVES, index: 0, path: path.try_into().expect("twenty at most") }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// `l`: labels, authors, encounters and plans.
    #[benchmark]
    fn anchor(l: Linear<0, MOST_ELEMENTS>) {
        let custodian = custodian::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), hash(0), attributes(l));

        assert!(Records::<T>::contains_key(hash(0)));
    }

    /// `l`: labels, authors, encounters and plans of the new record.
    #[benchmark]
    fn supersede(l: Linear<0, MOST_ELEMENTS>) {
        let custodian = custodian::<T>();
        T::BenchmarkHelper::long_log(2);
        let old = record::<T>(&custodian, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), old, hash(1), attributes(l));

        assert_eq!(Records::<T>::get(old).and_then(|known| known.superseded_by), Some(hash(1)));
    }

    #[benchmark]
    fn erase() {
        let custodian = custodian::<T>();
        let id = record::<T>(&custodian, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), id);

        assert!(Records::<T>::get(id).is_some_and(|known| known.erased_at.is_some()));
    }

    #[benchmark]
    fn anchor_batch() {
        let custodian = custodian::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), hash(0), MAX_LEAVES);

        assert!(Batches::<T>::contains_key(hash(0)));
    }

    /// `l`: labels, authors, encounters and plans. The path is as long as one can be.
    #[benchmark]
    fn reveal(l: Linear<0, MOST_ELEMENTS>) {
        let custodian = custodian::<T>();
        let (commitment, attributes, salt) = (hash(0), attributes(l), hash(1));
        let proof = batch::<T>(&custodian, &commitment, &attributes_digest(&salt, &attributes));

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), commitment, attributes, salt, proof);

        assert!(Records::<T>::get(commitment).is_some_and(|known| known.batch.is_some()));
    }

    #[benchmark]
    fn erase_leaf() {
        let custodian = custodian::<T>();
        let proof = batch::<T>(&custodian, &hash(0), &hash(1));

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), hash(0), hash(1), proof);

        assert!(ErasedLeaves::<T>::contains_key(hash(0)));
    }

    /// Transferring looks at more than voiding does, and writes as much.
    #[benchmark]
    fn withdraw() {
        let custodian = custodian::<T>();
        let id = record::<T>(&custodian, 0);

        #[extrinsic_call]
        transfer(RawOrigin::Signed(custodian), id, hash(1));

        assert!(Records::<T>::get(id).is_some_and(|known| known.transferred.is_some()));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}

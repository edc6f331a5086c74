//! What the calls and a ruling cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{Accesses, Call, Config, Open, Opened, Pallet, Unreviewed};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::Get};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    benchmark::{MakeLog, MakeMember, MakePatient, MakeRecord, numbered},
    consent::{Purpose, Question},
    emergency::{Access, Finding, Review, Urgency},
    traits::EmergencyCheck,
};

fn hash(seed: u32) -> H256 {
    numbered(u64::from(seed) + 1)
}

fn patient() -> AccountId {
    account("patient", 0, 0)
}

/// A hospital with a patient and its record.
fn begin<T: Config>() -> AccountId {
    T::BenchmarkHelper::long_log(1);
    let hospital = account("hospital", 0, 0);
    T::BenchmarkHelper::member(&hospital, hash(0));
    T::BenchmarkHelper::patient(&patient(), &hospital);
    T::BenchmarkHelper::record(hash(0), &hospital, &patient());
    hospital
}

/// Writes an access of the largest size.
fn access<T: Config>(hospital: &AccountId, id: H256, review: Option<Review>) {
    let access = Access {
        hospital: hospital.clone(),
        patient: patient(),
        custodian: hospital.clone(),
        record: Some(hash(0)),
        by: hash(1),
        reason: Urgency::DangerInDelay,
        note: hash(2),
        consent: Some(0),
        block: 0,
        opened_at: 0,
        until: u64::MAX,
        review_due: u64::MAX,
        review,
    };
    Accesses::<T>::insert(id, access);
}

/// Puts so many accesses into the list of what may be open, each ended by its review.
fn list<T: Config>(hospital: &AccountId, count: u32) {
    let review = Review {
        hospital: Some(hospital.clone()),
        by: hash(3),
        finding: Finding::NotJustified,
        note: hash(4),
        block: 0,
        at: 0,
    };
    let ids: Vec<H256> = (0..count).map(|number| hash(100 + number)).collect();
    for id in &ids {
        access::<T>(hospital, *id, Some(review.clone()));
    }
    Open::<T>::insert(hospital, patient(), BoundedVec::truncate_from(ids));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// `o`: accesses to look through, all of them over.
    #[benchmark]
    fn open_access(o: Linear<0, { T::MaxOpen::get() }>) {
        let hospital = begin::<T>();
        list::<T>(&hospital, o);
        let (record, reason) = (Some(hash(0)), Urgency::DangerInDelay);

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital.clone()), patient(), record, hash(1), reason, hash(2));

        assert_eq!(Opened::<T>::get(&hospital), 1);
    }

    #[benchmark]
    fn review() {
        let hospital = begin::<T>();
        let id = hash(5);
        access::<T>(&hospital, id, None);
        Unreviewed::<T>::insert(&hospital, id, ());

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital), id, hash(6), Finding::NotJustified, hash(7));

        assert!(Accesses::<T>::get(id).is_some_and(|access| access.review.is_some()));
    }

    /// `o`: accesses to look through, all of them over.
    #[benchmark]
    fn rule(o: Linear<0, { T::MaxOpen::get() }>) {
        let hospital = begin::<T>();
        list::<T>(&hospital, o);
        let question = Question {
            patient: patient(),
            custodian: hospital.clone(),
            requester: hospital,
            actors: Default::default(),
            purpose: Purpose::Btg,
            record: None,
        };
        let ruling;

        #[block]
        {
            ruling = <Pallet<T> as EmergencyCheck>::rule(&question, Some(&hash(0)));
        }

        assert_eq!(ruling.access, None);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}

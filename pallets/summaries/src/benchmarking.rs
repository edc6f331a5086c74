//! What the calls and the check of a submission cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{Call, Config, Jobs, OpenJobs, Pallet};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::Get};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    benchmark::{MakeLog, MakeMember, MakeModel, MakePatient, MakeRecord, numbered},
    consent::Purpose,
    summary::{Job, JobStatus, Outcome, Receipt, submission_payload},
    worker::WORKER_KEY_TYPE,
};
use sp_core::sr25519;
use sp_io::crypto;
use sp_runtime::transaction_validity::TransactionSource;

fn hash(seed: u32) -> H256 {
    numbered(u64::from(seed) + 1)
}

/// A hospital whose worker key is in the keystore, with a record that it may use and a model.
fn begin<T: Config>() -> (AccountId, sr25519::Public) {
    T::BenchmarkHelper::long_log(1);
    let (hospital, patient) = (account("hospital", 0, 0), account("patient", 0, 0));
    let worker = crypto::sr25519_generate(WORKER_KEY_TYPE, None);
    T::BenchmarkHelper::member(&hospital, H256(worker.0));
    T::BenchmarkHelper::patient(&patient, &hospital);
    T::BenchmarkHelper::record(hash(0), &hospital, &patient);
    T::BenchmarkHelper::model(hash(1));
    // An expired job's deadline is past.
    frame_system::Pallet::<T>::set_block_number(10u32.into());
    (hospital, worker)
}

/// Gives a hospital so many jobs in its list, of which the first `expired` are past their deadline; gives the
/// ids.
fn list<T: Config>(hospital: &AccountId, listed: u32, expired: u32) -> Vec<H256> {
    let ids: Vec<H256> = (0..listed).map(|number| hash(100 + number)).collect();
    for (number, id) in (0..listed).zip(&ids) {
        let job = Job {
            record: hash(0),
            model: hash(1),
            purpose: Purpose::Treat,
            hospital: hospital.clone(),
            worker_key: hash(2),
            consent: Some(0),
            access: Some(hash(3)),
            requested_at: 0,
            deadline: if number < expired { 0 } else { u32::MAX },
            status: JobStatus::Open,
        };
        Jobs::<T>::insert(id, job);
    }
    OpenJobs::<T>::insert(hospital, BoundedVec::truncate_from(ids.clone()));
    ids
}

fn outcome() -> Outcome {
    Outcome::Done(Receipt {
        input: hash(0),
        output: hash(4),
        model: hash(1),
        adapter: Some(hash(5)),
        template: hash(6),
        parameters: hash(7),
        engine: hash(8),
        consent: Some(0),
        access: Some(hash(3)),
        prompt_tokens: 0,
        output_tokens: 0,
        unsupported: 0,
        millis: 0,
    })
}

fn sign<T: Config>(worker: &sr25519::Public, job: &H256, outcome: &Outcome) -> sr25519::Signature {
    let payload = submission_payload(&Pallet::<T>::genesis_hash(), job, outcome);
    crypto::sr25519_sign(WORKER_KEY_TYPE, worker, &payload).expect("the key was generated")
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// `l`: jobs in the list that stay; `e`: jobs in the list that have expired.
    ///
    /// The weight is asked for all that are listed, of which so many have expired: charged that way, what
    /// stays and expires together beyond the list's length is too much, never too little.
    #[benchmark]
    fn request(l: Linear<0, { T::MaxOpenJobs::get() / 2 - 1 }>, e: Linear<0, { T::MaxOpenJobs::get() / 2 }>) {
        let (hospital, _) = begin::<T>();
        T::BenchmarkHelper::long_log(e + 1);
        list::<T>(&hospital, l + e, e);

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital.clone()), hash(0), hash(1), Purpose::Treat);

        assert_eq!(OpenJobs::<T>::decode_len(&hospital), Some((l + 1).try_into().expect("a small number")));
    }

    /// Of a full list, with a receipt, by a hospital that had not read under the consent before.
    #[benchmark]
    fn submit() {
        let (hospital, worker) = begin::<T>();
        T::BenchmarkHelper::long_log(2);
        let jobs = list::<T>(&hospital, T::MaxOpenJobs::get(), 0);
        let job = *jobs.last().expect("one at least");
        let outcome = outcome();
        let signature = sign::<T>(&worker, &job, &outcome);

        #[extrinsic_call]
        _(RawOrigin::Authorized, job, outcome, signature);

        assert!(Jobs::<T>::get(job).is_some_and(|job| matches!(job.status, JobStatus::Done { .. })));
    }

    #[benchmark]
    fn authorize_submit() {
        let (hospital, worker) = begin::<T>();
        let jobs = list::<T>(&hospital, 1, 0);
        let job = *jobs.last().expect("one at least");
        let outcome = outcome();
        let signature = sign::<T>(&worker, &job, &outcome);
        let valid;

        #[block]
        {
            valid = Pallet::<T>::authorize_submit(TransactionSource::External, &job, &outcome, &signature);
        }

        assert!(valid.is_ok());
    }

    /// Of a full list.
    #[benchmark]
    fn expire() {
        let (hospital, _) = begin::<T>();
        let jobs = list::<T>(&hospital, T::MaxOpenJobs::get(), 1);
        let job = *jobs.first().expect("one at least");

        #[extrinsic_call]
        _(RawOrigin::Signed(hospital.clone()), job);

        assert!(!OpenJobs::<T>::get(&hospital).contains(&job));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}

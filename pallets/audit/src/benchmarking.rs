//! What the merges of a block and a report cost.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used)]

use crate::{AuditSink, Call, Config, Log, Nodes, Pallet, Sites, ocw::Disclosures};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use galen_offchain::reports::authorize;
use galen_primitives::{
    AccountId, H256,
    audit::{
        Kind,
        disclosure::{DisclosureBatch, Site},
    },
    benchmark::{MakeMember, log_of, long_log, numbered},
    reports::{LogBatch, MAX_BATCH},
    worker::WORKER_KEY_TYPE,
};
use sp_core::sr25519;
use sp_io::crypto;
use sp_runtime::{SaturatedConversion, transaction_validity::TransactionSource};

fn hash(seed: u32) -> H256 {
    numbered(seed.into())
}

fn hospital() -> AccountId {
    account("hospital", 0, 0)
}

/// The next batch of a hospital whose worker key is in the keystore, signed, and as large as one can be.
fn begin<T: Config>() -> (DisclosureBatch, sr25519::Signature) {
    Log::<T>::put(long_log(1));
    let worker = crypto::sr25519_generate(WORKER_KEY_TYPE, None);
    T::BenchmarkHelper::member(&hospital(), H256(worker.0));
    Sites::<T>::insert(hospital(), Site { next: 7, head: hash(1), last_block: 0 });
    let batch = DisclosureBatch { first: 7, count: MAX_BATCH, root: hash(2), previous: hash(1) };
    let payload = batch.payload(&Pallet::<T>::genesis_hash(), &hospital());
    let signature = crypto::sr25519_sign(WORKER_KEY_TYPE, &worker, &payload);
    (batch, signature.expect("the key was generated"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// `p`: peaks that the appends of a block merge beyond one each. Together they do no more than one that
    /// merges all.
    #[benchmark]
    fn merges(p: Linear<0, 62>) {
        let count = (1u64 << p) - 1;
        Log::<T>::put(log_of(count));
        let appended;

        #[block]
        {
            appended =
                <Pallet<T> as AuditSink>::append(Some(&hospital()), Kind::RecordAnchored, hash(1), None);
        }

        assert_eq!(appended, Ok(()));
        assert_eq!(Nodes::<T>::iter().count(), p.saturated_into::<usize>());
    }

    #[benchmark]
    fn report() {
        let (batch, signature) = begin::<T>();

        #[extrinsic_call]
        _(RawOrigin::Authorized, hospital(), batch, signature);

        assert_eq!(Sites::<T>::get(hospital()).next, 7 + u64::from(MAX_BATCH));
    }

    #[benchmark]
    fn authorize_report() {
        let (batch, signature) = begin::<T>();
        let valid;

        #[block]
        {
            valid = authorize::<Disclosures<T>>(TransactionSource::External, &hospital(), &batch, &signature);
        }

        assert!(valid.is_ok());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}

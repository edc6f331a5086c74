//! A chain with nothing but the log, and hospitals 1 and 2 with their worker keys.

use crate::{self as pallet_audit, Call};
use galen_primitives::{audit::disclosure::DisclosureBatch, reports::LogBatch};
use galen_testing::TestExternalities;
pub use galen_testing::{FakeConsortium, account, worker, worker_key};
use sp_core::Pair;
use sp_runtime::{
    DispatchResult,
    transaction_validity::{TransactionValidityError, ValidTransaction},
};

galen_testing::test_runtime! { 1: Audit = pallet_audit, }

impl pallet_audit::Config for Test {
    type Consortium = FakeConsortium;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

/// At block 1, hospitals 1 and 2 with their worker keys.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        (1..=2).for_each(FakeConsortium::admit_with_key);
    })
}

/// Runs a test at block 1 and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Audit::do_try_state, test)
}

/// A report, signed by the worker key number `signer`.
pub fn report(hospital: u8, batch: DisclosureBatch, signer: u8) -> Call<Test> {
    let hospital = account(hospital);
    let payload = batch.payload(&System::block_hash(0), &hospital);
    Call::report { hospital, batch, signature: worker(signer).sign(&payload) }
}

/// What the pool asks.
pub fn validate(call: &Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    galen_testing::validate::<Test>(call.clone())
}

/// What a block does with it.
pub fn include(call: Call<Test>) -> Result<DispatchResult, TransactionValidityError> {
    galen_testing::include::<Test>(call)
}

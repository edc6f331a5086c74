//! For tests only: what the mocks of Galen's pallets share. It is a dev-dependency and never part of a build
//! that ships.
//!
//! | what | stands for |
//! |---|---|
//! | [`FakeConsortium`] | `Consortium`: members, their worker keys and quotas |
//! | [`FakeAudit`] | `AuditSink`: keeps entries, fails when it is told to |
//! | [`FakeConsent`] | `ConsentCheck`: custodians of patients, one rule that decides |
//! | [`FakeEmergency`] | `EmergencyCheck`: one ruling on everything |
//! | [`FakeRecords`], [`FakeModels`] | `RecordLookup`, `ModelLookup` |
//! | [`Clock`] | the time, which tests set |
//! | [`council`], [`GovernOrigin`] | the account and the origin that govern |
//! | [`account`], [`hash`], [`worker`], [`worker_key`], … | accounts, hashes and keys by number |
//! | [`test_runtime!`] | the runtime of a mock |
//! | [`new_ext`], [`run`] | a chain for one test, and the check of its invariants after it |
//! | [`try_state_after`] | what that check says to a damaged state |
//! | [`submit`], [`dispatch`], [`validate`], [`include`](fn@include) | calls as transactions bring them |
//! | [`lab`] | a node for tests of offchain workers: a fake worker over HTTP, a keystore, a pool |
//! | `FakeBenchmarkHelper` (feature `runtime-benchmarks`) | what benchmarks need of other pallets |
//!
//! What a call writes through a fake (entries, grants, uses) is in storage, and undone with a call that
//! fails. The rest is in statics of the thread, which [`new_ext`] sets back; a test sets them after it.
//!
//! # The mock of a new pallet
//!
//! ```ignore
//! //! A chain with General and Mercy.
//!
//! use crate as pallet_example;
//! use galen_testing::{FakeAudit, FakeConsortium, general, mercy};
//!
//! galen_testing::test_runtime! { 1: Example = pallet_example, }
//!
//! impl pallet_example::Config for Test {
//!     type Consortium = FakeConsortium;
//!     type Audit = FakeAudit;
//!     type WeightInfo = ();
//!     #[cfg(feature = "runtime-benchmarks")]
//!     type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
//! }
//!
//! pub fn new_ext() -> sp_io::TestExternalities {
//!     galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
//!         FakeConsortium::admit(&general(), "General");
//!         FakeConsortium::admit(&mercy(), "Mercy");
//!     })
//! }
//!
//! /// Runs a test and checks the invariants after it.
//! pub fn run<R>(test: impl FnOnce() -> R) -> R {
//!     galen_testing::run(new_ext(), Example::do_try_state, test)
//! }
//! ```
//!
//! Its Cargo.toml has `galen-testing` under `dev-dependencies`, and `galen-testing/runtime-benchmarks` in its
//! feature `runtime-benchmarks`; `benchmarking.rs` ends with `impl_benchmark_test_suite!(Pallet,
//! crate::mock::new_ext(), crate::mock::Test)`.

mod accounts;
mod audit;
#[cfg(feature = "runtime-benchmarks")]
mod benchmark;
mod clock;
mod consortium;
mod decisions;
pub mod lab;
mod lookups;
mod run;
mod runtime;
mod transactions;

pub use accounts::{
    Council, GovernOrigin, account, council, general, hash, mercy, outsider, worker, worker_key,
};
pub use audit::{AuditEntry, FakeAudit};
#[cfg(feature = "runtime-benchmarks")]
pub use benchmark::FakeBenchmarkHelper;
pub use clock::{Clock, DAY, START};
pub use consortium::{FakeConsortium, FakeMember};
pub use decisions::{FakeConsent, FakeEmergency, permit};
pub use lookups::{FakeModels, FakeRecords};
pub use run::{GENESIS, TryState, new_ext, run, try_state_after};
pub use sp_io::TestExternalities;
pub use transactions::{Block, Extrinsic, dispatch, include, submit, validate};

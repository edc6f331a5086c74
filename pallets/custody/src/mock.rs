//! A chain with this pallet alone and the members General and Mercy.

use crate::{self as pallet_custody, Call};
use galen_primitives::{AccountId, H256, records::custody::ItemKind};
use galen_testing::TestExternalities;
pub use galen_testing::{FakeAudit, FakeConsortium, general, mercy, outsider};
use sp_runtime::{DispatchResult, TryRuntimeError};

galen_testing::test_runtime! { 1: Custody = pallet_custody, }

impl pallet_custody::Config for Test {
    type Consortium = FakeConsortium;
    type Audit = FakeAudit;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

/// The id of item number `n`; 0 is no item's.
pub fn id(n: u64) -> H256 {
    H256::from_low_u64_be(n)
}

/// Dispatches as a transaction would: an error undoes everything.
pub fn submit(who: &AccountId, call: Call<Test>) -> DispatchResult {
    galen_testing::submit::<Test>(who, call)
}

pub fn register(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::register { id, kind: ItemKind::DrugLot })
}

pub fn offer(who: &AccountId, id: H256, to: &AccountId) -> DispatchResult {
    submit(who, Call::offer { id, to: to.clone() })
}

pub fn accept(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::accept { id })
}

pub fn withdraw_offer(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::withdraw_offer { id })
}

/// At block 1, in a consortium of General and Mercy.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        FakeConsortium::admit(&general(), "General");
        FakeConsortium::admit(&mercy(), "Mercy");
    })
}

/// The invariants; and no audit entry names a patient, since items are about none.
pub fn try_state() -> Result<(), TryRuntimeError> {
    FakeAudit::names_no_patient()?;
    Custody::do_try_state()
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), try_state, test)
}

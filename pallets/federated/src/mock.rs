//! A chain with the members 1 to 4 and a council of one.

use crate as pallet_federated;
use frame_support::traits::ConstU32;
use galen_primitives::{
    AccountId,
    model::{ModelTerms, ShortText},
};
pub use galen_testing::{FakeAudit, FakeConsortium, account, council, hash};
use galen_testing::{GovernOrigin, TestExternalities};
use sp_runtime::DispatchResult;

pub const MAX_UPDATES: u32 = 3;
pub const MAX_ROUND_BLOCKS: u32 = 100;

galen_testing::test_runtime! { 1: Federated = pallet_federated, }

impl pallet_federated::Config for Test {
    type Consortium = FakeConsortium;
    type Audit = FakeAudit;
    type ApproveOrigin = GovernOrigin;
    type MaxUpdates = ConstU32<MAX_UPDATES>;
    type MaxRoundBlocks = ConstU32<MAX_ROUND_BLOCKS>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

/// `text` as a name or licence.
pub fn text(text: &str) -> ShortText {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// Terms of model number `seed`.
pub fn terms(seed: u8, parent: Option<u8>) -> ModelTerms {
    ModelTerms {
        hash: hash(seed),
        name: text(&format!("model {seed}")),
        parent: parent.map(hash),
        licence: text("Apache-2.0"),
        card: hash(seed.wrapping_add(128)),
    }
}

/// Dispatches as an extrinsic does: what fails is undone.
pub fn act(signer: AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
    galen_testing::submit::<Test>(&signer, call)
}

pub fn register(who: u8, seed: u8, parent: Option<u8>) -> DispatchResult {
    act(account(who), crate::Call::<Test>::register_model { terms: terms(seed, parent) })
}

pub fn approve(seed: u8) -> DispatchResult {
    act(council(), crate::Call::<Test>::approve_model { hash: hash(seed) })
}

pub fn withdraw(seed: u8) -> DispatchResult {
    act(council(), crate::Call::<Test>::withdraw_model { hash: hash(seed) })
}

pub fn open(who: u8, base: u8, blocks: u32) -> DispatchResult {
    act(account(who), crate::Call::<Test>::open_round { base: hash(base), blocks })
}

pub fn update(who: u8, round: u32, seed: u8, samples: u32) -> DispatchResult {
    act(account(who), crate::Call::<Test>::register_update { round, hash: hash(seed), samples })
}

/// At block 1, with the members 1 to 4.
pub fn new_ext() -> TestExternalities {
    galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || {
        (1..=4).for_each(|n| FakeConsortium::admit(&account(n), "Hospital"));
    })
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Federated::do_try_state, test)
}

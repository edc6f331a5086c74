//! A chain for one test, and the check of its invariants after it.

use crate::{Clock, FakeConsortium, FakeModels, FakeRecords, START, decisions};
use frame_support::storage::with_transaction;
use frame_system::{BlockHash, Config, Pallet as System, pallet_prelude::BlockNumberFor};
use galen_primitives::H256;
use sp_io::TestExternalities;
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{BuildStorage, DispatchError, TransactionOutcome, TryRuntimeError};

/// The genesis hash of every chain that [`new_ext`] makes.
pub const GENESIS: H256 = H256([0x47; 32]);

/// The check of a pallet's invariants, its `do_try_state`.
pub type TryState = fn() -> Result<(), TryRuntimeError>;

/// A chain at block 1 (events of block 0 are not kept) after `set_up`, with an empty keystore. All fakes are
/// as they are at the beginning: their statics are reset here, and what they keep in storage is gone with the
/// chain before.
pub fn new_ext<T: Config<Hash = H256>>(
    genesis: impl BuildStorage,
    set_up: impl FnOnce(),
) -> TestExternalities {
    Clock::set(START);
    FakeConsortium::take();
    FakeModels::take();
    FakeRecords::take();
    decisions::reset();
    let mut ext = TestExternalities::new(genesis.build_storage().expect("the genesis can be built"));
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    ext.execute_with(|| {
        BlockHash::<T>::insert(BlockNumberFor::<T>::from(0u32), GENESIS);
        System::<T>::set_block_number(1u32.into());
        set_up();
    });
    ext
}

/// Runs a test on this chain, and panics if the invariants do not hold after it.
pub fn run<R>(mut chain: TestExternalities, try_state: TryState, test: impl FnOnce() -> R) -> R {
    chain.execute_with(|| {
        let result = test();
        try_state().expect("the invariants hold after the test");
        result
    })
}

/// What the check says when the state is damaged. The damage is undone, so that a test in [`run`] can go on.
pub fn try_state_after(damage: impl FnOnce(), try_state: TryState) -> Result<(), TryRuntimeError> {
    let found = with_transaction(|| {
        damage();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(try_state()))
    });
    found.expect("a storage layer can be opened")
}

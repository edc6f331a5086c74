//! A chain with nothing but devices, and hospitals 1 and 2 with their worker keys.

use crate::{self as pallet_devices, Call};
use frame_support::traits::ConstU32;
use frame_system::EnsureRoot;
use galen_primitives::{
    AccountId, H256,
    devices::{DeviceKey, possession_payload, reading::ReadingBatch},
    reports::LogBatch,
};
use galen_testing::TestExternalities;
pub use galen_testing::{FakeAudit, FakeConsortium, account, hash as id, worker, worker_key};
use p256::ecdsa::{self, SigningKey, signature::Signer};
use sp_core::{H512, Pair, ed25519};
use sp_runtime::{
    DispatchResult, TryRuntimeError,
    transaction_validity::{TransactionValidityError, ValidTransaction},
};

galen_testing::test_runtime! { 1: Devices = pallet_devices, }

/// Blocks between batches.
pub const MIN_PERIOD: u32 = 5;

impl pallet_devices::Config for Test {
    type Consortium = FakeConsortium;
    type Audit = FakeAudit;
    type GovernOrigin = EnsureRoot<AccountId>;
    type MinPeriod = ConstU32<MIN_PERIOD>;
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

/// The invariants; and no audit entry names a patient, since devices know none.
pub fn try_state() -> Result<(), TryRuntimeError> {
    FakeAudit::names_no_patient()?;
    Devices::do_try_state()
}

/// Runs a test at block 1 and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), try_state, test)
}

pub fn signed(seed: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(seed))
}

/// A key that a device has: of Ed25519 if `seed` is even, of P-256 if it is odd.
pub fn key(seed: u8) -> DeviceKey {
    match seed % 2 {
        0 => DeviceKey::Ed25519(ed25519::Pair::from_seed(&[seed; 32]).public().0),
        _ => DeviceKey::P256(
            signing(seed).verifying_key().to_encoded_point(true).as_bytes().try_into().unwrap(),
        ),
    }
}

fn signing(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

/// What that key signs.
pub fn sign(seed: u8, message: &[u8]) -> H512 {
    match seed % 2 {
        0 => H512(ed25519::Pair::from_seed(&[seed; 32]).sign(message).0),
        _ => {
            let signature: ecdsa::Signature = signing(seed).sign(message);
            H512::from_slice(&signature.to_bytes())
        }
    }
}

/// That key number `seed` is that of the device, of the hospital.
pub fn proof(hospital: u8, device: u8, seed: u8) -> H512 {
    let payload = possession_payload(&System::block_hash(0), &account(hospital), &id(device), &key(seed));
    sign(seed, &payload)
}

/// Registers a device with a key.
pub fn register(hospital: u8, device: u8, seed: u8) -> DispatchResult {
    let proof = proof(hospital, device, seed);
    Devices::register(signed(hospital), id(device), key(seed), H256::zero(), proof)
}

/// Gives a device another key.
pub fn rotate(hospital: u8, device: u8, seed: u8) -> DispatchResult {
    Devices::rotate_key(signed(hospital), id(device), key(seed), proof(hospital, device, seed))
}

/// A batch, signed by the worker key number `signer`.
pub fn anchor(hospital: u8, batch: ReadingBatch, signer: u8) -> Call<Test> {
    let hospital = account(hospital);
    let payload = batch.payload(&System::block_hash(0), &hospital);
    Call::anchor_readings { hospital, batch, signature: worker(signer).sign(&payload) }
}

/// What the pool asks.
pub fn validate(call: &Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    galen_testing::validate::<Test>(call.clone())
}

/// What a block does with it.
pub fn include(call: Call<Test>) -> Result<DispatchResult, TransactionValidityError> {
    galen_testing::include::<Test>(call)
}

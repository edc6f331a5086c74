//! A chain with nothing but devices; which worker keys are in force is told by the tests, and what is audited is noted.

use crate as pallet_devices;
use crate::Call;
use alloc::collections::BTreeMap;
use frame_support::{
    derive_impl, parameter_types,
    traits::{Authorize, ConstU32},
};
use frame_system::{EnsureRoot, RawOrigin};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    devices::{
        DeviceKey, possession_payload,
        reading::{ReadingBatch, anchor_payload},
    },
    member::{MemberName, Quotas},
    traits::{AuditSink, Consortium},
};
use p256::ecdsa::{self, SigningKey, signature::Signer};
use sp_core::{H512, Pair, ed25519, sr25519};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult, MultiSignature,
    generic::{self, UncheckedExtrinsic},
    traits::{BlakeTwo256, Dispatchable, IdentityLookup},
    transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
};

pub type TxExtension = frame_system::AuthorizeCall<Test>;
pub type Extrinsic = UncheckedExtrinsic<AccountId, RuntimeCall, MultiSignature, TxExtension>;
pub type Block = generic::Block<generic::Header<u32, BlakeTwo256>, Extrinsic>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;

    #[runtime::pallet_index(1)]
    pub type Devices = pallet_devices::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = Block;
}

/// Blocks between batches.
pub const MIN_PERIOD: u32 = 5;

impl pallet_devices::Config for Test {
    type Consortium = Told;
    type Audit = Noted;
    type GovernOrigin = EnsureRoot<AccountId>;
    type MinPeriod = ConstU32<MIN_PERIOD>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Told;
}

impl<C> frame_system::offchain::CreateTransactionBase<C> for Test
where
    RuntimeCall: From<C>,
{
    type RuntimeCall = RuntimeCall;
    type Extrinsic = Extrinsic;
}

impl<C> frame_system::offchain::CreateTransaction<C> for Test
where
    RuntimeCall: From<C>,
{
    type Extension = TxExtension;
    fn create_transaction(call: RuntimeCall, extension: TxExtension) -> Extrinsic {
        Extrinsic::new_transaction(call, extension)
    }
}

impl<C> frame_system::offchain::CreateAuthorizedTransaction<C> for Test
where
    RuntimeCall: From<C>,
{
    fn create_extension() -> TxExtension {
        TxExtension::new()
    }
}

parameter_types! {
    /// The worker key in force of each hospital.
    pub static WorkerKeys: BTreeMap<AccountId, H256> = BTreeMap::new();
    /// What was audited: hospital, kind, subject.
    pub static Entries: Vec<(Option<AccountId>, Kind, H256)> = Vec::new();
    /// Whether the log takes entries.
    pub static LogIsFull: bool = false;
}

/// Notes what is audited.
pub struct Noted;

impl AuditSink for Noted {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        assert_eq!(patient, None, "devices know no patient");
        frame_support::ensure!(!LogIsFull::get(), DispatchError::Other("full"));
        Entries::mutate(|entries| entries.push((hospital.cloned(), kind, subject)));
        Ok(())
    }
}

/// Answers what the tests told it.
pub struct Told;

impl Consortium for Told {
    fn is_member(account: &AccountId) -> bool {
        WorkerKeys::get().contains_key(account)
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(account: &AccountId) -> Option<H256> {
        WorkerKeys::get().get(account).copied()
    }
    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        WorkerKeys::get().into_iter().find(|(_, own)| own == key).map(|(account, _)| account)
    }
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

/// Account number `seed`.
pub fn account(seed: u8) -> AccountId {
    AccountId::new([seed; 32])
}

/// Hospital number `seed`'s worker key.
pub fn worker(seed: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[seed; 32])
}

/// The same, as it stands on chain.
pub fn worker_key(seed: u8) -> H256 {
    H256(worker(seed).public().0)
}

/// At block 1, hospitals 1 and 2 with their worker keys.
pub fn new_ext() -> sp_io::TestExternalities {
    LogIsFull::set(false);
    Entries::take();
    WorkerKeys::set([1, 2].map(|seed| (account(seed), worker_key(seed))).into_iter().collect());
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test at block 1 and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    new_ext().execute_with(|| {
        let result = test();
        Devices::do_try_state().unwrap();
        result
    })
}

pub fn signed(seed: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(seed))
}

pub fn id(seed: u8) -> H256 {
    H256([seed; 32])
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
    let payload = anchor_payload(&System::block_hash(0), &hospital, &batch);
    Call::anchor_readings { hospital, batch, signature: worker(signer).sign(&payload) }
}

/// What the pool asks.
pub fn validate(call: &Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    RuntimeCall::from(call.clone())
        .authorize(TransactionSource::External)
        .expect("a batch is authorized")
        .map(|(validity, _)| validity)
}

/// What a block does with it: validates, then dispatches.
pub fn include(call: Call<Test>) -> Result<DispatchResult, TransactionValidityError> {
    validate(&call)?;
    Ok(RuntimeCall::from(call).dispatch(RawOrigin::Authorized.into()).map(drop).map_err(|error| error.error))
}

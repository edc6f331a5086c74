//! A chain with nothing but the log; which worker keys are in force is told by the tests.

use crate as pallet_audit;
use crate::Call;
use alloc::collections::BTreeMap;
use frame_support::{derive_impl, parameter_types, traits::Authorize};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256,
    audit::disclosure::{DisclosureBatch, report_payload},
    member::{MemberName, Quotas},
    traits::Consortium,
};
use sp_core::{Pair, sr25519};
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
    pub type Audit = pallet_audit::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = Block;
}

impl pallet_audit::Config for Test {
    type Consortium = Told;
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
    pub static Keys: BTreeMap<AccountId, H256> = BTreeMap::new();
}

/// Answers what the tests told it.
pub struct Told;

impl Consortium for Told {
    fn is_member(account: &AccountId) -> bool {
        Keys::get().contains_key(account)
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(account: &AccountId) -> Option<H256> {
        Keys::get().get(account).copied()
    }
    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        Keys::get().into_iter().find(|(_, own)| own == key).map(|(account, _)| account)
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
    Keys::set([1, 2].map(|seed| (account(seed), worker_key(seed))).into_iter().collect());
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test at block 1 and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    new_ext().execute_with(|| {
        let result = test();
        Audit::do_try_state().unwrap();
        result
    })
}

/// A report, signed by the worker key number `signer`.
pub fn report(hospital: u8, batch: DisclosureBatch, signer: u8) -> Call<Test> {
    let hospital = account(hospital);
    let payload = report_payload(&System::block_hash(0), &hospital, &batch);
    Call::report { hospital, batch, signature: worker(signer).sign(&payload) }
}

/// What the pool asks.
pub fn validate(call: &Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    RuntimeCall::from(call.clone())
        .authorize(TransactionSource::External)
        .expect("a report is authorized")
        .map(|(validity, _)| validity)
}

/// What a block does with it: validates, then dispatches.
pub fn include(call: Call<Test>) -> Result<DispatchResult, TransactionValidityError> {
    validate(&call)?;
    Ok(RuntimeCall::from(call).dispatch(RawOrigin::Authorized.into()).map(drop).map_err(|error| error.error))
}

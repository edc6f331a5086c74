//! A chain with four members, a council of one, and a log that can be full.

use crate as pallet_federated;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, EitherOfDiverse, SortedMembers},
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    member::{MemberName, Quotas},
    model::{ModelTerms, ShortText},
    traits::{AuditSink, Consortium},
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult,
    traits::{Dispatchable, IdentityLookup},
};

pub const MAX_UPDATES: u32 = 3;
pub const MAX_ROUND_BLOCKS: u32 = 100;

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
    pub type Federated = pallet_federated::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = frame_system::mocking::MockBlockU32<Test>;
}

type Entry = (Option<AccountId>, Kind, H256, Option<AccountId>);

parameter_types! {
    // In storage, so that what an extrinsic undoes is undone here too.
    pub storage Logged: Vec<Entry> = Vec::new();
    pub storage LogTakes: u32 = u32::MAX;
    pub storage Members: Vec<AccountId> = (1..=4).map(account).collect();
}

pub struct Council;

impl SortedMembers<AccountId> for Council {
    fn sorted_members() -> Vec<AccountId> {
        vec![council()]
    }
}

pub struct MockLog;

impl AuditSink for MockLog {
    fn append(
        hospital: Option<&AccountId>,
        kind: Kind,
        subject: H256,
        patient: Option<&AccountId>,
    ) -> DispatchResult {
        let takes = LogTakes::get().checked_sub(1).ok_or(DispatchError::Exhausted)?;
        LogTakes::set(&takes);
        let mut logged = Logged::get();
        logged.push((hospital.cloned(), kind, subject, patient.cloned()));
        Logged::set(&logged);
        Ok(())
    }
}

pub struct MockConsortium;

impl Consortium for MockConsortium {
    fn is_member(account: &AccountId) -> bool {
        Members::get().contains(account)
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(_: &AccountId) -> Option<H256> {
        None
    }
    fn member_of_worker_key(_: &H256) -> Option<AccountId> {
        None
    }
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

impl pallet_federated::Config for Test {
    type Consortium = MockConsortium;
    type Audit = MockLog;
    type ApproveOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureSignedBy<Council, AccountId>>;
    type MaxUpdates = ConstU32<MAX_UPDATES>;
    type MaxRoundBlocks = ConstU32<MAX_ROUND_BLOCKS>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = MockConsortium;
}

/// Account number `seed`; 1 to 4 are members.
pub fn account(seed: u8) -> AccountId {
    AccountId::new([seed; 32])
}

/// The account that the council acts as.
pub fn council() -> AccountId {
    account(100)
}

/// Hash number `seed`.
pub fn hash(seed: u8) -> H256 {
    H256([seed; 32])
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
    call.into().dispatch(RuntimeOrigin::signed(signer)).map(|_| ()).map_err(|failed| failed.error)
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

/// Runs a test at block 1 and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        System::set_block_number(1);
        let result = test();
        Federated::do_try_state().unwrap();
        result
    })
}

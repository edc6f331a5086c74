//! A chain with a council of one, a treasury, a staking that only notes what it is asked, and a log that can be full.

use crate as pallet_consortium;
use core::time::Duration;
use frame_support::{
    derive_impl,
    dispatch::DispatchResultWithPostInfo,
    parameter_types,
    traits::{ConstU32, ConstU64, EitherOfDiverse, SortedMembers, UnixTime},
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    member::{MemberName, Quotas},
    traits::AuditSink,
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchResult, Perbill,
    traits::{Dispatchable, IdentityLookup},
};

pub const STAKE: u64 = 1_000;
pub const FEES: u64 = 10;
pub const MAX_MEMBERS: u32 = 5;
pub const TREASURY: u64 = 5_000;
pub const QUOTAS: Quotas = Quotas { grants_per_day: 3, open_jobs: 2 };
pub const DAY: u64 = 86_400;
pub const MAX_VALIDATORS: u32 = 3;
pub const MAX_NODES: u32 = 2;
pub const MAX_KEY_PERIODS: u32 = 4;
pub const MAX_SUSPENSION: u32 = 10;

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
    pub type Balances = pallet_balances::Pallet<Test>;

    #[runtime::pallet_index(2)]
    pub type Consortium = pallet_consortium::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

type Entry = (Option<AccountId>, Kind, H256, Option<AccountId>);

/// What a chain tells staking.
#[derive(Clone, Debug, PartialEq, codec::Encode, codec::Decode)]
pub enum Asked {
    Validate(AccountId, Perbill),
    Nominate(AccountId, Vec<AccountId>),
    Chill(AccountId),
    NewEra,
}

parameter_types! {
    // In storage, so that what an extrinsic undoes is undone here too.
    pub storage Logged: Vec<Entry> = Vec::new();
    pub storage LogTakes: u32 = u32::MAX;
    pub storage AskedOfStaking: Vec<Asked> = Vec::new();
    pub storage StakingFails: bool = false;
    pub storage NeverChilled: Option<AccountId> = None;
    pub storage Now: u64 = 20_000 * DAY;
    pub Treasury: AccountId = account(200);
}

pub struct Council;

impl SortedMembers<AccountId> for Council {
    fn sorted_members() -> Vec<AccountId> {
        vec![council()]
    }
}

/// More than half of the council: enough to suspend, and for nothing else.
pub struct Half;

impl SortedMembers<AccountId> for Half {
    fn sorted_members() -> Vec<AccountId> {
        vec![half()]
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

pub struct MockStaking;

impl MockStaking {
    fn note(asked: Asked) {
        let mut all = AskedOfStaking::get();
        all.push(asked);
        AskedOfStaking::set(&all);
    }

    fn answer() -> DispatchResult {
        if StakingFails::get() { Err(DispatchError::Other("staking")) } else { Ok(()) }
    }
}

impl crate::ValidatorControl for MockStaking {
    fn validate(account: &AccountId, commission: Perbill) -> DispatchResult {
        Self::note(Asked::Validate(account.clone(), commission));
        Self::answer()
    }

    fn nominate(account: &AccountId, targets: Vec<AccountId>) -> DispatchResult {
        Self::note(Asked::Nominate(account.clone(), targets));
        Self::answer()
    }

    fn chill(account: &AccountId) -> DispatchResult {
        Self::note(Asked::Chill(account.clone()));
        if NeverChilled::get().as_ref() == Some(account) {
            return Err(DispatchError::Other("this one"));
        }
        Self::answer()
    }

    fn force_new_era() {
        Self::note(Asked::NewEra);
    }
}

pub struct MockTime;

impl UnixTime for MockTime {
    fn now() -> Duration {
        Duration::from_secs(Now::get())
    }
}

impl pallet_consortium::Config for Test {
    type RuntimeCall = RuntimeCall;
    type Audit = MockLog;
    type GovernOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureSignedBy<Council, AccountId>>;
    type EmergencyOrigin = EitherOfDiverse<Self::GovernOrigin, EnsureSignedBy<Half, AccountId>>;
    type Currency = Balances;
    type Treasury = Treasury;
    type StakeEndowment = ConstU64<STAKE>;
    type FeeEndowment = ConstU64<FEES>;
    type Validators = MockStaking;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type MaxTargets = ConstU32<4>;
    type MaxNodes = ConstU32<MAX_NODES>;
    type MaxKeyPeriods = ConstU32<MAX_KEY_PERIODS>;
    type MaxSuspension = ConstU32<MAX_SUSPENSION>;
    type Time = MockTime;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = MockStaking;
}

/// Account number `seed`.
pub fn account(seed: u8) -> AccountId {
    AccountId::new([seed; 32])
}

/// The account that the council acts as.
pub fn council() -> AccountId {
    account(100)
}

/// The account that more than half of the council acts as.
pub fn half() -> AccountId {
    account(101)
}

/// The key of worker number `seed`.
pub fn key(seed: u8) -> H256 {
    H256([seed; 32])
}

/// `text` as a name.
pub fn name(text: &str) -> MemberName {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// Dispatches as an extrinsic does: what fails is undone.
pub fn dispatch(signer: AccountId, call: impl Into<RuntimeCall>) -> DispatchResultWithPostInfo {
    call.into().dispatch(RuntimeOrigin::signed(signer))
}

/// The same without what a call reports about itself.
pub fn act(signer: AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
    dispatch(signer, call).map(|_| ()).map_err(|failed| failed.error)
}

/// The council admits account `seed` under `text`.
pub fn admit(seed: u8, text: &str) -> DispatchResult {
    act(council(), crate::Call::<Test>::admit { account: account(seed), name: name(text), quotas: QUOTAS })
}

/// The council evicts account `seed`.
pub fn evict(seed: u8) -> DispatchResult {
    act(council(), crate::Call::<Test>::evict { account: account(seed) })
}

/// More than half of the council suspends account `seed`.
pub fn suspend(seed: u8, blocks: u32) -> DispatchResult {
    act(half(), crate::Call::<Test>::suspend { account: account(seed), blocks })
}

/// The council sets when account `seed`'s membership ends.
pub fn set_expiry(seed: u8, expires_at: Option<u64>) -> DispatchResult {
    act(council(), crate::Call::<Test>::set_expiry { account: account(seed), expires_at })
}

/// Account `seed` registers validator account `stash`.
pub fn add_validator(seed: u8, stash: u8) -> DispatchResult {
    act(account(seed), crate::Call::<Test>::add_validator { stash: account(stash) })
}

/// Runs a test at block 1, with a rich treasury and no members, and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    let balances = vec![(Treasury::get(), TREASURY)];
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        ..Default::default()
    };
    sp_io::TestExternalities::new(genesis.build_storage().unwrap()).execute_with(|| {
        System::set_block_number(1);
        let result = test();
        Consortium::do_try_state().unwrap();
        result
    })
}

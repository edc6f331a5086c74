//! A chain with a council of one, a treasury, and a staking that only keeps what it is asked.

use crate as pallet_consortium;
use frame_support::{
    derive_impl,
    dispatch::DispatchResultWithPostInfo,
    parameter_types,
    traits::{ConstU32, ConstU64, EitherOfDiverse, SortedMembers},
};
use frame_system::EnsureSignedBy;
use galen_primitives::{
    AccountId,
    member::{MemberName, Quotas},
};
pub use galen_testing::{Clock, DAY, FakeAudit, account, council, hash as key};
use galen_testing::{GovernOrigin, TestExternalities};
use sp_runtime::{DispatchError, DispatchResult, Perbill, traits::Dispatchable};

pub const STAKE: u64 = 1_000;
pub const FEES: u64 = 10;
pub const MAX_MEMBERS: u32 = 5;
pub const TREASURY: u64 = 5_000;
pub const QUOTAS: Quotas = Quotas { grants_per_day: 3, open_jobs: 2 };
pub const MAX_VALIDATORS: u32 = 3;
pub const MAX_NODES: u32 = 2;
pub const MAX_KEY_PERIODS: u32 = 4;
pub const MAX_SUSPENSION: u32 = 10;

galen_testing::test_runtime! {
    1: Balances = pallet_balances,
    2: Consortium = pallet_consortium,
    system { type AccountData = pallet_balances::AccountData<u64>; }
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

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
    pub storage AskedOfStaking: Vec<Asked> = Vec::new();
    pub storage StakingFails: bool = false;
    pub storage NeverChilled: Option<AccountId> = None;
    pub Treasury: AccountId = account(200);
}

/// More than half of the council: enough to suspend, and for nothing else.
pub struct Half;

impl SortedMembers<AccountId> for Half {
    fn sorted_members() -> Vec<AccountId> {
        vec![half()]
    }
}

/// Staking that only keeps what it is asked.
pub struct FakeStaking;

impl FakeStaking {
    fn note(asked: Asked) {
        let mut all = AskedOfStaking::get();
        all.push(asked);
        AskedOfStaking::set(&all);
    }

    fn answer() -> DispatchResult {
        if StakingFails::get() { Err(DispatchError::Other("staking")) } else { Ok(()) }
    }
}

impl crate::ValidatorControl for FakeStaking {
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

impl pallet_consortium::Config for Test {
    type RuntimeCall = RuntimeCall;
    type Audit = FakeAudit;
    type GovernOrigin = GovernOrigin;
    type EmergencyOrigin = EitherOfDiverse<Self::GovernOrigin, EnsureSignedBy<Half, AccountId>>;
    type Currency = Balances;
    type Treasury = Treasury;
    type StakeEndowment = ConstU64<STAKE>;
    type FeeEndowment = ConstU64<FEES>;
    type Validators = FakeStaking;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type MaxTargets = ConstU32<4>;
    type MaxNodes = ConstU32<MAX_NODES>;
    type MaxKeyPeriods = ConstU32<MAX_KEY_PERIODS>;
    type MaxSuspension = ConstU32<MAX_SUSPENSION>;
    type Time = Clock;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

/// The account that more than half of the council acts as.
pub fn half() -> AccountId {
    account(101)
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
    galen_testing::submit::<Test>(&signer, call)
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

/// At block 1, with a rich treasury and no members.
pub fn new_ext() -> TestExternalities {
    let balances = vec![(Treasury::get(), TREASURY)];
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        ..Default::default()
    };
    galen_testing::new_ext::<Test>(genesis, || ())
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Consortium::do_try_state, test)
}

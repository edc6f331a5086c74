//! A chain with a council of one, a treasury, seats that tests fill, and a judge that notes whom it is to
//! punish.

use crate as pallet_conduct;
use frame_support::{derive_impl, parameter_types, traits::ConstU32, weights::Weight};
use galen_primitives::AccountId;
pub use galen_testing::{FakeAudit, account, council};
use galen_testing::{GovernOrigin, TestExternalities};
use pallet_im_online::UnresponsivenessOffence;
use sp_runtime::{DispatchError, DispatchResult, Perbill, traits::Convert};
use sp_staking::{
    EraIndex, SessionIndex,
    offence::{OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence},
};

pub const TREASURY: u64 = 5_000;
pub const MAX_VALIDATORS: u32 = 16;
pub const THRESHOLD: u32 = 3;

galen_testing::test_runtime! {
    1: Balances = pallet_balances,
    2: Conduct = pallet_conduct,
    system { type AccountData = pallet_balances::AccountData<u64>; }
}

parameter_types! {
    pub const ExistentialDeposit: u64 = DEPOSIT;
}

pub const DEPOSIT: u64 = 10;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type ExistentialDeposit = ExistentialDeposit;
}

parameter_types! {
    // In storage, so that what is undone is undone here too.
    pub storage Session: SessionIndex = 0;
    pub storage Era: EraIndex = 0;
    pub storage Seated: Vec<AccountId> = Vec::new();
    pub storage Candidates: Vec<AccountId> = Vec::new();
    pub storage ChillFails: bool = false;
    pub storage Punished: Vec<(AccountId, u32, SessionIndex)> = Vec::new();
    pub Treasury: AccountId = account(200);
    pub Pot: AccountId = account(201);
}

/// Elections, as the tests have them.
pub struct FakeSeating;

impl crate::Seating for FakeSeating {
    fn session() -> SessionIndex {
        Session::get()
    }

    fn elected_era() -> EraIndex {
        Era::get()
    }

    fn elected_seats() -> u32 {
        Seated::get().len() as u32
    }

    fn is_candidate(account: &AccountId) -> bool {
        Candidates::get().contains(account)
    }

    fn chill(account: &AccountId) -> DispatchResult {
        let mut candidates = Candidates::get();
        candidates.retain(|candidate| candidate != account);
        Candidates::set(&candidates);
        if ChillFails::get() { Err(DispatchError::Other("staking")) } else { Ok(()) }
    }
}

/// Validator 10 + n belongs to hospital n.
pub struct HospitalOf;

impl Convert<AccountId, Option<AccountId>> for HospitalOf {
    fn convert(validator: AccountId) -> Option<AccountId> {
        let first: &[u8; 32] = validator.as_ref();
        first[0].checked_sub(10).map(account)
    }
}

/// Notes whom it is to punish.
pub struct FakeJudge;

impl OnOffenceHandler<AccountId, crate::Offender, Weight> for FakeJudge {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, crate::Offender>],
        fractions: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let mut punished = Punished::get();
        for (details, fraction) in offenders.iter().zip(fractions) {
            punished.push((details.offender.0.clone(), fraction.deconstruct(), session));
        }
        Punished::set(&punished);
        Weight::from_parts(7, 0)
    }
}

impl pallet_conduct::Config for Test {
    type Audit = FakeAudit;
    type GovernOrigin = GovernOrigin;
    type Seating = FakeSeating;
    type HospitalOf = HospitalOf;
    type Punishment = FakeJudge;
    type Currency = Balances;
    type Treasury = Treasury;
    type RewardPot = Pot;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = galen_testing::FakeBenchmarkHelper;
}

/// Validator number `number`, whose hospital is account `number`.
pub fn validator(number: u8) -> AccountId {
    account(10 + number)
}

/// Dispatches as an extrinsic does: what fails is undone.
pub fn act(signer: AccountId, call: crate::Call<Test>) -> DispatchResult {
    galen_testing::submit::<Test>(&signer, call)
}

/// Elects validators 0 to `number` - 1 for the next era; they are the candidates of the one after it, too.
pub fn elect(number: u8) {
    let elected: Vec<_> = (0..number).map(validator).collect();
    Seated::set(&elected);
    Candidates::set(&elected);
    Era::set(&(Era::get() + 1));
}

/// Reports that in session `session` of `validators` these were absent, as pallet-im-online does.
pub fn report(session: SessionIndex, validators: u32, absent: &[u8]) -> Result<(), OffenceError> {
    let offenders = absent.iter().map(|number| (validator(*number), ())).collect();
    let offence =
        UnresponsivenessOffence { session_index: session, validator_set_count: validators, offenders };
    <Conduct as ReportOffence<_, _, _>>::report_offence(Vec::new(), offence)
}

/// Ends the current session, in which of those seated these were absent, and begins the next.
pub fn end_session(absent: &[u8]) {
    let session = Session::get();
    // Pallet-im-online reports nothing if all were present.
    if !absent.is_empty() {
        report(session, Seated::get().len() as u32, absent).unwrap();
    }
    Session::set(&(session + 1));
}

/// Whether validator `number` stands in the next election.
pub fn stands(number: u8) -> bool {
    Candidates::get().contains(&validator(number))
}

/// For how many sessions in a row validator `number` has been absent.
pub fn absent_sessions(number: u8) -> u32 {
    Conduct::absent_sessions(&validator(number))
}

/// At block 1, with a rich treasury and no validators.
pub fn new_ext() -> TestExternalities {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: vec![(Treasury::get(), TREASURY)],
            ..Default::default()
        },
        conduct: pallet_conduct::GenesisConfig { absence_threshold: THRESHOLD, ..Default::default() },
        ..Default::default()
    };
    galen_testing::new_ext::<Test>(genesis, || ())
}

/// Runs a test there and checks the invariants after it.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
    galen_testing::run(new_ext(), Conduct::do_try_state, test)
}

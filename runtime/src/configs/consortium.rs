//! The council and admission.
//!
//! Two thirds of the council reach Root through one gated dispatch, `Consortium::govern`; there is no other
//! way to it. Membership of the council is itself set by Root, and so by two thirds of the council: `govern`
//! of `Council::set_members`.

use super::{
    fees::TreasuryAccount,
    system::{RuntimeBlockWeights, share},
};
use crate::{
    AccountId, Audit, Balances, BlockNumber, DAYS, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
    Staking, Timestamp,
    limits::{
        FEE_ENDOWMENT, MAX_KEY_PERIODS, MAX_MEMBERS, MAX_MOTIONS, MAX_NODES, MAX_SUSPENSION, MAX_TARGETS,
        MAX_VALIDATORS_OF_MEMBER, STAKE_ENDOWMENT,
    },
};
use alloc::vec::Vec;
use frame_support::{
    dispatch::{DispatchResult, RawOrigin},
    parameter_types,
    traits::{ConstU32, ConstU128, EitherOfDiverse},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::{EnsureProportionAtLeast, EnsureProportionMoreThan};
use pallet_staking::ValidatorPrefs;
use sp_runtime::Perbill;
use sp_staking::StakingInterface;

/// The council is this instance of pallet-collective.
pub type CouncilCollective = pallet_collective::Instance1;
/// Root or two thirds of the council govern.
pub type GovernOrigin =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, CouncilCollective, 2, 3>>;
/// Root or more than half of the council stop a hospital for a while, and can do nothing else.
pub type EmergencyOrigin =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionMoreThan<AccountId, CouncilCollective, 1, 2>>;

parameter_types! {
    pub const CouncilMotionDuration: BlockNumber = 3 * DAYS;
    pub MaxProposalWeight: Weight =
        share(Perbill::from_percent(50), RuntimeBlockWeights::get().max_block);
}

impl pallet_collective::Config<CouncilCollective> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = CouncilMotionDuration;
    type MaxProposals = ConstU32<MAX_MOTIONS>;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    // Who does not vote until a motion ends is counted as the prime member votes; without a prime, as a nay.
    type DefaultVote = pallet_collective::PrimeDefaultVote;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Consideration = ();
}

impl pallet_consortium::Config for Runtime {
    type RuntimeCall = RuntimeCall;
    type Audit = Audit;
    type GovernOrigin = GovernOrigin;
    type EmergencyOrigin = EmergencyOrigin;
    type Currency = Balances;
    type Treasury = TreasuryAccount;
    type StakeEndowment = ConstU128<STAKE_ENDOWMENT>;
    type FeeEndowment = ConstU128<FEE_ENDOWMENT>;
    type Validators = Validators;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type MaxValidators = ConstU32<MAX_VALIDATORS_OF_MEMBER>;
    type MaxTargets = ConstU32<MAX_TARGETS>;
    type MaxNodes = ConstU32<MAX_NODES>;
    type MaxKeyPeriods = ConstU32<MAX_KEY_PERIODS>;
    type MaxSuspension = ConstU32<MAX_SUSPENSION>;
    type Time = Timestamp;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

/// Does in staking what members ask for. pallet-consortium has checked membership; the base call filter,
/// which refuses `Staking::validate` and `Staking::nominate` to everybody, is not asked here.
pub struct Validators;

impl pallet_consortium::ValidatorControl for Validators {
    fn validate(account: &AccountId, commission: Perbill) -> DispatchResult {
        let prefs = ValidatorPrefs { commission, blocked: false };
        Staking::validate(RawOrigin::Signed(account.clone()).into(), prefs)
    }

    fn nominate(account: &AccountId, targets: Vec<AccountId>) -> DispatchResult {
        <Staking as StakingInterface>::nominate(account, targets)
    }

    fn chill(account: &AccountId) -> DispatchResult {
        if pallet_staking::Validators::<Runtime>::contains_key(account)
            || pallet_staking::Nominators::<Runtime>::contains_key(account)
        {
            <Staking as StakingInterface>::chill(account)?;
        }
        Ok(())
    }

    fn force_new_era() {
        super::sessions::force_new_era();
    }
}

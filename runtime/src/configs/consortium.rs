//! The council and admission.
//!
//! Two thirds of the council reach Root through one gated dispatch, `Consortium::govern`; there is no other way to it.
//! Membership of the council is itself set by Root, and so by two thirds of the council: `govern` of
//! `Council::set_members`.

use super::{
    fees::{FeeEndowment, StakeEndowment, TreasuryAccount},
    system::{RuntimeBlockWeights, share},
};
use crate::{
    AccountId, Audit, Balances, BlockNumber, Consortium, DAYS, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, Staking, Timestamp,
};
use frame_support::{
    dispatch::{DispatchResult, RawOrigin},
    parameter_types,
    traits::{ConstU32, EitherOfDiverse},
    weights::Weight,
};
use frame_system::EnsureRoot;
use galen_primitives::traits::Consortium as _;
use pallet_collective::EnsureProportionAtLeast;
use pallet_staking::{Forcing, ValidatorPrefs};
use sp_runtime::Perbill;
use sp_staking::StakingInterface;

/// Members at once, at most: each may hold a validator's seat.
pub const MAX_MEMBERS: u32 = super::consensus::MAX_VALIDATORS;

/// The council's instance of pallet-collective.
pub type CouncilCollective = pallet_collective::Instance1;
/// Root, or two thirds of the council.
pub type GovernOrigin =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, CouncilCollective, 2, 3>>;

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
    type MaxProposals = ConstU32<64>;
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
    type Currency = Balances;
    type Treasury = TreasuryAccount;
    type StakeEndowment = StakeEndowment;
    type FeeEndowment = FeeEndowment;
    type Validators = Validators;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type Time = Timestamp;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
}

/// What members do in staking. pallet-consortium has checked membership; the base call filter, which refuses
/// `Staking::validate` to everybody, is not asked here.
pub struct Validators;

impl pallet_consortium::ValidatorControl for Validators {
    fn validate(account: &AccountId, commission: Perbill) -> DispatchResult {
        let prefs = ValidatorPrefs { commission, blocked: false };
        Staking::validate(RawOrigin::Signed(account.clone()).into(), prefs)
    }

    fn chill(account: &AccountId) -> DispatchResult {
        if pallet_staking::Validators::<Runtime>::contains_key(account) {
            <Staking as StakingInterface>::chill(account)?;
        }
        Ok(())
    }

    fn force_new_era() {
        pallet_staking::ForceEra::<Runtime>::put(Forcing::ForceNew);
    }
}

/// Whether `account` is a member hospital: what validator ids, session keys and candidates are checked for.
pub fn is_member(account: &AccountId) -> bool {
    Consortium::is_member(account)
}

/// Whether a call is about a member's own candidacy as a validator.
pub fn is_candidacy_call(call: &RuntimeCall) -> bool {
    matches!(call, RuntimeCall::Consortium(pallet_consortium::Call::validate { .. }))
}

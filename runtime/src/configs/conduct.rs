//! Validators' conduct: what pallet-conduct asks of sessions and staking.

use super::{
    consortium::{GovernOrigin, Validators},
    fees::{RewardPot, TreasuryAccount},
};
use crate::{AccountId, Audit, Balances, Consortium, Runtime, Session, Staking, limits::MaxValidators};
use frame_support::dispatch::DispatchResult;
use pallet_consortium::ValidatorControl;
use sp_runtime::{SaturatedConversion, traits::Convert};
use sp_staking::{EraIndex, SessionIndex};

/// Tells pallet-conduct of seats and candidates as sessions and staking know them.
pub struct Seating;

impl pallet_conduct::Seating for Seating {
    fn session() -> SessionIndex {
        Session::current_index()
    }

    fn elected_era() -> EraIndex {
        pallet_staking::CurrentEra::<Runtime>::get().unwrap_or_default()
    }

    fn elected_seats() -> u32 {
        // Sessions queue what staking elected last: the next session's validators are those of the elected
        // era.
        pallet_session::QueuedKeys::<Runtime>::decode_len().unwrap_or_default().saturated_into()
    }

    fn is_candidate(account: &AccountId) -> bool {
        pallet_staking::Validators::<Runtime>::contains_key(account)
    }

    fn chill(account: &AccountId) -> DispatchResult {
        Validators::chill(account)
    }
}

/// Finds the hospital whose validator an account is; an evicted one is nobody's.
pub struct HospitalOf;

impl Convert<AccountId, Option<AccountId>> for HospitalOf {
    fn convert(validator: AccountId) -> Option<AccountId> {
        Consortium::hospital_of(&validator)
    }
}

impl pallet_conduct::Config for Runtime {
    type Audit = Audit;
    type GovernOrigin = GovernOrigin;
    type Seating = Seating;
    type HospitalOf = HospitalOf;
    type Punishment = Staking;
    type Currency = Balances;
    type Treasury = TreasuryAccount;
    type RewardPot = RewardPot;
    type MaxValidators = MaxValidators;
    type WeightInfo = pallet_conduct::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

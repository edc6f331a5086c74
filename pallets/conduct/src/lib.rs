#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions
    )
)]

extern crate alloc;

mod absence;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
mod genesis;
mod offence;
mod query;
mod reward;
mod setting;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use absence::Seating;
use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use reward::{PaidFromPot, ReturnedToTreasury};
pub use setting::Setting;
pub use weights::WeightInfo;

use galen_primitives::AccountId;

/// An offender as pallet-session's historical sessions identify it: its account and nothing more.
pub type Offender = (AccountId, ());

const LOG_TARGET: &str = "runtime::conduct";

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(genesis::genesis)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{Offender, Seating, WeightInfo};
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Balanced, Inspect, Mutate},
    };
    use frame_system::pallet_prelude::*;
    use galen_primitives::{AccountId, H256, traits::AuditSink};
    use sp_runtime::{Perbill, traits::Convert};
    use sp_staking::{EraIndex, SessionIndex, offence::OnOffenceHandler};

    /// A balance of [`Config::Currency`], in its smallest unit.
    pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountId>>::Balance;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Holds the audit log, into which every change writes an entry.
        type Audit: AuditSink;
        /// Tells who sets the rules: two thirds of the council, or Root.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Knows sessions, elections and candidates.
        type Seating: Seating;
        /// Gives the hospital whose validator an account is, also while that hospital is suspended.
        type HospitalOf: Convert<AccountId, Option<AccountId>>;
        /// Punishes proved offences.
        type Punishment: OnOffenceHandler<AccountId, Offender, Weight>;
        /// Moves what rewards are paid in.
        type Currency: Balanced<AccountId> + Mutate<AccountId>;
        /// Names the account that rewards come from.
        type Treasury: Get<AccountId>;
        /// Names the account in which promised rewards wait to be paid out.
        type RewardPot: Get<AccountId>;
        /// Bounds how many validators there are at once.
        #[pallet::constant]
        type MaxValidators: Get<u32>;
        /// Weighs the calls.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog;
    }

    /// A session of absences, and for how many sessions in a row each validator absent in it has been.
    pub type AbsencesOf<T> = (SessionIndex, BoundedVec<(AccountId, u32), <T as Config>::MaxValidators>);

    /// What is read before genesis is built: four hours of sessions of an hour.
    #[pallet::type_value]
    pub fn DefaultAbsenceThreshold() -> u32 {
        4
    }

    /// Holds after how many sessions in a row a validator that is absent loses its seat; at least 1.
    #[pallet::storage]
    pub type AbsenceThreshold<T: Config> = StorageValue<_, u32, ValueQuery, DefaultAbsenceThreshold>;

    /// Holds the last session in which a validator was absent, and who was. The others were present in it, or
    /// not in the set.
    #[pallet::storage]
    pub type Absences<T: Config> = StorageValue<_, AbsencesOf<T>>;

    /// Holds the era last elected, and which of its validators have lost their seats since and have none in
    /// the next.
    #[pallet::storage]
    pub type SeatsLost<T: Config> =
        StorageValue<_, (EraIndex, BoundedVec<AccountId, T::MaxValidators>), ValueQuery>;

    /// Holds what the validators of an era get together, in the smallest unit, if the treasury has it.
    #[pallet::storage]
    pub type EraReward<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets after how many sessions in a row a validator that is absent loses its seat.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_absence_threshold(origin: OriginFor<T>, sessions: u32) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_absence_threshold(sessions)?;
            Self::deposit_event(Event::AbsenceThresholdSet { sessions });
            Ok(())
        }

        /// Sets what the validators of an era get together, from the era that now runs on.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_era_reward(origin: OriginFor<T>, amount: BalanceOf<T>) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_era_reward(amount)?;
            Self::deposit_event(Event::EraRewardSet { amount });
            Ok(())
        }
    }
}

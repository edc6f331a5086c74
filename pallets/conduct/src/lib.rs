//! # Conduct
//!
//! How validators conduct themselves, and what follows: who stays away loses its seat, whose offence is proved is
//! logged before it is punished, who does its work is paid what the council has set.
//!
//! ## Absence
//! Pallet-im-online finds, at each session's end, the validators that neither authored a block nor sent a heartbeat.
//! Nobody is slashed for that. The sessions that a validator has been absent in a row are counted; being present once
//! sets the count to 0. At [`AbsenceThreshold`] the validator is taken out of the candidates ([`Seating::chill`]), so
//! that it has no seat in the next era that is elected (the era that follows, unless the threshold is met in the last
//! session of an era, when the one that follows is elected already). It comes back by `Consortium::validate`.
//!
//! Two rules keep the network alive:
//! - When more than (n-1)/3 of the n validators are absent in one session, finality stands still, and that is a fault
//!   of the network and not of the absent: nobody's count grows in that session. With fewer than four validators that
//!   is so whenever one is absent.
//! - Between two elections at most (n-1)/3 of the n validators elected lose their seats, so that two thirds of them stay.
//!
//! ## Offences
//! Pallet-offences hands proved equivocations to this pallet, which logs each and hands them on to
//! [`Config::Punishment`], staking. When a second validator turns out to have offended in the same slot or round, the
//! fraction to be slashed grows for all of them, and each is reported again.
//!
//! ## Rewards
//! There is no inflation. The council may set an amount per era, [`EraReward`] (0 at first). When an era ends, so much
//! of it as the treasury can spare and stay alive is moved to [`Config::RewardPot`] and promised to the era's
//! validators ([`EraPayout`](sp_staking::EraPayout)), who share it by the blocks they authored: the absent get nothing
//! of it. When staking pays it out, which mints, as much is taken out of the pot ([`PaidFromPot`]), so that the
//! issuance stays what it was. What staking's own cap on rewards keeps back returns to the treasury
//! ([`ReturnedToTreasury`]). What nobody collects (roundings, eras past staking's history, eras without a block) stays
//! in the pot until Root moves it; so does one existential deposit, which keeps the pot's account alive.
//!
//! ## Calls
//! | call | who may | event |
//! |---|---|---|
//! | `set_absence_threshold(sessions)` | the council | `AbsenceThresholdSet` |
//! | `set_era_reward(amount)` | the council | `EraRewardSet` |
//!
//! 'The council' is [`Config::GovernOrigin`]: two thirds of it, or Root. `set_absence_threshold` fails with
//! `InvalidThreshold` for 0 sessions. Both write an audit entry; its subject is [`Setting::subject`]. An offence and a
//! lost seat write one each: the hospital is the one whose validator it is, the subject is
//! [`account_subject`](galen_primitives::audit::account_subject) of the validator's account.
//!
//! ## Queries
//! [`Pallet::absent_sessions`].
//!
//! ## What never goes on chain
//! Why a validator was away. Nothing is kept here but accounts of hospitals' validators and numbers.

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
mod offence;
mod reward;
mod setting;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use absence::Seating;
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
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Balanced, Inspect, Mutate},
    };
    use frame_system::pallet_prelude::*;
    use galen_primitives::{H256, traits::AuditSink};
    use sp_runtime::{Perbill, traits::Convert};
    use sp_staking::{EraIndex, SessionIndex, offence::OnOffenceHandler};

    /// A balance of [`Config::Currency`], in its smallest unit.
    pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountId>>::Balance;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Where changes are logged.
        type Audit: AuditSink;
        /// Who sets the rules: two thirds of the council, or Root.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Sessions, elections and candidates.
        type Seating: Seating;
        /// The hospital whose validator an account is, also while that hospital is suspended.
        type HospitalOf: Convert<AccountId, Option<AccountId>>;
        /// What punishes proved offences.
        type Punishment: OnOffenceHandler<AccountId, Offender, Weight>;
        /// What rewards are paid in.
        type Currency: Balanced<AccountId> + Mutate<AccountId>;
        /// Where rewards come from.
        type Treasury: Get<AccountId>;
        /// Where promised rewards wait to be paid out.
        type RewardPot: Get<AccountId>;
        /// The largest number of validators at once.
        #[pallet::constant]
        type MaxValidators: Get<u32>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
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

    /// After how many sessions in a row a validator that is absent loses its seat; at least 1.
    #[pallet::storage]
    pub type AbsenceThreshold<T: Config> = StorageValue<_, u32, ValueQuery, DefaultAbsenceThreshold>;

    /// The last session in which anybody was absent. Whoever is not in it was present in it, or not in the set.
    #[pallet::storage]
    pub type Absences<T: Config> = StorageValue<_, AbsencesOf<T>>;

    /// The era last elected, and who of it has lost its seat since and has none in the next.
    #[pallet::storage]
    pub type SeatsLost<T: Config> =
        StorageValue<_, (EraIndex, BoundedVec<AccountId, T::MaxValidators>), ValueQuery>;

    /// What the validators of an era get together, if the treasury has it.
    #[pallet::storage]
    pub type EraReward<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// What a network begins with.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// After how many sessions in a row the absent lose their seats; the default if 0.
        pub absence_threshold: u32,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let sessions = self.absence_threshold;
            // Written also if it is the default: a later runtime's default must not move it.
            AbsenceThreshold::<T>::put(if sessions == 0 { DefaultAbsenceThreshold::get() } else { sessions });
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The council set after how many sessions the absent lose their seats.
        AbsenceThresholdSet {
            /// So many in a row.
            sessions: u32,
        },
        /// The council set what the validators of an era get together.
        EraRewardSet {
            /// In the smallest unit.
            amount: BalanceOf<T>,
        },
        /// A validator stayed away for too long and is no candidate any more.
        SeatLost {
            /// Its account.
            validator: AccountId,
            /// The hospital whose validator it is.
            hospital: Option<AccountId>,
            /// For how many sessions in a row it has been absent.
            sessions: u32,
        },
        /// So many were absent that it is the network's fault: it counts against none of them.
        AbsenceExcused {
            /// The session.
            session: SessionIndex,
            /// How many were absent.
            absent: u32,
            /// How many validators there were.
            validators: u32,
        },
        /// A proved offence of a validator was reported and handed on to be punished.
        OffenceReported {
            /// Its account.
            validator: AccountId,
            /// The hospital whose validator it is.
            hospital: Option<AccountId>,
            /// What part of the stake behind it is to be slashed.
            fraction: Perbill,
            /// The session of the offence.
            session: SessionIndex,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A threshold is at least 1 session.
        InvalidThreshold,
    }

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
            Self::do_set_absence_threshold(sessions)
        }

        /// Sets what the validators of an era get together, from the era that now runs on.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set())]
        pub fn set_era_reward(origin: OriginFor<T>, amount: BalanceOf<T>) -> DispatchResult {
            T::GovernOrigin::ensure_origin(origin)?;
            Self::do_set_era_reward(amount)
        }
    }
}

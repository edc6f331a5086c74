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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
mod genesis;
mod model;
mod query;
mod round;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use genesis::GenesisModel;
pub use pallet::*;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(genesis::genesis)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{GenesisModel, WeightInfo, genesis};
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, BlockNumber, H256,
        model::{Model, ModelTerms, Round, Update},
        traits::{AuditSink, Consortium},
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Says who is a member.
        type Consortium: Consortium;
        /// Holds the audit log, into which every change writes an entry.
        type Audit: AuditSink;
        /// Tells who approves models and withdraws the approval: the council.
        type ApproveOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Bounds how many updates a round takes.
        #[pallet::constant]
        type MaxUpdates: Get<u32>;
        /// Bounds for how many blocks a round is open.
        #[pallet::constant]
        type MaxRoundBlocks: Get<BlockNumber>;
        /// Weighs the calls.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog + galen_primitives::benchmark::MakeMember;
    }

    /// Holds the models, by the BLAKE2b-256 of their files.
    #[pallet::storage]
    pub type Models<T: Config> = StorageMap<_, Blake2_128Concat, H256, Model>;

    /// Holds the rounds, numbered from 0.
    #[pallet::storage]
    pub type Rounds<T: Config> = StorageMap<_, Twox64Concat, u32, Round>;

    /// Holds the number of the next round.
    #[pallet::storage]
    pub type NextRound<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// Holds the updates, by round and member.
    #[pallet::storage]
    pub type Updates<T: Config> = StorageDoubleMap<_, Twox64Concat, u32, Blake2_128Concat, AccountId, Update>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a model: makes it known, for the council to approve.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_model())]
        pub fn register_model(origin: OriginFor<T>, terms: ModelTerms) -> DispatchResult {
            let registrant = ensure_signed(origin)?;
            let hash = terms.hash;
            Self::do_register_model(&registrant, terms)?;
            Self::deposit_event(Event::ModelRegistered { hash, registrant });
            Ok(())
        }

        /// Approves a model, which may be used from this block on.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::approve_model())]
        pub fn approve_model(origin: OriginFor<T>, hash: H256) -> DispatchResult {
            T::ApproveOrigin::ensure_origin(origin)?;
            Self::do_approve_model(hash)?;
            Self::deposit_event(Event::ModelApproved { hash });
            Ok(())
        }

        /// Withdraws the council's approval of a model, which may no longer be used from this block on.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw_model())]
        pub fn withdraw_model(origin: OriginFor<T>, hash: H256) -> DispatchResult {
            T::ApproveOrigin::ensure_origin(origin)?;
            Self::do_withdraw_model(hash)?;
            Self::deposit_event(Event::ModelWithdrawn { hash });
            Ok(())
        }

        /// Opens a round that improves the model `base` and takes updates for `blocks` blocks after this one.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::open_round())]
        pub fn open_round(origin: OriginFor<T>, base: H256, blocks: BlockNumber) -> DispatchResult {
            let opener = ensure_signed(origin)?;
            let (id, deadline) = Self::do_open_round(&opener, base, blocks)?;
            Self::deposit_event(Event::RoundOpened { id, base, opener, deadline });
            Ok(())
        }

        /// Registers the signer's update in a round, trained on `samples` samples.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::register_update(T::MaxUpdates::get()))]
        pub fn register_update(origin: OriginFor<T>, round: u32, hash: H256, samples: u32) -> DispatchResult {
            let member = ensure_signed(origin)?;
            Self::do_register_update(&member, round, hash, samples)?;
            Self::deposit_event(Event::UpdateRegistered { round, member, hash });
            Ok(())
        }
    }
}

//! # Federated
//!
//! Which models there are, what each was derived from, which of them the council allows to be used, and the rounds in
//! which members improve one together. In a round a member trains on data that never leaves it and registers the hash of
//! its update; the files themselves travel between the hospitals.
//!
//! ## Calls
//! | call | who may | event |
//! |---|---|---|
//! | `register_model(terms)` | a member | `ModelRegistered` |
//! | `approve_model(hash)` | the council | `ModelApproved` |
//! | `withdraw_model(hash)` | the council | `ModelWithdrawn` |
//! | `open_round(base, blocks)` | a member | `RoundOpened` |
//! | `register_update(round, hash, samples)` | a member | `UpdateRegistered` |
//!
//! 'The council' is [`Config::ApproveOrigin`].
//!
//! - `register_model`: the model is known from then on, and nobody may use it yet. Its parent, if it names one, must be
//!   registered before it, so that a lineage has no loop. `AlreadyExists`, `ParentNotFound`, `InvalidText`.
//! - `approve_model`: from this block on the model may be used, also one whose approval was withdrawn before. `NotFound`,
//!   `AlreadyApproved`.
//! - `withdraw_model`: from this block on it may not; rounds that improve it take no more updates. `NotFound`,
//!   `NotApproved`.
//! - `open_round`: updates are taken up to and including block now + `blocks`. `NotApproved`, `InvalidLength`, `Full`.
//! - `register_update`: one for each member and round, and a hash once in a round. `NotFound`, `Expired`, `NotApproved`,
//!   `AlreadyExists`, `InvalidSamples`, `Full`.
//!
//! A signer who is not a member gets `NotAuthorized`. Each call writes one audit entry; its subject is the model's hash,
//! for a round its base's, for an update the update's.
//!
//! ## Genesis
//! Models of genesis have no registrant, are approved from block 0 and have no audit entry: the log is empty at block 0,
//! and the published chain specification shows them.
//!
//! ## Queries
//! [`model`](galen_primitives::traits::ModelLookup::model), [`Pallet::round`], [`Pallet::updates`]; other pallets ask through
//! [`ModelLookup`](galen_primitives::traits::ModelLookup).
//!
//! ## What never goes on chain
//! Weights, training data, and what a member measured on it. A name, a licence and the hashes of the file and of the card
//! say which model; `samples` is what the member claims, and nothing here checks it.

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
mod genesis;
mod lookup;
mod model;
mod round;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use genesis::GenesisModel;
pub use pallet::*;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
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
        /// Who is a member.
        type Consortium: Consortium;
        /// Where changes are logged.
        type Audit: AuditSink;
        /// Who approves models and withdraws that.
        type ApproveOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The largest number of updates in a round.
        #[pallet::constant]
        type MaxUpdates: Get<u32>;
        /// The largest number of blocks that a round is open.
        #[pallet::constant]
        type MaxRoundBlocks: Get<BlockNumber>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog + galen_primitives::benchmark::MakeMember;
    }

    /// The models, by the hash of their file.
    #[pallet::storage]
    pub type Models<T: Config> = StorageMap<_, Blake2_128Concat, H256, Model>;

    /// The rounds, numbered from 0.
    #[pallet::storage]
    pub type Rounds<T: Config> = StorageMap<_, Twox64Concat, u32, Round>;

    /// The number of the next round.
    #[pallet::storage]
    pub type NextRound<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The updates, by round and member.
    #[pallet::storage]
    pub type Updates<T: Config> = StorageDoubleMap<_, Twox64Concat, u32, Blake2_128Concat, AccountId, Update>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Models that are approved from the start; a parent comes before what was derived from it.
        pub models: Vec<GenesisModel>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            genesis::build::<T>(&self.models);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A model was registered.
        ModelRegistered {
            /// BLAKE2b-256 of its file.
            hash: H256,
            /// The member that registered it.
            registrant: AccountId,
        },
        /// The council approved a model.
        ModelApproved {
            /// BLAKE2b-256 of its file.
            hash: H256,
        },
        /// The council withdrew its approval of a model.
        ModelWithdrawn {
            /// BLAKE2b-256 of its file.
            hash: H256,
        },
        /// A round was opened.
        RoundOpened {
            /// Its number.
            id: u32,
            /// The model that is improved.
            base: H256,
            /// The member that opened it.
            opener: AccountId,
            /// The last block in which updates are accepted.
            deadline: BlockNumber,
        },
        /// An update was registered.
        UpdateRegistered {
            /// The round's number.
            round: u32,
            /// The member whose update it is.
            member: AccountId,
            /// BLAKE2b-256 of its file.
            hash: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The signer is not a member.
        NotAuthorized,
        /// There is no such model or round.
        NotFound,
        /// The parent is not registered.
        ParentNotFound,
        /// The model is registered already; or the member, or this hash, is in the round already.
        AlreadyExists,
        /// Name and licence are 1 to 64 bytes of UTF-8 without control characters.
        InvalidText,
        /// The model is approved already.
        AlreadyApproved,
        /// The model is not approved.
        NotApproved,
        /// A round is open for at least one block and at most as many as the runtime allows.
        InvalidLength,
        /// An update is trained on at least one sample.
        InvalidSamples,
        /// The round's deadline has passed.
        Expired,
        /// The round holds as many updates as it may, or there is no number for another round.
        Full,
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
        /// Makes a model known.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_model())]
        pub fn register_model(origin: OriginFor<T>, terms: ModelTerms) -> DispatchResult {
            let registrant = Self::ensure_member(origin)?;
            Self::do_register_model(registrant, terms)
        }

        /// Allows the use of a model.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::approve_model())]
        pub fn approve_model(origin: OriginFor<T>, hash: H256) -> DispatchResult {
            T::ApproveOrigin::ensure_origin(origin)?;
            Self::do_approve_model(hash)
        }

        /// Takes that back.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw_model())]
        pub fn withdraw_model(origin: OriginFor<T>, hash: H256) -> DispatchResult {
            T::ApproveOrigin::ensure_origin(origin)?;
            Self::do_withdraw_model(hash)
        }

        /// Opens a round that improves `base` and takes updates for `blocks` blocks after this one.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::open_round())]
        pub fn open_round(origin: OriginFor<T>, base: H256, blocks: BlockNumber) -> DispatchResult {
            let opener = Self::ensure_member(origin)?;
            Self::do_open_round(opener, base, blocks)
        }

        /// Registers the signer's update in a round.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::register_update(T::MaxUpdates::get()))]
        pub fn register_update(origin: OriginFor<T>, round: u32, hash: H256, samples: u32) -> DispatchResult {
            let member = Self::ensure_member(origin)?;
            Self::do_register_update(member, round, hash, samples)
        }
    }
}

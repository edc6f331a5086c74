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

mod append;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
pub mod ocw;
mod prove;
mod query;
mod report;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use galen_primitives::traits::AuditSink;
pub use pallet::*;
pub use query::MAX_SCAN;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block, genesis_hash);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{WeightInfo, ocw};
    use frame_support::pallet_prelude::*;
    use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
    use galen_offchain::reports;
    use galen_primitives::{
        AccountId, H256,
        audit::{
            Entry, Kind, LogState,
            disclosure::{DisclosureBatch, ReportedBatch, Site},
        },
        traits::Consortium,
    };
    use sp_core::sr25519;
    use sp_runtime::SaturatedConversion;

    /// An entry's number as eight big-endian bytes: under [`Identity`], keys come in the order of the
    /// numbers.
    pub type OrderedIndex = [u8; 8];

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// `frame_system::AuthorizeCall` must be among the runtime's transaction extensions.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256> + CreateAuthorizedTransaction<Call<Self>>
    {
        /// Says whose worker key may report for which hospital.
        type Consortium: Consortium;
        /// Weighs a report and the merges of a block.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeMember;
    }

    /// Holds how many entries the log has, and the peaks of its Merkle mountain range.
    #[pallet::storage]
    pub type Log<T: Config> = StorageValue<_, LogState, ValueQuery>;

    /// Holds the entries of the log, by number.
    #[pallet::storage]
    pub type Entries<T: Config> = StorageMap<_, Twox64Concat, u64, Entry>;

    /// Holds the inner nodes of the tree over the entries, by level (1 and up) and index: roots of its
    /// perfect subtrees. They never change.
    #[pallet::storage]
    pub type Nodes<T: Config> = StorageMap<_, Twox64Concat, (u8, u64), H256>;

    /// Lists the numbers of each hospital's entries, in order.
    #[pallet::storage]
    pub type ByHospital<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedIndex, ()>;

    /// Lists the numbers of the entries about each patient's key, in order.
    #[pallet::storage]
    pub type ByPatient<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedIndex, ()>;

    /// Lists, by patient's key, the hospitals that acted on it and the number of each one's latest entry.
    #[pallet::storage]
    pub type Holders<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, AccountId, u64>;

    /// Holds how far each hospital has reported its disclosures.
    #[pallet::storage]
    pub type Sites<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Site, ValueQuery>;

    /// Holds the batches of each hospital, by the number of their last disclosure: the first key from a
    /// number on is that of the batch which holds it.
    #[pallet::storage]
    pub type Batches<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, OrderedIndex, ReportedBatch>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// What the block's appends may cost beyond what each is charged: their merges with the mountains
        /// that are there.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::merges(Log::<T>::get().count.count_ones())
        }

        fn offchain_worker(now: BlockNumberFor<T>) {
            reports::run::<ocw::Disclosures<T>>(now.saturated_into());
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Reports a hospital's next batch of disclosures.
        ///
        /// The signature of the worker key that the hospital has in this block authorizes it; it pays
        /// nothing.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::report())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_report())]
        #[pallet::authorize(reports::authorize::<ocw::Disclosures<T>>)]
        pub fn report(
            origin: OriginFor<T>,
            hospital: AccountId,
            batch: DisclosureBatch,
            // Verified where the call is authorized, which always comes first.
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_report(&hospital, batch)?;
            let DisclosureBatch { first, count, root, .. } = batch;
            Self::deposit_event(Event::Reported { hospital, first, count, root });
            Ok(())
        }
    }
}

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
mod offer;
mod query;
mod step;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use crate::WeightInfo;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256,
        records::custody::{CustodyStep, Item, ItemKind},
        traits::{AuditSink, Consortium},
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Says who is a member.
        type Consortium: Consortium;
        /// Holds the audit log, into which every accepted call writes an entry.
        type Audit: AuditSink;
        /// Weighs the calls.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog + galen_primitives::benchmark::MakeMember;
    }

    /// Holds every item by its id; none is ever removed.
    #[pallet::storage]
    pub type Items<T: Config> = StorageMap<_, Blake2_128Concat, H256, Item>;

    /// Holds the steps of each item's custody, numbered from 0; a call appends one at most.
    #[pallet::storage]
    pub type Steps<T: Config> = StorageDoubleMap<_, Blake2_128Concat, H256, Twox64Concat, u32, CustodyStep>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers an item that the caller holds.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::step())]
        pub fn register(origin: OriginFor<T>, id: H256, kind: ItemKind) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            Self::do_register(&holder, id, kind)?;
            Self::deposit_event(Event::Registered { id, holder, kind });
            Ok(())
        }

        /// Offers an item to another member, which holds it once it accepts.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::offer())]
        pub fn offer(origin: OriginFor<T>, id: H256, to: AccountId) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            Self::do_offer(&holder, id, to.clone())?;
            Self::deposit_event(Event::Offered { id, holder, to });
            Ok(())
        }

        /// Accepts an item that is offered to the caller, who holds it from this block on.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::step())]
        pub fn accept(origin: OriginFor<T>, id: H256) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            let from = Self::do_accept(&holder, id)?;
            Self::deposit_event(Event::Accepted { id, from, holder });
            Ok(())
        }

        /// Withdraws an offer that nobody has accepted.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::offer())]
        pub fn withdraw_offer(origin: OriginFor<T>, id: H256) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            Self::do_withdraw_offer(&holder, id)?;
            Self::deposit_event(Event::OfferWithdrawn { id, holder });
            Ok(())
        }
    }
}

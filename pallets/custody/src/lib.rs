//! Custody of items: which member holds a drug lot, a specimen or another thing, and who held it before.
//!
//! An item goes from member to member: one registers it, offers it to another, and that one accepts. Each
//! step is numbered and kept. The chain does not know what an item is, beside its kind.
//!
//! Records are no items: a record that goes to another hospital is closed by `transfer` in the `records`
//! pallet. Nor are the devices of the `devices` pallet, which sign readings; a device that changes hands is
//! an item of the kind `Device`.
//!
//! # Calls
//! | call | who may | event | errors |
//! |---|---|---|---|
//! | `register(id, kind)` | a member | `Registered` | `NotMember`, `InvalidId`, `AlreadyExists` |
//! | `offer(id, to)` | the item's holder | `Offered` | `NotMember`, `NotFound`, `NotHolder`, `InvalidReceiver`, `AlreadyOffered` |
//! | `accept(id)` | the member that it is offered to | `Accepted` | `NotMember`, `NotFound`, `NotOffered` |
//! | `withdraw_offer(id)` | the item's holder | `OfferWithdrawn` | `NotMember`, `NotFound`, `NotHolder`, `NotOffered` |
//!
//! Every accepted call leaves one entry in the audit log, with the item's id as its subject and without a
//! patient.
//!
//! An item is offered to members in good standing only, and to one at a time. Its holder is who accepted it
//! last, in good standing or not: what an evicted hospital holds stays written as held by it.
//!
//! # Queries
//! [`Pallet::item`], [`Pallet::steps`].
//!
//! # What never goes on chain
//! Serial numbers of things and lots, and whose specimen one is: an item's id is random or blinded, and its
//! holder alone knows what it stands for.

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

// The sections that the pallet's macro takes in below.
use events::{__export_tokens_tt_errors, __export_tokens_tt_events};
use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events)]
#[import_section(errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
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
        /// Who is a member.
        type Consortium: Consortium;
        /// Where every accepted call leaves its entry.
        type Audit: AuditSink;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog + galen_primitives::benchmark::MakeMember;
    }

    /// Items by id. Never removed.
    #[pallet::storage]
    pub type Items<T: Config> = StorageMap<_, Blake2_128Concat, H256, Item>;

    /// The steps of each item's custody, numbered from 0. Only appended, one by a call.
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

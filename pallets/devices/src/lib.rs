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

mod anchor;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
mod key;
mod lifecycle;
pub mod ocw;
mod query;
mod register;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use pallet::*;
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
        AccountId, BlockNumber, H256,
        devices::{
            Device, DeviceKey,
            reading::{AnchoredReadings, ReadingBatch, ReadingSite},
        },
        traits::{AuditSink, Consortium},
    };
    use sp_core::{H512, sr25519};
    use sp_runtime::SaturatedConversion;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// `frame_system::AuthorizeCall` must be among the runtime's transaction extensions.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256> + CreateAuthorizedTransaction<Call<Self>>
    {
        /// Says who is a member, and whose worker key may anchor for which hospital.
        type Consortium: Consortium;
        /// Holds the audit log, into which every accepted call writes an entry.
        type Audit: AuditSink;
        /// Tells who beside a hospital may mark its device suspect: the council.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Sets how many blocks lie between two batches of a hospital at least: anchoring pays nothing.
        #[pallet::constant]
        type MinPeriod: Get<BlockNumber>;
        /// Weighs the calls.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog + galen_primitives::benchmark::MakeMember;
    }

    /// Holds the devices, by the random ids that their hospitals issued. None is ever removed.
    #[pallet::storage]
    pub type Devices<T: Config> = StorageMap<_, Blake2_128Concat, H256, Device>;

    /// Holds which device has, or had, a key. None is ever removed, so that no key serves two devices.
    #[pallet::storage]
    pub type Keys<T: Config> = StorageMap<_, Blake2_128Concat, DeviceKey, H256>;

    /// Lists the devices of each hospital.
    #[pallet::storage]
    pub type ByHospital<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, H256, ()>;

    /// Holds how far each hospital has anchored its readings.
    #[pallet::storage]
    pub type Sites<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, ReadingSite, ValueQuery>;

    /// Holds the batches of each hospital, by their numbers.
    #[pallet::storage]
    pub type Batches<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, u64, AnchoredReadings>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn offchain_worker(now: BlockNumberFor<T>) {
            reports::run::<ocw::Readings<T>>(now.saturated_into());
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a device of the caller's under a random id, with its key and that key's signature.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            device: H256,
            key: DeviceKey,
            model: H256,
            proof: H512,
        ) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            Self::do_register(&hospital, device, key, model, &proof)?;
            Self::deposit_event(Event::Registered { device, hospital, key });
            Ok(())
        }

        /// Rotates a device's key: `key`, which has signed, is in force from this block on in place of the
        /// one before.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::rotate_key())]
        pub fn rotate_key(origin: OriginFor<T>, device: H256, key: DeviceKey, proof: H512) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            Self::do_rotate_key(&hospital, device, key, &proof)?;
            Self::deposit_event(Event::KeyRotated { device, key });
            Ok(())
        }

        /// Retires a device: no reading of it is taken any more.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::retire())]
        pub fn retire(origin: OriginFor<T>, device: H256) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            Self::do_retire(&hospital, device)?;
            Self::deposit_event(Event::Retired { device });
            Ok(())
        }

        /// Marks a device suspect: nothing that it signed in block `from` or later can be relied upon. This
        /// is never taken back.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::mark_suspect())]
        pub fn mark_suspect(origin: OriginFor<T>, device: H256, from: BlockNumber) -> DispatchResult {
            let actor = match T::GovernOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            let from = Self::do_mark_suspect(actor.as_ref(), device, from)?;
            Self::deposit_event(Event::MarkedSuspect { device, from });
            Ok(())
        }

        /// Anchors a hospital's next batch of readings.
        ///
        /// The signature of the worker key that the hospital has in this block authorizes it; it pays
        /// nothing.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::anchor_readings())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_anchor())]
        #[pallet::authorize(reports::authorize::<ocw::Readings<T>>)]
        pub fn anchor_readings(
            origin: OriginFor<T>,
            hospital: AccountId,
            batch: ReadingBatch,
            // Verified where the call is authorized, which always comes first.
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_anchor(&hospital, batch)?;
            let ReadingBatch { index, first, count, refused, root, .. } = batch;
            Self::deposit_event(Event::Anchored { hospital, index, first, count, refused, root });
            Ok(())
        }
    }
}

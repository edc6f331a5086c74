//! Devices of the hospitals (monitors, pumps, wearables), their keys, and the batches in which their readings are anchored.
//!
//! A hospital registers a device under a random id with the device's own key, which signs every reading. The hospital's worker
//! verifies readings against the key that stands here and anchors them in batches ([`galen_primitives::devices::reading`]): whoever
//! is shown a reading later sees which device signed it, that the device was in good standing, and since when it is fixed.
//!
//! ## Who writes
//! | call | who may | event | errors |
//! |---|---|---|---|
//! | `register` | a member | `Registered` | `NotMember`, `AlreadyExists`, `KeyInUse`, `BadKey`, `BadProof` |
//! | `rotate_key` | the device's hospital | `KeyRotated` | `NotMember`, `NotFound`, `NotOwner`, `Retired`, `Suspect`, `TooManyKeys`, `KeyInUse`, `BadKey`, `BadProof` |
//! | `retire` | the device's hospital, in good standing or not | `Retired` | `NotFound`, `NotOwner`, `Retired` |
//! | `mark_suspect` | the same, or the council | `MarkedSuspect` | `NotFound`, `NotOwner`, `InvalidBlock` |
//! | `anchor_readings` | nobody's account: authorized by the signature of the hospital's worker key over [`anchor_payload`] | `Anchored` | see below |
//!
//! `register` and `rotate_key` carry the device's signature over [`possession_payload`]: nobody registers a key that he has
//! only seen, and no key ever serves two devices. A doubt is never taken back: of two marks the earlier block holds, and a
//! suspect device gets no other key; it is registered anew under another id.
//!
//! `anchor_readings` is checked before it enters a block, so its errors are those of the pool: `Call` a batch that contradicts
//! itself, `Stale` anchored already, `Custom(1)` a gap before it ([`GAP`]), `Custom(2)` it follows another batch than the
//! hospital's last ([`FORK`]), `Custom(3)` too soon after that ([`EARLY`]), `BadSigner` the hospital has no worker key (any
//! more), `BadProof` that key did not sign it. So a lost, changed or reordered batch shows. A batch also says how many readings
//! were refused: that a device was imitated, or replayed, stands in the audit log.
//!
//! ## Queries
//! - [`Pallet::device`], [`Pallet::devices`]: devices, with all keys they had;
//! - [`Pallet::reading_site`], [`Pallet::reading_batches`]: how far a hospital has anchored, and what.
//!
//! ## Size
//! A device is at most 760 bytes and is paid for by its registration; it is never removed, since old readings are proven against
//! its keys. Batches pay nothing: of each hospital one comes in [`Config::MinPeriod`] blocks at most, of about 220 bytes.
//!
//! ## Runtime
//! Needs `frame_system::AuthorizeCall` among the transaction extensions. The offchain worker ([`ocw`]) takes batches from the
//! hospital's `galen-worker` and signs them with the worker key in the node's keystore.
//!
//! ## What never goes on chain
//! What was measured, on whom, where and by what make of device: readings stay encrypted at the hospital's worker; of a batch
//! the chain has the root over salted commitments. That a device exists and when its hospital anchors readings is public.

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

pub use anchor::{EARLY, FORK, GAP, LONGEVITY};
pub use pallet::*;
pub use weights::WeightInfo;

#[cfg(doc)]
use galen_primitives::devices::{possession_payload, reading::anchor_payload};

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
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
        /// Who is a member, and whose worker key may anchor for which hospital.
        type Consortium: Consortium;
        /// Where every accepted call leaves its entries.
        type Audit: AuditSink;
        /// The council: it, too, may mark a device suspect.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Blocks from one batch of a hospital to its next at least: anchoring pays nothing.
        #[pallet::constant]
        type MinPeriod: Get<BlockNumber>;
        /// What calls cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog + galen_primitives::benchmark::MakeMember;
    }

    /// Devices, by the random ids that their hospitals issued. Never removed.
    #[pallet::storage]
    pub type Devices<T: Config> = StorageMap<_, Blake2_128Concat, H256, Device>;

    /// Which device has, or had, a key. Never removed, so that no key serves two devices.
    #[pallet::storage]
    pub type Keys<T: Config> = StorageMap<_, Blake2_128Concat, DeviceKey, H256>;

    /// The devices of each hospital.
    #[pallet::storage]
    pub type ByHospital<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, H256, ()>;

    /// How far each hospital has anchored its readings.
    #[pallet::storage]
    pub type Sites<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, ReadingSite, ValueQuery>;

    /// The batches of each hospital, by their numbers.
    #[pallet::storage]
    pub type Batches<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, u64, AnchoredReadings>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital registered a device.
        Registered { device: H256, hospital: AccountId, key: DeviceKey },
        /// A device has another key.
        KeyRotated { device: H256, key: DeviceKey },
        /// A device was retired, for good.
        Retired { device: H256 },
        /// Nothing that a device signed in block `from` or later can be relied upon.
        MarkedSuspect { device: H256, from: BlockNumber },
        /// A batch of readings was anchored.
        Anchored { hospital: AccountId, index: u64, first: u64, count: u32, refused: u32, root: H256 },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not an admitted member in good standing.
        NotMember,
        /// There is no such device.
        NotFound,
        /// The device is another hospital's.
        NotOwner,
        /// A device with this id exists.
        AlreadyExists,
        /// The key is, or was, that of a device.
        KeyInUse,
        /// The key is no point of its curve.
        BadKey,
        /// The device's key did not sign that it is this device of this hospital.
        BadProof,
        /// The device is retired.
        Retired,
        /// The device is suspect: register it anew under another id.
        Suspect,
        /// The device has had as many keys as can be kept: register it anew under another id.
        TooManyKeys,
        /// The block is in the future.
        InvalidBlock,
        /// The batch is not the hospital's next.
        OutOfOrder,
    }

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

        /// Gives a device another key, which has signed; the one before is out of force from this block on.
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

        /// Says that nothing the device signed in block `from` or later can be relied upon. Never taken back.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::mark_suspect())]
        pub fn mark_suspect(origin: OriginFor<T>, device: H256, from: BlockNumber) -> DispatchResult {
            let from = Self::do_mark_suspect(origin, device, from)?;
            Self::deposit_event(Event::MarkedSuspect { device, from });
            Ok(())
        }

        /// Anchors a hospital's next batch of readings.
        ///
        /// Authorized by the signature of the hospital's worker key of this block; pays nothing.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::anchor_readings())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_anchor())]
        #[pallet::authorize(Self::authorize_anchor)]
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

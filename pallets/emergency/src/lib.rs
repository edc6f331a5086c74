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
mod open_access;
mod query;
mod review;
mod rule;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block, seconds, genesis_hash);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use crate::WeightInfo;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256, UnixSeconds,
        emergency::{Access, Finding, Urgency},
        traits::{AuditSink, ConsentCheck, Consortium, RecordLookup},
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Says who is a member.
        type Consortium: Consortium;
        /// Decides over consents.
        type Consent: ConsentCheck;
        /// Looks up anchored records.
        type Records: RecordLookup;
        /// Holds the audit log, into which every accepted call writes an entry.
        type Audit: AuditSink;
        /// Tells the time of the current block.
        type Time: UnixTime;
        /// Tells who reviews what a hospital does not: the council.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Sets for how many seconds an access is open.
        #[pallet::constant]
        type AccessSeconds: Get<u64>;
        /// Sets in how many seconds an access must be reviewed; no fewer than it is open.
        #[pallet::constant]
        type ReviewSeconds: Get<u64>;
        /// Bounds how many accesses a hospital has open for one patient.
        #[pallet::constant]
        type MaxOpen: Get<u32>;
        /// Weighs calls and rulings, without decisions over consents.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::MakePatient
            + galen_primitives::benchmark::MakeRecord;
    }

    /// Holds every access that was ever opened, by id.
    #[pallet::storage]
    pub type Accesses<T: Config> = StorageMap<_, Blake2_128Concat, H256, Access>;

    /// Lists, by hospital and patient, the accesses that may be open, the newest last. What is over is found
    /// when read, and dropped when the next one is opened.
    #[pallet::storage]
    pub type Open<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Blake2_128Concat,
        AccountId,
        BoundedVec<H256, T::MaxOpen>,
        ValueQuery,
    >;

    /// Lists, by hospital, the accesses that wait for their review.
    #[pallet::storage]
    pub type Unreviewed<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, H256, ()>;

    /// Counts, by hospital, the accesses that it has opened.
    #[pallet::storage]
    pub type Opened<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, u32, ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxOpen::get() > 0, "no access could ever be opened");
            assert!(T::AccessSeconds::get() <= T::ReviewSeconds::get(), "a review is not due before the end");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Opens an access to what is kept of a patient, or with `record` to that alone, in the name of the
        /// practitioner `by` (the random id that the caller issued). `note` is the fingerprint of the written
        /// justification.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::open_access_weight())]
        pub fn open_access(
            origin: OriginFor<T>,
            patient: AccountId,
            record: Option<H256>,
            by: H256,
            reason: Urgency,
            note: H256,
        ) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            let (id, access) = Self::do_open_access(hospital, patient, record, by, reason, note)?;
            let Access { hospital, patient, until, review_due, .. } = access;
            Self::deposit_event(Event::AccessOpened { id, hospital, patient, until, review_due });
            Ok(())
        }

        /// Reviews an access, in the name of `by`, who is not the one who opened it. `note` is the
        /// fingerprint of the written finding. A suspended or evicted hospital owes its reviews all the same.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::review())]
        pub fn review(
            origin: OriginFor<T>,
            id: H256,
            by: H256,
            finding: Finding,
            note: H256,
        ) -> DispatchResult {
            let hospital = match T::GovernOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            Self::do_review(hospital.clone(), id, by, finding, note)?;
            Self::deposit_event(Event::Reviewed { id, hospital, finding });
            Ok(())
        }
    }
}

//! Breaking the glass: access in an emergency that no consent covers, with a reason, a time limit and a review that must
//! follow.
//!
//! A hospital opens an access for one patient, or one record of a patient, in the name of one practitioner. Until its time is
//! over it stands in where the consents say nothing about a use for the purpose BTG. It never outweighs a denial: the consents
//! are asked again at every use, so that one that is given later ends it at once. A consent that permits the purpose BTG obliges to
//! the same review, and so it takes effect only once the glass is broken.
//!
//! # Calls
//! | call | who may | events | errors |
//! |---|---|---|---|
//! | `break_glass` | a member | `GlassBroken` | `NotMember`, `NotEnrolled`, `RecordNotFound`, `RecordClosed`, `ConsentDenied`, `Unavailable`, `TooManyOpen` |
//! | `review` | the hospital, by another person than the one who broke the glass; the council once it is overdue | `Reviewed` | `NotFound`, `AlreadyReviewed`, `NotAuthorized`, `NotOverdue`, `SamePerson` |
//!
//! Every accepted call appends one entry to the audit log, whose subject is the access's id: `GlassBroken`, and `GlassReviewed`
//! or, where the review finds that it was not justified, `GlassBreached`. That is a disclosure in breach, and ends an access that
//! is still open. Who broke the glass and who reviewed it are told apart by the random ids that their hospital issues: that they
//! are two people is what the hospital answers for.
//!
//! A review that is overdue stops nothing, least of all the next emergency. It is a query, and an alarm at the hospital.
//!
//! # Queries
//! [`Pallet::access`], [`Pallet::open_accesses`], [`Pallet::unreviewed`], and
//! [`EmergencyCheck`](galen_primitives::traits::EmergencyCheck) for the decision with emergencies counted in.
//!
//! # What never goes on chain
//! What the patient has, or why that was an emergency: the written justification stays at the hospital, and its fingerprint
//! stands here. The reasons only say why nobody was asked.

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
mod break_glass;
mod query;
mod review;
mod rule;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::WeightInfo;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
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
        /// Who is a member.
        type Consortium: Consortium;
        /// The decision over consents.
        type Consent: ConsentCheck;
        /// Anchored records.
        type Records: RecordLookup;
        /// Where every accepted call leaves an entry.
        type Audit: AuditSink;
        /// The time of the current block.
        type Time: UnixTime;
        /// Who reviews what a hospital does not.
        type GovernOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Seconds for which an access is open.
        #[pallet::constant]
        type AccessSeconds: Get<u64>;
        /// Seconds in which it must be reviewed; no fewer than it is open.
        #[pallet::constant]
        type ReviewSeconds: Get<u64>;
        /// How many accesses a hospital may have open for one patient.
        #[pallet::constant]
        type MaxOpen: Get<u32>;
        /// What calls and rulings cost, without decisions over consents.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::MakePatient
            + galen_primitives::benchmark::MakeRecord;
    }

    /// Every access ever opened, by id.
    #[pallet::storage]
    pub type Accesses<T: Config> = StorageMap<_, Blake2_128Concat, H256, Access>;

    /// By hospital and patient, the accesses that may be open, the newest last. What is over is found when read, and
    /// dropped when the next one is opened.
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

    /// By hospital, the accesses that wait for their review.
    #[pallet::storage]
    pub type Unreviewed<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Blake2_128Concat, H256, ()>;

    /// By hospital, how many accesses it has opened.
    #[pallet::storage]
    pub type Opened<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, u32, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital broke the glass: an access is open.
        GlassBroken {
            /// The access.
            id: H256,
            /// The hospital.
            hospital: AccountId,
            /// The patient's key.
            patient: AccountId,
            /// The last second at which it is open.
            until: UnixSeconds,
            /// The last second at which its review is in time.
            review_due: UnixSeconds,
        },
        /// An access was reviewed.
        Reviewed {
            /// The access.
            id: H256,
            /// Who reviewed; `None` for the council.
            hospital: Option<AccountId>,
            /// What was found.
            finding: Finding,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not an admitted member.
        NotMember,
        /// The patient key is not enrolled.
        NotEnrolled,
        /// No such record of this patient is anchored.
        RecordNotFound,
        /// The record is erased, entered in error, or in another hospital's custody.
        RecordClosed,
        /// A consent of the patient denies it: no emergency outweighs that.
        ConsentDenied,
        /// The consents could not be asked.
        Unavailable,
        /// The caller has as many accesses open for this patient as it may.
        TooManyOpen,
        /// There is no such access.
        NotFound,
        /// The access is another hospital's.
        NotAuthorized,
        /// The council reviews only what is overdue.
        NotOverdue,
        /// Who broke the glass cannot review it.
        SamePerson,
        /// The access is reviewed.
        AlreadyReviewed,
    }

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
        /// Opens an access to what is kept of a patient, or with `record` to that alone, in the name of the practitioner `by`
        /// (the random id that the caller issued). `note` is the fingerprint of the written justification.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::break_weight())]
        pub fn break_glass(
            origin: OriginFor<T>,
            patient: AccountId,
            record: Option<H256>,
            by: H256,
            reason: Urgency,
            note: H256,
        ) -> DispatchResult {
            let hospital = ensure_signed(origin)?;
            let (id, access) = Self::do_break(hospital, patient, record, by, reason, note)?;
            let Access { hospital, patient, until, review_due, .. } = access;
            Self::deposit_event(Event::GlassBroken { id, hospital, patient, until, review_due });
            Ok(())
        }

        /// Reviews an access, in the name of `by`, who is not the one who broke the glass. `note` is the fingerprint of the
        /// written finding. A suspended or evicted hospital owes its reviews all the same.
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

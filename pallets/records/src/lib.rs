//! Anchored records: which hospital keeps what, as salted commitments.
//!
//! The custodian of a patient's key anchors the commitment of a document, and fixes with it what decisions need to know
//! (confidentiality, blinded labels, when and by whom it was written). Nothing of that is changed afterwards: a correction
//! is a new record that supersedes the old one, and both keep the link.
//!
//! # Calls
//! | call | who may | events | errors |
//! |---|---|---|---|
//! | `anchor` | the custodian of the patient's key | `Anchored` | `NotMember`, `NotEnrolled`, `NotCustodian`, `BadCommitment`, `AlreadyExists`, `Duplicate` |
//! | `supersede` | the custodian of the old record | `Anchored`, `Superseded` | the same, and `NotFound`, `OtherPatient`, `AlreadySuperseded`, `AlreadyErased` |
//! | `erase` | the custodian of the record | `Erased` | `NotMember`, `NotFound`, `NotCustodian`, `AlreadyErased` |
//!
//! Every accepted call leaves an entry in the audit log for each record concerned: the new one anchored, the old one
//! superseded, the erased one erased.
//!
//! # Erasure
//! `erase` says that the custodian's worker has destroyed the document's key and salt. It is no order to do so: the worker
//! erases first. But a worker that was restored from an older backup reads it, and erases again before it serves. The
//! record stays under its commitment with `erased_at`; labels, names, authors and time of writing are dropped.
//!
//! # Queries
//! [`Pallet::record`], and [`RecordLookup`](galen_primitives::traits::RecordLookup) for other pallets. A superseded
//! record is still answered, and so is an erased one: what was made of it can be verified for good.
//!
//! # What never goes on chain
//! The document, its salt, its type or its title; names, numbers and dates of a patient; practitioners other than by
//! a random id that their hospital issued; sensitivity labels other than blinded ones. Once the salt is destroyed, the
//! commitment says nothing any more.

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
mod erase;
mod lookup;
mod supersede;
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
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256,
        record::{Record, RecordAttributes},
        traits::{AuditSink, ConsentCheck, Consortium},
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Who is a member.
        type Consortium: Consortium;
        /// Which member is the custodian of a patient's key.
        type Consent: ConsentCheck;
        /// Where every accepted call leaves its entries.
        type Audit: AuditSink;
        /// What calls and look-ups cost.
        type WeightInfo: WeightInfo;
    }

    /// Records by commitment. Never removed, and immutable but for `superseded_by` and `erased_at`, which are written once
    /// each, the latter with what it takes from the attributes.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, H256, Record>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A custodian anchored a record.
        Anchored { id: H256, custodian: AccountId, patient: AccountId },
        /// The record `new`, anchored in the same call, replaces `old`.
        Superseded { old: H256, new: H256, custodian: AccountId },
        /// A custodian erased what a record stands for.
        Erased { id: H256, custodian: AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not an admitted member.
        NotMember,
        /// The patient key is not enrolled.
        NotEnrolled,
        /// The caller is not the custodian of the patient's key, or of the record.
        NotCustodian,
        /// The commitment is all zeros: no document has that one.
        BadCommitment,
        /// A record with this commitment exists.
        AlreadyExists,
        /// The attributes name a label, an author, an encounter or a plan twice.
        Duplicate,
        /// There is no record with this commitment.
        NotFound,
        /// The new record is of another patient than the old one.
        OtherPatient,
        /// The record already has a successor: supersede that one.
        AlreadySuperseded,
        /// The record is erased: nothing of it changes any more.
        AlreadyErased,
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
        /// Anchors the commitment of a document of a patient whose custodian the caller is.
        #[pallet::call_index(0)]
        #[pallet::weight(
            T::WeightInfo::anchor(attributes.facts.elements())
                .saturating_add(T::Consortium::weight())
                .saturating_add(T::Consent::weight())
                .saturating_add(T::Audit::weight())
        )]
        pub fn anchor(
            origin: OriginFor<T>,
            commitment: H256,
            attributes: RecordAttributes,
        ) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            let patient = attributes.patient.clone();
            Self::do_anchor(&custodian, commitment, attributes, None)?;
            Self::deposit_event(Event::Anchored { id: commitment, custodian, patient });
            Ok(())
        }

        /// Anchors `commitment` as the record that replaces `old`, of the same patient.
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::supersede(attributes.facts.elements())
                .saturating_add(T::Consortium::weight().saturating_mul(2))
                .saturating_add(T::Consent::weight())
                .saturating_add(T::Audit::weight().saturating_mul(2))
        )]
        pub fn supersede(
            origin: OriginFor<T>,
            old: H256,
            commitment: H256,
            attributes: RecordAttributes,
        ) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            let patient = attributes.patient.clone();
            Self::do_supersede(&custodian, old, commitment, attributes)?;
            Self::deposit_event(Event::Anchored { id: commitment, custodian: custodian.clone(), patient });
            Self::deposit_event(Event::Superseded { old, new: commitment, custodian });
            Ok(())
        }

        /// Marks a record as erased, for good. The caller's worker has destroyed its key and salt before.
        #[pallet::call_index(2)]
        #[pallet::weight(
            T::WeightInfo::erase()
                .saturating_add(T::Consortium::weight())
                .saturating_add(T::Audit::weight())
        )]
        pub fn erase(origin: OriginFor<T>, commitment: H256) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_erase(&custodian, commitment)?;
            Self::deposit_event(Event::Erased { id: commitment, custodian });
            Ok(())
        }
    }
}

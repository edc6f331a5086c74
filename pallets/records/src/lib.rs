//! Anchored records: which hospital keeps what, as salted commitments.
//!
//! The custodian of a patient's key anchors the commitment of a document, and fixes with it what decisions
//! need to know (confidentiality, blinded labels, when and by whom it was written). Nothing of that is
//! changed afterwards: a correction is a new record that supersedes the old one, and both keep the link.
//!
//! # Calls
//! | call | who may | events | errors |
//! |---|---|---|---|
//! | `anchor` | the custodian of the patient's key | `Anchored` | `NotMember`, `NotEnrolled`, `NotCustodian`, `InvalidCommitment`, `AlreadyExists`, `Duplicate` |
//! | `supersede` | the custodian of the old record | `Anchored`, `Superseded` | the same, and `NotFound`, `OtherPatient`, `AlreadySuperseded`, `AlreadyErased` |
//! | `erase` | the custodian of the record | `Erased` | `NotMember`, `NotFound`, `NotCustodian`, `AlreadyErased` |
//! | `anchor_batch` | a member | `BatchAnchored` | `NotMember`, `InvalidCommitment`, `InvalidCount`, `AlreadyExists` |
//! | `reveal` | the custodian of the batch and of the patient's key | `Revealed` | those of `anchor`, and `BatchNotFound`, `InvalidProof`, `AlreadyErased` |
//! | `erase_leaf` | the custodian of the batch | `LeafErased` | `NotMember`, `BatchNotFound`, `NotCustodian`, `InvalidProof`, `AlreadyExists`, `AlreadyErased` |
//! | `void` | the custodian of the record | `Voided` | `NotMember`, `NotFound`, `NotCustodian`, `AlreadyErased`, `AlreadyVoided` |
//! | `transfer` | the custodian of the record | `Transferred` | `NotMember`, `NotFound`, `NotCustodian`, `AlreadySuperseded`, `AlreadyErased`, `AlreadyVoided`, `AlreadyTransferred` |
//!
//! A record that is erased, voided or transferred is not superseded any more. Every accepted call leaves an
//! entry in the audit log for each record or batch concerned.
//!
//! # Batches
//! `anchor_batch` writes one root for up to 2^20 records ([`batch`](galen_primitives::batch)). The chain
//! knows none of them until the custodian reveals one with its attributes and its path; from then on it is a
//! record like any other, as old as its batch. A leaf that is to be erased before that is named by its
//! commitment alone (`erase_leaf`), and never revealed.
//!
//! # Transfer
//! A record is not handed on as an item is (the `custody` pallet): its new custodian anchors a copy under its
//! own key of the patient, and the old one closes its own record with a blinded link (`transfer`), so that
//! the patient's two keys stay unlinked for everybody else.
//!
//! # Erasure
//! `erase` says that the custodian's worker has destroyed the document's key and salt. It is no order to do
//! so: the worker erases first. But a worker that was restored from an older backup reads it, and erases
//! again before it serves. The record stays under its commitment with `erased_at`; labels, names, authors and
//! time of writing are dropped.
//!
//! # Queries
//! [`Pallet::record`], [`Pallet::batch`], [`Pallet::erased_leaf`], and
//! [`RecordLookup`](galen_primitives::traits::RecordLookup) for other pallets. A superseded record is still
//! answered, and so is an erased, voided or transferred one: what was made of it can be verified for good.
//! Nothing new is made of it: [`Record::closed`](galen_primitives::record::Record::closed).
//!
//! # What never goes on chain
//! The document, its salt, its type or its title; names, numbers and dates of a patient; practitioners other
//! than by a random id that their hospital issued; sensitivity labels other than blinded ones. Once the salt
//! is destroyed, the commitment says nothing any more.

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
mod batch;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod erase;
mod events;
mod query;
mod supersede;
mod try_state;
pub mod weights;
mod withdraw;

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
    use crate::anchor::Source;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256,
        records::{
            Record, RecordAttributes,
            batch::{Batch, BatchProof, ErasedLeaf},
        },
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
        /// What the calls cost.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::MakePatient;
    }

    /// Records by commitment. Never removed, and immutable but for `superseded_by`, `voided`, `transferred`
    /// and `erased_at`, which are written once each, the last with what it takes from the attributes.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, H256, Record>;

    /// Batches by root. Immutable, never removed.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Blake2_128Concat, H256, Batch>;

    /// Leaves that were erased before they were revealed, by the record's commitment: none of them is ever a
    /// record.
    #[pallet::storage]
    pub type ErasedLeaves<T: Config> = StorageMap<_, Blake2_128Concat, H256, ErasedLeaf>;

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
        #[pallet::weight(T::WeightInfo::anchor(attributes.facts.elements()))]
        pub fn anchor(
            origin: OriginFor<T>,
            commitment: H256,
            attributes: RecordAttributes,
        ) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            let patient = attributes.patient.clone();
            Self::do_anchor(&custodian, commitment, attributes, Source::Call { supersedes: None })?;
            Self::deposit_event(Event::Anchored { id: commitment, custodian, patient });
            Ok(())
        }

        /// Anchors `commitment` as the record that replaces `old`, of the same patient.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::supersede(attributes.facts.elements()))]
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
        #[pallet::weight(T::WeightInfo::erase())]
        pub fn erase(origin: OriginFor<T>, commitment: H256) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_erase(&custodian, commitment)?;
            Self::deposit_event(Event::Erased { id: commitment, custodian });
            Ok(())
        }

        /// Anchors the root of `count` records at once.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::anchor_batch())]
        pub fn anchor_batch(origin: OriginFor<T>, root: H256, count: u32) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_anchor_batch(&custodian, root, count)?;
            Self::deposit_event(Event::BatchAnchored { root, custodian, count });
            Ok(())
        }

        /// Makes a record of a leaf of the caller's batch, by its attributes, their salt and its path.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::reveal(attributes.facts.elements()))]
        pub fn reveal(
            origin: OriginFor<T>,
            commitment: H256,
            attributes: RecordAttributes,
            attributes_salt: H256,
            proof: BatchProof,
        ) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            let (patient, batch) = (attributes.patient.clone(), proof.root);
            Self::do_reveal(&custodian, commitment, attributes, attributes_salt, proof)?;
            Self::deposit_event(Event::Revealed { id: commitment, batch, custodian, patient });
            Ok(())
        }

        /// Marks a leaf that was never revealed as erased, for good. The caller's worker has destroyed key
        /// and salt before.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::erase_leaf())]
        pub fn erase_leaf(
            origin: OriginFor<T>,
            commitment: H256,
            attributes_digest: H256,
            proof: BatchProof,
        ) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            let batch = proof.root;
            Self::do_erase_leaf(&custodian, commitment, attributes_digest, proof)?;
            Self::deposit_event(Event::LeafErased { id: commitment, batch, custodian });
            Ok(())
        }

        /// Says that a record was entered in error: nothing may be made of it any more.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn void(origin: OriginFor<T>, commitment: H256, reason: H256) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_void(&custodian, commitment, reason)?;
            Self::deposit_event(Event::Voided { id: commitment, custodian, reason });
            Ok(())
        }

        /// Says that a record is in another hospital's custody, where `link` leads for those who can open it.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn transfer(origin: OriginFor<T>, commitment: H256, link: H256) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_transfer(&custodian, commitment, link)?;
            Self::deposit_event(Event::Transferred { id: commitment, custodian, link });
            Ok(())
        }
    }
}

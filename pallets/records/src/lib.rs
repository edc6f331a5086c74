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

use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use weights::WeightInfo;

galen_primitives::chain_reads!(block);

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{WeightInfo, anchor::Source};
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
        /// Says who is a member.
        type Consortium: Consortium;
        /// Names the custodian of a patient's key.
        type Consent: ConsentCheck;
        /// Holds the audit log, into which every accepted call writes its entries.
        type Audit: AuditSink;
        /// Weighs the calls.
        type WeightInfo: WeightInfo;
        /// Sets up what benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::MakePatient;
    }

    /// Holds every record by its commitment. None is ever removed, or changed but for `superseded_by`,
    /// `voided`, `transferred` and `erased_at`, which are written once each, the last with what it takes from
    /// the attributes.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, H256, Record>;

    /// Holds every batch by its root. None is ever removed or changed.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Blake2_128Concat, H256, Batch>;

    /// Holds the leaves that were erased before they were revealed, by the record's commitment: none of them
    /// is ever a record.
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

        /// Voids a record that was entered in error: nothing may be made of it any more. `reason` is the
        /// fingerprint of why, which stays at the custodian.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn void(origin: OriginFor<T>, commitment: H256, reason: H256) -> DispatchResult {
            let custodian = ensure_signed(origin)?;
            Self::do_void(&custodian, commitment, reason)?;
            Self::deposit_event(Event::Voided { id: commitment, custodian, reason });
            Ok(())
        }

        /// Closes a record that is in another hospital's custody now, where `link` leads for those who can
        /// open it.
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

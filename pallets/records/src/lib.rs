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
//! | `anchor_batch` | a member | `BatchAnchored` | `NotMember`, `BadCommitment`, `BadCount`, `AlreadyExists` |
//! | `reveal` | the custodian of the batch and of the patient's key | `Revealed` | those of `anchor`, and `BatchNotFound`, `BadProof`, `AlreadyErased` |
//! | `erase_leaf` | the custodian of the batch | `LeafErased` | `NotMember`, `BatchNotFound`, `NotCustodian`, `BadProof`, `AlreadyExists`, `AlreadyErased` |
//! | `void` | the custodian of the record | `Voided` | `NotMember`, `NotFound`, `NotCustodian`, `AlreadyErased`, `AlreadyVoided` |
//! | `transfer` | the custodian of the record | `Transferred` | `NotMember`, `NotFound`, `NotCustodian`, `AlreadySuperseded`, `AlreadyErased`, `AlreadyVoided`, `AlreadyTransferred` |
//! | `register_item` | a member | `ItemRegistered` | `NotMember`, `BadItem`, `AlreadyExists` |
//! | `offer`, `withdraw_offer` | the item's holder | `ItemOffered`, `OfferWithdrawn` | `NotMember`, `ItemNotFound`, `NotHolder`, `BadReceiver`, `AlreadyOffered`, `NotOffered` |
//! | `accept` | the member that it is offered to | `ItemAccepted` | `NotMember`, `ItemNotFound`, `NotOffered` |
//!
//! A record that is erased, voided or transferred is not superseded any more. Every accepted call leaves an entry in the audit
//! log for each record, batch or item concerned.
//!
//! # Batches
//! `anchor_batch` writes one root for up to 2^20 records ([`batch`](galen_primitives::records::batch)). The chain knows none of them
//! until the custodian reveals one with its attributes and its path; from then on it is a record like any other, as old as
//! its batch. A leaf that is to be erased before that is named by its commitment alone (`erase_leaf`), and never revealed.
//!
//! # Custody
//! Items (devices, drug lots, specimens) go from member to member: offered by one, accepted by the other, each step
//! numbered and kept. A record does not: its new custodian anchors a copy under its own key of the patient, and the old
//! one closes its own with a blinded link (`transfer`), so that the patient's two keys stay unlinked for everybody else.
//!
//! # Erasure
//! `erase` says that the custodian's worker has destroyed the document's key and salt. It is no order to do so: the worker
//! erases first. But a worker that was restored from an older backup reads it, and erases again before it serves. The
//! record stays under its commitment with `erased_at`; labels, names, authors and time of writing are dropped.
//!
//! # Queries
//! [`Pallet::record`], [`Pallet::batch`], [`Pallet::erased_leaf`], [`Pallet::item`], [`Pallet::custody`], and
//! [`RecordLookup`](galen_primitives::traits::RecordLookup) for other pallets. A superseded record is still answered, and so
//! is an erased, voided or transferred one: what was made of it can be verified for good. Nothing new is made of it:
//! [`Record::closed`](galen_primitives::records::Record::closed).
//!
//! # What never goes on chain
//! The document, its salt, its type or its title; names, numbers and dates of a patient; practitioners other than by
//! a random id that their hospital issued; sensitivity labels other than blinded ones; serial numbers of devices and lots (an
//! item's id is random, or blinded). Once the salt is destroyed, the
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
mod batch;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod custody;
mod erase;
mod lookup;
mod supersede;
mod try_state;
pub mod weights;
mod withdraw;

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
    use crate::{WeightInfo, anchor::Source};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use galen_primitives::{
        AccountId, H256,
        records::{
            Record, RecordAttributes,
            batch::{Batch, BatchProof, ErasedLeaf},
            custody::{CustodyStep, Item, ItemKind},
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

    /// Records by commitment. Never removed, and immutable but for `superseded_by`, `voided`, `transferred` and `erased_at`,
    /// which are written once each, the last with what it takes from the attributes.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, H256, Record>;

    /// Batches by root. Immutable, never removed.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Blake2_128Concat, H256, Batch>;

    /// Leaves that were erased before they were revealed, by the record's commitment: none of them is ever a record.
    #[pallet::storage]
    pub type ErasedLeaves<T: Config> = StorageMap<_, Blake2_128Concat, H256, ErasedLeaf>;

    /// Items in custody, by id. Never removed.
    #[pallet::storage]
    pub type Items<T: Config> = StorageMap<_, Blake2_128Concat, H256, Item>;

    /// The steps of each item's custody, numbered from 0. Only appended.
    #[pallet::storage]
    pub type Custody<T: Config> = StorageDoubleMap<_, Blake2_128Concat, H256, Twox64Concat, u32, CustodyStep>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A custodian anchored a record.
        Anchored { id: H256, custodian: AccountId, patient: AccountId },
        /// The record `new`, anchored in the same call, replaces `old`.
        Superseded { old: H256, new: H256, custodian: AccountId },
        /// A custodian erased what a record stands for.
        Erased { id: H256, custodian: AccountId },
        /// A member anchored a batch of so many records.
        BatchAnchored { root: H256, custodian: AccountId, count: u32 },
        /// A record of a batch was revealed.
        Revealed { id: H256, batch: H256, custodian: AccountId, patient: AccountId },
        /// A custodian erased what a leaf stands for that was never revealed.
        LeafErased { id: H256, batch: H256, custodian: AccountId },
        /// A record was entered in error.
        Voided { id: H256, custodian: AccountId, reason: H256 },
        /// A record is in another hospital's custody.
        Transferred { id: H256, custodian: AccountId, link: H256 },
        /// A member registered an item that it holds.
        ItemRegistered { id: H256, holder: AccountId, kind: ItemKind },
        /// An item is offered to another member.
        ItemOffered { id: H256, holder: AccountId, to: AccountId },
        /// An item has a new holder.
        ItemAccepted { id: H256, from: AccountId, holder: AccountId },
        /// An offer was withdrawn.
        OfferWithdrawn { id: H256, holder: AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not an admitted member.
        NotMember,
        /// The patient key is not enrolled.
        NotEnrolled,
        /// The caller is not the custodian of the patient's key, or of the record.
        NotCustodian,
        /// The commitment or root is all zeros: nothing has that one.
        BadCommitment,
        /// A record with this commitment, a batch with this root or an item with this id exists.
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
        /// A batch has from 1 to 2^20 records.
        BadCount,
        /// There is no batch with this root.
        BatchNotFound,
        /// The proof does not show that this leaf, of this commitment and these attributes, stands in that batch.
        BadProof,
        /// The record is voided.
        AlreadyVoided,
        /// The record is in another hospital's custody.
        AlreadyTransferred,
        /// The id is all zeros.
        BadItem,
        /// There is no item with this id.
        ItemNotFound,
        /// The caller does not hold the item.
        NotHolder,
        /// The receiver is no member, or holds the item already.
        BadReceiver,
        /// The item is offered already: withdraw that offer first.
        AlreadyOffered,
        /// The item is not offered, or not to the caller.
        NotOffered,
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

        /// Marks a leaf that was never revealed as erased, for good. The caller's worker has destroyed key and salt before.
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

        /// Registers an item that the caller holds.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::item_step())]
        pub fn register_item(origin: OriginFor<T>, id: H256, kind: ItemKind) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            Self::do_register_item(&holder, id, kind)?;
            Self::deposit_event(Event::ItemRegistered { id, holder, kind });
            Ok(())
        }

        /// Offers an item to another member, which holds it once it accepts.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::item_offer())]
        pub fn offer(origin: OriginFor<T>, id: H256, to: AccountId) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            Self::do_offer(&holder, id, to.clone())?;
            Self::deposit_event(Event::ItemOffered { id, holder, to });
            Ok(())
        }

        /// Takes an item that is offered to the caller.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::item_step())]
        pub fn accept(origin: OriginFor<T>, id: H256) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            let from = Self::do_accept(&holder, id)?;
            Self::deposit_event(Event::ItemAccepted { id, from, holder });
            Ok(())
        }

        /// Withdraws an offer that nobody has accepted.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::item_offer())]
        pub fn withdraw_offer(origin: OriginFor<T>, id: H256) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            Self::do_withdraw_offer(&holder, id)?;
            Self::deposit_event(Event::OfferWithdrawn { id, holder });
            Ok(())
        }
    }
}

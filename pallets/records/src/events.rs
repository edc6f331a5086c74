//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A custodian anchored a record.
        Anchored {
            /// The record's commitment.
            id: H256,
            /// The hospital that keeps it.
            custodian: AccountId,
            /// The patient's pairwise key.
            patient: AccountId,
        },
        /// A custodian replaced a record by a newer one, which it anchored in the same call.
        Superseded {
            /// The record that was replaced.
            old: H256,
            /// The record that replaces it.
            new: H256,
            /// The hospital that keeps both.
            custodian: AccountId,
        },
        /// A custodian erased what a record stands for.
        Erased {
            /// The record's commitment.
            id: H256,
            /// The hospital that kept it.
            custodian: AccountId,
        },
        /// A member anchored a batch of records.
        BatchAnchored {
            /// The root of the batch.
            root: H256,
            /// The hospital that keeps the records.
            custodian: AccountId,
            /// How many records the batch has.
            count: u32,
        },
        /// A custodian revealed a record of a batch.
        Revealed {
            /// The record's commitment.
            id: H256,
            /// The root of the batch.
            batch: H256,
            /// The hospital that keeps it.
            custodian: AccountId,
            /// The patient's pairwise key.
            patient: AccountId,
        },
        /// A custodian erased what a leaf stands for that was never revealed.
        LeafErased {
            /// The record's commitment.
            id: H256,
            /// The root of the batch.
            batch: H256,
            /// The hospital that kept it.
            custodian: AccountId,
        },
        /// A custodian voided a record that was entered in error.
        Voided {
            /// The record's commitment.
            id: H256,
            /// The hospital that keeps it.
            custodian: AccountId,
            /// The fingerprint of the reason.
            reason: H256,
        },
        /// A custodian closed a record that is in another hospital's custody now.
        Transferred {
            /// The record's commitment.
            id: H256,
            /// The hospital that kept it.
            custodian: AccountId,
            /// The blinded link to the record there.
            link: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not a member in good standing.
        NotMember,
        /// The patient key is not enrolled.
        NotEnrolled,
        /// The caller is not the custodian of the patient's key, of the record or of the batch.
        NotCustodian,
        /// A commitment or root is all zeros, which no document and no batch has.
        InvalidCommitment,
        /// A record with this commitment, or a batch with this root, exists.
        AlreadyExists,
        /// The attributes name a label, an author, an encounter or a plan twice.
        InvalidAttributes,
        /// No record has this commitment.
        NotFound,
        /// The new record is of another patient than the old one.
        InvalidPatient,
        /// The record has a successor already: supersede that one.
        AlreadySuperseded,
        /// The record, or the leaf, is erased: nothing of it changes any more.
        AlreadyErased,
        /// A batch has from 1 to 2^20 records.
        InvalidCount,
        /// No batch has this root.
        BatchNotFound,
        /// The proof does not show that this leaf, of this commitment and these attributes, stands in that
        /// batch.
        InvalidProof,
        /// The record is voided.
        AlreadyVoided,
        /// The record is in another hospital's custody.
        AlreadyTransferred,
    }
}

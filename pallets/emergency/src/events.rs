//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital opened an emergency access to a patient's records.
        AccessOpened {
            /// The id of the access.
            id: H256,
            /// The hospital that opened the access.
            hospital: AccountId,
            /// The patient's key.
            patient: AccountId,
            /// The last Unix second at which the access is open.
            until: UnixSeconds,
            /// The last Unix second at which the review of the access is in time.
            review_due: UnixSeconds,
        },
        /// An emergency access was reviewed by a second person.
        Reviewed {
            /// The id of the access.
            id: H256,
            /// The hospital that reviewed; `None` when the council did.
            hospital: Option<AccountId>,
            /// What the review found.
            finding: Finding,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not an admitted member in good standing.
        NotMember,
        /// The patient's key is not enrolled.
        NotEnrolled,
        /// No such record of this patient is anchored.
        RecordNotFound,
        /// The record is closed already: erased, entered in error, or in another hospital's custody.
        AlreadyClosed,
        /// A consent of the patient denies it: no emergency outweighs that.
        ConsentDenied,
        /// The consents could not be asked.
        Unavailable,
        /// The caller has as many accesses open for this patient as it may.
        TooManyOpen,
        /// There is no such access.
        NotFound,
        /// The access is another hospital's.
        NotOwner,
        /// The review is not overdue: the council reviews only what is.
        NotOverdue,
        /// The person who opened the access cannot review it.
        ReviewerNotAllowed,
        /// The access was reviewed already.
        AlreadyReviewed,
    }
}

//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital requested a summary, and a job is open.
        Requested {
            /// The id of the job.
            job: H256,
            /// The hospital that asked.
            hospital: AccountId,
            /// The commitment of the record to summarise.
            record: H256,
            /// The BLAKE2b-256 of the file of the model to use.
            model: H256,
            /// The last block in which an outcome is accepted.
            deadline: u32,
        },
        /// A summary was made, and its receipt is anchored.
        Anchored {
            /// The id of the job.
            job: H256,
            /// The hospital that had asked.
            hospital: AccountId,
            /// The commitment of the summary.
            output: H256,
        },
        /// A summary was made, but consent no longer permits it: nothing of its receipt is anchored.
        Refused {
            /// The id of the job.
            job: H256,
            /// The hospital that had asked.
            hospital: AccountId,
            /// Why consent refuses.
            reason: Reason,
        },
        /// A job ended without a summary.
        Failed {
            /// The id of the job.
            job: H256,
            /// The hospital that had asked.
            hospital: AccountId,
            /// Why there is no summary.
            failure: Failure,
        },
        /// A job past its deadline was cleared away.
        Expired {
            /// The id of the job.
            job: H256,
            /// The hospital that had asked.
            hospital: AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller, or the hospital that asked, is not an admitted member in good standing.
        NotMember,
        /// The hospital has not set a worker key.
        WorkerKeyNotFound,
        /// No such record is anchored.
        RecordNotFound,
        /// The record is erased.
        RecordErased,
        /// Another hospital keeps the record.
        NotCustodian,
        /// The record is superseded already by a newer one.
        AlreadySuperseded,
        /// The model is unknown or not approved, or its approval was withdrawn.
        ModelNotApproved,
        /// The patient's key is not enrolled, or not with this custodian.
        NotEnrolled,
        /// There is no consent of the patient.
        NoConsent,
        /// The consent of the patient was withdrawn.
        ConsentRevoked,
        /// A consent of the patient denies it.
        ConsentDenied,
        /// The consent's period has not begun or is over.
        OutsidePeriod,
        /// The consent does not cover this purpose.
        PurposeNotCovered,
        /// The consent does not name the caller.
        ActorNotCovered,
        /// The consent is about other data, or data of another time.
        DataNotCovered,
        /// The record is more confidential, or more sensitive, than the consent covers.
        LabelNotCovered,
        /// The consent check gave no answer that can be used.
        Unavailable,
        /// The caller has as many jobs open as its quota or the chain allows.
        TooManyOpen,
        /// The same request with the same account nonce has opened a job already.
        AlreadyExists,
        /// There is no such job.
        NotFound,
        /// The job is settled.
        NotOpen,
        /// The job's deadline has passed.
        Expired,
        /// The outcome is invalid: its receipt speaks of another record or model than the job.
        InvalidOutcome,
        /// The job is settled, or its deadline has not passed.
        NotExpired,
        /// The job was cleared away before.
        AlreadyExpired,
        /// The record was entered in error.
        RecordVoided,
        /// The record is in another hospital's custody.
        RecordTransferred,
        /// The caller has no emergency access open that covers the record, which the purpose BTG needs.
        AccessNotOpened,
    }
}

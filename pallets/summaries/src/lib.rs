//! # Summaries: request, job, receipt
//!
//! A hospital asks for a summary of a record that it keeps. The chain checks consent, record and model and opens a
//! **job** for the hospital's worker key. The offchain worker in [`ocw`], running in that hospital's node, hands the job
//! to the hospital's `galen-worker` once it is finalized, collects the outcome and submits it. Consent is decided again
//! at the submission, and only then the **receipt** is anchored.
//!
//! ## Calls
//! | call | who may | event | errors |
//! |---|---|---|---|
//! | `request` | a member with a worker key, for a record that it keeps | `Requested`, and `Expired` for each old job that is cleared away | all of [`Error`] from `NotMember` to `AlreadyExists`, and `GlassNotBroken` |
//! | `submit` | nobody's account: authorized by the worker key's signature over [`submission_payload`] | `Anchored`, `Refused` or `Failed` | see below |
//! | `expire` | any member, for any job past its deadline | `Expired` | `NotMember`, `NotFound`, `NotExpired`, `AlreadyExpired` |
//!
//! `submit` is checked before it enters a block, so its errors are those of the pool: `Custom(1)` no such job, `Stale`
//! settled already or past the deadline, `Call` the receipt speaks of another record or model, `BadSigner` the hospital
//! has no worker key (any more), `BadProof` the hospital's worker key did not sign it. A refusal for want of consent is no
//! error: it settles the job as `Refused`, and nothing of the receipt is stored.
//!
//! A job past its deadline reads as expired at once. Its audit entry, exactly one, is written when the hospital's next
//! request clears it away or when somebody calls `expire`.
//!
//! ## Queries
//! `job`, `open_jobs` and `check` of [`Pallet`], for the runtime API [`SummariesApi`](galen_primitives::api::SummariesApi).
//!
//! ## Runtime
//! Needs `frame_system::AuthorizeCall` among the transaction extensions.
//!
//! ## What never goes on chain
//! Text, summaries, salts, names. A job holds hashes, a purpose, a hospital and its worker key; the patient's pairwise key
//! stands only in the audit entry. A receipt that consent does not cover leaves no trace but the reason.

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
mod expire;
pub mod ocw;
mod query;
mod request;
mod submit;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use submit::{LONGEVITY, UNKNOWN_JOB};
pub use weights::WeightInfo;

#[cfg(doc)]
use galen_primitives::summary::submission_payload;

// What the macro generates converts with `as` and expects; nothing written here does.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
    use galen_primitives::{
        AccountId, H256,
        consent::{Purpose, Reason},
        summary::{Failure, Job, Outcome},
        traits::{AuditSink, ConsentCheck, Consortium, EmergencyCheck, ModelLookup, RecordLookup},
    };
    use sp_core::sr25519;
    use sp_runtime::SaturatedConversion;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// `frame_system::AuthorizeCall` must be among the runtime's transaction extensions.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256> + CreateAuthorizedTransaction<Call<Self>>
    {
        /// Who is a member, and its worker key and quotas.
        type Consortium: Consortium;
        /// Where it is noted who read under which consent.
        type Consent: ConsentCheck;
        /// The decision over consents, emergencies counted in.
        type Emergency: EmergencyCheck;
        /// Anchored records.
        type Records: RecordLookup;
        /// Registered models.
        type Models: ModelLookup;
        /// The audit log.
        type Audit: AuditSink;
        /// How many blocks after its request a job can be answered.
        #[pallet::constant]
        type Deadline: Get<u32>;
        /// How many open jobs a hospital can have whatever its quota says.
        #[pallet::constant]
        type MaxOpenJobs: Get<u32>;
        /// What the calls cost, without rulings over consents.
        type WeightInfo: WeightInfo;
        /// What benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: galen_primitives::benchmark::MakeLog
            + galen_primitives::benchmark::MakeMember
            + galen_primitives::benchmark::MakePatient
            + galen_primitives::benchmark::MakeRecord
            + galen_primitives::benchmark::MakeModel;
    }

    /// All jobs ever opened, by id. An expired job is stored as open: its status is found when read.
    #[pallet::storage]
    pub type Jobs<T: Config> = StorageMap<_, Blake2_128Concat, H256, Job>;

    /// A hospital's open jobs, oldest first; those past their deadline until they are cleared away.
    #[pallet::storage]
    pub type OpenJobs<T: Config> =
        StorageMap<_, Blake2_128Concat, AccountId, BoundedVec<H256, T::MaxOpenJobs>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A summary was requested: a job is open.
        Requested {
            /// The job.
            job: H256,
            /// Who asked.
            hospital: AccountId,
            /// The record to summarise.
            record: H256,
            /// The model to use.
            model: H256,
            /// The last block in which an outcome is accepted.
            deadline: u32,
        },
        /// A summary's receipt is anchored.
        Anchored {
            /// The job.
            job: H256,
            /// Whose it was.
            hospital: AccountId,
            /// The commitment of the summary.
            output: H256,
        },
        /// A summary was offered, but consent no longer permits it: nothing is anchored.
        Refused {
            /// The job.
            job: H256,
            /// Whose it was.
            hospital: AccountId,
            /// Why.
            reason: Reason,
        },
        /// A job ended without a summary.
        Failed {
            /// The job.
            job: H256,
            /// Whose it was.
            hospital: AccountId,
            /// Why.
            failure: Failure,
        },
        /// A job past its deadline was cleared away.
        Expired {
            /// The job.
            job: H256,
            /// Whose it was.
            hospital: AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller (or the asking hospital) is not a member.
        NotMember,
        /// The caller has not set a worker key.
        NoWorkerKey,
        /// No such record is anchored.
        RecordNotFound,
        /// The record is erased.
        RecordErased,
        /// Another hospital keeps the record.
        NotCustodian,
        /// The record was replaced by a newer one.
        Superseded,
        /// The model is unknown, not approved, or its approval was withdrawn.
        ModelNotApproved,
        /// The patient key is not enrolled, or not with this custodian.
        NotEnrolled,
        /// There is no consent of the patient.
        NoConsent,
        /// There was one; it is withdrawn.
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
        /// As many jobs are open as the caller's quota or the chain allows.
        TooManyOpen,
        /// The same request with the same account nonce has opened a job already.
        AlreadyExists,
        /// There is no such job.
        NotFound,
        /// The job is settled.
        NotOpen,
        /// The job's deadline has passed.
        DeadlinePassed,
        /// The receipt speaks of another record or model than the job.
        OutcomeMismatch,
        /// The job is settled, or its deadline has not passed.
        NotExpired,
        /// The job was cleared away before.
        AlreadyExpired,
        /// The record was entered in error.
        RecordVoided,
        /// The record is in another hospital's custody.
        RecordTransferred,
        /// For the purpose BTG, the caller has no access open that covers the record: break the glass first.
        GlassNotBroken,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn offchain_worker(now: BlockNumberFor<T>) {
            ocw::run::<T>(now.saturated_into());
        }

        fn integrity_test() {
            assert!(T::MaxOpenJobs::get() > 0, "no job could ever be opened");
            assert!(
                T::Deadline::get() > ocw::URGENT_BLOCKS,
                "the offchain worker would give every job up at once"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Asks for a summary of a record that the caller keeps, and opens a job for the caller's worker key.
        ///
        /// Clears away the caller's jobs past their deadline first. The job's id hashes the caller's account nonce as it
        /// stands while the call runs: two equal requests within one nonce (in a batch, or by a proxy) are one too many.
        ///
        /// Errors: see [`Error`], `NotMember` to `AlreadyExists`; those between `NotEnrolled` and `Unavailable`, and
        /// `GlassNotBroken`, say why consent refuses.
        #[pallet::call_index(0)]
        #[pallet::weight({
            let most = T::MaxOpenJobs::get();
            Pallet::<T>::request_weight(most, most, T::Emergency::weight())
        })]
        pub fn request(
            origin: OriginFor<T>,
            record: H256,
            model: H256,
            purpose: Purpose,
        ) -> DispatchResultWithPostInfo {
            let hospital = ensure_signed(origin)?;
            let (id, job, weight) = Self::do_request(hospital, record, model, purpose)?;
            let Job { hospital, deadline, .. } = job;
            Self::deposit_event(Event::Requested { job: id, hospital, record, model, deadline });
            Ok(Some(weight).into())
        }

        /// Settles an open job with what the hospital's worker says.
        ///
        /// Authorized by the signature of the hospital's worker key of this block; pays nothing. Consent is decided again: if it refuses, the job ends as refused and nothing of the receipt is stored.
        #[pallet::call_index(1)]
        #[pallet::weight(Pallet::<T>::submit_weight())]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_submit())]
        #[pallet::authorize(Self::authorize_submit)]
        pub fn submit(
            origin: OriginFor<T>,
            job: H256,
            outcome: Outcome,
            // Verified where the call is authorized, which always comes first.
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            let event = Self::do_submit(job, outcome)?;
            Self::deposit_event(event);
            Ok(())
        }

        /// Clears away a job past its deadline, whosever it is, with its audit entry.
        ///
        /// Errors: `NotMember`, `NotFound`, `NotExpired`, `AlreadyExpired`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::expire())]
        pub fn expire(origin: OriginFor<T>, job: H256) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            ensure!(T::Consortium::is_member(&caller), Error::<T>::NotMember);
            Self::do_expire(job)
        }
    }
}

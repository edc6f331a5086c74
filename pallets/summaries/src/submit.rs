//! Settling a job with what the hospital's worker says.

use crate::{Config, Error, Event, Jobs, Pallet, WeightInfo};
use frame_support::{ensure, pallet_prelude::Weight};
use galen_primitives::{
    H256,
    audit::Kind,
    consent::Reason,
    emergency::Ruling,
    summary::{Job, JobStatus, Outcome, submission_payload},
    traits::{AuditSink, ConsentCheck, Consortium, EmergencyCheck, RecordLookup},
};
use sp_core::sr25519;
use sp_runtime::{
    DispatchError,
    traits::Verify,
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityWithRefund,
        ValidTransaction,
    },
};

/// Blocks for which a submission stays in the pool before it must be sent again.
pub const LONGEVITY: u32 = 16;
/// The code of `InvalidTransaction::Custom` for a job that the chain does not know (yet).
pub const UNKNOWN_JOB: u8 = 1;

// Above any tip: there is at most one per open job, and a deadline waits behind it. Below the highest, which
// belongs to heartbeats and reports of equivocation.
const PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;

impl<T: Config> Pallet<T> {
    /// Whether the hospital's worker key signed this outcome for a job that waits for it. The cheap checks
    /// come first: anybody can send such a call for nothing.
    pub(crate) fn authorize_submit(
        _: TransactionSource,
        id: &H256,
        outcome: &Outcome,
        signature: &sr25519::Signature,
    ) -> TransactionValidityWithRefund {
        let (_, key) = Self::awaiting(id, outcome).map_err(|error| match error {
            Error::NotFound => InvalidTransaction::Custom(UNKNOWN_JOB),
            Error::NotOpen | Error::Expired => InvalidTransaction::Stale,
            Error::WorkerKeyNotFound => InvalidTransaction::BadSigner,
            _ => InvalidTransaction::Call,
        })?;
        let payload = submission_payload(&Self::genesis_hash(), id, outcome);
        ensure!(
            signature.verify(payload.as_slice(), &sr25519::Public::from_raw(key.0)),
            InvalidTransaction::BadProof
        );
        let validity = ValidTransaction::with_tag_prefix("GalenSubmit")
            .priority(PRIORITY)
            .longevity(u64::from(LONGEVITY))
            .and_provides(id)
            .propagate(true)
            .build()?;
        Ok((validity, Weight::zero()))
    }

    /// The job, if this outcome can settle it now, and the key that must have signed it.
    ///
    /// That is the hospital's key of this block, not of the request: a rotation loses no job, and a key that
    /// was rotated away, perhaps because it leaked, settles nothing.
    fn awaiting(id: &H256, outcome: &Outcome) -> Result<(Job, H256), Error<T>> {
        let job = Jobs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        match job.status_at(Self::block()) {
            JobStatus::Open => {}
            JobStatus::Expired => return Err(Error::Expired),
            JobStatus::Done { .. } | JobStatus::Failed { .. } | JobStatus::Refused { .. } => {
                return Err(Error::NotOpen);
            }
        }
        ensure!(accepts(&job, outcome), Error::<T>::InvalidOutcome);
        let key = T::Consortium::worker_key(&job.hospital).ok_or(Error::<T>::WorkerKeyNotFound)?;
        Ok((job, key))
    }

    /// Settles the job; gives the event that says how.
    pub(crate) fn do_submit(id: H256, outcome: Outcome) -> Result<Event<T>, DispatchError> {
        let (mut job, key) = Self::awaiting(&id, &outcome)?;
        let at = Self::block();
        let hospital = job.hospital.clone();
        let (status, kind, event) = match outcome {
            Outcome::Failed(failure) => (
                JobStatus::Failed { failure, at },
                Kind::SummaryFailed,
                Event::Failed { job: id, hospital, failure },
            ),
            Outcome::Done(receipt) => match Self::still_permitted(&job) {
                permit if permit.permitted() => {
                    let output = receipt.output;
                    if let (Some(consent), Some(patient)) = (permit.consent(), Self::patient_of(&job)) {
                        T::Consent::note_use(&patient, consent, &job.hospital)?;
                    }
                    (
                        JobStatus::Done { receipt, at },
                        Kind::SummaryAnchored,
                        Event::Anchored { job: id, hospital, output },
                    )
                }
                refusal => {
                    let reason = refusal.reason();
                    (
                        JobStatus::Refused { reason, at },
                        Kind::SummaryRefused,
                        Event::Refused { job: id, hospital, reason },
                    )
                }
            },
        };
        job.status = status;
        job.worker_key = key;
        Jobs::<T>::insert(id, &job);
        Self::remove_open(&job.hospital, id);
        T::Audit::append(Some(&job.hospital), kind, id, Self::patient_of(&job).as_ref())?;
        Ok(event)
    }

    /// Whether the job's use of its record is permitted in this block.
    pub(crate) fn still_permitted(job: &Job) -> Ruling {
        if !T::Consortium::is_member(&job.hospital) {
            return Ruling::refuse(Reason::NotMember);
        }
        let Some(record) = T::Records::record(&job.record) else {
            return Ruling::refuse(Reason::Unavailable);
        };
        match record.closed() {
            // Of an erased one the labels are gone: without them a consent could seem to cover it.
            Some(reason) => Ruling::refuse(reason),
            None => Self::rule(&job.record, &record, &job.hospital, job.purpose),
        }
    }

    /// What settling a job costs: the ruling depends on the patient's consents.
    pub(crate) fn submit_weight() -> Weight {
        T::WeightInfo::submit().saturating_add(T::Emergency::weight())
    }
}

/// Whether the outcome speaks of this job's record and model.
pub(crate) fn accepts(job: &Job, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Done(receipt) => receipt.input == job.record && receipt.model == job.model,
        Outcome::Failed(_) => true,
    }
}

//! Asking for a summary.

use crate::{Config, Error, Jobs, Pallet, WeightInfo};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::Weight, traits::Get};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    consent::{Outcome, Purpose, Reason},
    emergency::Ruling,
    records::Record,
    summary::{Job, JobStatus, job_id},
    traits::{AuditSink, Consortium, EmergencyCheck, ModelLookup, RecordLookup},
};
use sp_runtime::{DispatchError, SaturatedConversion};

/// A job that was opened.
#[derive(Debug, PartialEq)]
pub(crate) struct Opened {
    /// Its id.
    pub id: H256,
    /// The job.
    pub job: Job,
    /// The hospital's jobs past their deadline that were cleared away first.
    pub expired: Vec<H256>,
    /// What all that costs.
    pub weight: Weight,
}

impl<T: Config> Pallet<T> {
    /// Opens a job, and clears away those of the hospital that are past their deadline.
    pub(crate) fn do_request(
        hospital: AccountId,
        record_id: H256,
        model: H256,
        purpose: Purpose,
    ) -> Result<Opened, DispatchError> {
        ensure!(T::Consortium::is_member(&hospital), Error::<T>::NotMember);
        let worker_key = T::Consortium::worker_key(&hospital).ok_or(Error::<T>::WorkerKeyNotFound)?;
        let record = T::Records::record(&record_id).ok_or(Error::<T>::RecordNotFound)?;
        ensure!(record.custodian == hospital, Error::<T>::NotCustodian);
        if let Some(reason) = record.closed() {
            return Err(refusal::<T>(reason).into());
        }
        ensure!(record.superseded_by.is_none(), Error::<T>::AlreadySuperseded);
        ensure!(T::Models::is_approved(&model), Error::<T>::ModelNotApproved);
        let ruling = Self::rule(&record_id, &record, &hospital, purpose);
        let consent = Self::permitting(&ruling, purpose)?;

        let now = Self::block();
        let (mut open, expired) = Self::clear_expired(&hospital, now)?;
        let quota = T::Consortium::quotas(&hospital).map_or(0, |quotas| quotas.open_jobs);
        let count = u32::try_from(open.len()).unwrap_or(u32::MAX);
        ensure!(count < quota, Error::<T>::TooManyOpen);

        let nonce = frame_system::Pallet::<T>::account_nonce(&hospital).saturated_into::<u32>();
        let id = job_id(&Self::genesis_hash(), &record_id, &model, purpose, &hospital, nonce);
        ensure!(!Jobs::<T>::contains_key(id), Error::<T>::AlreadyExists);
        open.try_push(id).map_err(|_| Error::<T>::TooManyOpen)?;

        let job = Job {
            record: record_id,
            model,
            purpose,
            hospital,
            worker_key,
            consent,
            access: ruling.access,
            requested_at: now,
            deadline: now.saturating_add(T::Deadline::get()),
            status: JobStatus::Open,
        };
        Jobs::<T>::insert(id, &job);
        Self::store_open(&job.hospital, open);
        T::Audit::append(Some(&job.hospital), Kind::SummaryRequested, id, Some(&record.attributes.patient))?;
        let ruling = T::Emergency::weight_of(&record.attributes.patient);
        let cleared = u32::try_from(expired.len()).unwrap_or(u32::MAX);
        let weight = Self::request_weight(count.saturating_add(cleared), cleared, ruling);
        Ok(Opened { id, job, expired, weight })
    }

    /// Whether `requester` may use the record for `purpose` now.
    pub(crate) fn rule(id: &H256, record: &Record, requester: &AccountId, purpose: Purpose) -> Ruling {
        T::Emergency::rule(&record.question(requester.clone(), purpose), Some(id))
    }

    /// The consent version that permits, if the use rests on one, or the refusal as an error. A permission
    /// that names neither a version nor an access is no permission.
    fn permitting(ruling: &Ruling, purpose: Purpose) -> Result<Option<u32>, Error<T>> {
        match (ruling.permitted(), ruling.consent()) {
            (true, None) if ruling.access.is_none() => return Err(Error::Unavailable),
            (true, consent) => return Ok(consent),
            (false, _) if ruling.decision.outcome == Outcome::Deny => return Err(Error::ConsentDenied),
            (false, _) => {}
        }
        let reason = ruling.reason();
        let unbroken = purpose == Purpose::Btg && reason.wants_consent();
        Err(if unbroken { Error::AccessNotOpened } else { refusal(reason) })
    }

    /// What a request costs that reads `listed` jobs, clears away `expired` and decides at the cost of
    /// `ruling`.
    pub(crate) fn request_weight(listed: u32, expired: u32, ruling: Weight) -> Weight {
        T::WeightInfo::request(listed, expired).saturating_add(ruling)
    }
}

/// A refusal for this reason as an error.
fn refusal<T: Config>(reason: Reason) -> Error<T> {
    match reason {
        Reason::NotEnrolled => Error::NotEnrolled,
        Reason::NotMember => Error::NotMember,
        Reason::NoConsent => Error::NoConsent,
        Reason::Revoked => Error::ConsentRevoked,
        Reason::OutsidePeriod | Reason::ProvisionOutsidePeriod => Error::OutsidePeriod,
        Reason::PurposeNotCovered => Error::PurposeNotCovered,
        Reason::ActorNotCovered => Error::ActorNotCovered,
        Reason::DataPeriodNotCovered | Reason::DataNotCovered => Error::DataNotCovered,
        Reason::LabelNotCovered => Error::LabelNotCovered,
        Reason::RecordErased => Error::RecordErased,
        Reason::RecordVoided => Error::RecordVoided,
        Reason::RecordTransferred => Error::RecordTransferred,
        Reason::AccessNotOpened => Error::AccessNotOpened,
        Reason::Root | Reason::Exception | Reason::TooManyDenials | Reason::Unavailable => Error::Unavailable,
    }
}

//! Clearing away jobs past their deadline. Being in `OpenJobs` is what says that a job has no last audit entry yet, so
//! that it gets exactly one.

use crate::{Config, Error, Event, Jobs, OpenJobs, Pallet};
use alloc::vec::Vec;
use frame_support::{BoundedVec, ensure};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::Kind,
    summary::{Job, JobStatus},
    traits::{AuditSink, RecordLookup},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Clears one job away.
    pub(crate) fn do_expire(id: H256) -> DispatchResult {
        let job = Jobs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(job.status_at(Self::now()) == JobStatus::Expired, Error::<T>::NotExpired);
        ensure!(Self::remove_open(&job.hospital, id), Error::<T>::AlreadyExpired);
        Self::note_expired(id, &job)
    }

    /// Takes a hospital's jobs past their deadline out of its list. Gives the list, not stored yet, and their number.
    pub(crate) fn clear_expired(
        hospital: &AccountId,
        now: BlockNumber,
    ) -> Result<(BoundedVec<H256, T::MaxOpenJobs>, u32), DispatchError> {
        let mut open = OpenJobs::<T>::get(hospital);
        let mut expired = Vec::new();
        open.retain(|id| match Jobs::<T>::get(id) {
            Some(job) if job.status_at(now) == JobStatus::Expired => {
                expired.push((*id, job));
                false
            }
            _ => true,
        });
        for (id, job) in &expired {
            Self::note_expired(*id, job)?;
        }
        Ok((open, u32::try_from(expired.len()).unwrap_or(u32::MAX)))
    }

    /// Takes `id` out of the hospital's list; whether it was there.
    pub(crate) fn remove_open(hospital: &AccountId, id: H256) -> bool {
        let mut open = OpenJobs::<T>::get(hospital);
        let before = open.len();
        open.retain(|other| *other != id);
        let found = open.len() < before;
        if found {
            Self::store_open(hospital, open);
        }
        found
    }

    /// Stores a hospital's list; an empty one takes no room.
    pub(crate) fn store_open(hospital: &AccountId, open: BoundedVec<H256, T::MaxOpenJobs>) {
        if open.is_empty() {
            OpenJobs::<T>::remove(hospital);
        } else {
            OpenJobs::<T>::insert(hospital, open);
        }
    }

    /// The patient's key of a job, for its audit entry.
    pub(crate) fn patient_of(job: &Job) -> Option<AccountId> {
        T::Records::record(&job.record).map(|record| record.attributes.patient)
    }

    fn note_expired(id: H256, job: &Job) -> DispatchResult {
        T::Audit::append(Some(&job.hospital), Kind::SummaryExpired, id, Self::patient_of(job).as_ref())?;
        Self::deposit_event(Event::Expired { job: id, hospital: job.hospital.clone() });
        Ok(())
    }
}

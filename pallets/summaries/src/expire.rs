//! Clearing away jobs past their deadline. Being in `OpenJobs` is what says that a job has no last audit
//! entry yet, so that it gets exactly one.

use crate::{Config, Error, Jobs, OpenJobs, Pallet};
use alloc::vec::Vec;
use frame_support::{BoundedVec, ensure};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::Kind,
    summary::{Job, JobStatus},
    traits::{AuditSink, Consortium, RecordLookup},
};
use sp_runtime::{DispatchError, DispatchResult};

/// The ids of a hospital's jobs that are open.
pub(crate) type OpenIds<T> = BoundedVec<H256, <T as Config>::MaxOpenJobs>;

impl<T: Config> Pallet<T> {
    /// Clears one job away, as a member asks; gives the hospital whose job it was.
    pub(crate) fn do_expire(caller: &AccountId, id: H256) -> Result<AccountId, DispatchError> {
        ensure!(T::Consortium::is_member(caller), Error::<T>::NotMember);
        let job = Jobs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(job.status_at(Self::block()) == JobStatus::Expired, Error::<T>::NotExpired);
        ensure!(Self::remove_open(&job.hospital, id), Error::<T>::AlreadyExpired);
        Self::log_expired(id, &job)?;
        Ok(job.hospital)
    }

    /// Takes a hospital's jobs past their deadline out of its list. Gives the list, not stored yet, and the
    /// ids of those.
    pub(crate) fn clear_expired(
        hospital: &AccountId,
        now: BlockNumber,
    ) -> Result<(OpenIds<T>, Vec<H256>), DispatchError> {
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
            Self::log_expired(*id, job)?;
        }
        Ok((open, expired.into_iter().map(|(id, _)| id).collect()))
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
    pub(crate) fn store_open(hospital: &AccountId, open: OpenIds<T>) {
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

    fn log_expired(id: H256, job: &Job) -> DispatchResult {
        T::Audit::append(Some(&job.hospital), Kind::SummaryExpired, id, Self::patient_of(job).as_ref())
    }
}

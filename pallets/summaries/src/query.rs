//! What runtime APIs ask.

use crate::{Config, Jobs, OpenJobs, Pallet};
use alloc::vec::Vec;
use galen_primitives::{
    AccountId, H256,
    emergency::Ruling,
    summary::{Job, JobStatus},
};

impl<T: Config> Pallet<T> {
    /// One job; its status as of this block (an open job past its deadline reads as expired).
    pub fn job(id: H256) -> Option<Job> {
        let mut job = Jobs::<T>::get(id)?;
        job.status = job.status_at(Self::block());
        Some(job)
    }

    /// The ids of a hospital's jobs that are open and not past their deadline, oldest first.
    pub fn open_jobs(hospital: AccountId) -> Vec<H256> {
        let open = |id: &H256| Self::job(*id).is_some_and(|job| job.status == JobStatus::Open);
        OpenJobs::<T>::get(hospital).into_iter().filter(open).collect()
    }

    /// Whether this job's use is permitted now, whatever its status; `None` if there is no such job.
    pub fn check(id: H256) -> Option<Ruling> {
        Jobs::<T>::get(id).map(|job| Self::still_permitted(&job))
    }
}

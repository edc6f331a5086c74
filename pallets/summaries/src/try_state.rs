//! What must hold between any two extrinsics.

use crate::{Config, Jobs, OpenJobs, Pallet, submit::accepts};
use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Get};
use galen_primitives::{
    consent::Purpose,
    summary::{JobStatus, Outcome},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// - every listed job exists, is its hospital's, is stored as open, and is listed once;
    /// - every job that waits for its worker is listed;
    /// - no list is longer than allowed, and no empty one is stored;
    /// - deadlines are where the request put them, statuses are not older than the request;
    /// - a receipt speaks of its job's record and model; nothing is stored as expired;
    /// - a job rests on a consent or on an access, and on an access only for the purpose BTG.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = Self::block();
        let mut listed = BTreeSet::new();
        for (hospital, open) in OpenJobs::<T>::iter() {
            ensure!(!open.is_empty(), "an empty list of open jobs is stored");
            let count = u32::try_from(open.len()).unwrap_or(u32::MAX);
            ensure!(count <= T::MaxOpenJobs::get(), "too many open jobs are listed");
            for id in open {
                let job = Jobs::<T>::get(id).ok_or("a listed job does not exist")?;
                ensure!(job.hospital == hospital, "a job is listed under another hospital");
                ensure!(job.status == JobStatus::Open, "a settled job is listed as open");
                ensure!(listed.insert(id), "a job is listed twice");
            }
        }
        for (id, job) in Jobs::<T>::iter() {
            ensure!(job.consent.is_some() || job.access.is_some(), "a job rests on nothing");
            ensure!(job.access.is_none() || job.purpose == Purpose::Btg, "an access for another purpose");
            ensure!(job.requested_at <= job.deadline, "a deadline comes before its request");
            let within = |at| at >= job.requested_at && at <= job.deadline && at <= now;
            match &job.status {
                JobStatus::Open => {
                    ensure!(listed.contains(&id) || now > job.deadline, "a waiting job is not listed");
                }
                JobStatus::Done { receipt, at } => {
                    let outcome = Outcome::Done(receipt.clone());
                    ensure!(accepts(&job, &outcome), "a receipt does not match its job");
                    ensure!(within(*at), "a job was settled outside its time");
                }
                JobStatus::Failed { at, .. } | JobStatus::Refused { at, .. } => {
                    ensure!(within(*at), "a job was settled outside its time");
                }
                JobStatus::Expired => return Err("a job is stored as expired".into()),
            }
        }
        Ok(())
    }
}

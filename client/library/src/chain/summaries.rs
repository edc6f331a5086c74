//! Summary jobs.

use super::Chain;
use crate::Error;
use galen_primitives::{AccountId, H256, emergency::Ruling, summary::Job};

impl Chain {
    /// A summary job.
    pub async fn job(&self, id: H256, at: Option<H256>) -> Result<Option<Job>, Error> {
        self.call("SummariesApi_job", id, at).await
    }

    /// Whether a job's use is permitted at a block; `None` if there is no such job.
    pub async fn check_job(&self, job: H256, at: Option<H256>) -> Result<Option<Ruling>, Error> {
        self.call("SummariesApi_check", job, at).await
    }

    /// A hospital's open jobs.
    pub async fn open_jobs(&self, hospital: &AccountId, at: Option<H256>) -> Result<Vec<H256>, Error> {
        self.call("SummariesApi_open_jobs", hospital, at).await
    }
}

//! Summary jobs, as clients and workers ask for them.

use crate::{AccountId, H256, emergency::Ruling, summary::Job};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Summary jobs.
    pub trait SummariesApi {
        /// One job; its status as of this block (an open job past its deadline reads as expired).
        fn job(id: H256) -> Option<Job>;
        /// The ids of a hospital's jobs that are open and not past their deadline.
        fn open_jobs(hospital: AccountId) -> Vec<H256>;
        /// Whether this job's use is permitted now; `None` if there is no such job.
        fn check(id: H256) -> Option<Ruling>;
    }
}

//! What the node remembers of its jobs from round to round, in PERSISTENT offchain storage.
//!
//! That storage knows no forks: everything is keyed by job id, and only finalized jobs get in. It is bounded by the open
//! jobs of the node's own hospital.

use alloc::collections::BTreeMap;
use codec::{Decode, Encode};
use galen_primitives::{BlockNumber, H256, summary::Failure};
use sp_runtime::offchain::storage::StorageValueRef;

const KEY: &[u8] = b"galen::summaries::jobs";

/// What is known of one job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Known {
    /// The worker has it.
    pub handed_over: bool,
    /// The block after which an outcome was sent to the pool, and the key that signed it.
    pub submitted: Option<(BlockNumber, H256)>,
    /// What went wrong when the worker was asked last.
    pub failure: Option<Failure>,
}

/// What is known of all open jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Memory {
    /// What is wrong with the worker as a whole, as of the last call.
    pub worker: Option<Failure>,
    jobs: BTreeMap<H256, Known>,
}

impl Memory {
    /// What was stored last; unreadable counts as nothing.
    pub fn load() -> Self {
        StorageValueRef::persistent(KEY).get().ok().flatten().unwrap_or_default()
    }

    /// One job; the default if nothing is known.
    pub fn job(&self, id: &H256) -> Known {
        self.jobs.get(id).cloned().unwrap_or_default()
    }

    /// Changes what is known of one job, and stores it.
    pub fn update(&mut self, id: &H256, change: impl FnOnce(&mut Known)) {
        let before = self.job(id);
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.jobs.insert(*id, after);
            self.store();
        }
    }

    /// Notes whether the worker as a whole answers, and stores it.
    pub fn note_worker(&mut self, failure: Option<Failure>) {
        if self.worker != failure {
            self.worker = failure;
            self.store();
        }
    }

    /// Forgets all jobs but those that `open` says yes to.
    pub fn keep_only(&mut self, open: impl Fn(&H256) -> bool) {
        let before = self.jobs.len();
        self.jobs.retain(|id, _| open(id));
        if self.jobs.len() != before {
            self.store();
        }
    }

    fn store(&self) {
        StorageValueRef::persistent(KEY).set(self);
    }
}

//! What one round does about one job.

use super::{
    GIVE_UP_BLOCKS, HTTP_CALLS, LAST_BLOCKS, LOG, LONGEVITY, SUBMISSIONS,
    memory::Memory,
    protocol::{self, Collected},
};
use crate::submit::accepts;
use alloc::vec::Vec;
use galen_offchain::{Endpoint, post};
use galen_primitives::{
    BlockNumber, H256,
    summary::{Failure, Job, Outcome},
};

/// One round: the worker, what is remembered, and what may still be spent.
pub(super) struct Round {
    endpoint: Endpoint,
    pub memory: Memory,
    calls_left: u32,
    submissions_left: u32,
}

impl Round {
    pub fn new(endpoint: Endpoint, memory: Memory) -> Self {
        Round { endpoint, memory, calls_left: HTTP_CALLS, submissions_left: SUBMISSIONS }
    }

    /// Whether one more outcome may be submitted; counts it.
    pub fn may_submit(&mut self) -> bool {
        let left = self.submissions_left.checked_sub(1);
        self.submissions_left = left.unwrap_or(0);
        left.is_some()
    }

    /// Takes the job one step further; gives the outcome to submit, if there is one.
    pub fn visit(&mut self, id: &H256, job: &Job, key: &H256, now: BlockNumber) -> Option<Outcome> {
        let known = self.memory.job(id);
        let in_the_pool = |(at, by): (BlockNumber, H256)| by == *key && now <= at.saturating_add(LONGEVITY);
        if known.submitted.is_some_and(in_the_pool) {
            return None;
        }
        let remaining = job.deadline.saturating_sub(now);
        let mut asked = false;
        if self.calls_left > 0 {
            if known.handed_over {
                asked = true;
                if let Some(outcome) = self.collect(id, job) {
                    return Some(outcome);
                }
            } else if remaining > GIVE_UP_BLOCKS {
                self.hand_over(id);
            }
        }
        // With a worker that answers, every job gets its turn to be asked about before it is given up.
        let turn_comes = known.handed_over && !asked && self.memory.worker.is_none();
        let given_up = if turn_comes { LAST_BLOCKS } else { GIVE_UP_BLOCKS };
        (remaining <= given_up).then(|| Outcome::Failed(self.reason(id)))
    }

    fn hand_over(&mut self, id: &H256) {
        match self.ask(protocol::HAND_OVER, id, protocol::handed_over) {
            Ok(()) => {
                log::debug!(target: LOG, "job {id:?}: handed over");
                self.memory.update(id, |job| {
                    job.handed_over = true;
                    job.failure = None;
                });
            }
            Err(failure) => self.note_failure(id, failure),
        }
    }

    fn collect(&mut self, id: &H256, job: &Job) -> Option<Outcome> {
        match self.ask(protocol::COLLECT, id, protocol::collected) {
            Ok(Collected::Answered(outcome)) if accepts(job, &outcome) => Some(outcome),
            // The chain would refuse a receipt for something else; the worker may yet think better of it.
            Ok(Collected::Answered(_)) => {
                self.note_failure(id, Failure::WorkerGarbage);
                None
            }
            Ok(Collected::Pending) => {
                self.memory.update(id, |job| job.failure = None);
                None
            }
            Ok(Collected::Unknown) => {
                log::debug!(target: LOG, "job {id:?}: the worker does not have it any more");
                self.memory.update(id, |job| {
                    job.handed_over = false;
                    job.failure = None;
                });
                None
            }
            Err(failure) => {
                self.note_failure(id, failure);
                None
            }
        }
    }

    fn ask<A>(
        &mut self,
        method: &str,
        id: &H256,
        read: impl FnOnce(&[u8]) -> Result<A, Failure>,
    ) -> Result<A, Failure> {
        self.calls_left = self.calls_left.saturating_sub(1);
        let answer: Result<Vec<u8>, Failure> = post(&self.endpoint, &protocol::request(method, id));
        let answer = answer.and_then(|body| read(&body));
        // An unreadable answer may be about this job only; anything else is the worker, and the round asks no more.
        let worker = answer.as_ref().err().copied().filter(|failure| *failure != Failure::WorkerGarbage);
        if worker.is_some() {
            self.calls_left = 0;
        }
        self.memory.note_worker(worker);
        answer
    }

    fn note_failure(&mut self, id: &H256, failure: Failure) {
        log::warn!(target: LOG, "job {id:?}: {failure:?}, to be tried again");
        self.memory.update(id, |job| job.failure = Some(failure));
    }

    /// Why a job is given up: what is wrong with the worker now, else with this job, else that it took too long.
    fn reason(&self, id: &H256) -> Failure {
        self.memory.worker.or(self.memory.job(id).failure).unwrap_or(Failure::WorkerTooSlow)
    }
}

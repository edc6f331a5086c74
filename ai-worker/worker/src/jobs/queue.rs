//! The durable table of jobs: accepted, then answered, once.

use crate::{
    clock::Clock,
    store::{Opener, Store, StoreError, copy_table, failed},
};
use codec::{Decode, Encode};
use galen_primitives::{H256, summary::Outcome};
use galen_worker_api::node::Handed;
use redb::{ReadableTable, TableDefinition};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

const JOBS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("jobs");
const DAY: u64 = 24 * 60 * 60;

/// Why the queue refused.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// As many jobs wait as may.
    #[error("the queue is full: try again later")]
    Busy,
    /// A row cannot be read.
    #[error("the job table is damaged")]
    Corrupt,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Never handed over, or forgotten.
    Unknown,
    /// Waiting or running.
    Pending,
    /// Answered: a SCALE-encoded [`Outcome`].
    Answered(Vec<u8>),
}

/// A job that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its id.
    pub job: H256,
    /// When it was accepted, in seconds since 1970.
    pub accepted_at: u64,
}

#[derive(Encode, Decode)]
enum Row {
    Accepted { sequence: u64, at: u64 },
    Answered { at: u64, outcome: Vec<u8>, collected: Option<u64> },
}

struct Inner {
    store: Store,
    // By order of acceptance; mirrors the accepted rows.
    pending: BTreeMap<u64, Pending>,
    next: u64,
}

/// The queue. Methods block for one fsync at most.
pub struct Queue {
    inner: Mutex<Inner>,
    limit: usize,
    changed: Notify,
    clock: Clock,
}

fn decode(bytes: &[u8]) -> Result<Row, QueueError> {
    Row::decode(&mut &*bytes).map_err(|_| QueueError::Corrupt)
}

impl Queue {
    /// Opens the table. At most `limit` jobs wait at once.
    pub fn open(path: &Path, opener: Opener, limit: usize, clock: Clock) -> Result<Self, QueueError> {
        let mut store = Store::open(path, opener)?;
        let mut pending = BTreeMap::new();
        store.write(|transaction| {
            let jobs = transaction.open_table(JOBS).map_err(failed)?;
            for entry in jobs.iter().map_err(failed)? {
                let (id, row) = entry.map_err(failed)?;
                if let Row::Accepted { sequence, at } = decode(row.value())? {
                    pending.insert(sequence, Pending { job: H256(*id.value()), accepted_at: at });
                }
            }
            Ok::<_, QueueError>(())
        })?;
        let next = pending.keys().next_back().map_or(0, |last| last + 1);
        let inner = Mutex::new(Inner { store, pending, next });
        Ok(Queue { inner, limit, changed: Notify::new(), clock })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a job in; on disk before this returns.
    pub fn hand_over(&self, job: H256) -> Result<Handed, QueueError> {
        let mut inner = self.inner();
        let (sequence, at) = (inner.next, self.clock.seconds());
        let full = inner.pending.len() >= self.limit;
        if inner.find(&job)?.is_some() {
            return Ok(Handed::Known);
        }
        if full {
            return Err(QueueError::Busy);
        }
        inner.set(&job, &Row::Accepted { sequence, at })?;
        inner.next += 1;
        inner.pending.insert(sequence, Pending { job, accepted_at: at });
        drop(inner);
        self.changed.notify_one();
        Ok(Handed::Accepted)
    }

    /// Where a job stands.
    pub fn state(&self, job: &H256) -> Result<State, QueueError> {
        Ok(match self.inner().find(job)? {
            None => State::Unknown,
            Some(Row::Accepted { .. }) => State::Pending,
            Some(Row::Answered { outcome, .. }) => State::Answered(outcome),
        })
    }

    /// As [`Queue::state`]; the first time that an answer is collected is remembered.
    pub fn collect(&self, job: &H256) -> Result<State, QueueError> {
        let mut inner = self.inner();
        Ok(match inner.find(job)? {
            None => State::Unknown,
            Some(Row::Accepted { .. }) => State::Pending,
            Some(Row::Answered { outcome, collected: Some(_), .. }) => State::Answered(outcome),
            Some(Row::Answered { at, outcome, collected: None }) => {
                let row =
                    Row::Answered { at, outcome: outcome.clone(), collected: Some(self.clock.seconds()) };
                inner.set(job, &row)?;
                State::Answered(outcome)
            }
        })
    }

    /// Answers a job. An answer never changes: the one that stands is returned.
    pub fn answer(&self, job: &H256, outcome: &Outcome) -> Result<Vec<u8>, QueueError> {
        let mut inner = self.inner();
        if let Some(Row::Answered { outcome, .. }) = inner.find(job)? {
            return Ok(outcome);
        }
        let outcome = outcome.encode();
        inner.set(
            job,
            &Row::Answered { at: self.clock.seconds(), outcome: outcome.clone(), collected: None },
        )?;
        inner.pending.retain(|_, pending| &pending.job != job);
        Ok(outcome)
    }

    /// Forgets a job that is not answered.
    pub fn forget(&self, job: &H256) -> Result<(), QueueError> {
        let mut inner = self.inner();
        if let Some(Row::Accepted { .. }) = inner.find(job)? {
            inner.store.write(|transaction| {
                transaction.open_table(JOBS).map_err(failed)?.remove(&job.0).map_err(failed)?;
                Ok::<_, QueueError>(())
            })?;
            inner.pending.retain(|_, pending| &pending.job != job);
        }
        Ok(())
    }

    /// The jobs that wait, oldest first.
    pub fn pending(&self) -> Vec<Pending> {
        self.inner().pending.values().copied().collect()
    }

    /// Waits until a job is taken in; one that was taken in since the last wait counts.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Writes the table as it is now into a new file.
    pub fn back_up(&self, path: &Path, opener: Opener) -> Result<(), QueueError> {
        let snapshot = self.inner().store.snapshot()?;
        Ok(Store::open(path, opener)?.write(|to| copy_table(JOBS, &snapshot, to))?)
    }

    /// Drops answers `keep_days` after they were first collected, and four times as long after they were
    /// given if nobody ever collected them.
    pub fn prune(&self, keep_days: u64) -> Result<u64, QueueError> {
        let now = self.clock.seconds();
        let keep = keep_days.saturating_mul(DAY);
        let mut dropped = 0;
        self.inner().store.write(|transaction| {
            let mut jobs = transaction.open_table(JOBS).map_err(failed)?;
            let mut old = Vec::new();
            for entry in jobs.iter().map_err(failed)? {
                let (id, row) = entry.map_err(failed)?;
                let end = match decode(row.value())? {
                    Row::Accepted { .. } => continue,
                    Row::Answered { collected: Some(at), .. } => at.saturating_add(keep),
                    Row::Answered { at, collected: None, .. } => at.saturating_add(keep.saturating_mul(4)),
                };
                if end < now {
                    old.push(*id.value());
                }
            }
            dropped = old.len() as u64;
            for id in old {
                jobs.remove(&id).map_err(failed)?;
            }
            Ok::<_, QueueError>(())
        })?;
        Ok(dropped)
    }
}

impl Inner {
    fn find(&mut self, job: &H256) -> Result<Option<Row>, QueueError> {
        self.store.read(|transaction| {
            let jobs = transaction.open_table(JOBS).map_err(failed)?;
            let row = jobs.get(&job.0).map_err(failed)?;
            row.map(|row| decode(row.value())).transpose()
        })
    }

    fn set(&mut self, job: &H256, row: &Row) -> Result<(), QueueError> {
        let row = row.encode();
        self.store.write(|transaction| {
            transaction.open_table(JOBS).map_err(failed)?.insert(&job.0, row.as_slice()).map_err(failed)?;
            Ok(())
        })
    }
}

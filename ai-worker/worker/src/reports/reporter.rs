//! Answers the node that asks for a log's next batch.

use super::{CollectError, Due, ReportLog};
use galen_primitives::{
    UnixSeconds,
    reports::{LogBatch, Position},
};
use prometheus::IntGauge;
use std::sync::Arc;

/// A log with the settings by which it is reported.
pub struct Reporter<L> {
    log: Arc<L>,
    due: Due,
    resume: bool,
    diverged: IntGauge,
}

impl<L: ReportLog> Reporter<L> {
    /// Reports a log when batches are due. With `resume`, the log continues where the chain stands if that
    /// has batches which are not here. `diverged` becomes 1 while the chain and the log do not have the same
    /// past, and 0 after.
    pub fn new(log: Arc<L>, due: Due, resume: bool, diverged: IntGauge) -> Self {
        Reporter { log, due, resume, diverged }
    }

    /// The batch that follows what the chain has; `None` if none is due at second `now`.
    pub fn next_batch(&self, chain: &Position, now: UnixSeconds) -> Result<Option<L::Batch>, CollectError> {
        let name = L::Batch::NAME;
        let mut answer = self.log.collect(chain, &self.due, now);
        if let Err(CollectError::Diverged(_)) = &answer
            && self.resume
            && let Ok(lost) = self.log.resume(chain)
        {
            tracing::warn!(log = name, lost, place = chain.place, "a log continues where the chain stands");
            answer = self.log.collect(chain, &self.due, now);
        }
        let diverged = matches!(answer, Err(CollectError::Diverged(_)));
        self.diverged.set(diverged.into());
        if let (true, Err(why)) = (diverged, &answer) {
            tracing::error!(log = name, %why, "a log cannot be reported");
        }
        answer
    }
}

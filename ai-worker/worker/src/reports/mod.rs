//! Logs of this worker that are reported on the chain ([`galen_primitives::reports`]): what they share.
//!
//! The node asks with what the chain has. The answer to one question is always the same batch, because a
//! batch is on disk before it is shown and never changes; so whatever is killed when, nothing is lost and the
//! chain takes nothing twice. A batch is made only where the chain stands, and when it is due.
//!
//! A chain that has batches which are not here shows that the log was restored from an older backup. Nothing
//! is reported then, until the operator has the log continue where the chain stands; the numbers in between
//! are lost.
//!
//! A log implements [`ReportLog`]; the node is answered by a [`Reporter`].

mod log;
mod reporter;
#[cfg(test)]
mod tests;

pub use log::{Proven, ReportLog, Sealed};
pub use reporter::Reporter;

use crate::store::StoreError;
use galen_primitives::{
    UnixSeconds, audit::disclosure::DisclosureBatch, devices::reading::ReadingBatch, reports::LogBatch,
};
use std::str::FromStr;

/// The logs that are reported, as `--continue` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was disclosed.
    Disclosures,
    /// What devices measured.
    Readings,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 2] = [Kind::Disclosures, Kind::Readings];

    /// The name: that of the log's entries.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Disclosures => DisclosureBatch::NAME,
            Kind::Readings => ReadingBatch::NAME,
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Kind::ALL.map(Kind::name).join(" or ");
        Kind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| format!("it is {known}"))
    }
}

/// When a batch is due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// When so many entries wait; no batch has more.
    pub entries: u32,
    /// When an entry has waited for so many seconds.
    pub seconds: u64,
    /// When nothing was written for so many seconds, a log in which silence must be noticed gets an entry
    /// that says so.
    pub silence: Option<u64>,
}

impl Due {
    /// Whether a batch is due at second `now`, when so many entries wait, the first of them since second
    /// `oldest`.
    pub fn is_due(&self, waiting: u64, oldest: UnixSeconds, now: UnixSeconds) -> bool {
        waiting >= self.entries.into() || elapsed(oldest, now) >= self.seconds
    }
}

/// Seconds from `since` to `now`. A clock that was set back makes all due rather than nothing ever.
pub fn elapsed(since: UnixSeconds, now: UnixSeconds) -> u64 {
    now.checked_sub(since).unwrap_or(u64::MAX)
}

/// The chain and a log here do not have the same past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the chain continues this hospital's {name} at number {chain}, and the log here at {here}: if this worker was \
     restored from an older backup, start once with --continue {name}; if another worker reports for this hospital, \
     or the node is on another chain, mend that"
)]
pub struct Diverged {
    /// What the entries are.
    pub name: &'static str,
    /// The place of the next batch on the chain.
    pub chain: u64,
    /// The place of the next batch here.
    pub here: u64,
}

/// Why no batch can be given.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The chain and the log do not have the same past.
    #[error(transparent)]
    Diverged(#[from] Diverged),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

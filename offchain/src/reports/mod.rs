//! Logs that the hospital's `galen-worker` keeps and its node reports on the chain
//! ([`galen_primitives::reports`]).
//!
//! A pallet implements [`Reports`] and gets both halves: [`authorize`], which decides whether a report may
//! enter a block, and [`run`], the offchain worker that asks the worker for batches and sends them.

mod authorize;
mod round;

pub use authorize::{EARLY, FORK, GAP, PRIORITY, authorize};
pub use round::{PAUSE, PAUSE_AFTER_FAILURE, question, run};

use galen_primitives::{
    AccountId, BlockNumber, H256,
    reports::{LogBatch, Position},
    traits::Consortium,
};
use sp_core::sr25519;

/// Blocks for which a report stays in the pool before it must be sent again.
pub const LONGEVITY: u32 = 16;

/// A log, as one pallet keeps its reports.
pub trait Reports {
    /// What the worker makes.
    type Batch: LogBatch;
    /// Knows whose a worker key is.
    type Consortium: Consortium;
    /// The target of log lines.
    const LOG: &'static str;
    /// The prefix of the tag under which the pool holds one report of a hospital at a time.
    const TAG: &'static str;
    /// The key in PERSISTENT offchain storage of what is remembered from round to round.
    const MEMORY: &'static [u8];
    /// The key of the lock that keeps rounds from overlapping.
    const LOCK: &'static [u8];

    /// The hash of the chain's first block.
    fn genesis_hash() -> H256;

    /// The current block.
    fn block() -> BlockNumber;

    /// What the hospital's next batch must follow.
    fn position(hospital: &AccountId) -> Position;

    /// The first block in which the hospital's next batch may come.
    fn earliest(_hospital: &AccountId) -> BlockNumber {
        0
    }

    /// Hands the signed report to the pool; an error if the pool does not take it.
    #[allow(clippy::result_unit_err)]
    fn submit(hospital: AccountId, batch: Self::Batch, signature: sr25519::Signature) -> Result<(), ()>;
}

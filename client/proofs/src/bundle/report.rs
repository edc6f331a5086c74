//! What a check found, link by link.

use super::{Checkpoint, Proven};
use crate::{Error, checks::Check};
use galen_primitives::{BlockNumber, H256};
use serde::Serialize;

/// What the check of a bundle found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether every link holds. If not, nothing below is to be believed.
    pub verified: bool,
    /// The chain, as the reader named it.
    pub genesis: H256,
    /// The block in whose state the subject stands.
    pub block: Option<FinalBlock>,
    /// What is proven.
    pub proven: Option<Proven>,
    /// The authority set that a checkpoint bundle leads to, to begin later bundles at.
    pub checkpoint: Option<ReachedCheckpoint>,
    /// The links of the chain of proof, in order; it ends with the first that does not hold.
    pub checks: Vec<Check>,
}

/// A final block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FinalBlock {
    /// Its hash.
    pub hash: H256,
    /// Its number.
    pub number: BlockNumber,
    /// The root of its state.
    pub state_root: H256,
    /// Its time, as its author gave it (RFC 3339): what is shown is shown as of then.
    pub time: String,
}

/// A checkpoint with its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachedCheckpoint {
    /// What readers compare and trust.
    pub hash: H256,
    /// What it says.
    #[serde(flatten)]
    pub checkpoint: Checkpoint,
}

impl Report {
    pub(super) fn new(genesis: H256) -> Self {
        Report { verified: false, genesis, block: None, proven: None, checkpoint: None, checks: Vec::new() }
    }

    /// Fails with the link that does not hold, if there is one.
    pub fn held(&self) -> Result<(), Error> {
        match self.checks.last() {
            Some(check) if !self.verified => {
                Err(Error(format!("{} does not hold: {}", check.name, check.seen)))
            }
            _ => Ok(()),
        }
    }

    /// Notes a link. One that does not hold ends the chain.
    pub(super) fn link<T>(
        &mut self,
        name: &'static str,
        found: Result<(T, String), String>,
    ) -> Result<T, Broken> {
        let (holds, seen, value) = match found {
            Ok((value, seen)) => (true, seen, Ok(value)),
            Err(why) => (false, why, Err(Broken)),
        };
        self.checks.push(Check { name, holds, seen });
        value
    }
}

/// A link did not hold: nothing after it is looked at.
pub(super) struct Broken;

//! What is said to the worker and how its answers are read.

use alloc::{string::String, vec};
use codec::DecodeAll;
use galen_offchain::{hex, result, scale};
use galen_primitives::{
    H256,
    summary::{Failure, Outcome},
};
use serde_json::Value;

pub(super) use galen_primitives::worker::method::{COLLECT, HAND_OVER};

/// What the worker says of a job that it was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Collected {
    /// It does not have it.
    Unknown,
    /// It is at work.
    Pending,
    /// It is done with it.
    Answered(Outcome),
}

/// A request about one job.
pub(super) fn request(method: &str, job: &H256) -> String {
    galen_offchain::request(method, vec![hex(job.as_bytes()).into()])
}

/// Reads the answer to [`HAND_OVER`].
pub(super) fn handed_over(answer: &[u8]) -> Result<(), Failure> {
    match result(answer)?.as_str() {
        Some("accepted" | "known") => Ok(()),
        _ => Err(Failure::WorkerGarbage),
    }
}

/// Reads the answer to [`COLLECT`].
pub(super) fn collected(answer: &[u8]) -> Result<Collected, Failure> {
    let result = result(answer)?;
    match result.get("state").and_then(Value::as_str) {
        Some("unknown") => Ok(Collected::Unknown),
        Some("pending") => Ok(Collected::Pending),
        Some("answered") => {
            let bytes = result.get("outcome").and_then(scale).ok_or(Failure::WorkerGarbage)?;
            let outcome = Outcome::decode_all(&mut bytes.as_slice());
            outcome.map(Collected::Answered).map_err(|_| Failure::WorkerGarbage)
        }
        _ => Err(Failure::WorkerGarbage),
    }
}

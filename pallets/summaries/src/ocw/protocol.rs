//! What is said to the worker and how its answers are read.

use alloc::{format, string::String, vec::Vec};
use codec::DecodeAll;
use galen_primitives::{
    H256,
    summary::{Failure, Outcome},
};
use serde_json::Value;

/// Hands a job over.
pub(super) const HAND_OVER: &str = "node_handOver";
/// Asks for a job's outcome.
pub(super) const COLLECT: &str = "node_collect";

// The worker's error codes that mean something to the node.
const FORBIDDEN: i64 = -32040;
const BUSY: i64 = -32042;
const CHAIN_UNAVAILABLE: i64 = -32045;
const STORAGE: i64 = -32047;
const LIMITED: i64 = -32049;
// What its JSON-RPC server says by itself when it has too much to do.
const SERVER_BUSY: i64 = -32009;

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
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":["{job:?}"]}}"#)
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
            let text = result.get("outcome").and_then(Value::as_str);
            text.and_then(outcome).map(Collected::Answered).ok_or(Failure::WorkerGarbage)
        }
        _ => Err(Failure::WorkerGarbage),
    }
}

fn outcome(text: &str) -> Option<Outcome> {
    let bytes: Vec<u8> = hex::decode(text.strip_prefix("0x")?).ok()?;
    Outcome::decode_all(&mut bytes.as_slice()).ok()
}

fn result(answer: &[u8]) -> Result<Value, Failure> {
    let mut answer: Value = serde_json::from_slice(answer).map_err(|_| Failure::WorkerGarbage)?;
    if answer.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Failure::WorkerGarbage);
    }
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        return Err(match error.get("code").and_then(Value::as_i64) {
            Some(FORBIDDEN) => Failure::WorkerUnauthorized,
            Some(BUSY | CHAIN_UNAVAILABLE | STORAGE | LIMITED | SERVER_BUSY) => Failure::WorkerTooSlow,
            _ => Failure::WorkerGarbage,
        });
    }
    answer.get_mut("result").map(Value::take).ok_or(Failure::WorkerGarbage)
}

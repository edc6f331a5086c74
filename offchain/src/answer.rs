//! How an answer of JSON-RPC is read.

use alloc::vec::Vec;
use galen_primitives::summary::Failure;
use serde_json::Value;

// The worker's error codes that mean something to the node.
const FORBIDDEN: i64 = -32040;
const BUSY: i64 = -32042;
const CHAIN_UNAVAILABLE: i64 = -32045;
const STORAGE: i64 = -32047;
const LIMITED: i64 = -32049;
// What its JSON-RPC server says by itself when it has too much to do.
const SERVER_BUSY: i64 = -32009;

/// The result of a call, or what its error says of the worker.
pub fn result(answer: &[u8]) -> Result<Value, Failure> {
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

/// The bytes of a `0x` string; `None` if it is no such string.
pub fn scale(value: &Value) -> Option<Vec<u8>> {
    hex::decode(value.as_str()?.strip_prefix("0x")?).ok()
}

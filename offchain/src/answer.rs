//! How an answer of JSON-RPC is read.

use alloc::vec::Vec;
use galen_primitives::{
    summary::Failure,
    worker::error_code::{BUSY, CHAIN_UNAVAILABLE, FORBIDDEN, LIMITED, SERVER_BUSY, STORAGE},
};
use serde_json::Value;

/// The result of a call, or what its error says of the worker.
pub fn result(answer: &[u8]) -> Result<Value, Failure> {
    let mut answer: Value = serde_json::from_slice(answer).map_err(|_| Failure::WorkerGarbage)?;
    if answer.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Failure::WorkerGarbage);
    }
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        let code = error.get("code").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok());
        return Err(match code {
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

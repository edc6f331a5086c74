//! How a question of JSON-RPC is written, and an answer read.

use alloc::{format, string::String, vec::Vec};
use galen_primitives::{
    summary::Failure,
    worker::error_code::{BUSY, CHAIN_UNAVAILABLE, FORBIDDEN, LIMITED, SERVER_BUSY, STORAGE},
};
use serde::Serialize;
use serde_json::Value;

/// The request that calls a method of the worker with these parameters.
pub fn request(method: &str, params: Vec<Value>) -> String {
    #[derive(Serialize)]
    struct Request<'a> {
        jsonrpc: &'static str,
        id: u32,
        method: &'a str,
        params: Vec<Value>,
    }
    // Strings, numbers and arrays of them are always written.
    serde_json::to_string(&Request { jsonrpc: "2.0", id: 1, method, params }).unwrap_or_default()
}

/// The bytes as `0x` and hex digits, as requests carry them.
pub fn hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

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

/// The bytes of a string of `0x` and hex digits; `None` if the value is no such string.
pub fn scale(value: &Value) -> Option<Vec<u8>> {
    hex::decode(value.as_str()?.strip_prefix("0x")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_json_rpc_with_its_parameters_by_position() {
        let params = [Value::from(hex(&[0, 0xab])), 7.into(), u64::MAX.into()];
        assert_eq!(
            request("node_\"asks", params.into()),
            r#"{"jsonrpc":"2.0","id":1,"method":"node_\"asks","params":["0x00ab",7,18446744073709551615]}"#
        );
    }

    #[test]
    fn an_error_says_whether_the_worker_refuses_or_is_busy() {
        let answer = |code: i64| {
            result(format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":{code},"message":""}}}}"#).as_bytes())
        };
        assert_eq!(answer(FORBIDDEN.into()), Err(Failure::WorkerUnauthorized));
        for code in [BUSY, CHAIN_UNAVAILABLE, STORAGE, LIMITED, SERVER_BUSY] {
            assert_eq!(answer(code.into()), Err(Failure::WorkerTooSlow));
        }
        // The last is FORBIDDEN with bits above the 32 that a code has.
        for code in [-32601, -32041, 0, i64::from(FORBIDDEN) + (1 << 40)] {
            assert_eq!(answer(code), Err(Failure::WorkerGarbage));
        }
    }

    #[test]
    fn bytes_are_hex_digits_after_0x() {
        assert_eq!(scale(&hex(&[1, 0xff]).into()), Some([1, 0xff].into()));
        for wrong in ["", "01", "0x0", "0xzz"] {
            assert_eq!(scale(&wrong.into()), None);
        }
        assert_eq!(scale(&Value::Null), None);
    }
}

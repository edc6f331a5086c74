//! One HTTP call with one deadline over all of it.

use crate::{CALL_MILLIS, LOG, MAX_ANSWER, endpoint::Endpoint};
use alloc::{vec, vec::Vec};
use galen_primitives::summary::Failure;
use sp_core::offchain::{Duration, HttpError};
use sp_runtime::offchain::http::Request;

/// Posts `body`; gives the answer's body if its status is 200, and otherwise what that says about the worker.
pub fn post(endpoint: &Endpoint, body: &str) -> Result<Vec<u8>, Failure> {
    let deadline = sp_io::offchain::timestamp().add(Duration::from_millis(CALL_MILLIS));
    let pending = Request::post(&endpoint.url, vec![body.as_bytes()])
        .add_header("content-type", "application/json")
        .add_header("authorization", &endpoint.authorization)
        .deadline(deadline)
        .send()
        .map_err(not_sent)?;
    let response = match pending.try_wait(deadline) {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => return Err(Failure::WorkerUnreachable),
        Err(_) => return Err(Failure::WorkerTooSlow),
    };
    match response.code {
        200 => {}
        401 | 403 => return Err(Failure::WorkerUnauthorized),
        429 | 503 => return Err(Failure::WorkerTooSlow),
        code => {
            log::debug!(target: LOG, "the worker answered with HTTP status {code}");
            return Err(Failure::WorkerGarbage);
        }
    }
    let mut bytes = response.body();
    bytes.deadline(deadline);
    let mut answer = Vec::new();
    for byte in bytes.by_ref() {
        if answer.len() >= MAX_ANSWER {
            return Err(Failure::WorkerGarbage);
        }
        answer.push(byte);
    }
    match bytes.error() {
        None => Ok(answer),
        Some(error) => Err(not_sent(*error)),
    }
}

fn not_sent(error: HttpError) -> Failure {
    match error {
        HttpError::DeadlineReached => Failure::WorkerTooSlow,
        HttpError::IoError | HttpError::Invalid => Failure::WorkerUnreachable,
    }
}

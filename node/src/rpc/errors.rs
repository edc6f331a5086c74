//! What can go wrong with a request. The codes stay as they are; docs/json-rpc.md lists them.

use super::answer::At;
use galen_rpc_params::Wrong;
use galen_runtime::Hash;
use jsonrpsee::types::{ErrorObjectOwned, error::INVALID_PARAMS_CODE};
use sp_api::ApiError;

/// The node failed: its log says more.
pub const INTERNAL: i32 = -32100;
/// The node knows no block of that hash.
pub const UNKNOWN_BLOCK: i32 = -32101;
/// The node has the block, but no state of it: pruned, or not yet synced.
pub const STATE_UNAVAILABLE: i32 = -32102;
/// What was asked for does not exist at that block.
pub const NOT_FOUND: i32 = -32103;
/// The runtime of that block does not have the function.
pub const NOT_SUPPORTED: i32 = -32104;

/// A request is not answered for one of these reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The parameters are not what the method takes; says which and why.
    Params(String),
    /// See [`UNKNOWN_BLOCK`].
    UnknownBlock(Hash),
    /// See [`STATE_UNAVAILABLE`].
    StateUnavailable(At),
    /// See [`NOT_FOUND`]; says what.
    NotFound(&'static str, At),
    /// See [`NOT_SUPPORTED`].
    NotSupported(At),
    /// See [`INTERNAL`].
    Internal,
}

impl Error {
    /// Says what it means that a runtime did not answer. The log gets no more than the kind of error: an
    /// answer that could not be read may hold patients' keys.
    pub fn of_runtime(why: ApiError, at: At) -> Self {
        match why {
            ApiError::Application(why) if lacks_function(why.as_ref()) => Error::NotSupported(at),
            ApiError::UnknownBlock(_) => Error::StateUnavailable(at),
            ApiError::FailedToDecodeReturnValue { function, .. } => {
                Self::internal(&format_args!("the answer of {function} at block {} is unreadable", at.number))
            }
            other => Self::internal(&format_args!("at block {}: {other}", at.number)),
        }
    }

    /// Logs what went wrong in the node, which the client is not told.
    pub fn internal(why: &dyn std::fmt::Display) -> Self {
        log::warn!(target: "galen-rpc", "A request failed: {why}");
        Error::Internal
    }
}

// wasmtime's words for a function that a runtime does not export.
fn lacks_function(why: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(why);
    while let Some(error) = cause {
        let text = error.to_string();
        if text.contains("Exported method") && text.contains("is not found") {
            return true;
        }
        cause = error.source();
    }
    false
}

impl From<Wrong> for Error {
    fn from(Wrong(why): Wrong) -> Self {
        Error::Params(why)
    }
}

impl From<Error> for ErrorObjectOwned {
    fn from(error: Error) -> Self {
        let plain = |code, text: &str| ErrorObjectOwned::owned(code, text, None::<()>);
        let at_block = |code, text: String, at: At| {
            ErrorObjectOwned::owned(code, text, Some(serde_json::json!({ "block": at })))
        };
        match error {
            Error::Params(why) => ErrorObjectOwned::owned(INVALID_PARAMS_CODE, why, None::<()>),
            Error::UnknownBlock(hash) => plain(UNKNOWN_BLOCK, &format!("the node knows no block {hash:?}")),
            Error::StateUnavailable(at) => at_block(
                STATE_UNAVAILABLE,
                "the node has no state of that block: it was pruned, or is not synced yet; ask at a later \
                 block, or an archive node"
                    .to_owned(),
                at,
            ),
            Error::NotFound(what, at) => at_block(NOT_FOUND, format!("no such {what} at that block"), at),
            Error::NotSupported(at) => at_block(
                NOT_SUPPORTED,
                "the chain's runtime at that block is too old for this method".to_owned(),
                at,
            ),
            Error::Internal => plain(INTERNAL, "the node failed to answer; its log says why"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // As deep as the executor's errors arrive.
    fn failed(why: &str) -> ApiError {
        let inner = ApiError::Application(std::io::Error::other(why.to_owned()).into());
        ApiError::Application(sp_blockchain::Error::RuntimeApiError(inner).into())
    }

    #[test]
    fn a_missing_function_is_told_from_a_failing_one() {
        let at = At { hash: Hash::zero(), number: 1, finalized: true };
        assert_eq!(
            Error::of_runtime(failed("Other: Exported method A_b is not found"), at),
            Error::NotSupported(at)
        );
        assert_eq!(Error::of_runtime(failed("wasm trap: unreachable"), at), Error::Internal);
    }

    #[test]
    fn an_unreadable_answer_is_not_repeated() {
        let at = At { hash: Hash::zero(), number: 1, finalized: true };
        let why = ApiError::FailedToDecodeReturnValue {
            function: "ConsentApi_patient",
            error: "too short".into(),
            raw: vec![42; 32],
        };
        let object = ErrorObjectOwned::from(Error::of_runtime(why, at));
        assert_eq!((object.code(), object.data().is_none()), (INTERNAL, true));
        assert!(!object.message().contains("42"));
    }
}

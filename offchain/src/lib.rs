//! How the offchain workers of Galen's pallets reach the hospital's `galen-worker`.
//!
//! JSON-RPC 2.0 over HTTP POST with `authorization: Bearer TOKEN`, to a loopback address only. Address and
//! token are values of PERSISTENT offchain storage that the node writes ([`galen_primitives::worker`]). Every
//! call has one deadline over all of it, so that a worker that hangs cannot hold a thread of the node for
//! long.
//!
//! HTTP 401 and 403 and the JSON-RPC error `FORBIDDEN` mean that the token is refused; HTTP 429 and 503 and
//! the other errors of [`galen_primitives::worker::error_code`] that the worker cannot do it now. Anything
//! else is unreadable.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions
    )
)]

extern crate alloc;

mod endpoint;
mod http;
mod message;
pub mod reports;

pub use endpoint::Endpoint;
pub use http::post;
pub use message::{hex, request, result, scale};

use galen_primitives::{BlockNumber, worker::OFFCHAIN_FINALIZED};
use sp_runtime::offchain::storage::StorageValueRef;

/// Milliseconds after which a call is given up, from the first byte sent to the last received.
pub const CALL_MILLIS: u64 = 500;
/// Bytes of an answer that are read; a longer one is unreadable.
pub const MAX_ANSWER: usize = 16 * 1024;

const LOG: &str = "galen::worker";

/// The last finalized block, as the node wrote it.
pub fn finalized() -> Option<BlockNumber> {
    StorageValueRef::persistent(OFFCHAIN_FINALIZED).get().ok().flatten()
}

//! How a hospital's node and its worker meet: the key that signs for the worker, and where the node writes the
//! worker's address.

use sp_core::crypto::KeyTypeId;

/// Key type of worker keys in the node's keystore.
pub const WORKER_KEY_TYPE: KeyTypeId = KeyTypeId(*b"galn");

/// PERSISTENT offchain storage: the worker's URL (UTF-8, `http://127.0.0.1:PORT`), written by the node.
pub const OFFCHAIN_WORKER_URL: &[u8] = b"galen::worker::url";
/// PERSISTENT offchain storage: the bearer token for the node's rights at the worker (UTF-8), written by the node.
pub const OFFCHAIN_WORKER_TOKEN: &[u8] = b"galen::worker::token";
/// PERSISTENT offchain storage: the last finalized block number (SCALE `u32`), written by the node at each
/// finality.
pub const OFFCHAIN_FINALIZED: &[u8] = b"galen::finalized";

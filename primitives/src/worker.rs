//! How a hospital's node and its worker meet: the key that signs for the worker, where the node writes the
//! worker's address, and the worker's methods and error codes that the node must know.

use sp_core::crypto::KeyTypeId;

/// Key type of worker keys in the node's keystore.
pub const WORKER_KEY_TYPE: KeyTypeId = KeyTypeId(*b"galn");

/// PERSISTENT offchain storage: the worker's URL (UTF-8, `http://127.0.0.1:PORT`), written by the node.
pub const OFFCHAIN_WORKER_URL: &[u8] = b"galen::worker::url";
/// PERSISTENT offchain storage: the bearer token for the node's rights at the worker (UTF-8), written by the
/// node.
pub const OFFCHAIN_WORKER_TOKEN: &[u8] = b"galen::worker::token";
/// PERSISTENT offchain storage: the last finalized block number (SCALE `u32`), written by the node at each
/// finality.
pub const OFFCHAIN_FINALIZED: &[u8] = b"galen::finalized";

/// The worker's JSON-RPC methods by which the node has jobs done. Those that ask for a reported log are named
/// by the log: [`LogBatch::METHOD`](crate::reports::LogBatch::METHOD).
pub mod method {
    /// Hands a job over.
    pub const HAND_OVER: &str = "node_handOver";
    /// Asks for a job's outcome.
    pub const COLLECT: &str = "node_collect";
}

/// The JSON-RPC error codes of the worker that mean something to the node. The worker has more; to the node
/// any other says that it cannot read the answer.
pub mod error_code {
    /// The credential does not allow the method: the node's token is refused.
    pub const FORBIDDEN: i32 = -32040;
    /// The worker's queue of jobs is full; the node asks again later.
    pub const BUSY: i32 = -32042;
    /// The worker cannot ask the chain now; the node asks again later.
    pub const CHAIN_UNAVAILABLE: i32 = -32045;
    /// The worker's disk is full or fails, and nothing was changed; the node asks again later.
    pub const STORAGE: i32 = -32047;
    /// The credential makes more calls per second than it may; the node asks again later.
    pub const LIMITED: i32 = -32049;
    /// The worker's JSON-RPC server, `jsonrpsee`, has too much to do and says so by itself; the node asks
    /// again later.
    pub const SERVER_BUSY: i32 = -32009;
}

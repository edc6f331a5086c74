//! The types of the client that every part of the node works with.

use galen_runtime::{Header, apis::RuntimeApi};
use sp_runtime::{OpaqueExtrinsic, generic};

/// A block as the node sees it: transactions are bytes (hex in JSON), which only the runtime reads.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;
/// The executor runs the runtime's wasm.
pub type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// The client imports blocks, and answers what is asked of them and of their state.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The backend is the database under the client.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// The select chain says which chain is the best one: the longest.
pub type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;

//! The library behind the `galen` command: a Galen chain and a hospital's worker, from Rust.
//!
//! - [`chain::Chain`]: reads through runtime APIs at any block, signs and submits calls, over subxt;
//! - [`calls`]: the calls of Galen's pallets, typed;
//! - [`keys`]: hospital and patient keys, from files or the well-known development seeds;
//! - [`worker::Worker`]: the worker's JSON-RPC;
//! - [`verify`]: walks a receipt back to its input, consent, model and block.

pub mod calls;
pub mod chain;
pub mod error;
pub mod keys;
pub mod verify;
pub mod worker;

pub use error::Error;

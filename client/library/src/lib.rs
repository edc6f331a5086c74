//! The library behind the `galen` command: a Galen chain and a hospital's worker, from Rust.
//!
//! - [`chain::Chain`]: reads through runtime APIs at any block, signs and submits calls, over subxt;
//! - [`calls`]: the calls of Galen's pallets, typed; [`council`]: how many votes they need;
//! - [`keys`]: hospital and patient keys, from files or the well-known development seeds;
//! - [`labels`]: sensitivity labels as they stand on chain; [`directory`]: what stands behind ids there;
//! - [`worker::Worker`]: the worker's JSON-RPC;
//! - [`device`]: a device's key and what it signs; [`readings`]: proofs of its readings; [`simulated`]: made-up ones;
//! - [`verify`]: walks a receipt back to its input, consent, model and block; [`suspect`]: which receipts are in doubt;
//! - [`bundle`]: makes proof bundles, which are checked without a node;
//! - [`spec`]: reads and checks a published chain spec; [`founding`]: makes one from the hospitals' public keys;
//! - [`runtime_file`]: what a runtime says of itself without being run;
//! - [`seats`]: who could halt or take over finality; [`doctor`]: whether a node and its worker are well.
//!
//! What is verified without a node is in `galen-proofs`.

pub mod amount;
pub mod bundle;
pub mod calls;
pub mod chain;
pub mod council;
pub mod device;
pub mod directory;
pub mod doctor;
pub mod error;
pub mod founding;
pub mod keys;
pub mod labels;
pub mod readings;
pub mod runtime_file;
pub mod seats;
pub mod session_keys;
pub mod simulated;
pub mod spec;
pub mod suspect;
pub mod verify;

pub mod worker;

pub use error::Error;

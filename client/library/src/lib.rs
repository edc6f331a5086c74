//! The library behind the `galen` command: a Galen chain and a hospital's worker, from Rust.
//!
//! - [`chain::Chain`]: reads through runtime APIs at any block, signs and submits calls, over subxt;
//! - [`calls`]: the calls of Galen's pallets, typed; [`council`]: how many votes they need;
//! - [`keys`]: hospital and patient keys, from files or the well-known development seeds;
//! - [`blind`]: labels and names as they stand on chain; [`directory`]: what stands behind ids there;
//! - [`worker::Worker`]: the worker's JSON-RPC;
//! - [`audit_proof`]: proofs about the audit log and about disclosures, in files, checked offline;
//! - [`device`]: a device's key and what it signs; [`reading_proof`]: proofs of its readings; [`simulated`]: made-up ones;
//! - [`verify`]: walks a receipt back to its input, consent, model and block; [`suspect`]: which receipts are in doubt;
//! - [`bundle`]: proofs of records, receipts and audit entries in one file, checked without a node;
//! - [`spec`]: reads and checks a published chain spec; [`founding`]: makes one from the hospitals' public keys;
//! - [`checks`]: what checks say;
//! - [`seats`]: who could halt or take over finality; [`doctor`]: whether a node and its worker are well.
//!
//! Without the feature `chain`, which is on by default, only what needs no connection is built: batches, proofs and their checks.

pub mod amount;
pub mod audit_proof;
pub mod batch;
pub mod blind;
pub mod bundle;
#[cfg(feature = "chain")]
pub mod calls;
#[cfg(feature = "chain")]
pub mod chain;
pub mod checks;
#[cfg(feature = "chain")]
pub mod council;
pub mod device;
pub mod directory;
#[cfg(feature = "chain")]
pub mod doctor;
pub mod error;
#[cfg(feature = "chain")]
pub mod founding;
pub mod keys;
#[cfg(feature = "chain")]
pub mod reading_proof;
#[cfg(feature = "chain")]
pub mod seats;
#[cfg(feature = "chain")]
pub mod session_keys;
pub mod simulated;
#[cfg(feature = "chain")]
pub mod spec;
pub mod storage_key;
#[cfg(feature = "chain")]
pub mod suspect;
#[cfg(feature = "chain")]
pub mod verify;
#[cfg(feature = "chain")]
pub mod wasm;
#[cfg(feature = "chain")]
pub mod worker;

pub use error::Error;

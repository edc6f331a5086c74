//! What can be verified of a Galen chain by whoever holds the files: no node is asked, no worker, no clock.
//!
//! - [`bundle`]: one file that shows, to whoever knows the genesis hash, that a record, a receipt or an audit entry stands in the
//!   final state of the chain;
//! - [`batch`]: records in a batch, proven leaf by leaf;
//! - [`audit_proof`]: proofs about the audit log and about disclosures;
//! - [`reading`]: proofs of devices' readings;
//! - [`commitments`]: whether a document or a summary is what was committed to;
//! - [`basis`]: whether a consent, or an access in an emergency, permitted a use in its block;
//! - [`blind`]: labels and names as they stand on chain;
//! - [`storage_key`]: where the chain keeps what; [`checks`]: what checks say, and when a receipt is in doubt.

pub mod audit_proof;
pub mod basis;
pub mod batch;
pub mod blind;
pub mod bundle;
pub mod checks;
pub mod commitments;
pub mod error;
pub mod reading;
pub mod storage_key;

pub use error::Error;

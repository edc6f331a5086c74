//! Types, texts and traits that Galen's chain, its workers and its clients share.
//!
//! What each subject stands on:
//! - [`commitment`]: how bytes become the salted hash that stands on chain;
//! - [`merkle`]: the tree, and the proofs, over records of a batch, reported entries and the audit log.
//!
//! The subjects:
//! - [`consent`]: consent terms, the text that the patient signs, the question and the decision, also over FHIR consents;
//! - [`signature`]: the schemes in which patients sign, and how each key becomes an account id;
//! - [`emergency`]: access where no consent covers an emergency;
//! - [`records`]: anchored records, batches of them, and items in custody;
//! - [`devices`]: devices and their keys, what they sign, the batches in which their readings are anchored;
//! - [`audit`]: entries, the Merkle mountain range over them, proofs about it, and the reports of
//!   disclosures;
//! - [`reports`]: logs that workers report on the chain in batches, as disclosures and readings are;
//! - [`model`], [`member`]: what a model, a hospital is on chain; [`money`]: amounts of GLN;
//! - [`summary`]: jobs, receipts and what the worker's key signs.
//!
//! How they meet:
//! - [`traits`]: how pallets meet; the `()` implementation of a check refuses; [`chain_reads`]: what each reads of its chain;
//! - [`worker`]: how a node and its worker meet: key type, places in the node's offchain storage, error codes;
//! - [`api`]: the runtime APIs that clients and workers call;
//! - `well_known` (with std): the keys of development networks, which no live chain may hold.
//!
//! Nothing here identifies a person: patients are pairwise keys, labels are blinded, records are salted hashes.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]
// Not `as_conversions`: the codec's derive numbers variants with `as`. Nothing written here converts so.

extern crate alloc;

pub mod api;
pub mod audit;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmark;
mod chain;
pub mod commitment;
pub mod consent;
pub mod devices;
pub mod emergency;
pub mod member;
pub mod merkle;
pub mod model;
pub mod money;
pub mod records;
pub mod reports;
pub mod signature;
pub mod summary;
#[cfg(feature = "std")]
pub mod text;
pub mod traits;
#[cfg(feature = "std")]
pub mod well_known;
pub mod worker;

pub use sp_core::H256;
pub use sp_runtime::AccountId32 as AccountId;

/// Block numbers of a Galen chain.
pub type BlockNumber = u32;
/// Seconds since 1970-01-01T00:00:00Z.
pub type UnixSeconds = u64;
/// A label blinded under the secret that patient, custodian and grantees of one (patient, custodian) pair share.
pub type BlindedLabel = H256;
/// How many blinded labels a consent or a record may carry.
pub const MAX_LABELS: u32 = 16;

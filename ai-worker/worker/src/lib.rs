//! The hospital's worker: an encrypted vault and a local llama.cpp model beside the node.
//!
//! - [`vault`]: documents and summaries, encrypted at rest; erasing that holds in the files too;
//! - [`jobs`]: what the node hands over, answered once whatever crashes;
//! - [`chain`]: what the chain is asked, always at a finalized block;
//! - [`rpc`]: JSON-RPC on loopback, as [`galen_worker_api`] declares it, credentials with separate rights;
//! - [`disclosures`]: who was shown what; [`erasures`]: what the chain says is erased, erased here before serving;
//! - [`readings`]: what devices measured, verified, anchored and cited;
//! - [`reports`]: how logs are reported on the chain, as disclosures and readings are;
//! - [`overdue`]: what the hospital is late with;
//! - [`stores`]: the files of its directory; [`backup`]: copies of one moment, while it runs;
//! - [`service`]: all of it put together.
//!
//! Clinical text leaves this process only through `vault_get`, `summaries_get` and `readings_proof`, to credentials that have
//! that right. No log line, metric or error holds any.

pub mod backup;
pub mod chain;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod disclosures;
pub mod erasures;
pub mod error;
pub mod jobs;
pub mod metrics;
pub mod overdue;
pub mod readings;
pub mod repeat;
pub mod reports;
pub mod rpc;
pub mod service;
pub mod shutdown;
pub mod store;
pub mod stores;
pub mod vault;

//! What the methods work on, and what several of them do.

use super::{
    errors::{Failure, INTERNAL, error},
    health::Health,
};
use crate::{
    backup,
    chain::ChainView,
    disclosures::{Disclosure, Disclosures, Due},
    erasures::Erasures,
    jobs::{Model, Queue},
    metrics::Metrics,
    readings::{self, Devices, Readings},
    vault::Vault,
};
use galen_primitives::AccountId;
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use tokio::task::spawn_blocking;

/// What the methods work on.
pub struct Context {
    pub vault: Arc<Vault>,
    pub queue: Arc<Queue>,
    pub chain: Arc<dyn ChainView>,
    pub disclosures: Arc<Disclosures>,
    pub readings: Arc<Readings>,
    pub devices: Devices,
    pub erasures: Arc<Erasures>,
    pub backups: backup::Source,
    pub health: Arc<Health>,
    pub model: Option<Model>,
    pub hospital: Option<AccountId>,
    /// The hospital for which the node asks, where `hospital` is not set.
    pub told_hospital: OnceLock<AccountId>,
    /// When a batch of disclosures is due.
    pub due: Due,
    /// Go on where the chain stands if it has disclosures that are not here.
    pub continue_disclosures: bool,
    /// When a batch of readings is due.
    pub readings_due: readings::Due,
    /// Go on where the chain stands if it has batches of readings that are not here.
    pub continue_readings: bool,
    pub metrics: Metrics,
}

impl Context {
    /// This hospital's account, if it is known.
    pub fn hospital(&self) -> Option<&AccountId> {
        self.hospital.as_ref().or_else(|| self.told_hospital.get())
    }
}

/// What a method gives.
pub(super) type Answer = Result<Value, Failure>;

/// Runs what waits for a disk on a thread that may.
pub(super) async fn blocking(act: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    spawn_blocking(act).await.unwrap_or_else(|_| Err(error(INTERNAL, "a task panicked")))
}

/// Nothing is disclosed that could not be written down first. Gives the number of the entry.
pub(super) fn record_disclosure(context: &Context, disclosure: Disclosure) -> Result<u64, Failure> {
    let index = context.disclosures.append(&disclosure)?;
    context.metrics.disclosures.inc();
    Ok(index)
}

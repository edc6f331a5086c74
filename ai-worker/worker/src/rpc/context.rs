//! What the methods work on, and what several of them do.

use super::{errors::error, health::Health};
use crate::{
    backup,
    chain::ChainView,
    clock::Clock,
    credentials::Caller,
    disclosures::{Disclosure, Disclosures, What},
    erasures::Erasures,
    jobs::Model,
    metrics::Metrics,
    readings::{Devices, Readings},
    reports::Reporter,
    stores::Stores,
};
use galen_primitives::AccountId;
use galen_worker_api::{Code, MethodError};
use std::sync::{Arc, OnceLock};
use tokio::task::spawn_blocking;

/// What the methods work on.
pub struct Context {
    pub stores: Stores,
    pub chain: Arc<dyn ChainView>,
    pub devices: Devices,
    pub erasures: Arc<Erasures>,
    pub backups: backup::Source,
    pub health: Arc<Health>,
    pub model: Option<Model>,
    pub hospital: Option<AccountId>,
    /// The hospital for which the node asks, where `hospital` is not set.
    pub hospital_of_node: OnceLock<AccountId>,
    /// What the node is told of the log of disclosures.
    pub disclosure_reports: Reporter<Disclosures>,
    /// What the node is told of the readings.
    pub reading_reports: Reporter<Readings>,
    pub clock: Clock,
    pub metrics: Metrics,
}

impl Context {
    /// This hospital's account, if it is known.
    pub fn hospital(&self) -> Option<&AccountId> {
        self.hospital.as_ref().or_else(|| self.hospital_of_node.get())
    }

    /// A disclosure to this caller, now.
    pub(super) fn disclosure(&self, to: &Caller, what: What) -> Disclosure {
        Disclosure::new(self.clock.seconds(), &to.name, what)
    }

    /// Writes a disclosure down: nothing is disclosed that could not be written down first. Gives the number
    /// of the entry.
    pub(super) fn write_down(&self, disclosure: &Disclosure) -> Result<u64, MethodError> {
        let index = self.stores.disclosures.append(disclosure)?;
        self.metrics.disclosures.inc();
        Ok(index)
    }
}

/// Runs what waits for a disk on a thread that may.
pub(super) async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, MethodError> + Send + 'static,
) -> Result<T, MethodError> {
    spawn_blocking(act).await.unwrap_or_else(|_| Err(error(Code::Internal, "a task panicked")))
}

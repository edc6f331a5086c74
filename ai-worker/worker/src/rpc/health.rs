//! Whether the worker can do its work.

use crate::{
    chain::ChainView, clock::Clock, erasures::Erasures, jobs::Model, metrics::Metrics, reports::ReportLog,
    stores::Stores,
};
use galen_worker_api::worker::{self, ModelState, Reach, Status, VaultState};
use prometheus::IntGauge;
use std::sync::Arc;

/// The chain counts as reachable for this long after an answer, in seconds.
const FRESH: u64 = 60;

/// Looks at the parts.
pub struct Health {
    pub stores: Stores,
    pub chain: Arc<dyn ChainView>,
    pub erasures: Arc<Erasures>,
    pub model: Option<Model>,
    pub clock: Clock,
    pub metrics: Metrics,
}

impl Health {
    /// What works and what does not.
    pub fn report(&self) -> worker::Health {
        let vault = match self.stores.vault.len() {
            Err(_) => VaultState::Failing,
            Ok(_) if self.stores.vault.unfinished() => VaultState::Unfinished,
            Ok(_) => VaultState::Ok,
        };
        let erasures = self.erasures.state();
        let chain = if self.chain_is_reachable() { Reach::Reachable } else { Reach::Unreachable };
        worker::Health {
            status: match (erasures, chain, vault) {
                (Err(_), _, _) => Status::Starting,
                (Ok(()), Reach::Reachable, VaultState::Ok) => Status::Ok,
                _ => Status::Degraded,
            },
            erasures: erasures.map_or_else(|closed| closed.why(), |()| "carried out").into(),
            chain,
            vault,
            model: if self.model.is_some() { ModelState::Loaded } else { ModelState::None },
            pending: self.stores.queue.pending().len() as u64,
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }

    fn chain_is_reachable(&self) -> bool {
        self.chain.last_answer().is_some_and(|at| self.clock.seconds().saturating_sub(at) <= FRESH)
    }

    /// Brings the gauges up to date.
    pub fn refresh(&self) {
        let report = self.report();
        self.metrics.healthy.set((report.status == Status::Ok).into());
        self.metrics.model_loaded.set(self.model.is_some().into());
        self.metrics.chain_reachable.set((report.chain == Reach::Reachable).into());
        set(&self.metrics.jobs_pending, Some(report.pending));
        set(&self.metrics.disclosures_waiting, self.stores.disclosures.waiting().ok());
        set(&self.metrics.readings_waiting, self.stores.readings.waiting().ok());
        set(&self.metrics.vault_documents, self.stores.vault.len().ok());
    }
}

/// Sets a gauge, if there is something to set it to.
fn set(gauge: &IntGauge, value: Option<u64>) {
    if let Some(value) = value {
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    }
}

//! Whether the worker can do its work.

use crate::{
    chain::{ChainView, now},
    disclosures::Disclosures,
    erasures::Erasures,
    jobs::{Model, Queue},
    metrics::Metrics,
    readings::Readings,
    vault::Vault,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The chain counts as reachable for this long after an answer, in seconds.
const FRESH: u64 = 60;

/// Looks at the parts.
pub struct Health {
    pub vault: Arc<Vault>,
    pub queue: Arc<Queue>,
    pub disclosures: Arc<Disclosures>,
    pub readings: Arc<Readings>,
    pub chain: Arc<dyn ChainView>,
    pub erasures: Arc<Erasures>,
    pub model: Option<Model>,
    pub metrics: Metrics,
}

impl Health {
    /// Whether everything works, and what does not.
    pub fn report(&self) -> (bool, Value) {
        let chain = self.chain.last_answer().is_some_and(|at| now().saturating_sub(at) <= FRESH);
        let documents = self.vault.len();
        let vault = documents.is_ok() && !self.vault.unfinished();
        let open = self.erasures.state();
        let healthy = chain && vault && open.is_ok();
        let report = json!({
            "status": match (open, healthy) {
                (Err(_), _) => "starting",
                (Ok(()), true) => "ok",
                (Ok(()), false) => "degraded",
            },
            "erasures": open.map_or_else(|closed| closed.why(), |()| "carried out"),
            "chain": if chain { "reachable" } else { "unreachable" },
            "vault": match (&documents, vault) {
                (Err(_), _) => "failing",
                (_, false) => "old keys not destroyed yet",
                _ => "ok",
            },
            "model": if self.model.is_some() { "loaded" } else { "none" },
            "pending": self.queue.pending().len(),
            "version": env!("CARGO_PKG_VERSION"),
        });
        (healthy, report)
    }

    /// Brings the gauges up to date.
    pub fn refresh(&self) {
        self.metrics.healthy.set(self.report().0.into());
        self.metrics.model_loaded.set(self.model.is_some().into());
        let chain = self.chain.last_answer().is_some_and(|at| now().saturating_sub(at) <= FRESH);
        self.metrics.chain_reachable.set(chain.into());
        self.metrics.jobs_pending.set(i64::try_from(self.queue.pending().len()).unwrap_or(i64::MAX));
        if let Ok(waiting) = self.disclosures.waiting() {
            self.metrics.disclosures_waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        }
        if let Ok(waiting) = self.readings.waiting() {
            self.metrics.readings_waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        }
        if let Ok(documents) = self.vault.len() {
            self.metrics.vault_documents.set(i64::try_from(documents).unwrap_or(i64::MAX));
        }
    }
}

//! Whether the worker can do its work.

use crate::{
    chain::{ChainView, now},
    jobs::{Model, Queue},
    metrics::Metrics,
    shutdown::Shutdown,
    vault::Vault,
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// The chain counts as reachable for this long after an answer, in seconds.
const FRESH: u64 = 60;
const ASK_EVERY: Duration = Duration::from_secs(10);
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// Looks at the parts.
pub struct Health {
    pub vault: Arc<Vault>,
    pub queue: Arc<Queue>,
    pub chain: Arc<dyn ChainView>,
    pub model: Option<Model>,
    pub metrics: Metrics,
}

impl Health {
    /// Whether everything works, and what does not.
    pub fn report(&self) -> (bool, Value) {
        let chain = self.chain.last_answer().is_some_and(|at| now().saturating_sub(at) <= FRESH);
        let documents = self.vault.len();
        let vault = documents.is_ok() && !self.vault.unfinished();
        let healthy = chain && vault;
        let report = json!({
            "status": if healthy { "ok" } else { "degraded" },
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
        let chain = self.chain.last_answer().is_some_and(|at| now().saturating_sub(at) <= FRESH);
        self.metrics.chain_reachable.set(chain.into());
        self.metrics.jobs_pending.set(i64::try_from(self.queue.pending().len()).unwrap_or(i64::MAX));
        if let Ok(documents) = self.vault.len() {
            self.metrics.vault_documents.set(i64::try_from(documents).unwrap_or(i64::MAX));
        }
    }

    /// Asks the chain from time to time, so that its absence is known before a job needs it.
    pub async fn watch(self: Arc<Self>, shutdown: Shutdown) {
        loop {
            // An error shows in `last_answer`.
            let pause = if self.chain.finalized().await.is_ok() { ASK_EVERY } else { RETRY_EVERY };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = shutdown.requested() => return,
            }
        }
    }
}

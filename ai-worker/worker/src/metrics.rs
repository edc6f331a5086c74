//! Counters for Prometheus. Labels are method names, credential roles and codes: nothing that tells one
//! patient, record or job from another.

use crate::{chain::Overdue, jobs::pause::Pause};
use galen_primitives::{devices::reading::Refusal, summary::Failure};
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use std::sync::{Arc, OnceLock};

/// All metrics of the worker.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    /// JSON-RPC calls, by method, role and outcome (`ok`, `denied`, `error`, `limited`).
    pub calls: IntCounterVec,
    /// HTTP requests without a known token.
    pub unauthorized: IntCounter,
    /// Jobs taken in.
    pub jobs_accepted: IntCounter,
    /// Jobs answered, by outcome (`done` or a failure code).
    pub jobs_answered: IntCounterVec,
    /// Jobs waiting or running.
    pub jobs_pending: IntGauge,
    /// Attempts put off, by reason.
    pub jobs_postponed: IntCounterVec,
    /// Seconds spent decoding, per summary.
    pub decode_seconds: Histogram,
    /// Tokens, by direction (`prompt`, `output`).
    pub tokens: IntCounterVec,
    /// Facts dropped because the source does not support them.
    pub unsupported_facts: IntCounter,
    /// Documents and summaries in the vault.
    pub vault_documents: IntGauge,
    /// Erasures carried out.
    pub erasures: IntCounter,
    /// Disclosures recorded.
    pub disclosures: IntCounter,
    /// Events of other systems taken into the log of disclosures.
    pub events: IntCounter,
    /// Entries of the log of disclosures that are in no batch yet.
    pub disclosures_waiting: IntGauge,
    /// 1 if the chain has disclosures of this hospital that are not in the log: nothing is reported then.
    pub disclosures_apart: IntGauge,
    /// Device readings taken in.
    pub readings_taken: IntCounter,
    /// Device readings refused, by reason.
    pub readings_refused: IntCounterVec,
    /// Readings and refusals that are in no batch yet.
    pub readings_waiting: IntGauge,
    /// 1 if the chain has batches of this hospital's readings that are not here: nothing is anchored then.
    pub readings_apart: IntGauge,
    /// 1 if the chain answered within the last minute.
    pub chain_reachable: IntGauge,
    /// 1 if `/health` would answer 200.
    pub healthy: IntGauge,
    /// 1 if a model is loaded.
    pub model_loaded: IntGauge,
    overdue: Arc<OnceLock<OverdueGauges>>,
}

/// What the hospital is late with, as the chain has it. Not the worker's own doing, so that the names say
/// what it is about.
struct OverdueGauges {
    reviews: IntGauge,
    obligations: IntGauge,
}

impl Metrics {
    /// A fresh registry. Fails only if two metrics had one name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str| -> Result<IntCounter, prometheus::Error> {
            let metric = IntCounter::new(format!("galen_worker_{name}"), help)?;
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        let vector = |name: &str, help: &str, labels: &[&str]| -> Result<IntCounterVec, prometheus::Error> {
            let metric = IntCounterVec::new(Opts::new(format!("galen_worker_{name}"), help), labels)?;
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        let gauge = |name: &str, help: &str| -> Result<IntGauge, prometheus::Error> {
            let metric = IntGauge::new(format!("galen_worker_{name}"), help)?;
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        let decode_seconds = Histogram::with_opts(
            HistogramOpts::new("galen_worker_decode_seconds", "Seconds spent decoding, per summary")
                .buckets(vec![0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0]),
        )?;
        registry.register(Box::new(decode_seconds.clone()))?;
        // Series exist from the start: one that appears with its first event has no increase to be seen, and
        // the first failure would raise no alert.
        let jobs_answered = vector("jobs_answered_total", "Jobs answered", &["outcome"])?;
        jobs_answered.with_label_values(&["done"]);
        for failure in Failure::ALL.into_iter().filter(|failure| failure.is_workers()) {
            jobs_answered.with_label_values(&[failure.code()]);
        }
        let jobs_postponed = vector("jobs_postponed_total", "Attempts put off", &["reason"])?;
        for pause in Pause::ALL {
            jobs_postponed.with_label_values(&[pause.name()]);
        }
        let tokens = vector("tokens_total", "Tokens", &["direction"])?;
        for direction in ["prompt", "output"] {
            tokens.with_label_values(&[direction]);
        }
        let readings_refused = vector("readings_refused_total", "Device readings refused", &["reason"])?;
        for refusal in Refusal::ALL {
            readings_refused.with_label_values(&[refusal.code()]);
        }
        Ok(Metrics {
            calls: vector("calls_total", "JSON-RPC calls", &["method", "role", "outcome"])?,
            unauthorized: counter("unauthorized_total", "HTTP requests without a known token")?,
            jobs_accepted: counter("jobs_accepted_total", "Jobs taken in")?,
            jobs_answered,
            jobs_pending: gauge("jobs_pending", "Jobs waiting or running")?,
            jobs_postponed,
            decode_seconds,
            tokens,
            unsupported_facts: counter(
                "unsupported_facts_total",
                "Facts dropped for want of support in the source",
            )?,
            vault_documents: gauge("vault_documents", "Documents and summaries in the vault")?,
            erasures: counter("erasures_total", "Erasures carried out")?,
            disclosures: counter("disclosures_total", "Disclosures recorded")?,
            events: counter("events_total", "Events of other systems taken into the log of disclosures")?,
            disclosures_waiting: gauge(
                "disclosures_waiting",
                "Entries of the log of disclosures that are in no batch yet",
            )?,
            disclosures_apart: gauge(
                "disclosures_apart",
                "1 if the chain has disclosures of this hospital that are not in the log",
            )?,
            readings_taken: counter("readings_taken_total", "Device readings taken in")?,
            readings_refused,
            readings_waiting: gauge("readings_waiting", "Readings and refusals that are in no batch yet")?,
            readings_apart: gauge(
                "readings_apart",
                "1 if the chain has batches of this hospital's readings that are not here",
            )?,
            chain_reachable: gauge("chain_reachable", "1 if the chain answered within the last minute")?,
            healthy: gauge("healthy", "1 if the worker can do its work, as /health says")?,
            model_loaded: gauge("model_loaded", "1 if a model is loaded")?,
            overdue: Arc::default(),
            registry: Arc::new(registry),
        })
    }

    /// Exports what the hospital is late with. Until the chain was asked for the first time there are no such
    /// series, rather than ones that say that nothing is overdue.
    pub fn set_overdue(&self, overdue: Overdue) -> Result<(), prometheus::Error> {
        let gauge = |name: &str, help: &str| -> Result<IntGauge, prometheus::Error> {
            let metric = IntGauge::new(name, help)?;
            self.registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        };
        if self.overdue.get().is_none() {
            let gauges = OverdueGauges {
                reviews: gauge(
                    "galen_emergency_reviews_overdue",
                    "Accesses in emergencies of this hospital whose review is overdue",
                )?,
                obligations: gauge(
                    "galen_consent_obligations_overdue",
                    "Ended consents that this hospital has not answered in time",
                )?,
            };
            // One task sets them, so that nobody came before.
            let _ = self.overdue.set(gauges);
        }
        if let Some(gauges) = self.overdue.get() {
            gauges.reviews.set(i64::try_from(overdue.reviews).unwrap_or(i64::MAX));
            gauges.obligations.set(i64::try_from(overdue.obligations).unwrap_or(i64::MAX));
        }
        Ok(())
    }

    /// The text format of Prometheus.
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        match TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            Ok(()) => String::from_utf8_lossy(&text).into_owned(),
            Err(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_prefixed() {
        let metrics = Metrics::new().unwrap();
        metrics.calls.with_label_values(&["vault_put", "app", "ok"]).inc();
        metrics.jobs_pending.set(3);
        let text = metrics.text();
        assert!(
            text.contains(r#"galen_worker_calls_total{method="vault_put",outcome="ok",role="app"} 1"#),
            "{text}"
        );
        assert!(text.contains("galen_worker_jobs_pending 3"));
        assert!(text.contains(r#"galen_worker_jobs_answered_total{outcome="engineFailed"} 0"#));
        for series in [
            r#"jobs_answered_total{outcome="workerTooSlow"} 0"#,
            r#"jobs_postponed_total{reason="not finalized"} 0"#,
            r#"readings_refused_total{reason="backInTime"} 0"#,
        ] {
            assert!(text.contains(&format!("galen_worker_{series}")), "{series}");
        }
        assert!(!text.contains("workerUnreachable"), "that is what a node says");
        assert!(text.lines().all(|line| line.starts_with('#') || line.starts_with("galen_worker_")));
    }

    #[test]
    fn what_is_overdue_is_exported_once_it_is_known() {
        let metrics = Metrics::new().unwrap();
        assert!(!metrics.text().contains("overdue"));
        for (reviews, obligations) in [(2, 1), (0, 7)] {
            metrics.set_overdue(Overdue { reviews, obligations }).unwrap();
            let text = metrics.text();
            assert!(text.contains(&format!("galen_emergency_reviews_overdue {reviews}\n")), "{text}");
            assert!(text.contains(&format!("galen_consent_obligations_overdue {obligations}\n")), "{text}");
        }
    }
}

//! The worker put together: stores, runner, server; started and stopped as one.

use crate::{
    backup,
    chain::ChainView,
    clock::Clock,
    config::Config,
    credentials::{CredentialError, Credentials},
    disclosures::Disclosures,
    erasures::Erasures,
    jobs::{Runner, Settings, Summariser},
    metrics::Metrics,
    overdue,
    readings::{Devices, Readings},
    reports::{Due, Kind, Reporter},
    rpc::{self, ServerSettings, context::Context, health::Health},
    shutdown::Shutdown,
    stores::{Layout, OpenError, Stores},
};
use jsonrpsee::server::ServerHandle;
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::task::JoinHandle;

/// How long a stop waits for calls that are being answered.
const GRACE: Duration = Duration::from_secs(5);

/// Why the worker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The stores.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    /// The address.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

/// What the worker meets outside of its directory.
pub struct Environment {
    /// The chain.
    pub chain: Arc<dyn ChainView>,
    /// What makes summaries; without one, jobs fail.
    pub summariser: Option<Arc<dyn Summariser>>,
    /// The time.
    pub clock: Clock,
}

/// A worker that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    server: ServerHandle,
    tasks: [JoinHandle<()>; 3],
    erasures: Arc<Erasures>,
    shutdown: Shutdown,
}

/// Opens everything and serves; documents, and the jobs that read them, from the moment on when erasures on the chain are
/// carried out.
///
/// # Errors
/// Something cannot be opened, or the address not be listened on.
pub async fn start(
    config: &Config,
    layout: &Layout,
    environment: Environment,
    shutdown: Shutdown,
) -> Result<Running, StartError> {
    let Environment { chain, summariser, clock } = environment;
    let metrics = Metrics::new().map_err(|error| StartError::Internal(error.to_string()))?;
    let credentials = Credentials::load(&layout.credentials())?;
    let stores = Stores::open(layout, config.limits.queue, &clock)?;
    let hospital = config.hospital.as_ref().map(|account| account.0.clone());
    let model = summariser.as_ref().map(|summariser| summariser.model().clone());

    let erasures = Arc::new(Erasures::new(
        stores.vault.clone(),
        chain.clone(),
        hospital.clone(),
        metrics.clone(),
        clock.clone(),
        config.another_chain,
    ));
    let health = Arc::new(Health {
        stores: stores.clone(),
        chain: chain.clone(),
        erasures: erasures.clone(),
        model: model.clone(),
        clock: clock.clone(),
        metrics: metrics.clone(),
    });
    let context = Context {
        backups: backup::Source::new(layout.clone(), stores.clone()),
        stores: stores.clone(),
        chain: chain.clone(),
        devices: Devices::new(chain.clone()),
        erasures: erasures.clone(),
        health: health.clone(),
        model,
        hospital: hospital.clone(),
        hospital_of_node: OnceLock::new(),
        disclosure_reports: disclosure_reports(config, &stores, &metrics),
        reading_reports: reading_reports(config, &stores, &metrics),
        clock: clock.clone(),
        metrics: metrics.clone(),
    };
    let module = rpc::module(context).map_err(|error| StartError::Internal(error.to_string()))?;
    let (address, server) = rpc::serve(server_settings(config), module, health, credentials, metrics.clone())
        .await
        .map_err(|error| StartError::Listen(config.listen, error))?;

    let settings = Settings {
        hospital: hospital.clone(),
        keep_days: config.jobs.keep_days,
        unknown: Duration::from_secs(config.jobs.unknown_minutes.saturating_mul(60)),
        ..Settings::default()
    };
    let runner = Runner {
        queue: stores.queue,
        vault: stores.vault,
        readings: stores.readings,
        chain: chain.clone(),
        summariser,
        settings,
        clock,
        metrics: metrics.clone(),
        shutdown: shutdown.clone(),
    };
    let tasks = [
        tokio::spawn(run_once_open(runner, erasures.clone(), shutdown.clone())),
        tokio::spawn(erasures.clone().follow(shutdown.clone())),
        tokio::spawn(overdue::watch(chain, hospital, metrics, shutdown.clone())),
    ];
    Ok(Running { address, server, tasks, erasures, shutdown })
}

fn disclosure_reports(config: &Config, stores: &Stores, metrics: &Metrics) -> Reporter<Disclosures> {
    let due = Due {
        entries: config.disclosures.report_entries,
        seconds: config.disclosures.report_seconds,
        silence: Some(config.disclosures.alive_hours.saturating_mul(3_600)),
    };
    let resume = config.continued.contains(&Kind::Disclosures);
    Reporter::new(stores.disclosures.clone(), due, resume, metrics.disclosures_apart.clone())
}

fn reading_reports(config: &Config, stores: &Stores, metrics: &Metrics) -> Reporter<Readings> {
    let due = Due {
        entries: config.readings.anchor_readings,
        seconds: config.readings.anchor_seconds,
        silence: None,
    };
    let resume = config.continued.contains(&Kind::Readings);
    Reporter::new(stores.readings.clone(), due, resume, metrics.readings_apart.clone())
}

fn server_settings(config: &Config) -> ServerSettings {
    ServerSettings {
        listen: config.listen,
        request_bytes: config.limits.request_bytes,
        connections: config.limits.connections,
        calls_per_second: config.limits.calls_per_second,
    }
}

/// Runs jobs from the moment on when documents are open.
async fn run_once_open(runner: Runner, erasures: Arc<Erasures>, shutdown: Shutdown) {
    tokio::select! {
        () = erasures.opened() => runner.run().await,
        () = shutdown.requested() => {}
    }
}

impl Running {
    /// Returns once documents are served; `false` if shutdown was requested first.
    pub async fn opened(&self) -> bool {
        tokio::select! {
            () = self.erasures.opened() => true,
            () = self.shutdown.requested() => false,
        }
    }

    /// Serves until shutdown is requested, then lets calls finish.
    pub async fn until_stopped(self) {
        self.shutdown.requested().await;
        // Fails only if it was stopped already.
        let _ = self.server.stop();
        if tokio::time::timeout(GRACE, self.server.stopped()).await.is_err() {
            tracing::warn!("some calls were cut off");
        }
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

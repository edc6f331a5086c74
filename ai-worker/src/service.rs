//! The worker put together: stores, runner, server; started and stopped as one.

use crate::{
    chain::ChainView,
    config::Config,
    credentials::{CredentialError, Credentials},
    disclosures::Disclosures,
    jobs::{Queue, QueueError, Runner, Settings, Summariser},
    metrics::Metrics,
    rpc::{
        self, ServerSettings,
        health::Health,
        methods::{self, Context},
    },
    shutdown::Shutdown,
    store::{StoreError, file_opener},
    vault::{self, Files, Vault},
};
use jsonrpsee::server::ServerHandle;
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinHandle;

/// How long a stop waits for calls that are being answered.
const GRACE: Duration = Duration::from_secs(5);

/// Why the worker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The vault.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The job table.
    #[error("jobs: {0}")]
    Queue(#[from] QueueError),
    /// The log of disclosures.
    #[error("log of disclosures: {0}")]
    Disclosures(#[from] StoreError),
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

/// The files of a worker's directory.
pub struct Layout {
    directory: PathBuf,
    master: PathBuf,
}

impl Layout {
    /// A directory and where its master key is.
    pub fn new(directory: &Path, master: &Path) -> Self {
        Layout { directory: directory.to_owned(), master: master.to_owned() }
    }

    /// The vault's files.
    pub fn vault(&self) -> Files {
        Files {
            master: self.master.clone(),
            keys: self.directory.join("keys.redb"),
            documents: self.directory.join("vault.redb"),
        }
    }

    /// The job table.
    pub fn jobs(&self) -> PathBuf {
        self.directory.join("jobs.redb")
    }

    /// The log of disclosures.
    pub fn disclosures(&self) -> PathBuf {
        self.directory.join("disclosures.redb")
    }

    /// The hashes of the tokens.
    pub fn credentials(&self) -> PathBuf {
        self.directory.join("credentials.toml")
    }
}

/// A worker that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    server: ServerHandle,
    runner: JoinHandle<()>,
    watch: JoinHandle<()>,
    shutdown: Shutdown,
}

/// Opens everything, starts the runner, and serves.
pub async fn start(
    config: &Config,
    layout: &Layout,
    chain: Arc<dyn ChainView>,
    summariser: Option<Arc<dyn Summariser>>,
    shutdown: Shutdown,
) -> Result<Running, StartError> {
    let metrics = Metrics::new().map_err(|error| StartError::Internal(error.to_string()))?;
    let credentials = Credentials::load(&layout.credentials())?;
    let vault = Arc::new(Vault::open(layout.vault())?);
    let queue = Arc::new(Queue::open(&layout.jobs(), file_opener(), config.limits.queue)?);
    let disclosures = Arc::new(Disclosures::open(&layout.disclosures(), file_opener())?);
    let model = summariser.as_ref().map(|summariser| summariser.model().clone());
    let hospital = config.hospital.as_ref().map(|account| account.0.clone());
    let health = Arc::new(Health {
        vault: vault.clone(),
        queue: queue.clone(),
        chain: chain.clone(),
        model: model.clone(),
        metrics: metrics.clone(),
    });
    let context = Context {
        vault: vault.clone(),
        queue: queue.clone(),
        chain: chain.clone(),
        disclosures,
        health: health.clone(),
        model,
        hospital: hospital.clone(),
        metrics: metrics.clone(),
    };
    let module = methods::module(context).map_err(|error| StartError::Internal(error.to_string()))?;
    let settings = ServerSettings {
        listen: config.listen,
        request_bytes: config.limits.request_bytes,
        connections: config.limits.connections,
        calls_per_second: config.limits.calls_per_second,
    };
    let (address, server) = rpc::serve(settings, module, health.clone(), credentials, metrics.clone())
        .await
        .map_err(|error| StartError::Listen(config.listen, error))?;
    let runner = Runner {
        queue,
        vault,
        chain,
        summariser,
        settings: Settings {
            hospital,
            worker_key: config.worker_key,
            keep_days: config.jobs.keep_days,
            unknown: Duration::from_secs(config.jobs.unknown_minutes.saturating_mul(60)),
            ..Settings::default()
        },
        metrics,
        shutdown: shutdown.clone(),
    };
    let runner = tokio::spawn(runner.run());
    let watch = tokio::spawn(health.watch(shutdown.clone()));
    Ok(Running { address, server, runner, watch, shutdown })
}

impl Running {
    /// Serves until shutdown is requested, then lets calls finish.
    pub async fn until_stopped(self) {
        self.shutdown.requested().await;
        // Fails only if it was stopped already.
        let _ = self.server.stop();
        if tokio::time::timeout(GRACE, self.server.stopped()).await.is_err() {
            tracing::warn!("some calls were cut off");
        }
        let _ = self.runner.await;
        let _ = self.watch.await;
    }
}

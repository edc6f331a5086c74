//! The worker put together: stores, runner, server; started and stopped as one.

use crate::{
    backup,
    chain::ChainView,
    config::Config,
    credentials::{CredentialError, Credentials},
    disclosures::{Disclosures, Due},
    duties,
    erasures::Erasures,
    jobs::{Queue, QueueError, Runner, Settings, Summariser},
    metrics::Metrics,
    readings::{self, Devices, Readings},
    rpc::{self, ServerSettings, context::Context, health::Health},
    shutdown::Shutdown,
    store::{StoreError, file_opener},
    vault::{self, Files, Vault},
};
use jsonrpsee::server::ServerHandle;
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
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
    /// The table of readings.
    #[error("readings: {0}")]
    Readings(StoreError),
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

impl StartError {
    /// Whether it is because another process has the directory.
    pub fn is_in_use(&self) -> bool {
        matches!(
            self,
            StartError::Vault(vault::Error::Store(StoreError::InUse(_)))
                | StartError::Queue(QueueError::Store(StoreError::InUse(_)))
                | StartError::Disclosures(StoreError::InUse(_))
                | StartError::Readings(StoreError::InUse(_))
        )
    }
}

/// The files of a worker's directory.
#[derive(Clone)]
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

    /// The table of device readings.
    pub fn readings(&self) -> PathBuf {
        self.directory.join("readings.redb")
    }

    /// The hashes of the tokens.
    pub fn credentials(&self) -> PathBuf {
        self.directory.join("credentials.toml")
    }

    /// The tokens that have not been handed out and removed.
    pub fn tokens(&self) -> PathBuf {
        self.directory.join("tokens")
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.directory.join("config.toml")
    }

    /// Opens the stores that a backup is taken of; fails with [`StoreError::InUse`] while a worker runs on them.
    pub fn open_for_backup(&self, queue: usize) -> Result<backup::Source, StartError> {
        let vault = Arc::new(Vault::open(self.vault())?);
        let queue = Arc::new(Queue::open(&self.jobs(), file_opener(), queue)?);
        let disclosures = Arc::new(Disclosures::open(&self.disclosures(), file_opener())?);
        let readings = open_readings(self)?;
        Ok(backup::Source::new(self.clone(), vault, queue, disclosures, readings))
    }
}

fn open_readings(layout: &Layout) -> Result<Arc<Readings>, StartError> {
    Readings::open(&layout.readings(), file_opener()).map(Arc::new).map_err(StartError::Readings)
}

/// A worker that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    server: ServerHandle,
    runner: JoinHandle<()>,
    follower: JoinHandle<()>,
    duties: JoinHandle<()>,
    erasures: Arc<Erasures>,
    shutdown: Shutdown,
}

/// Opens everything and serves; documents, and the jobs that read them, from the moment on when erasures on the chain are
/// carried out.
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
    let readings = open_readings(layout)?;
    let model = summariser.as_ref().map(|summariser| summariser.model().clone());
    let hospital = config.hospital.as_ref().map(|account| account.0.clone());
    let erasures = Arc::new(Erasures::new(
        vault.clone(),
        chain.clone(),
        hospital.clone(),
        metrics.clone(),
        config.another_chain,
    ));
    let health = Arc::new(Health {
        vault: vault.clone(),
        queue: queue.clone(),
        disclosures: disclosures.clone(),
        readings: readings.clone(),
        chain: chain.clone(),
        erasures: erasures.clone(),
        model: model.clone(),
        metrics: metrics.clone(),
    });
    let context = Context {
        vault: vault.clone(),
        queue: queue.clone(),
        chain: chain.clone(),
        backups: backup::Source::new(
            layout.clone(),
            vault.clone(),
            queue.clone(),
            disclosures.clone(),
            readings.clone(),
        ),
        disclosures,
        readings: readings.clone(),
        devices: Devices::new(chain.clone()),
        erasures: erasures.clone(),
        health: health.clone(),
        model,
        hospital: hospital.clone(),
        told_hospital: OnceLock::new(),
        due: Due {
            entries: config.disclosures.report_entries,
            seconds: config.disclosures.report_seconds,
            alive: config.disclosures.alive_hours.saturating_mul(3_600),
        },
        continue_disclosures: config.continue_disclosures,
        readings_due: readings::Due {
            readings: config.readings.anchor_readings,
            seconds: config.readings.anchor_seconds,
        },
        continue_readings: config.continue_readings,
        metrics: metrics.clone(),
    };
    let module = rpc::module(context).map_err(|error| StartError::Internal(error.to_string()))?;
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
        readings,
        chain: chain.clone(),
        summariser,
        settings: Settings {
            hospital: hospital.clone(),
            keep_days: config.jobs.keep_days,
            unknown: Duration::from_secs(config.jobs.unknown_minutes.saturating_mul(60)),
            ..Settings::default()
        },
        metrics: metrics.clone(),
        shutdown: shutdown.clone(),
    };
    let duties = tokio::spawn(duties::watch(chain, hospital, metrics, shutdown.clone()));
    let follower = tokio::spawn(erasures.clone().follow(shutdown.clone()));
    let (opened, stop) = (erasures.clone(), shutdown.clone());
    let runner = tokio::spawn(async move {
        tokio::select! {
            () = opened.opened() => runner.run().await,
            () = stop.requested() => {}
        }
    });
    Ok(Running { address, server, runner, follower, duties, erasures, shutdown })
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
        let _ = self.runner.await;
        let _ = self.follower.await;
        let _ = self.duties.await;
    }
}

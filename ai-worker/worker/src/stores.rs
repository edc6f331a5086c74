//! The files of a worker's directory, and the stores in them.

use crate::{
    clock::Clock,
    disclosures::Disclosures,
    jobs::{Queue, QueueError},
    readings::Readings,
    store::{StoreError, file_opener},
    vault::{self, Files, Vault},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why the stores cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The vault.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The job table.
    #[error("jobs: {0}")]
    Queue(#[from] QueueError),
    /// The log of disclosures.
    #[error("log of disclosures: {0}")]
    Disclosures(StoreError),
    /// The table of readings.
    #[error("readings: {0}")]
    Readings(StoreError),
}

impl OpenError {
    /// Whether it is because another process has the directory.
    pub fn is_in_use(&self) -> bool {
        matches!(
            self,
            OpenError::Vault(vault::Error::Store(StoreError::InUse(_)))
                | OpenError::Queue(QueueError::Store(StoreError::InUse(_)))
                | OpenError::Disclosures(StoreError::InUse(_))
                | OpenError::Readings(StoreError::InUse(_))
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
}

/// The stores of a worker, open.
#[derive(Clone)]
pub struct Stores {
    /// Documents and summaries.
    pub vault: Arc<Vault>,
    /// Jobs.
    pub queue: Arc<Queue>,
    /// Who was shown what.
    pub disclosures: Arc<Disclosures>,
    /// Which device readings were taken.
    pub readings: Arc<Readings>,
}

impl Stores {
    /// Opens those of a directory; at most `queue` jobs may wait.
    ///
    /// # Errors
    /// One of them cannot be opened: [`OpenError::is_in_use`] tells whether it is because a worker runs on
    /// the directory.
    pub fn open(layout: &Layout, queue: usize, clock: &Clock) -> Result<Self, OpenError> {
        let vault = Vault::open(layout.vault())?;
        let queue = Queue::open(&layout.jobs(), file_opener(), queue, clock.clone())?;
        let disclosures = Disclosures::open(&layout.disclosures(), file_opener());
        let readings = Readings::open(&layout.readings(), file_opener());
        Ok(Stores {
            vault: Arc::new(vault),
            queue: Arc::new(queue),
            disclosures: Arc::new(disclosures.map_err(OpenError::Disclosures)?),
            readings: Arc::new(readings.map_err(OpenError::Readings)?),
        })
    }
}

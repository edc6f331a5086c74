//! Copies of a worker's files, of one moment each, while it runs or not.
//!
//! What is copied are read transactions of the stores, written row by row into new files: writers neither
//! wait nor are they seen half done, and no page that a store has freed comes along. Keys, master key and
//! ciphertexts are of one moment; the job table and the table of readings are of just before (a job that runs
//! again finds its summary, a reading its document), the log of disclosures of just after.
//!
//! Keys go to a directory of their own, if they are asked for at all: with them and an old copy of the
//! ciphertexts, everything that was erased since can be read again.

use crate::{
    clock::Clock,
    jobs::QueueError,
    store::{StoreError, file_opener},
    stores::{Layout, OpenError, Stores},
    vault::{
        self,
        files::{destroy, sync_directory, write_secret},
    },
};
use galen_worker_api::{
    client::{CallError, Client},
    worker::BackUp,
};
use std::{
    fs, io,
    net::SocketAddr,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{Mutex, TryLockError},
    time::Duration,
};

/// Why a backup was not made. Nothing of it remains then.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target cannot be used.
    #[error("{0}")]
    Target(String),
    /// Another backup is being made.
    #[error("a backup is being made already: try again when it is done")]
    Busy,
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The running worker did not make it.
    #[error("the worker at {0} made no backup: {1}")]
    Asked(SocketAddr, String),
}

/// A big vault takes its time.
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

/// Has the worker that runs at `address` take the backup, with the operator's token in `token_file`.
pub async fn ask(
    address: SocketAddr,
    token_file: &Path,
    to: &Path,
    keys_to: Option<&Path>,
) -> Result<u64, BackupError> {
    let asked = |why: String| BackupError::Asked(address, why);
    let token = zeroize::Zeroizing::new(fs::read_to_string(token_file).map_err(at(token_file))?);
    let client =
        Client::patient(&format!("http://{address}"), &token, PATIENCE).map_err(|error| match error {
            CallError::Token => asked(format!("{} holds no token", token_file.display())),
            error => asked(error.to_string()),
        })?;
    let params = BackUp { to: to.to_owned(), keys_to: keys_to.map(Path::to_owned) };
    let made = client.call(&params).await.map_err(|error| match error {
        CallError::Refused { message, .. } => asked(message),
        error => asked(error.to_string()),
    })?;
    Ok(made.bytes)
}

/// What is copied from.
pub struct Source {
    layout: Layout,
    stores: Stores,
    one: Mutex<()>,
}

/// Opens the directory of a worker that does not run.
///
/// # Errors
/// As [`Stores::open`].
pub fn open(layout: Layout, queue: usize) -> Result<Source, OpenError> {
    let stores = Stores::open(&layout, queue, &Clock::default())?;
    Ok(Source::new(layout, stores))
}

impl Source {
    /// The open stores of a worker's directory.
    pub fn new(layout: Layout, stores: Stores) -> Self {
        Source { layout, stores, one: Mutex::new(()) }
    }

    /// Copies everything but the keys into `to`, and keys and tokens into `keys_to`, if given; both are
    /// absolute paths of directories that are not there yet. Gives the number of bytes written; they are on
    /// disk then.
    pub fn take(&self, to: &Path, keys_to: Option<&Path>) -> Result<u64, BackupError> {
        let _one = match self.one.try_lock() {
            Ok(one) => one,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy),
        };
        if keys_to.is_some_and(|keys| keys.starts_with(to) || to.starts_with(keys)) {
            return Err(BackupError::Target("keys and the rest must go to different places".into()));
        }
        let made = NewDirectories::create([Some(to), keys_to].into_iter().flatten())?;
        self.stores.queue.back_up(&to.join("jobs.redb"), file_opener())?;
        self.stores.readings.back_up(&to.join("readings.redb"), file_opener())?;
        let keys = keys_to.map(|keys| (keys.join("keys.redb"), keys.join("master.key")));
        let keys = keys.as_ref().map(|(keys, master)| (keys.as_path(), master.as_path()));
        self.stores.vault.back_up(&to.join("vault.redb"), keys)?;
        self.stores.disclosures.back_up(&to.join("disclosures.redb"), file_opener())?;
        for file in [self.layout.credentials(), self.layout.config()] {
            copy_file(&file, to)?;
        }
        if let Some(keys_to) = keys_to {
            let tokens = keys_to.join("tokens");
            make_directory(&tokens)?;
            for token in entries(&self.layout.tokens())? {
                copy_file(&token, &tokens)?;
            }
        }
        made.keep()
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File(path, error)
}

fn make_directory(path: &Path) -> Result<(), BackupError> {
    fs::DirBuilder::new().mode(0o700).create(path).map_err(at(path))
}

fn copy_file(file: &Path, directory: &Path) -> Result<(), BackupError> {
    let name = file.file_name().unwrap_or(file.as_os_str());
    let bytes = zeroize::Zeroizing::new(fs::read(file).map_err(at(file))?);
    write_secret(&directory.join(name), &bytes).map_err(at(directory))
}

/// The files of a directory; none if it is not there: tokens may all have been handed out.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, BackupError> {
    match fs::read_dir(directory) {
        Ok(found) => found.map(|entry| entry.map(|entry| entry.path()).map_err(at(directory))).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(at(directory)(error)),
    }
}

/// Directories that go again, their files overwritten, unless they are kept.
struct NewDirectories {
    directories: Vec<PathBuf>,
    kept: bool,
}

impl NewDirectories {
    fn create<'a>(paths: impl Iterator<Item = &'a Path>) -> Result<Self, BackupError> {
        let mut made = NewDirectories { directories: Vec::new(), kept: false };
        for path in paths {
            if !path.is_absolute() {
                return Err(BackupError::Target(format!("{} is not an absolute path", path.display())));
            }
            match make_directory(path) {
                Ok(()) => made.directories.push(path.to_owned()),
                Err(BackupError::File(_, error)) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let text = format!("{} is there already: a backup overwrites nothing", path.display());
                    return Err(BackupError::Target(text));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }

    fn files(directory: &Path) -> Result<Vec<PathBuf>, BackupError> {
        let mut files = Vec::new();
        for path in entries(directory)? {
            if path.is_dir() {
                files.extend(Self::files(&path)?);
            } else {
                files.push(path);
            }
        }
        Ok(files)
    }

    fn keep(mut self) -> Result<u64, BackupError> {
        let mut bytes = 0;
        for directory in &self.directories {
            for file in Self::files(directory)? {
                bytes += fs::metadata(&file).map_err(at(&file))?.len();
                sync_directory(&file).map_err(at(&file))?;
            }
            sync_directory(directory).map_err(at(directory))?;
        }
        self.kept = true;
        Ok(bytes)
    }
}

impl Drop for NewDirectories {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        for directory in &self.directories {
            for file in Self::files(directory).unwrap_or_default() {
                // Keys among them: unlinking alone would leave them on the disk.
                let _ = destroy(&file);
            }
            if let Err(error) = fs::remove_dir_all(directory) {
                tracing::error!(path = %directory.display(), %error, "an unfinished backup could not be removed");
            }
        }
    }
}

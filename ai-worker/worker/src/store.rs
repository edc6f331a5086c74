//! One redb file: opened with mode 0600, one durable transaction per change, reopened after a failed write.

use crate::vault::files::{beside, sync_directory};
use redb::{
    Database, Key, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, Value, WriteTransaction,
};
use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why a store failed. Texts name no content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space, or over quota.
    #[error("the disk is full: nothing was written; free some space and try again")]
    DiskFull,
    /// Another process has the file open.
    #[error("{0} is in use: is another galen-worker running on this directory?")]
    InUse(String),
    /// Reading or writing failed.
    #[error("storage failed ({0})")]
    Io(io::ErrorKind),
    /// The file is damaged or not a store.
    #[error("the store is damaged or of another version ({0})")]
    Damaged(String),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                StoreError::DiskFull
            }
            kind => StoreError::Io(kind),
        }
    }
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) => error.into(),
            redb::Error::PreviousIo => StoreError::Io(io::ErrorKind::Other),
            redb::Error::DatabaseAlreadyOpen => StoreError::InUse("the store".into()),
            other => StoreError::Damaged(other.to_string()),
        }
    }
}

/// Opens or creates the file of a store. Tests put failing disks here.
pub type Opener = Arc<dyn Fn(&Path) -> Result<Database, redb::Error> + Send + Sync>;

/// Opens the file itself.
pub fn file_opener() -> Opener {
    Arc::new(|path| {
        if !path.exists() {
            lay_out(path)?;
        }
        open_file(path)
    })
}

fn open_file(path: &Path) -> Result<Database, redb::Error> {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    Ok(Database::builder().set_cache_size(64 * 1024 * 1024).create_file(file.map_err(redb::Error::Io)?)?)
}

/// Makes an empty store that is there whole or not at all: a kill while redb lays one out leaves a file that
/// it never opens again. It gets its name when it is done, unless another process was faster.
fn lay_out(path: &Path) -> Result<(), redb::Error> {
    let new = beside(path, &format!(".laid-out-by-{}", std::process::id()));
    let made = remove(&new).map_err(redb::Error::Io).and_then(|()| open_file(&new)).map(drop);
    let named = made.and_then(|()| match fs::hard_link(&new, path).and_then(|()| sync_directory(path)) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(redb::Error::Io(error)),
        _ => Ok(()),
    });
    remove(&new).map_err(redb::Error::Io).and(named)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A redb file.
pub struct Store {
    path: PathBuf,
    opener: Opener,
    // None after a failed write: redb refuses everything then until the file is opened anew.
    database: Option<Database>,
}

impl Store {
    /// Opens or creates.
    pub fn open(path: &Path, opener: Opener) -> Result<Self, StoreError> {
        let mut store = Store { path: path.to_owned(), opener, database: None };
        store.database()?;
        Ok(store)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says that the open file has been renamed.
    pub fn moved_to(&mut self, path: &Path) {
        self.path = path.to_owned();
    }

    fn database(&mut self) -> Result<&Database, StoreError> {
        if self.database.is_none() {
            let opened = (self.opener)(&self.path).map_err(|error| match StoreError::from(error) {
                StoreError::InUse(_) => StoreError::InUse(self.path.display().to_string()),
                StoreError::Damaged(why) => StoreError::Damaged(format!("{}: {why}", self.path.display())),
                other => other,
            })?;
            self.database = Some(opened);
        }
        self.database.as_ref().ok_or(StoreError::Io(io::ErrorKind::NotConnected))
    }

    /// Reads one consistent state.
    pub fn read<T, E>(&mut self, read: impl FnOnce(&ReadTransaction) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let transaction = self.database()?.begin_read();
        match transaction {
            Ok(transaction) => read(&transaction),
            Err(error) => Err(self.failed(error.into()).into()),
        }
    }

    /// One consistent state to read at leisure: later writes neither change it nor wait for it.
    pub fn snapshot(&mut self) -> Result<ReadTransaction, StoreError> {
        match self.database()?.begin_read() {
            Ok(transaction) => Ok(transaction),
            Err(error) => Err(self.failed(error.into())),
        }
    }

    /// Changes all or nothing; durable (fsync) when it returns `Ok`.
    pub fn write<T, E>(&mut self, write: impl FnOnce(&WriteTransaction) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let transaction = match self.database()?.begin_write() {
            Ok(mut transaction) => {
                // After a kill the file opens at once instead of being walked through.
                transaction.set_quick_repair(true);
                transaction
            }
            Err(error) => return Err(self.failed(error.into()).into()),
        };
        let result = write(&transaction);
        let value = match result {
            Ok(value) => value,
            Err(error) => {
                // Whether the callback or the disk failed cannot be told apart here; opening anew is cheap
                // and safe.
                drop(transaction);
                self.database = None;
                return Err(error);
            }
        };
        match transaction.commit() {
            Ok(()) => Ok(value),
            Err(error) => Err(self.failed(error.into()).into()),
        }
    }

    fn failed(&mut self, error: redb::Error) -> StoreError {
        self.database = None;
        error.into()
    }
}

/// Writes one table of a snapshot into another file.
pub fn copy_table<K: Key + 'static, V: Value + 'static>(
    table: TableDefinition<K, V>,
    from: &ReadTransaction,
    to: &WriteTransaction,
) -> Result<(), StoreError> {
    let (from, mut to) = (from.open_table(table).map_err(failed)?, to.open_table(table).map_err(failed)?);
    for entry in from.iter().map_err(failed)? {
        let (key, value) = entry.map_err(failed)?;
        to.insert(key.value(), value.value()).map_err(failed)?;
    }
    Ok(())
}

/// Turns any of redb's errors into a [`StoreError`].
pub fn failed(error: impl Into<redb::Error>) -> StoreError {
    error.into().into()
}

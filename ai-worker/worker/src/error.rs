//! What ends the command, in words that say what to do.

use crate::{
    backup::BackupError, config::ConfigError, credentials::CredentialError, service::StartError,
    stores::OpenError, vault,
};
use galen_engine::{EngineError, note::NoteError};
use std::{io, path::PathBuf};

/// An error of the command line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("{0}: {1}")]
    Engine(PathBuf, EngineError),
    #[error("{0}: {1}")]
    Note(PathBuf, NoteError),
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    #[error("{0} is there already: a worker's directory is made once")]
    Exists(PathBuf),
    #[error("no model: name one with --model FILE")]
    NoModel,
    #[error("{0}")]
    Other(String),
}

/// Adds the path to an I/O error.
pub fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
    let path = path.into();
    move |error| Error::File(path, error)
}

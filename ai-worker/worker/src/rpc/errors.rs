//! What goes wrong, as an error of a method. Messages say nothing of a document's content.

use crate::{
    backup::BackupError, chain::ChainError, erasures::Closed, jobs::QueueError, store::StoreError, vault,
};
use galen_worker_api::{Code, MethodError};

/// An error without data.
pub(super) fn error(code: Code, message: impl Into<String>) -> MethodError {
    MethodError::new(code, message)
}

impl From<StoreError> for MethodError {
    fn from(why: StoreError) -> Self {
        tracing::error!(%why, "a store failed");
        error(Code::Storage, why.to_string())
    }
}

impl From<QueueError> for MethodError {
    fn from(why: QueueError) -> Self {
        match why {
            QueueError::Busy => error(Code::Busy, why.to_string()),
            QueueError::Corrupt => error(Code::Damaged, why.to_string()),
            QueueError::Store(why) => why.into(),
        }
    }
}

impl From<ChainError> for MethodError {
    fn from(why: ChainError) -> Self {
        error(Code::ChainUnavailable, why.to_string())
    }
}

impl From<Closed> for MethodError {
    fn from(closed: Closed) -> Self {
        error(Code::Starting, format!("not open for documents yet: {}", closed.why()))
    }
}

impl From<BackupError> for MethodError {
    fn from(why: BackupError) -> Self {
        match why {
            BackupError::Target(why) => error(Code::InvalidParams, why),
            BackupError::Busy => error(Code::Busy, why.to_string()),
            BackupError::Vault(why) => why.into(),
            BackupError::Queue(why) => why.into(),
            BackupError::Store(why) => why.into(),
            // Only the command line asks another worker.
            BackupError::Asked(..) => error(Code::Internal, why.to_string()),
            BackupError::File(path, why) => error(Code::Storage, format!("{}: {why}", path.display())),
        }
    }
}

impl From<vault::Error> for MethodError {
    fn from(why: vault::Error) -> Self {
        use vault::Error;
        match why {
            Error::NotFound => error(Code::NotFound, why.to_string()),
            Error::NotCanonical(_) | Error::TooLarge => error(Code::InvalidDocument, why.to_string()),
            Error::Mismatch | Error::Corrupt => {
                tracing::error!(%why, "the vault is damaged");
                error(Code::Damaged, why.to_string())
            }
            Error::Store(why) => why.into(),
            other => {
                tracing::error!(%other, "the vault failed");
                error(Code::Internal, other.to_string())
            }
        }
    }
}

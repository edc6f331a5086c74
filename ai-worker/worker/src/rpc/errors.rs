//! Stable error codes. Messages say nothing of a document's content.

use crate::{
    backup::BackupError, chain::ChainError, erasures::Closed, jobs::QueueError, store::StoreError, vault,
};
use jsonrpsee::types::ErrorObjectOwned;
use serde::Serialize;

/// The credential does not allow this method.
pub const FORBIDDEN: i32 = -32040;
/// There is nothing under this id, or it was erased.
pub const NOT_FOUND: i32 = -32041;
/// The queue of jobs is full.
pub const BUSY: i32 = -32042;
/// The document cannot be taken in.
pub const INVALID_DOCUMENT: i32 = -32043;
/// The chain refuses for want of consent; `data.reason` says why, `data.block` where.
pub const CONSENT_REFUSED: i32 = -32044;
/// The chain cannot be asked now.
pub const CHAIN_UNAVAILABLE: i32 = -32045;
/// The job has no summary (yet); `data.state` says where it stands.
pub const NOT_READY: i32 = -32046;
/// The disk is full or fails; nothing was changed.
pub const STORAGE: i32 = -32047;
/// What is stored does not match its commitment or does not decrypt.
pub const DAMAGED: i32 = -32048;
/// More calls per second than this credential may make.
pub const LIMITED: i32 = -32049;
/// The worker is not open for documents yet: erasures on the chain come first.
pub const STARTING: i32 = -32050;
/// The parameters are not those of the method.
pub const INVALID_PARAMS: i32 = jsonrpsee::types::error::INVALID_PARAMS_CODE;
/// The worker failed in a way that is a fault of ours.
pub const INTERNAL: i32 = jsonrpsee::types::error::INTERNAL_ERROR_CODE;

/// Every code with its name and meaning, as documented.
pub const TABLE: [(i32, &str, &str); 13] = [
    (FORBIDDEN, "forbidden", "the credential does not allow this method"),
    (NOT_FOUND, "notFound", "there is nothing under this id, or it was erased"),
    (BUSY, "busy", "the queue of jobs is full"),
    (INVALID_DOCUMENT, "invalidDocument", "the document cannot be taken in"),
    (CONSENT_REFUSED, "consentRefused", "the chain refuses for want of consent; data.reason says why"),
    (CHAIN_UNAVAILABLE, "chainUnavailable", "the chain cannot be asked now"),
    (NOT_READY, "notReady", "the job has no summary; data.state says where it stands"),
    (STORAGE, "storage", "the disk is full or fails; nothing was changed"),
    (DAMAGED, "damaged", "what is stored does not match its commitment or does not decrypt"),
    (LIMITED, "limited", "more calls per second than this credential may make"),
    (STARTING, "starting", "the worker is not open for documents yet; the message says why"),
    (INVALID_PARAMS, "invalidParams", "the parameters are not those of the method"),
    (INTERNAL, "internal", "a fault of the worker"),
];

/// An error of a method.
#[derive(Debug)]
pub struct Failure(pub ErrorObjectOwned);

/// An error without data.
pub fn error(code: i32, message: impl Into<String>) -> Failure {
    Failure(ErrorObjectOwned::owned(code, message, None::<()>))
}

/// An error with data.
pub fn error_with(code: i32, message: impl Into<String>, data: impl Serialize) -> Failure {
    Failure(ErrorObjectOwned::owned(code, message, Some(data)))
}

impl From<Failure> for ErrorObjectOwned {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

impl From<StoreError> for Failure {
    fn from(why: StoreError) -> Self {
        tracing::error!(%why, "a store failed");
        error(STORAGE, why.to_string())
    }
}

impl From<QueueError> for Failure {
    fn from(why: QueueError) -> Self {
        match why {
            QueueError::Busy => error(BUSY, why.to_string()),
            QueueError::Corrupt => error(DAMAGED, why.to_string()),
            QueueError::Store(why) => why.into(),
        }
    }
}

impl From<ChainError> for Failure {
    fn from(why: ChainError) -> Self {
        error(CHAIN_UNAVAILABLE, why.to_string())
    }
}

impl From<Closed> for Failure {
    fn from(closed: Closed) -> Self {
        error(STARTING, format!("not open for documents yet: {}", closed.why()))
    }
}

impl From<BackupError> for Failure {
    fn from(why: BackupError) -> Self {
        match why {
            BackupError::Target(why) => error(INVALID_PARAMS, why),
            BackupError::Busy => error(BUSY, why.to_string()),
            BackupError::Vault(why) => why.into(),
            BackupError::Queue(why) => why.into(),
            BackupError::Store(why) => why.into(),
            // Only the command line asks another worker.
            BackupError::Asked(..) => error(INTERNAL, why.to_string()),
            BackupError::File(path, why) => error(STORAGE, format!("{}: {why}", path.display())),
        }
    }
}

impl From<vault::Error> for Failure {
    fn from(why: vault::Error) -> Self {
        use vault::Error;
        match why {
            Error::NotFound => error(NOT_FOUND, why.to_string()),
            Error::NotCanonical(_) | Error::TooLarge => error(INVALID_DOCUMENT, why.to_string()),
            Error::Mismatch | Error::Corrupt => {
                tracing::error!(%why, "the vault is damaged");
                error(DAMAGED, why.to_string())
            }
            Error::Store(why) => why.into(),
            other => {
                tracing::error!(%other, "the vault failed");
                error(INTERNAL, other.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique() {
        let codes: std::collections::BTreeSet<_> = TABLE.iter().map(|(code, ..)| code).collect();
        let names: std::collections::BTreeSet<_> = TABLE.iter().map(|(_, name, _)| name).collect();
        assert_eq!((codes.len(), names.len()), (TABLE.len(), TABLE.len()));
    }
}

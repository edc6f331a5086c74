//! What can be wrong with a file, or with what is in it.

/// Why a file cannot be used, in words that name it and say what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(pub String);

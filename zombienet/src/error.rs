//! One kind of error: what was wrong, in words.

use std::fmt::Display;

/// What went wrong, and where it helps, what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of these words.
    pub fn new(words: impl Into<String>) -> Self {
        Error(words.into())
    }
}

macro_rules! from {
    ($($error:ty),*) => {
        $(impl From<$error> for Error {
            fn from(why: $error) -> Self {
                Error(why.to_string())
            }
        })*
    };
}

from!(galen_client::Error, std::io::Error, serde_json::Error, codec::Error, toml::de::Error);

/// Says what was being done when something failed.
pub trait Context<T> {
    /// Puts `what` before the error.
    fn context<W: Display>(self, what: impl FnOnce() -> W) -> Result<T>;
}

impl<T, E: Display> Context<T> for Result<T, E> {
    fn context<W: Display>(self, what: impl FnOnce() -> W) -> Result<T> {
        self.map_err(|why| Error(format!("{}: {why}", what())))
    }
}

impl<T> Context<T> for Option<T> {
    fn context<W: Display>(self, what: impl FnOnce() -> W) -> Result<T> {
        self.ok_or_else(|| Error(what().to_string()))
    }
}

/// Returns an error of these words.
#[macro_export]
macro_rules! fail {
    ($($words:tt)*) => {
        return Err($crate::error::Error::new(format!($($words)*)))
    };
}

/// Returns an error of these words unless the condition holds.
#[macro_export]
macro_rules! ensure {
    ($holds:expr, $($words:tt)*) => {
        if !$holds {
            $crate::fail!($($words)*)
        }
    };
}

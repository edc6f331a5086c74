//! The parameters of JSON-RPC requests, as `galen-node` reads them. Apart from the node, so that fuzzers need
//! not build it.
//!
//! - [`Args`]: parameters by name or by position;
//! - [`accounts`]: accounts in them, in either form;
//! - [`Cursor`], [`cut`]: pages of lists.

pub mod accounts;
mod args;
mod cursor;

pub use args::{Args, Wrong};
pub use cursor::{Cursor, DEFAULT_PAGE, MAX_PAGE, cut};

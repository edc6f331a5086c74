//! The shape of every answer: the block that it was read at, and the value.

use galen_runtime::{BlockNumber, Hash};
use serde::Serialize;

/// An answer is read at this block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct At {
    /// Its hash.
    pub hash: Hash,
    /// Its number.
    pub number: BlockNumber,
    /// Whether it is final; one that is not may still be replaced by another.
    pub finalized: bool,
}

/// Every answer has this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer<T> {
    /// Where it was read.
    pub block: At,
    /// What was read.
    pub value: T,
}

/// A method that lists answers with a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T, C> {
    /// Some of the list, in its order.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<C>,
}

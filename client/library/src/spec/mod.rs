//! A published chain spec: what it holds, in words that people compare, and what speaks against it.
//!
//! A consortium is one raw spec, runtime code included. Nothing is asked of a node here: a hospital can check the file before it
//! runs anything of it. The genesis hash is computed as the node computes it, so that a running chain can be compared too.

mod check;
mod genesis;
mod hashes;
mod raw;

pub use check::problems;
pub use genesis::{Founder, Genesis, Holder};
pub use hashes::Hashes;
pub use raw::Spec;

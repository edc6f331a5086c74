//! The runtime after the next upgrade, for tests of upgrades: the runtime of this checkout with feature
//! `upgrade-rehearsal`, which raises the spec version and migrates every member's entry.
//!
//! `scripts/next-runtime OUT.wasm` builds it. It is a crate of its own so that its wasm has a place of its
//! own, and the ordinary runtime's stays what it is.

#![no_std]

#[cfg(feature = "rehearsal")]
pub use galen_runtime::*;

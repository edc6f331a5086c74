//! What a runtime upgrade changes in storage.
//!
//! Small changes go into [`SingleBlock`] and run whole in the first block of the new runtime. Changes that grow with
//! what is stored go into [`MultiBlock`] and run in steps, with no transactions in between.

/// Migrations that run in the upgrade's first block.
pub type SingleBlock = ();
/// Migrations that run in steps over several blocks.
pub type MultiBlock = ();

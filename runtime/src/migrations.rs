//! What a runtime upgrade changes in storage.
//!
//! Small changes go into [`SingleBlock`] and run whole in the first block of the new runtime. Changes that
//! grow with what is stored go into [`MultiBlock`] and run in steps, with no transactions in between.
//! `scripts/upgrade-check` runs both against the state of a running network before anybody votes.

#[cfg(feature = "upgrade-rehearsal")]
pub mod rehearsal;

/// Migrations that run in the upgrade's first block.
#[cfg(not(feature = "upgrade-rehearsal"))]
pub type SingleBlock = ();
/// Migrations that run in steps over several blocks.
#[cfg(not(feature = "upgrade-rehearsal"))]
pub type MultiBlock = ();

/// Migrations that run in the upgrade's first block.
#[cfg(feature = "upgrade-rehearsal")]
pub type SingleBlock = rehearsal::RaiseGrants;
/// Migrations that run in steps over several blocks.
#[cfg(feature = "upgrade-rehearsal")]
pub type MultiBlock = (rehearsal::RaiseJobs,);

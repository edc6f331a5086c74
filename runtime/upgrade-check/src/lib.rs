//! A dry run of a runtime upgrade: the migrations of this checkout's runtime, natively, against the state of
//! a network.
//!
//! The state is that of a running node at its last finalized block ([`state::fetch`]) or the genesis that an
//! earlier runtime builds ([`state::genesis_of`]). [`upgrade::dry_run`] says what the upgrade would do and
//! everything that is wrong with it. `scripts/upgrade-check` is the command.
//!
//! Everything is behind the feature `try-runtime`: switched on, it adds the checks to every pallet, which no
//! runtime that goes on chain should carry.

#[cfg(feature = "try-runtime")]
pub mod state;
#[cfg(feature = "try-runtime")]
pub mod upgrade;
#[cfg(feature = "try-runtime")]
pub mod version;

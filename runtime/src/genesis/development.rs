//! The development network: one hospital with the well-known key `//Alice`, which authors and finalises
//! alone.

use super::{Shape, sr25519_key, well_known};
use crate::GLN;
use alloc::{format, vec::Vec};

pub(super) fn shape() -> Shape {
    Shape {
        // Eras of a minute: what happens once in an era can be waited for.
        epoch_blocks: 10,
        sessions_per_era: 3,
        // A minute, so that an unanswered job can be waited for.
        job_blocks: 30,
        // At once, so that it can be seen.
        slash_defer_eras: 0,
        absence_threshold: 2,
        members_only_peers: false,
        validators: 1,
        hospitals: well_known("Alice", "Alice General").into_iter().collect(),
        treasury: 10_000_000 * GLN,
        endowed: endowed(&["Bob", "Charlie", "Dave", "Eve", "Ferdie"]),
    }
}

/// Makes well-known accounts to play with, no members.
pub(super) fn endowed(seeds: &[&str]) -> Vec<(crate::AccountId, crate::Balance)> {
    seeds
        .iter()
        .filter_map(|seed| sr25519_key(format!("//{seed}")))
        .map(|key| (key.into(), 10_000 * GLN))
        .collect()
}

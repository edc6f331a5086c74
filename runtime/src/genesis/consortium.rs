//! The template of a real consortium: epochs of an hour, eras of six, a treasury, and nobody in it.
//!
//! Its operators export it, fill in balances, stakers, session keys, members and the council, and publish the
//! raw spec. The node refuses to start with the template itself.

use super::Shape;
use crate::{GLN, HOURS, MINUTES};
use alloc::vec::Vec;

pub(super) fn shape() -> Shape {
    Shape {
        epoch_blocks: HOURS,
        sessions_per_era: 6,
        job_blocks: 5 * MINUTES,
        // Time for the council to look at what was reported, and to cancel a slash that should not be.
        slash_defer_eras: 7,
        absence_threshold: 4,
        members_only_peers: true,
        validators: crate::limits::MAX_VALIDATORS,
        hospitals: Vec::new(),
        treasury: 10_000_000 * GLN,
        endowed: Vec::new(),
    }
}

//! The template of a real consortium: epochs of an hour, eras of six, a treasury, and nobody in it.
//!
//! Its operators export it, fill in balances, stakers, session keys, members and the council, and publish the raw spec.
//! The node refuses to start with the template itself.

use super::Shape;
use crate::{GLN, HOURS, MINUTES};
use alloc::vec::Vec;

pub(super) fn shape() -> Shape {
    Shape {
        epoch_blocks: HOURS,
        sessions_per_era: 6,
        job_blocks: 5 * MINUTES,
        validators: crate::configs::consensus::MAX_VALIDATORS,
        hospitals: Vec::new(),
        treasury: 10_000_000 * GLN,
        endowed: Vec::new(),
    }
}

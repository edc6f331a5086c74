//! The local network: four hospitals with the well-known keys `//Alice` to `//Dave`; three of them can
//! finalise.

use super::{Shape, development::endowed, well_known};
use crate::GLN;

pub(super) fn shape() -> Shape {
    let names = [
        ("Alice", "Alice General"),
        ("Bob", "Bob Memorial"),
        ("Charlie", "Charlie University Hospital"),
        ("Dave", "Dave Children's"),
    ];
    Shape {
        epoch_blocks: 20,
        sessions_per_era: 3,
        job_blocks: 60,
        // At once, so that it can be seen.
        slash_defer_eras: 0,
        absence_threshold: 2,
        members_only_peers: false,
        validators: 4,
        hospitals: names.into_iter().filter_map(|(seed, name)| well_known(seed, name)).collect(),
        treasury: 10_000_000 * GLN,
        endowed: endowed(&["Eve", "Ferdie"]),
    }
}

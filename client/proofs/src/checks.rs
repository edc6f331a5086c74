//! What checks say, and what they have in common.

use galen_primitives::{BlockNumber, H256, records::Record};
use serde::Serialize;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// What was seen.
    pub seen: String,
}

impl Check {
    /// A check, whether it holds, and what was seen.
    pub fn new(name: &'static str, holds: bool, seen: impl Into<String>) -> Self {
        Check { name, holds, seen: seen.into() }
    }
}

/// Whether a receipt anchored in block `anchored` is in doubt, its key being suspect from block `suspect_from` on.
pub fn in_doubt(suspect_from: Option<BlockNumber>, anchored: BlockNumber) -> bool {
    suspect_from.is_some_and(|from| from <= anchored)
}

/// Says that a summary's receipt is in doubt, and what to do.
pub fn doubt(worker_key: &H256, suspect_from: BlockNumber, anchored: BlockNumber) -> String {
    format!(
        "{worker_key:?} was marked suspect from block {suspect_from} on and signed this in block {anchored}: ask the hospital \
         for a new summary"
    )
}

/// Says what has happened to a record since, in words that go on after "anchored"; nothing, if nothing has.
pub fn record_history(record: &Record) -> String {
    let mut words = String::new();
    if let Some(batch) = record.batch {
        words += &format!(", as a leaf of batch {batch:?}");
    }
    if let Some(by) = record.superseded_by {
        words += &format!(", replaced by {by:?}");
    }
    if let Some(voided) = &record.voided {
        words += &format!(", entered in error: voided in block {}", voided.at);
    }
    if let Some(transferred) = &record.transferred {
        words += &format!(", in another hospital's custody since block {}", transferred.at);
    }
    if let Some(at) = record.erased_at {
        words += &format!(", erased in block {at}: the custodian has destroyed key and salt");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_from_the_suspect_block_on_are_in_doubt() {
        assert!(!in_doubt(None, 30));
        assert!(!in_doubt(Some(30), 29));
        assert!(in_doubt(Some(30), 30));
        assert!(in_doubt(Some(30), 31));
    }
}

//! A record that stands in a batch, and need not be revealed.

use super::{keys, state::ProvenState};
use crate::{batch::LeafProof, checks::record_history};
use galen_primitives::{
    BlockNumber,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
    },
};

/// The storage keys that say what there is of a leaf: its batch, the record if it was revealed, the receipt of its erasure if it was
/// not.
pub(super) fn wanted(leaf: &LeafProof) -> Vec<Vec<u8>> {
    vec![keys::batch(&leaf.proof.root), keys::record(&leaf.commitment), keys::erased_leaf(&leaf.commitment)]
}

/// The path from the leaf to its batch's root, and that the batch is anchored.
pub(super) fn batch(
    state: &ProvenState,
    leaf: &LeafProof,
    number: BlockNumber,
) -> Result<(Batch, String), String> {
    if !leaf.proves() {
        return Err("the path does not lead from the leaf to the root of the batch".into());
    }
    if leaf.opens() == Some(false) {
        return Err("the attributes are not those that the leaf was made of".into());
    }
    let batch: Batch = state.expect("batch", &keys::batch(&leaf.proof.root))?;
    if batch.count != leaf.proof.count {
        return Err(format!(
            "the batch has {} leaves, the path is for one of {}",
            batch.count, leaf.proof.count
        ));
    }
    if batch.anchored_at > number {
        return Err(format!(
            "the batch says that it was anchored in block {}, later than this",
            batch.anchored_at
        ));
    }
    let seen = format!(
        "{:?} is leaf {} of {} in {:?}, anchored in block {} by {}",
        leaf.commitment, leaf.proof.index, batch.count, leaf.proof.root, batch.anchored_at, batch.custodian
    );
    Ok((batch, seen))
}

/// What has become of the record since: shown for a revealed one; refused for an erased one, of which nothing else is left.
pub(super) fn since(state: &ProvenState, leaf: &LeafProof) -> Result<(Option<Record>, String), String> {
    let erased: Option<ErasedLeaf> = state.get("erased leaf", &keys::erased_leaf(&leaf.commitment))?;
    if let Some(erased) = erased {
        return Err(format!(
            "erased in block {}: the custodian has destroyed key and salt",
            erased.erased_at
        ));
    }
    let record: Option<Record> = state.get("record", &keys::record(&leaf.commitment))?;
    let seen = match &record {
        Some(record) => format!("revealed{}", record_history(record)),
        None => "not revealed, not erased".into(),
    };
    Ok((record, seen))
}

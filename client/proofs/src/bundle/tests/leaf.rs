//! Records in a batch.

use super::{
    super::{Bundle, Proven, Subject},
    chain::*,
};
use crate::{batch::LeafProof, storage_key as key};
use codec::Encode;
use galen_primitives::{
    H256,
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
    },
};

fn with_leaf(change: impl FnOnce(&mut LeafProof)) -> Bundle {
    let mut leaf = batch_leaf(4);
    change(&mut leaf);
    bundle(Subject::BatchedRecord(leaf))
}

fn with_batch(batch: Option<Batch>) -> Bundle {
    let mut storage = storage();
    storage.remove(&batch_key());
    storage.extend(batch.map(|batch| (batch_key(), batch.encode())));
    bundle_in(&storage, leaf_subject(4))
}

#[test]
fn every_leaf_is_shown_as_it_stands() {
    for number in 0..7 {
        let proven = checked(&bundle(leaf_subject(number))).proven.unwrap();
        assert_eq!(proven.commitment(), Some(batch_leaf(number).commitment));
        let expected =
            Proven::BatchedRecord { leaf: batch_leaf(number), batch: anchored_batch(), record: None };
        assert_eq!(proven, expected);
    }
    assert!(checked(&with_leaf(|leaf| leaf.opened = None)).verified);
}

#[test]
fn a_leaf_must_be_in_the_batch() {
    let refused = |bundle: Bundle, words: &str| refused_at(&checked(&bundle), "batch", words);
    refused(with_leaf(|leaf| leaf.commitment = batch_leaf(3).commitment), "path does not lead");
    refused(with_leaf(|leaf| leaf.digest = batch_leaf(3).digest), "path does not lead");
    refused(with_leaf(|leaf| leaf.proof.index = 3), "path does not lead");
    refused(with_leaf(|leaf| leaf.proof.count = 0), "path does not lead");
    refused(with_leaf(|leaf| leaf.proof = batch_leaf(3).proof), "path does not lead");
    let other_salt = |leaf: &mut LeafProof| leaf.opened.as_mut().unwrap().salt = H256::zero();
    refused(with_leaf(other_salt), "not those that the leaf was made of");
}

#[test]
fn the_batch_must_be_anchored() {
    let refused = |bundle: Bundle, words: &str| refused_at(&checked(&bundle), "batch", words);
    refused(with_batch(None), "the state has no batch");
    refused(with_batch(Some(Batch { count: 8, ..anchored_batch() })), "the batch has 8 leaves");
    refused(with_batch(Some(Batch { anchored_at: 81, ..anchored_batch() })), "later than this");
}

#[test]
fn revealed_leaves_are_told_and_erased_ones_refused() {
    let leaf = batch_leaf(4);
    let mut storage = storage();
    let revealed = Record { batch: Some(leaf.proof.root), ..record() };
    storage.insert(record_key(leaf.commitment), revealed.encode());
    let report = checked(&bundle_in(&storage, leaf_subject(4)));
    assert!(report.verified && report.checks.last().unwrap().seen.starts_with("revealed, as a leaf of"));

    let erased = ErasedLeaf { custodian: hospital(), batch: leaf.proof.root, erased_at: 79 };
    storage.insert(key::blake2("Records", "ErasedLeaves", leaf.commitment.as_bytes()), erased.encode());
    refused_at(&checked(&bundle_in(&storage, leaf_subject(4))), "record", "erased in block 79");
    // Of the others nothing was erased.
    assert!(checked(&bundle_in(&storage, leaf_subject(3))).verified);
}

//! `try_state` notices what must not be.

use crate::{Batches, ErasedLeaves, Records as Stored, mock::*};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    records::{
        Record, Transferred, Voided,
        batch::{Batch, ErasedLeaf},
    },
};
use galen_testing::try_state_after;

/// Breaks the state, expects `try_state` to notice, and restores it.
fn notices(what: &str, spoil: impl FnOnce()) {
    assert!(try_state_after(spoil, Records::do_try_state).is_err(), "{what}");
    assert_ok!(Records::do_try_state());
}

fn change(n: u64, spoil: impl FnOnce(&mut Record)) {
    Stored::<Test>::mutate(commitment(n), |record| spoil(record.as_mut().unwrap()));
}

#[test]
fn every_broken_link_is_noticed() {
    run(|| {
        System::set_block_number(3);
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_ok!(supersede(&general(), commitment(1), commitment(2), 0));
        assert_ok!(supersede(&general(), commitment(2), commitment(3), 0));
        assert_ok!(anchor(&general(), commitment(4), 1));

        notices("a lost first", || Stored::<Test>::remove(commitment(1)));
        notices("a lost middle", || Stored::<Test>::remove(commitment(2)));
        notices("a lost last", || Stored::<Test>::remove(commitment(3)));
        notices("a link one way only", || change(1, |record| record.superseded_by = None));
        notices("a link back only", || change(3, |record| record.supersedes = None));
        notices("another successor", || change(1, |record| record.superseded_by = Some(commitment(3))));
        notices("a circle", || {
            change(1, |record| record.supersedes = Some(commitment(3)));
            change(3, |record| record.superseded_by = Some(commitment(1)));
        });
        notices("itself", || {
            change(4, |record| {
                record.supersedes = Some(commitment(4));
                record.superseded_by = Some(commitment(4));
            });
        });
        notices("another patient", || change(2, |record| record.attributes.patient = patient(1)));
        notices("another custodian", || change(4, |record| record.custodian = mercy()));
        notices("back in time", || change(3, |record| record.anchored_at = 2));
        notices("from the future", || change(4, |record| record.anchored_at = 4));
        assert_ok!(erase(&general(), commitment(1)));
        notices("labels of an erased record", || {
            change(1, |record| record.attributes.facts.labels = attributes(0).facts.labels);
        });
        notices("an erased record's author", || {
            change(1, |record| record.attributes.facts.authors = attributes(0).facts.authors);
        });
        notices("an erased record's time", || change(1, |record| record.attributes.facts.authored = Some(1)));
        notices("erased before it was anchored", || change(1, |record| record.erased_at = Some(2)));
        notices("erased in the future", || change(1, |record| record.erased_at = Some(4)));
        notices("voided in the future", || {
            change(4, |record| record.voided = Some(Voided { at: 4, reason: REASON }));
        });
        notices("transferred before it was anchored", || {
            change(4, |record| record.transferred = Some(Transferred { at: 2, link: LINK }));
        });
        notices("an older version transferred", || {
            change(2, |record| record.transferred = Some(Transferred { at: 3, link: LINK }));
        });
        notices("the zero commitment", || {
            Stored::<Test>::insert(H256::zero(), Stored::<Test>::get(commitment(4)).unwrap());
        });
    });
}

#[test]
fn what_is_wrong_with_batches_is_noticed() {
    run(|| {
        System::set_block_number(3);
        let tree = tree(&[(1, 0), (2, 1), (3, 2)]);
        assert_ok!(anchor_batch(&general(), &tree));
        assert_ok!(reveal(&general(), &tree, 0, 1, 0));
        assert_ok!(erase_leaf(&general(), &tree, 1, 2, 1));
        let batch = |spoil: fn(&mut Batch)| {
            Batches::<Test>::mutate(tree.root(), |batch| spoil(batch.as_mut().unwrap()));
        };
        let erased = |spoil: fn(&mut ErasedLeaf)| {
            ErasedLeaves::<Test>::mutate(commitment(2), |leaf| spoil(leaf.as_mut().unwrap()));
        };
        notices("a lost batch", || Batches::<Test>::remove(tree.root()));
        notices("another's batch", || batch(|batch| batch.custodian = mercy()));
        notices("a batch of another time", || batch(|batch| batch.anchored_at = 2));
        notices("an empty batch", || batch(|batch| batch.count = 0));
        notices("too large a batch", || batch(|batch| batch.count = (1 << 20) + 1));
        notices("another's erasure", || erased(|leaf| leaf.custodian = mercy()));
        notices("an erasure of no batch", || erased(|leaf| leaf.batch = LINK));
        notices("erased before", || erased(|leaf| leaf.erased_at = 2));
        notices("erased in the future", || erased(|leaf| leaf.erased_at = 4));
        notices("erased and revealed", || {
            Stored::<Test>::insert(commitment(2), Stored::<Test>::get(commitment(1)).unwrap());
        });
        notices("a record of no batch", || change(1, |record| record.batch = Some(LINK)));
    });
}

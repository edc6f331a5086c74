//! Batches, and what becomes of their leaves.

use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    audit::Kind,
    records::{
        Record,
        batch::{Batch, ErasedLeaf, MAX_LEAVES},
    },
};

#[test]
fn one_root_stands_for_many() {
    run(|| {
        let tree = tree(&[(1, 0), (2, 1), (3, 2)]);
        System::set_block_number(6);
        assert_ok!(anchor_batch(&general(), &tree));
        assert_eq!(
            Records::batch(&tree.root()),
            Some(Batch { custodian: general(), count: 3, anchored_at: 6 })
        );
        assert_eq!(Records::record(&commitment(1)), None, "nothing is known of its leaves");
        let event = Event::BatchAnchored { root: tree.root(), custodian: general(), count: 3 };
        System::assert_last_event(event.into());
        assert_eq!(FakeAudit::entries(), vec![(Some(general()), Kind::BatchAnchored, tree.root(), None)]);
        assert_noop!(anchor_batch(&general(), &tree), Error::<Test>::AlreadyExists);
        assert_noop!(anchor_batch(&mercy(), &tree), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn a_batch_has_a_root_a_size_and_a_member() {
    run(|| {
        let batch = |root: H256, count: u32| submit(&general(), Call::anchor_batch { root, count });
        assert_noop!(batch(H256::zero(), 1), Error::<Test>::InvalidCommitment);
        assert_noop!(batch(LINK, 0), Error::<Test>::InvalidCount);
        assert_noop!(batch(LINK, MAX_LEAVES + 1), Error::<Test>::InvalidCount);
        assert_noop!(anchor_batch(&outsider(), &tree(&[(1, 0)])), Error::<Test>::NotMember);
        FakeAudit::room_for(0);
        assert_noop!(batch(LINK, 1), FakeAudit::FULL);
        FakeAudit::room_for(1);
        assert_ok!(batch(LINK, MAX_LEAVES));
    });
}

#[test]
fn a_revealed_leaf_is_a_record_as_old_as_its_batch() {
    run(|| {
        let tree = tree(&[(1, 0), (2, 1), (3, 0)]);
        System::set_block_number(2);
        assert_ok!(anchor_batch(&general(), &tree));
        System::set_block_number(9);
        assert_ok!(reveal(&general(), &tree, 2, 3, 0));
        let record = Record { batch: Some(tree.root()), ..Record::new(general(), attributes(0), 2) };
        assert_eq!(Records::record(&commitment(3)), Some(record));
        let (id, batch) = (commitment(3), tree.root());
        let event = Event::Revealed { id, batch, custodian: general(), patient: patient(0) };
        System::assert_last_event(event.into());
        assert_eq!(
            FakeAudit::entries()[1..],
            [(Some(general()), Kind::RecordRevealed, commitment(3), Some(patient(0)))]
        );
        // As one that was anchored by itself.
        assert_ok!(supersede(&general(), commitment(3), commitment(4), 0));
        assert_ok!(erase(&general(), commitment(3)));
        assert_ok!(void(&general(), commitment(4)));
    });
}

#[test]
fn once_revealed_or_anchored_it_is_not_revealed_again() {
    run(|| {
        let (one, other) = (tree(&[(1, 0), (2, 1)]), tree(&[(1, 0), (3, 1)]));
        assert_ok!(anchor_batch(&general(), &one));
        assert_ok!(anchor_batch(&general(), &other));
        assert_ok!(reveal(&general(), &one, 0, 1, 0));
        assert_noop!(reveal(&general(), &one, 0, 1, 0), Error::<Test>::AlreadyExists);
        assert_noop!(reveal(&general(), &other, 0, 1, 0), Error::<Test>::AlreadyExists);
        assert_noop!(anchor(&general(), commitment(1), 0), Error::<Test>::AlreadyExists);
        assert_ok!(anchor(&general(), commitment(2), 1));
        assert_noop!(reveal(&general(), &one, 1, 2, 1), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn what_the_proof_does_not_show_is_not_revealed() {
    run(|| {
        let tree = tree(&[(1, 0), (2, 1), (3, 2), (4, 0), (5, 1)]);
        assert_noop!(reveal(&general(), &tree, 0, 1, 0), Error::<Test>::BatchNotFound);
        assert_ok!(anchor_batch(&general(), &tree));
        // Another place, another document, another patient.
        assert_noop!(reveal(&general(), &tree, 1, 1, 0), Error::<Test>::InvalidProof);
        assert_noop!(reveal(&general(), &tree, 0, 7, 0), Error::<Test>::InvalidProof);
        assert_noop!(reveal(&general(), &tree, 0, 1, 1), Error::<Test>::InvalidProof);
        let call = |change: &dyn Fn(&mut Call<Test>)| {
            let (commitment, attributes, proof) = (commitment(1), attributes(0), tree.proof(0).unwrap());
            let mut call = Call::reveal { commitment, attributes, attributes_salt: salt(1), proof };
            change(&mut call);
            submit(&general(), call)
        };
        type Spoil<'a> = &'a dyn Fn(&mut Call<Test>);
        let spoils: [Spoil; 4] = [
            &|call| {
                if let Call::reveal { attributes, .. } = call {
                    attributes.facts.authored = None
                }
            },
            &|call| {
                if let Call::reveal { attributes_salt, .. } = call {
                    *attributes_salt = salt(2)
                }
            },
            &|call| {
                if let Call::reveal { proof, .. } = call {
                    proof.count = 6
                }
            },
            &|call| {
                if let Call::reveal { proof, .. } = call {
                    proof.path.pop();
                }
            },
        ];
        for spoil in spoils {
            assert_noop!(call(spoil), Error::<Test>::InvalidProof);
        }
        assert_ok!(call(&|_| ()));
    });
}

#[test]
fn only_by_its_custodian_and_for_the_custodians_patient() {
    run(|| {
        let tree = tree(&[(1, 0), (2, 4), (3, 8), (0, 0)]);
        assert_ok!(anchor_batch(&general(), &tree));
        assert_noop!(reveal(&outsider(), &tree, 0, 1, 0), Error::<Test>::NotMember);
        assert_noop!(reveal(&mercy(), &tree, 0, 1, 0), Error::<Test>::NotCustodian);
        assert_noop!(reveal(&general(), &tree, 1, 2, 4), Error::<Test>::NotCustodian);
        assert_noop!(reveal(&general(), &tree, 2, 3, 8), Error::<Test>::NotEnrolled);
        assert_noop!(reveal(&general(), &tree, 3, 0, 0), Error::<Test>::InvalidCommitment);
        FakeAudit::room_for(0);
        assert_noop!(reveal(&general(), &tree, 0, 1, 0), FakeAudit::FULL);
        FakeAudit::room_for(1);
        FakeConsortium::evict(&general());
        assert_noop!(reveal(&general(), &tree, 0, 1, 0), Error::<Test>::NotMember);
    });
}

#[test]
fn an_erased_leaf_is_never_revealed_nor_anchored() {
    run(|| {
        let (one, other) = (tree(&[(1, 0), (2, 1)]), tree(&[(1, 0), (3, 1)]));
        assert_ok!(anchor_batch(&general(), &one));
        assert_ok!(anchor_batch(&general(), &other));
        System::set_block_number(5);
        assert_ok!(erase_leaf(&general(), &one, 0, 1, 0));
        let leaf = ErasedLeaf { custodian: general(), batch: one.root(), erased_at: 5 };
        assert_eq!(Records::erased_leaf(&commitment(1)), Some(leaf));
        let event = Event::LeafErased { id: commitment(1), batch: one.root(), custodian: general() };
        System::assert_last_event(event.into());
        let entry = (Some(general()), Kind::RecordErased, commitment(1), None);
        assert_eq!(FakeAudit::entries()[2..], [entry], "of whom it was, it says nothing");
        for tree in [&one, &other] {
            assert_noop!(reveal(&general(), tree, 0, 1, 0), Error::<Test>::AlreadyErased);
            assert_noop!(erase_leaf(&general(), tree, 0, 1, 0), Error::<Test>::AlreadyErased);
        }
        assert_noop!(anchor(&general(), commitment(1), 0), Error::<Test>::AlreadyErased);
        assert_ok!(anchor(&general(), commitment(9), 0));
        assert_noop!(supersede(&general(), commitment(9), commitment(1), 0), Error::<Test>::AlreadyErased);
    });
}

#[test]
fn only_a_leaf_that_is_proven_and_was_not_revealed_is_erased() {
    run(|| {
        let tree = tree(&[(1, 0), (2, 1)]);
        assert_noop!(erase_leaf(&general(), &tree, 0, 1, 0), Error::<Test>::BatchNotFound);
        assert_ok!(anchor_batch(&general(), &tree));
        assert_noop!(erase_leaf(&general(), &tree, 1, 1, 0), Error::<Test>::InvalidProof);
        assert_noop!(erase_leaf(&general(), &tree, 0, 7, 0), Error::<Test>::InvalidProof);
        assert_noop!(erase_leaf(&general(), &tree, 0, 1, 1), Error::<Test>::InvalidProof);
        assert_noop!(erase_leaf(&mercy(), &tree, 0, 1, 0), Error::<Test>::NotCustodian);
        assert_noop!(erase_leaf(&outsider(), &tree, 0, 1, 0), Error::<Test>::NotMember);
        assert_ok!(reveal(&general(), &tree, 0, 1, 0));
        assert_noop!(erase_leaf(&general(), &tree, 0, 1, 0), Error::<Test>::AlreadyExists);
        assert_ok!(erase(&general(), commitment(1)));
        FakeAudit::room_for(0);
        assert_noop!(erase_leaf(&general(), &tree, 1, 2, 1), FakeAudit::FULL);
    });
}

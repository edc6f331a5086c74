//! Anchoring.

use crate::{Call, Error, Event, WeightInfo, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{H256, audit::Kind, records::Record, traits::RecordLookup};

#[test]
fn the_custodian_anchors() {
    run(|| {
        System::set_block_number(6);
        assert_ok!(anchor(&general(), commitment(1), 0));
        let record = Record::new(general(), attributes(0), 6);
        assert_eq!(Records::record(&commitment(1)), Some(record.clone()));
        assert_eq!(<Records as RecordLookup>::record(&commitment(1)), Some(record));
        assert_eq!(Records::record(&commitment(2)), None);
        System::assert_last_event(
            Event::Anchored { id: commitment(1), custodian: general(), patient: patient(0) }.into(),
        );
        assert_eq!(
            FakeAudit::entries(),
            vec![(Some(general()), Kind::RecordAnchored, commitment(1), Some(patient(0)))]
        );
    });
}

#[test]
fn only_the_patients_custodian_may() {
    run(|| {
        assert_noop!(anchor(&outsider(), commitment(1), 0), Error::<Test>::NotMember);
        assert_noop!(anchor(&mercy(), commitment(1), 0), Error::<Test>::NotCustodian);
        assert_noop!(anchor(&general(), commitment(1), 4), Error::<Test>::NotCustodian);
        assert_noop!(anchor(&general(), commitment(1), 8), Error::<Test>::NotEnrolled);
        FakeConsortium::evict(&general());
        assert_noop!(anchor(&general(), commitment(1), 0), Error::<Test>::NotMember);
    });
}

#[test]
fn a_commitment_is_anchored_once_by_anyone() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_noop!(anchor(&general(), commitment(1), 0), Error::<Test>::AlreadyExists);
        assert_noop!(anchor(&general(), commitment(1), 1), Error::<Test>::AlreadyExists);
        assert_noop!(anchor(&mercy(), commitment(1), 4), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn the_zero_commitment_is_refused() {
    run(|| {
        assert_noop!(anchor(&general(), H256::zero(), 0), Error::<Test>::InvalidCommitment);
    });
}

#[test]
fn lists_are_sets() {
    run(|| {
        let labels = vec![H256([1; 32]), H256([2; 32]), H256([1; 32])].try_into().unwrap();
        let twice: galen_primitives::BlindedLabel = H256([3; 32]);
        for attributes in [
            with_facts(0, |facts| facts.labels = labels),
            with_facts(0, |facts| facts.authors = vec![twice, twice].try_into().unwrap()),
            with_facts(0, |facts| facts.related = vec![twice, twice].try_into().unwrap()),
        ] {
            assert_noop!(
                submit(&general(), Call::anchor { commitment: commitment(1), attributes }),
                Error::<Test>::InvalidAttributes
            );
        }
        let labels = (1..=16).map(|n| H256([n; 32])).collect::<Vec<_>>().try_into().unwrap();
        let full = with_facts(0, |facts| facts.labels = labels);
        assert_ok!(submit(&general(), Call::anchor { commitment: commitment(1), attributes: full }));
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        FakeAudit::room_for(0);
        assert_noop!(anchor(&general(), commitment(1), 0), FakeAudit::FULL);
    });
}

#[test]
fn weights_grow_with_the_labels() {
    assert!(<() as WeightInfo>::anchor(16).ref_time() > <() as WeightInfo>::anchor(0).ref_time());
}

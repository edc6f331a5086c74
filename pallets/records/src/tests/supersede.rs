//! Superseding.

use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{H256, audit::Kind, consent::Confidentiality};

#[test]
fn both_records_keep_the_link_and_the_old_one_its_attributes() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        System::set_block_number(5);
        let newer = with_facts(0, |facts| facts.level = Confidentiality::V);
        assert_ok!(submit(
            &general(),
            Call::supersede { old: commitment(1), commitment: commitment(2), attributes: newer.clone() }
        ));
        let (old, new) = (Records::record(&commitment(1)).unwrap(), Records::record(&commitment(2)).unwrap());
        assert_eq!((old.supersedes, old.superseded_by), (None, Some(commitment(2))));
        assert_eq!((old.attributes, old.anchored_at), (attributes(0), 1));
        assert_eq!((new.supersedes, new.superseded_by), (Some(commitment(1)), None));
        assert_eq!((new.attributes, new.anchored_at, new.custodian), (newer, 5, general()));
        System::assert_has_event(
            Event::Anchored { id: commitment(2), custodian: general(), patient: patient(0) }.into(),
        );
        System::assert_last_event(
            Event::Superseded { old: commitment(1), new: commitment(2), custodian: general() }.into(),
        );
        assert_eq!(
            FakeAudit::entries()[1..],
            [
                (Some(general()), Kind::RecordAnchored, commitment(2), Some(patient(0))),
                (Some(general()), Kind::RecordSuperseded, commitment(1), Some(patient(0))),
            ]
        );
    });
}

#[test]
fn a_record_has_one_successor() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_ok!(supersede(&general(), commitment(1), commitment(2), 0));
        assert_noop!(
            supersede(&general(), commitment(1), commitment(3), 0),
            Error::<Test>::AlreadySuperseded
        );
        assert_ok!(supersede(&general(), commitment(2), commitment(3), 0));
    });
}

#[test]
fn a_lineage_does_not_bite_its_tail() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_noop!(supersede(&general(), commitment(1), commitment(1), 0), Error::<Test>::AlreadyExists);
        assert_ok!(supersede(&general(), commitment(1), commitment(2), 0));
        assert_noop!(supersede(&general(), commitment(2), commitment(1), 0), Error::<Test>::AlreadyExists);
        // Nor does it take over a record that stands on its own.
        assert_ok!(anchor(&general(), commitment(3), 0));
        assert_noop!(supersede(&general(), commitment(2), commitment(3), 0), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn only_its_custodian_for_the_same_patient() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_noop!(supersede(&general(), commitment(9), commitment(2), 0), Error::<Test>::NotFound);
        assert_noop!(supersede(&outsider(), commitment(1), commitment(2), 0), Error::<Test>::NotMember);
        assert_noop!(supersede(&mercy(), commitment(1), commitment(2), 4), Error::<Test>::NotCustodian);
        assert_noop!(supersede(&mercy(), commitment(1), commitment(2), 0), Error::<Test>::NotCustodian);
        assert_noop!(supersede(&general(), commitment(1), commitment(2), 1), Error::<Test>::InvalidPatient);
        assert_noop!(supersede(&general(), commitment(1), H256::zero(), 0), Error::<Test>::InvalidCommitment);
        FakeConsortium::evict(&general());
        assert_noop!(supersede(&general(), commitment(1), commitment(2), 0), Error::<Test>::NotMember);
    });
}

#[test]
fn labels_are_a_set() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        let labels = vec![H256([1; 32]), H256([1; 32])].try_into().unwrap();
        let twice = with_facts(0, |facts| facts.labels = labels);
        let call = Call::supersede { old: commitment(1), commitment: commitment(2), attributes: twice };
        assert_noop!(submit(&general(), call), Error::<Test>::InvalidAttributes);
    });
}

#[test]
fn without_both_audit_entries_nothing_happens() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        for room in [0, 1] {
            FakeAudit::room_for(room);
            assert_noop!(supersede(&general(), commitment(1), commitment(2), 0), FakeAudit::FULL);
        }
        FakeAudit::room_for(2);
        assert_ok!(supersede(&general(), commitment(1), commitment(2), 0));
    });
}

//! Erasing.

use crate::{Error, Event, WeightInfo, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{audit::Kind, records::RecordFacts};

#[test]
fn what_need_not_stay_goes_and_the_rest_stays() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        let before = Records::record(&commitment(1)).unwrap();
        System::set_block_number(7);
        assert_ok!(erase(&general(), commitment(1)));
        let after = Records::record(&commitment(1)).unwrap();
        let kept = with_facts(0, |facts| *facts = RecordFacts { level: facts.level, ..Default::default() });
        assert_eq!((after.erased_at, &after.attributes), (Some(7), &kept));
        assert_eq!((after.custodian, after.anchored_at), (before.custodian, before.anchored_at));
        System::assert_last_event(Event::Erased { id: commitment(1), custodian: general() }.into());
        assert_eq!(
            FakeAudit::entries()[1..],
            [(Some(general()), Kind::RecordErased, commitment(1), Some(patient(0)))]
        );
    });
}

#[test]
fn once_and_nothing_follows_it() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_ok!(erase(&general(), commitment(1)));
        assert_noop!(erase(&general(), commitment(1)), Error::<Test>::AlreadyErased);
        assert_noop!(supersede(&general(), commitment(1), commitment(2), 0), Error::<Test>::AlreadyErased);
        assert_noop!(anchor(&general(), commitment(1), 0), Error::<Test>::AlreadyExists);
        assert_eq!(FakeAudit::entries().len(), 2);
    });
}

#[test]
fn any_version_can_be_erased_and_the_links_stay() {
    run(|| {
        for (old, new) in [(1, 2), (2, 3)] {
            if old == 1 {
                assert_ok!(anchor(&general(), commitment(1), 0));
            }
            assert_ok!(supersede(&general(), commitment(old), commitment(new), 0));
        }
        assert_ok!(erase(&general(), commitment(2)));
        let middle = Records::record(&commitment(2)).unwrap();
        assert_eq!((middle.supersedes, middle.superseded_by), (Some(commitment(1)), Some(commitment(3))));
        // That it has a successor is the older reason.
        assert_noop!(
            supersede(&general(), commitment(2), commitment(4), 0),
            Error::<Test>::AlreadySuperseded
        );
        assert_ok!(supersede(&general(), commitment(3), commitment(4), 0));
        assert_ok!(erase(&general(), commitment(1)));
    });
}

#[test]
fn only_its_custodian_may() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_noop!(erase(&general(), commitment(2)), Error::<Test>::NotFound);
        assert_noop!(erase(&mercy(), commitment(1)), Error::<Test>::NotCustodian);
        assert_noop!(erase(&outsider(), commitment(1)), Error::<Test>::NotMember);
        FakeConsortium::evict(&general());
        assert_noop!(erase(&general(), commitment(1)), Error::<Test>::NotMember);
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        FakeAudit::room_for(0);
        assert_noop!(erase(&general(), commitment(1)), FakeAudit::FULL);
        assert!(<() as WeightInfo>::erase().ref_time() > 0);
    });
}

//! Records entered in error, and records that go into another hospital's custody.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    consent::Reason,
    records::{Transferred, Voided, transfer_link},
};

#[test]
fn a_voided_record_stays_with_its_links() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_ok!(supersede(&general(), commitment(1), commitment(2), 0));
        System::set_block_number(5);
        for id in [1, 2] {
            assert_ok!(void(&general(), commitment(id)));
            let record = Records::record(&commitment(id)).unwrap();
            assert_eq!(record.voided, Some(Voided { at: 5, reason: REASON }));
            assert_eq!((record.closed(), &record.attributes), (Some(Reason::RecordVoided), &attributes(0)));
        }
        assert_eq!(Records::record(&commitment(2)).unwrap().supersedes, Some(commitment(1)));
        System::assert_last_event(
            Event::Voided { id: commitment(2), custodian: general(), reason: REASON }.into(),
        );
        let entry = (Some(general()), Kind::RecordVoided, commitment(2), Some(patient(0)));
        assert_eq!(FakeAudit::entries().last(), Some(&entry));
    });
}

#[test]
fn a_voided_record_is_erased_and_nothing_else() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_ok!(void(&general(), commitment(1)));
        assert_noop!(void(&general(), commitment(1)), Error::<Test>::AlreadyVoided);
        assert_noop!(supersede(&general(), commitment(1), commitment(2), 0), Error::<Test>::AlreadyVoided);
        assert_noop!(transfer(&general(), commitment(1)), Error::<Test>::AlreadyVoided);
        assert_ok!(erase(&general(), commitment(1)));
        assert_eq!(Records::record(&commitment(1)).unwrap().closed(), Some(Reason::RecordErased));
        assert_noop!(void(&general(), commitment(1)), Error::<Test>::AlreadyErased);
    });
}

#[test]
fn a_transferred_record_points_on_for_those_who_hold_the_secret() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        // Mercy's copy, under the patient's key at Mercy.
        assert_ok!(anchor(&mercy(), commitment(2), 4));
        let link = transfer_link(&[5; 32], &commitment(1), &commitment(2));
        System::set_block_number(8);
        assert_ok!(submit(&general(), crate::Call::transfer { commitment: commitment(1), link }));
        let record = Records::record(&commitment(1)).unwrap();
        assert_eq!(record.transferred, Some(Transferred { at: 8, link }));
        assert_eq!(record.closed(), Some(Reason::RecordTransferred));
        System::assert_last_event(
            Event::Transferred { id: commitment(1), custodian: general(), link }.into(),
        );
        let entry = (Some(general()), Kind::RecordTransferred, commitment(1), Some(patient(0)));
        assert_eq!(FakeAudit::entries().last(), Some(&entry));
        assert_ne!(link, transfer_link(&[6; 32], &commitment(1), &commitment(2)));
        assert_ne!(link, transfer_link(&[5; 32], &commitment(2), &commitment(1)));
    });
}

#[test]
fn only_the_newest_version_is_passed_on_and_only_once() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        assert_ok!(supersede(&general(), commitment(1), commitment(2), 0));
        assert_noop!(transfer(&general(), commitment(1)), Error::<Test>::AlreadySuperseded);
        assert_ok!(transfer(&general(), commitment(2)));
        assert_noop!(transfer(&general(), commitment(2)), Error::<Test>::AlreadyTransferred);
        assert_noop!(
            supersede(&general(), commitment(2), commitment(3), 0),
            Error::<Test>::AlreadyTransferred
        );
        // An error may be found, and an erasure asked for, later.
        assert_ok!(void(&general(), commitment(2)));
        assert_ok!(erase(&general(), commitment(2)));
        assert_ok!(anchor(&general(), commitment(4), 0));
        assert_ok!(erase(&general(), commitment(4)));
        assert_noop!(transfer(&general(), commitment(4)), Error::<Test>::AlreadyErased);
    });
}

#[test]
fn only_its_custodian_may() {
    run(|| {
        assert_ok!(anchor(&general(), commitment(1), 0));
        for withdraw in [void, transfer] {
            assert_noop!(withdraw(&general(), commitment(2)), Error::<Test>::NotFound);
            assert_noop!(withdraw(&mercy(), commitment(1)), Error::<Test>::NotCustodian);
            assert_noop!(withdraw(&outsider(), commitment(1)), Error::<Test>::NotMember);
            FakeAudit::room_for(0);
            assert_noop!(withdraw(&general(), commitment(1)), FakeAudit::FULL);
        }
    });
}

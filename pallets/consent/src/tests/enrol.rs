//! Enrolment.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    commitment::tagged_hash,
    consent::Patient,
    traits::{ConsentCheck, Consortium},
};

#[test]
fn a_member_enrols_and_becomes_custodian() {
    run(|| {
        let key = Wallet::sr(1).key();
        to_block(5);
        assert_ok!(enrol(&general(), &key));
        let expected = Patient {
            custodian: general(),
            enrolled_at: 5,
            nonce: 0,
            versions: 0,
            past: Default::default(),
            overflow: 0,
        };
        assert_eq!(Consent::patient(&key), Some(expected));
        assert_eq!(Consent::custodian_of(&key), Some(general()));
        System::assert_last_event(Event::Enrolled { patient: key.clone(), custodian: general() }.into());
        let subject = tagged_hash(b"galen:account:v1", &[key.as_ref()]);
        assert_eq!(FakeAudit::entries(), vec![(Some(general()), Kind::PatientEnrolled, subject, Some(key))]);
    });
}

#[test]
fn a_key_is_enrolled_once() {
    run(|| {
        let key = Wallet::sr(1).key();
        assert_ok!(enrol(&general(), &key));
        assert_noop!(enrol(&general(), &key), Error::<Test>::AlreadyExists);
        assert_noop!(enrol(&mercy(), &key), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn outsiders_and_the_evicted_enrol_nobody() {
    run(|| {
        let key = Wallet::sr(1).key();
        assert_noop!(enrol(&outsider(), &key), Error::<Test>::NotMember);
        FakeConsortium::evict(&mercy());
        assert_noop!(enrol(&mercy(), &key), Error::<Test>::NotMember);
    });
}

#[test]
fn a_members_account_is_no_patient() {
    run(|| {
        assert!(FakeConsortium::is_member(&mercy()));
        assert_noop!(enrol(&general(), &mercy()), Error::<Test>::MemberNotAllowed);
        assert_noop!(enrol(&general(), &general()), Error::<Test>::MemberNotAllowed);
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        FakeAudit::room_for(0);
        assert_noop!(enrol(&general(), &Wallet::sr(1).key()), FakeAudit::FULL);
    });
}

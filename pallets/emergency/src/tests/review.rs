use crate::{mock::*, *};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    audit::Kind,
    consent::Purpose,
    emergency::{Finding, Review},
};
use sp_runtime::DispatchError;

fn broken() -> H256 {
    assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
    last()
}

fn by_mercy() -> RuntimeOrigin {
    RuntimeOrigin::signed(mercy())
}

#[test]
fn a_second_person_of_the_hospital_reviews_once() {
    run(|| {
        let id = broken();
        wait(10);
        assert_ok!(review(by_mercy(), id, doctor(2), Finding::Justified));
        let expected = Review {
            hospital: Some(mercy()),
            by: doctor(2),
            finding: Finding::Justified,
            note: hash(98),
            block: 2,
            at: START + 10,
        };
        assert_eq!(Accesses::<Test>::get(id).unwrap().review, Some(expected));
        assert_eq!(FakeAudit::entries()[1..], [(Some(mercy()), Kind::AccessReviewed, id, Some(patient(1)))]);
        System::assert_last_event(
            Event::Reviewed { id, hospital: Some(mercy()), finding: Finding::Justified }.into(),
        );
        let again = review(by_mercy(), id, doctor(3), Finding::NotJustified);
        assert_eq!(again, Err(Error::<Test>::AlreadyReviewed.into()));
        assert!(
            rule(&mercy(), &patient(1), None, Purpose::Btg).permitted(),
            "it goes on until its time is over"
        );
    });
}

#[test]
fn who_opened_an_access_never_reviews_it() {
    run(|| {
        let id = broken();
        for finding in [Finding::Justified, Finding::NotJustified] {
            assert_eq!(
                review(by_mercy(), id, doctor(1), finding),
                Err(Error::<Test>::ReviewerNotAllowed.into())
            );
        }
        wait(REVIEW + 1);
        let council = review(RuntimeOrigin::root(), id, doctor(1), Finding::Justified);
        assert_eq!(council, Err(Error::<Test>::ReviewerNotAllowed.into()));
    });
}

#[test]
fn no_other_hospital_reviews_and_the_council_only_what_is_overdue() {
    run(|| {
        let id = broken();
        wait(REVIEW);
        let other = review(RuntimeOrigin::signed(general()), id, doctor(2), Finding::Justified);
        assert_eq!(other, Err(Error::<Test>::NotOwner.into()));
        let early = review(RuntimeOrigin::root(), id, doctor(2), Finding::Justified);
        assert_eq!(early, Err(Error::<Test>::NotOverdue.into()));
        wait(1);
        assert_ok!(review(RuntimeOrigin::root(), id, doctor(2), Finding::Justified));
        assert_eq!(FakeAudit::entries()[1..], [(None, Kind::AccessReviewed, id, Some(patient(1)))]);
        let unknown = review(by_mercy(), hash(3), doctor(2), Finding::Justified);
        assert_eq!(unknown, Err(Error::<Test>::NotFound.into()));
        let none = review(RuntimeOrigin::none(), id, doctor(2), Finding::Justified);
        assert_eq!(none, Err(DispatchError::BadOrigin));
    });
}

#[test]
fn a_late_review_and_one_by_an_evicted_hospital_still_count() {
    run(|| {
        let id = broken();
        wait(10 * REVIEW);
        FakeConsortium::set(Default::default());
        assert_ok!(review(by_mercy(), id, doctor(2), Finding::Justified));
    });
}

#[test]
fn what_is_found_not_justified_is_a_breach_and_ends_at_once() {
    run(|| {
        let id = broken();
        assert!(rule(&mercy(), &patient(1), None, Purpose::Btg).permitted());
        assert_ok!(review(by_mercy(), id, doctor(2), Finding::NotJustified));
        assert!(!rule(&mercy(), &patient(1), None, Purpose::Btg).permitted());
        assert_eq!(FakeAudit::entries()[1..], [(Some(mercy()), Kind::AccessBreached, id, Some(patient(1)))]);
    });
}

#[test]
fn without_an_audit_entry_there_is_no_review() {
    run(|| {
        let id = broken();
        FakeAudit::room_for(0);
        let result = review(by_mercy(), id, doctor(2), Finding::Justified);
        assert_eq!(result, Err(FakeAudit::FULL));
        assert!(Accesses::<Test>::get(id).unwrap().review.is_none());
        assert!(Unreviewed::<Test>::contains_key(mercy(), id));
    });
}

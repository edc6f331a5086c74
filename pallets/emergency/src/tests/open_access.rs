use crate::{mock::*, *};
use frame_support::assert_ok;
use galen_primitives::{
    audit::Kind,
    consent::{Purpose, Question, Reason},
    emergency::{Access, Urgency, access_id},
};
use sp_runtime::DispatchError;

fn refused(error: Error<Test>) -> Result<(), DispatchError> {
    Err(error.into())
}

#[test]
fn an_access_is_opened_with_its_limits_and_an_audit_entry() {
    run(|| {
        wait(7);
        assert_ok!(open_for(&mercy(), &patient(1), Some(record(1, 0)), doctor(1)));
        let id = access_id(&GENESIS, &mercy(), &patient(1), 0);
        let opened_at = START + 7;
        let access = Access {
            hospital: mercy(),
            patient: patient(1),
            custodian: general(),
            record: Some(record(1, 0)),
            by: doctor(1),
            reason: Urgency::DangerInDelay,
            note: hash(99),
            consent: None,
            block: 2,
            opened_at,
            until: opened_at + ACCESS,
            review_due: opened_at + REVIEW,
            review: None,
        };
        assert_eq!(Accesses::<Test>::get(id), Some(access));
        assert_eq!(FakeAudit::entries(), [(Some(mercy()), Kind::AccessOpened, id, Some(patient(1)))]);
        System::assert_last_event(
            Event::AccessOpened {
                id,
                hospital: mercy(),
                patient: patient(1),
                until: opened_at + ACCESS,
                review_due: opened_at + REVIEW,
            }
            .into(),
        );
        // The same again is another one.
        assert_ok!(open_for(&mercy(), &patient(1), Some(record(1, 0)), doctor(1)));
        assert_eq!(last(), access_id(&GENESIS, &mercy(), &patient(1), 1));
    });
}

#[test]
fn the_consents_are_asked_about_this_practitioner_record_and_purpose() {
    run(|| {
        assert_ok!(open_for(&mercy(), &patient(1), Some(record(1, 1)), doctor(1)));
        let asked = Question {
            patient: patient(1),
            custodian: general(),
            requester: mercy(),
            actors: vec![doctor(1)].try_into().unwrap(),
            purpose: Purpose::Btg,
            record: Some(facts(1)),
        };
        assert_eq!(FakeConsent::last_question(), Some(asked.clone()));
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        assert_eq!(FakeConsent::last_question(), Some(Question { record: None, ..asked }));
    });
}

#[test]
fn want_of_a_consent_is_overridden_and_nothing_else() {
    run(|| {
        for reason in [
            Reason::NoConsent,
            Reason::Revoked,
            Reason::OutsidePeriod,
            Reason::ProvisionOutsidePeriod,
            Reason::PurposeNotCovered,
            Reason::ActorNotCovered,
            Reason::DataPeriodNotCovered,
            Reason::DataNotCovered,
            Reason::LabelNotCovered,
        ] {
            set_answer(&patient(1), ConsentAnswer::Refuse(reason));
            assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
            wait(ACCESS + 1);
        }
        let before = FakeAudit::entries();
        for reason in [Reason::Unavailable, Reason::NotMember, Reason::RecordErased] {
            set_answer(&patient(1), ConsentAnswer::Refuse(reason));
            assert_eq!(
                open_for(&mercy(), &patient(1), None, doctor(1)),
                refused(Error::Unavailable),
                "{reason:?}"
            );
        }
        set_answer(&patient(1), ConsentAnswer::Deny);
        assert_eq!(open_for(&mercy(), &patient(1), None, doctor(1)), refused(Error::ConsentDenied));
        set_answer(&patient(1), ConsentAnswer::Permit);
        DeniedActors::set([doctor(1)].into());
        assert_eq!(open_for(&mercy(), &patient(1), None, doctor(1)), refused(Error::ConsentDenied));
        assert_eq!(FakeAudit::entries(), before);
    });
}

#[test]
fn a_consent_that_permits_is_written_down_and_reviewed_all_the_same() {
    run(|| {
        set_answer(&patient(1), ConsentAnswer::Permit);
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        assert_eq!(Accesses::<Test>::get(last()).unwrap().consent, Some(CONSENT));
        assert!(Unreviewed::<Test>::contains_key(mercy(), last()));
    });
}

#[test]
fn only_members_break_it_for_enrolled_patients_and_records_of_theirs() {
    run(|| {
        assert_eq!(open_for(&account(9), &patient(1), None, doctor(1)), refused(Error::NotMember));
        assert_eq!(open_for(&mercy(), &patient(3), None, doctor(1)), refused(Error::NotEnrolled));
        for other in [record(2, 0), hash(250)] {
            let result = open_for(&mercy(), &patient(1), Some(other), doctor(1));
            assert_eq!(result, refused(Error::RecordNotFound));
        }
        FakeRecords::mutate(|records| records.get_mut(&record(1, 0)).unwrap().custodian = mercy());
        let result = open_for(&mercy(), &patient(1), Some(record(1, 0)), doctor(1));
        assert_eq!(result, refused(Error::RecordNotFound), "kept by another than the patient's custodian");
        FakeRecords::mutate(|records| records.get_mut(&record(1, 1)).unwrap().erased_at = Some(1));
        let result = open_for(&mercy(), &patient(1), Some(record(1, 1)), doctor(1));
        assert_eq!(result, refused(Error::AlreadyClosed));
        let call = Call::open_access {
            patient: patient(1),
            record: None,
            by: doctor(1),
            reason: Urgency::Other,
            note: hash(99),
        };
        assert_eq!(submit(RuntimeOrigin::root(), call), Err(DispatchError::BadOrigin));
    });
}

#[test]
fn no_more_are_open_at_once_than_may_be_and_what_is_over_makes_room() {
    run(|| {
        for _ in 0..MAX_OPEN {
            assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        }
        assert_eq!(open_for(&mercy(), &patient(1), None, doctor(1)), refused(Error::TooManyOpen));
        assert_ok!(open_for(&general(), &patient(1), None, doctor(1)));
        assert_ok!(open_for(&mercy(), &patient(2), None, doctor(1)));
        wait(ACCESS);
        assert_eq!(open_for(&mercy(), &patient(1), None, doctor(1)), refused(Error::TooManyOpen));
        wait(1);
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        assert_eq!(Open::<Test>::get(mercy(), patient(1)).to_vec(), [last()]);
    });
}

#[test]
fn without_an_audit_entry_there_is_no_access() {
    run(|| {
        FakeAudit::room_for(0);
        assert_eq!(open_for(&mercy(), &patient(1), None, doctor(1)), Err(FakeAudit::FULL));
        assert_eq!(Accesses::<Test>::iter().count(), 0);
        assert!(rule(&mercy(), &patient(1), None, Purpose::Btg).access.is_none());
    });
}

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    audit::Kind,
    consent::{Decision, Outcome, Purpose, Question, Reason},
    emergency::Ruling,
    records::{Record, Transferred, Voided},
    summary::{Job, JobStatus, job_id},
    traits::EmergencyCheck,
};
use sp_runtime::{DispatchError, traits::Dispatchable};

#[test]
fn a_request_opens_a_job_with_an_audit_entry() {
    run(|| {
        assert_ok!(request(1, record_id(10)));
        let id = job_id(&System::block_hash(0), &record_id(10), &MODEL, Purpose::Treat, &hospital(1), 1);
        assert_eq!(
            Summaries::job(id),
            Some(Job {
                record: record_id(10),
                model: MODEL,
                purpose: Purpose::Treat,
                hospital: hospital(1),
                worker_key: worker_key(1),
                consent: Some(3),
                access: None,
                requested_at: 1,
                deadline: 1 + DEADLINE,
                status: JobStatus::Open,
            })
        );
        assert_eq!(Summaries::open_jobs(hospital(1)), vec![id]);
        assert!(Summaries::open_jobs(hospital(2)).is_empty());
        assert_eq!(
            FakeAudit::entries(),
            vec![(Some(hospital(1)), Kind::SummaryRequested, id, Some(patient()))]
        );
        System::assert_last_event(
            Event::Requested {
                job: id,
                hospital: hospital(1),
                record: record_id(10),
                model: MODEL,
                deadline: 1 + DEADLINE,
            }
            .into(),
        );
    });
}

#[test]
fn consent_is_asked_about_with_the_record_s_own_attributes() {
    run(|| {
        assert_ok!(request(1, record_id(10)));
        assert_eq!(
            FakeEmergency::last_question(),
            Some((
                Question {
                    patient: patient(),
                    custodian: hospital(1),
                    requester: hospital(1),
                    actors: Default::default(),
                    purpose: Purpose::Treat,
                    record: Some(facts()),
                },
                Some(record_id(10))
            ))
        );
    });
}

#[test]
fn each_refusal_has_its_own_error_and_changes_nothing() {
    let refusals = [
        (Reason::NotEnrolled, Error::<Test>::NotEnrolled),
        (Reason::NotMember, Error::NotMember),
        (Reason::NoConsent, Error::NoConsent),
        (Reason::Revoked, Error::ConsentRevoked),
        (Reason::OutsidePeriod, Error::OutsidePeriod),
        (Reason::PurposeNotCovered, Error::PurposeNotCovered),
        (Reason::ActorNotCovered, Error::ActorNotCovered),
        (Reason::DataPeriodNotCovered, Error::DataNotCovered),
        (Reason::DataNotCovered, Error::DataNotCovered),
        (Reason::LabelNotCovered, Error::LabelNotCovered),
        (Reason::Unavailable, Error::Unavailable),
    ];
    run(|| {
        for (reason, error) in refusals {
            FakeEmergency::set_decision(Decision::refuse(reason));
            assert_noop!(Summaries::do_request(hospital(1), record_id(10), MODEL, Purpose::Treat), error);
        }
        // A permission that names no consent version is none.
        FakeEmergency::set_decision(Decision { basis: None, ..permit() });
        assert_noop!(
            Summaries::do_request(hospital(1), record_id(10), MODEL, Purpose::Treat),
            Error::<Test>::Unavailable
        );
        FakeEmergency::set_decision(Decision { outcome: Outcome::Deny, ..permit() });
        assert_noop!(
            Summaries::do_request(hospital(1), record_id(10), MODEL, Purpose::Treat),
            Error::<Test>::ConsentDenied
        );
        assert!(FakeAudit::entries().is_empty());
    });
}

#[test]
fn only_a_member_with_a_worker_key_asks() {
    run(|| {
        assert_eq!(request(3, record_id(10)), Err(Error::<Test>::NotMember.into()));
        FakeConsortium::set_worker_key(&hospital(1), None);
        assert_eq!(request(1, record_id(10)), Err(Error::<Test>::WorkerKeyNotFound.into()));
        let call = Call::<Test>::request { record: record_id(20), model: MODEL, purpose: Purpose::Treat };
        let unsigned = RuntimeCall::from(call).dispatch(RuntimeOrigin::none());
        assert_eq!(unsigned.unwrap_err().error, DispatchError::BadOrigin);
    });
}

#[test]
fn the_record_must_be_the_caller_s_and_current() {
    run(|| {
        assert_eq!(request(1, record_id(99)), Err(Error::<Test>::RecordNotFound.into()));
        assert_eq!(request(1, record_id(20)), Err(Error::<Test>::NotCustodian.into()));
        FakeRecords::mutate(|records| {
            records.get_mut(&record_id(10)).unwrap().superseded_by = Some(record_id(11));
        });
        assert_eq!(request(1, record_id(10)), Err(Error::<Test>::AlreadySuperseded.into()));
        assert_ok!(request(1, record_id(11)));
        FakeRecords::mutate(|records| records.get_mut(&record_id(11)).unwrap().erased_at = Some(1));
        assert_eq!(request(1, record_id(11)), Err(Error::<Test>::RecordErased.into()));
        let spoil = |change: fn(&mut Record)| {
            let mut record = record_of(1);
            change(&mut record);
            FakeRecords::mutate(|records| records.insert(record_id(12), record));
            request(1, record_id(12))
        };
        let voided = spoil(|record| record.voided = Some(Voided { at: 1, reason: H256::zero() }));
        assert_eq!(voided, Err(Error::<Test>::RecordVoided.into()));
        let transferred =
            spoil(|record| record.transferred = Some(Transferred { at: 1, link: H256::zero() }));
        assert_eq!(transferred, Err(Error::<Test>::RecordTransferred.into()));
        assert_ok!(spoil(|_| ()));
    });
}

#[test]
fn the_model_must_be_approved() {
    run(|| {
        FakeModels::set(Default::default());
        assert_eq!(request(1, record_id(10)), Err(Error::<Test>::ModelNotApproved.into()));
    });
}

#[test]
fn quota_and_bound_both_limit_open_jobs() {
    run(|| {
        for _ in 0..4 {
            assert_ok!(request(1, record_id(10)));
        }
        assert_eq!(request(1, record_id(10)), Err(Error::<Test>::TooManyOpen.into()));
        FakeConsortium::set_open_jobs(&hospital(1), 1_000);
        for _ in 4..MAX_OPEN {
            assert_ok!(request(1, record_id(10)));
        }
        assert_eq!(request(1, record_id(10)), Err(Error::<Test>::TooManyOpen.into()));
        // One hospital's jobs are not another's.
        assert_ok!(request(2, record_id(20)));
        FakeConsortium::set_open_jobs(&hospital(2), 0);
        assert_eq!(request(2, record_id(20)), Err(Error::<Test>::TooManyOpen.into()));
    });
}

#[test]
fn two_equal_requests_within_one_nonce_are_one_too_many() {
    run(|| {
        assert_ok!(request(1, record_id(10)));
        let again = |record, purpose| {
            let call = Call::<Test>::request { record, model: MODEL, purpose };
            RuntimeCall::from(call)
                .dispatch(RuntimeOrigin::signed(hospital(1)))
                .map(drop)
                .map_err(|error| error.error)
        };
        assert_eq!(again(record_id(10), Purpose::Treat), Err(Error::<Test>::AlreadyExists.into()));
        assert_ok!(again(record_id(10), Purpose::Patrqt));
        assert_ok!(again(record_id(11), Purpose::Treat));
        // With the next nonce it is another request.
        assert_ok!(request(1, record_id(10)));
        assert_eq!(Summaries::open_jobs(hospital(1)).len(), 4);
    });
}

#[test]
fn without_an_audit_entry_there_is_no_job() {
    run(|| {
        FakeAudit::room_for(0);
        assert_eq!(request(1, record_id(10)), Err(FakeAudit::FULL));
        assert_eq!(Jobs::<Test>::iter().count(), 0);
        assert!(Summaries::open_jobs(hospital(1)).is_empty());
    });
}

#[test]
fn the_weight_left_over_is_given_back() {
    run(|| {
        let call = Call::<Test>::request { record: record_id(10), model: MODEL, purpose: Purpose::Treat };
        System::inc_account_nonce(hospital(1));
        let info = RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(hospital(1))).unwrap();
        let decision = FakeEmergency::weight_of(&patient());
        let charged = Summaries::request_weight(MAX_OPEN, MAX_OPEN, decision);
        assert_eq!(info.actual_weight, Some(Summaries::request_weight(0, 0, decision)));
        assert!(info.actual_weight.unwrap().all_lt(charged));
    });
}

#[test]
fn check_answers_for_known_jobs_only() {
    run(|| {
        let id = opened(1, record_id(10));
        assert_eq!(Summaries::check(id), Some(permit().into()));
        FakeEmergency::set_decision(Decision::refuse(Reason::Revoked));
        assert_eq!(Summaries::check(id), Some(Ruling::refuse(Reason::Revoked)));
        assert_eq!(Summaries::check(record_id(10)), None);
        FakeRecords::set(Default::default());
        assert_eq!(Summaries::check(id), Some(Ruling::refuse(Reason::Unavailable)));
        FakeConsortium::set(Default::default());
        assert_eq!(Summaries::check(id), Some(Ruling::refuse(Reason::NotMember)));
    });
}

use crate::{mock::*, *};
use codec::Encode;
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    audit::Kind,
    consent::{Decision, Reason},
    emergency::Ruling,
    records::Voided,
    summary::{Failure, JobStatus, Outcome, submission_payload},
};
use sp_core::Pair;
use sp_runtime::{
    DispatchError,
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, TransactionValidityError, ValidTransaction},
};

fn invalid(reason: InvalidTransaction) -> Result<ValidTransaction, TransactionValidityError> {
    Err(reason.into())
}

fn status(id: H256) -> JobStatus {
    Summaries::job(id).unwrap().status
}

#[test]
fn a_receipt_is_anchored_once() {
    run(|| {
        let id = opened(1, record_id(10));
        System::set_block_number(5);
        let call = signed_submit(&worker_pair(1), id, done(id));
        assert_ok!(include(call.clone()).unwrap());
        let job = Jobs::<Test>::get(id).unwrap();
        assert_eq!(job.status, JobStatus::Done { receipt: receipt(&job), at: 5 });
        assert!(Summaries::open_jobs(hospital(1)).is_empty());
        assert!(!OpenJobs::<Test>::contains_key(hospital(1)));
        assert_eq!(FakeConsent::uses(), vec![(patient(), 3, hospital(1))]);
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(hospital(1)), Kind::SummaryAnchored, id, Some(patient())))
        );
        let output = H256([50; 32]);
        System::assert_last_event(Event::Anchored { job: id, hospital: hospital(1), output }.into());

        // A replay, and another outcome signed for the same job, are both too late.
        assert_eq!(validate(&call), invalid(InvalidTransaction::Stale));
        let other = signed_submit(&worker_pair(1), id, failed());
        assert_eq!(validate(&other), invalid(InvalidTransaction::Stale));
        assert_eq!(audited(Kind::SummaryAnchored, id), 1);
    });
}

#[test]
fn a_submission_is_short_lived_and_excludes_another_for_its_job() {
    run(|| {
        let id = opened(1, record_id(10));
        let first = validate(&signed_submit(&worker_pair(1), id, done(id))).unwrap();
        let second = validate(&signed_submit(&worker_pair(1), id, failed())).unwrap();
        assert_eq!(first.provides, second.provides);
        assert_eq!(first.provides, vec![("GalenSubmit", id).encode()]);
        assert!(first.requires.is_empty());
        assert_eq!(first.longevity, u64::from(LONGEVITY));
        assert!(first.propagate);
    });
}

#[test]
fn a_failure_settles_the_job_with_its_reason() {
    run(|| {
        let id = opened(1, record_id(10));
        assert_ok!(include(signed_submit(&worker_pair(1), id, failed())).unwrap());
        assert_eq!(status(id), JobStatus::Failed { failure: Failure::EngineFailed, at: 1 });
        assert_eq!(audited(Kind::SummaryFailed, id), 1);
        System::assert_last_event(
            Event::Failed { job: id, hospital: hospital(1), failure: Failure::EngineFailed }.into(),
        );
    });
}

#[test]
fn consent_revoked_in_between_leaves_nothing_of_the_receipt() {
    run(|| {
        let id = opened(1, record_id(10));
        FakeEmergency::set_decision(Decision::refuse(Reason::Revoked));
        assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
        let job = Jobs::<Test>::get(id).unwrap();
        assert_eq!(job.status, JobStatus::Refused { reason: Reason::Revoked, at: 1 });
        assert!(FakeConsent::uses().is_empty());
        let output = H256([50; 32]).encode();
        assert!(!job.encode().windows(32).any(|window| window == output));
        assert_eq!(audited(Kind::SummaryRefused, id), 1);
        assert_eq!(audited(Kind::SummaryAnchored, id), 0);
        assert!(Summaries::open_jobs(hospital(1)).is_empty());
        System::assert_last_event(
            Event::Refused { job: id, hospital: hospital(1), reason: Reason::Revoked }.into(),
        );
        // Consent given again does not bring it back.
        FakeEmergency::set_decision(permit());
        let again = signed_submit(&worker_pair(1), id, done(id));
        assert_eq!(validate(&again), invalid(InvalidTransaction::Stale));
    });
}

#[test]
fn a_record_that_is_gone_refuses() {
    run(|| {
        let id = opened(1, record_id(10));
        FakeRecords::set(Default::default());
        assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
        assert_eq!(status(id), JobStatus::Refused { reason: Reason::Unavailable, at: 1 });
        assert_eq!(FakeAudit::entries().last(), Some(&(Some(hospital(1)), Kind::SummaryRefused, id, None)));
    });
}

#[test]
fn a_record_that_was_voided_in_between_refuses() {
    run(|| {
        let id = opened(1, record_id(10));
        let voided = Some(Voided { at: 1, reason: H256::zero() });
        FakeRecords::mutate(|records| records.get_mut(&record_id(10)).unwrap().voided = voided);
        assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
        assert_eq!(status(id), JobStatus::Refused { reason: Reason::RecordVoided, at: 1 });
    });
}

#[test]
fn a_record_that_was_erased_in_between_refuses() {
    run(|| {
        let id = opened(1, record_id(10));
        FakeRecords::mutate(|records| records.get_mut(&record_id(10)).unwrap().erased_at = Some(1));
        let refusal = Ruling::refuse(Reason::RecordErased);
        assert_eq!(Summaries::check(id), Some(refusal), "though consent permits");
        assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
        assert_eq!(status(id), JobStatus::Refused { reason: Reason::RecordErased, at: 1 });
    });
}

#[test]
fn only_the_hospital_s_key_signs_and_only_for_this_job_outcome_and_chain() {
    run(|| {
        let id = opened(1, record_id(10));
        let other = opened(1, record_id(11));
        let by_another = signed_submit(&worker_pair(2), id, done(id));
        assert_eq!(validate(&by_another), invalid(InvalidTransaction::BadProof));

        let Call::submit { signature, .. } = signed_submit(&worker_pair(1), other, failed()) else {
            panic!()
        };
        let for_another = Call::submit { job: id, outcome: failed(), signature };
        assert_eq!(validate(&for_another), invalid(InvalidTransaction::BadProof));

        let Call::submit { signature, .. } = signed_submit(&worker_pair(1), id, failed()) else { panic!() };
        let altered = Call::submit { job: id, outcome: done(id), signature };
        assert_eq!(validate(&altered), invalid(InvalidTransaction::BadProof));

        let outcome = done(id);
        let payload = submission_payload(&H256([1; 32]), &id, &outcome);
        let elsewhere = Call::submit { job: id, outcome, signature: worker_pair(1).sign(&payload) };
        assert_eq!(validate(&elsewhere), invalid(InvalidTransaction::BadProof));
    });
}

#[test]
fn a_receipt_for_something_else_is_refused() {
    run(|| {
        let id = opened(1, record_id(10));
        let job = Jobs::<Test>::get(id).unwrap();
        let mut model = receipt(&job);
        model.model = H256([201; 32]);
        let mut input = receipt(&job);
        input.input = record_id(11);
        for wrong in [model, input] {
            let call = signed_submit(&worker_pair(1), id, Outcome::Done(wrong));
            assert_eq!(validate(&call), invalid(InvalidTransaction::Call));
        }
        let call = signed_submit(&worker_pair(1), record_id(99), failed());
        assert_eq!(validate(&call), invalid(InvalidTransaction::Custom(UNKNOWN_JOB)));
    });
}

#[test]
fn the_deadline_is_the_last_block() {
    run(|| {
        let first = opened(1, record_id(10));
        let second = opened(1, record_id(11));
        System::set_block_number(1 + DEADLINE);
        assert_ok!(include(signed_submit(&worker_pair(1), first, done(first))).unwrap());
        System::set_block_number(2 + DEADLINE);
        let late = signed_submit(&worker_pair(1), second, done(second));
        assert_eq!(validate(&late), invalid(InvalidTransaction::Stale));
        assert_eq!(status(second), JobStatus::Expired);
    });
}

#[test]
fn the_key_of_the_day_settles_and_one_that_was_rotated_away_does_not() {
    run(|| {
        let id = opened(1, record_id(10));
        FakeConsortium::set_worker_key(&hospital(1), Some(worker_key(9)));
        let by_old = signed_submit(&worker_pair(1), id, done(id));
        assert_eq!(validate(&by_old), invalid(InvalidTransaction::BadProof));
        assert_eq!(status(id), JobStatus::Open);
        assert_ok!(include(signed_submit(&worker_pair(9), id, done(id))).unwrap());
        let job = Jobs::<Test>::get(id).unwrap();
        assert!(matches!(job.status, JobStatus::Done { .. }));
        assert_eq!(job.worker_key, worker_key(9), "the job says which key signed");
    });
}

#[test]
fn without_a_registered_key_nothing_is_settled() {
    run(|| {
        let id = opened(1, record_id(10));
        for still_member in [true, false] {
            match still_member {
                true => FakeConsortium::set_worker_key(&hospital(1), None),
                false => FakeConsortium::evict(&hospital(1)),
            }
            let call = signed_submit(&worker_pair(1), id, done(id));
            assert_eq!(validate(&call), invalid(InvalidTransaction::BadSigner));
        }
        assert_eq!(status(id), JobStatus::Open);
    });
}

#[test]
fn no_account_submits() {
    run(|| {
        let id = opened(1, record_id(10));
        let call = RuntimeCall::from(signed_submit(&worker_pair(1), id, done(id)));
        for origin in [RuntimeOrigin::signed(hospital(1)), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_eq!(call.clone().dispatch(origin).unwrap_err().error, DispatchError::BadOrigin);
        }
        assert_eq!(status(id), JobStatus::Open);
    });
}

#[test]
fn without_an_audit_entry_nothing_is_anchored() {
    run(|| {
        let id = opened(1, record_id(10));
        FakeAudit::room_for(0);
        let included = include(signed_submit(&worker_pair(1), id, done(id))).unwrap();
        assert_eq!(included, Err(FakeAudit::FULL));
        assert_eq!(status(id), JobStatus::Open);
        assert_eq!(Summaries::open_jobs(hospital(1)), vec![id]);
    });
}

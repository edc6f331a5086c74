//! Summaries for the purpose BTG, with what an emergency's access changes.

use crate::{mock::*, *};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    consent::{self, Decision, Obligations, Purpose, Reason},
    summary::JobStatus,
};
use sp_runtime::DispatchResult;

const ACCESS: H256 = H256([0xAC; 32]);

fn request(purpose: Purpose) -> DispatchResult {
    dispatch_signed(hospital(1), Call::request { record: record_id(10), model: MODEL, purpose })
}

fn opened_for_btg() -> H256 {
    request(Purpose::Btg).unwrap();
    *OpenJobs::<Test>::get(hospital(1)).last().unwrap()
}

fn bound() -> Decision {
    let obligations = Obligations { break_glass_review: true, ..Default::default() };
    Decision { obligations, ..permit() }
}

fn denied() -> Decision {
    Decision { outcome: consent::Outcome::Deny, ..permit() }
}

#[test]
fn without_consent_an_open_access_is_what_a_job_rests_on() {
    run(|| {
        FakeEmergency::set_decision(Decision::refuse(Reason::NoConsent));
        assert_eq!(request(Purpose::Btg), Err(Error::<Test>::AccessNotOpened.into()));
        FakeEmergency::set_access(Some(ACCESS));
        let id = opened_for_btg();
        let job = Jobs::<Test>::get(id).unwrap();
        assert_eq!((job.consent, job.access), (None, Some(ACCESS)));
        assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
        assert!(matches!(Jobs::<Test>::get(id).unwrap().status, JobStatus::Done { .. }));
        assert!(FakeConsent::uses().is_empty(), "no consent was used");
    });
}

#[test]
fn a_consent_for_emergencies_takes_effect_once_an_access_is_open() {
    run(|| {
        FakeEmergency::set_decision(bound());
        assert_eq!(request(Purpose::Btg), Err(Error::<Test>::AccessNotOpened.into()));
        FakeEmergency::set_access(Some(ACCESS));
        let id = opened_for_btg();
        let job = Jobs::<Test>::get(id).unwrap();
        assert_eq!((job.consent, job.access), (Some(3), Some(ACCESS)));
        assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
        assert_eq!(FakeConsent::uses(), vec![(patient(), 3, hospital(1))]);
    });
}

#[test]
fn a_denial_is_never_overridden() {
    run(|| {
        FakeEmergency::set_access(Some(ACCESS));
        FakeEmergency::set_decision(denied());
        assert_eq!(request(Purpose::Btg), Err(Error::<Test>::ConsentDenied.into()));
        let many = Decision { reason: Reason::TooManyDenials, basis: None, ..denied() };
        FakeEmergency::set_decision(many);
        assert_eq!(request(Purpose::Btg), Err(Error::<Test>::ConsentDenied.into()));
    });
}

#[test]
fn it_is_decided_again_at_the_submission() {
    let ends: [(Decision, Option<H256>, Reason); 3] = [
        (denied(), Some(ACCESS), Reason::Root),
        (Decision::refuse(Reason::NoConsent), None, Reason::NoConsent),
        (bound(), None, Reason::AccessNotOpened),
    ];
    for (answer, access, reason) in ends {
        run(|| {
            FakeEmergency::set_decision(Decision::refuse(Reason::NoConsent));
            FakeEmergency::set_access(Some(ACCESS));
            let id = opened_for_btg();
            FakeEmergency::set_decision(answer);
            FakeEmergency::set_access(access);
            assert_ok!(include(signed_submit(&worker_pair(1), id, done(id))).unwrap());
            assert_eq!(Jobs::<Test>::get(id).unwrap().status, JobStatus::Refused { reason, at: 1 });
        });
    }
}

#[test]
fn an_access_helps_where_nothing_can_be_decided_as_little_as_without() {
    run(|| {
        FakeEmergency::set_access(Some(ACCESS));
        for (reason, error) in [
            (Reason::Unavailable, Error::<Test>::Unavailable),
            (Reason::NotEnrolled, Error::NotEnrolled),
            (Reason::NotMember, Error::NotMember),
            (Reason::RecordErased, Error::RecordErased),
        ] {
            FakeEmergency::set_decision(Decision::refuse(reason));
            assert_eq!(request(Purpose::Btg), Err(error.into()));
        }
    });
}

use crate::{mock::*, *};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    consent::{Purpose, Question, Reason},
    emergency::Ruling,
    traits::{ConsentCheck, EmergencyCheck},
};

fn btg(record: Option<H256>) -> Ruling {
    rule(&mercy(), &patient(1), record, Purpose::Btg)
}

#[test]
fn an_access_permits_where_no_consent_says_anything_until_its_last_second() {
    run(|| {
        assert!(!btg(None).permitted());
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        let ruling = btg(Some(record(1, 0)));
        assert!(ruling.permitted());
        assert_eq!((ruling.access, ruling.consent()), (Some(last()), None));
        wait(ACCESS);
        assert!(btg(None).permitted());
        wait(1);
        assert_eq!(btg(None), Ruling::refuse(Reason::NoConsent));
    });
}

#[test]
fn a_denial_ends_it_at_once() {
    run(|| {
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        set_answer(&patient(1), ConsentAnswer::Deny);
        assert!(!btg(None).permitted());
        set_answer(&patient(1), ConsentAnswer::Refuse(Reason::Revoked));
        assert!(btg(None).permitted());
        DeniedActors::set([doctor(1)].into());
        assert!(!btg(None).permitted(), "of the one who opened the access, too");
        // The newest access counts.
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(2)));
        assert!(btg(None).permitted());
    });
}

#[test]
fn a_consent_for_emergencies_permits_once_an_access_is_open() {
    run(|| {
        set_answer(&patient(1), ConsentAnswer::Permit);
        assert!(!btg(None).permitted());
        assert_eq!(btg(None).reason(), Reason::AccessNotOpened);
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        assert!(btg(None).permitted());
        assert_eq!((btg(None).access, btg(None).consent()), (Some(last()), Some(CONSENT)));
    });
}

#[test]
fn it_is_for_one_hospital_patient_record_and_purpose() {
    run(|| {
        assert_ok!(open_for(&mercy(), &patient(1), Some(record(1, 0)), doctor(1)));
        assert!(btg(Some(record(1, 0))).permitted());
        assert!(!btg(Some(record(1, 1))).permitted() && !btg(None).permitted());
        assert!(!rule(&general(), &patient(1), Some(record(1, 0)), Purpose::Btg).permitted());
        assert!(!rule(&mercy(), &patient(2), Some(record(1, 0)), Purpose::Btg).permitted());
        for purpose in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::Btg) {
            assert!(!rule(&mercy(), &patient(1), Some(record(1, 0)), purpose).permitted(), "{purpose:?}");
        }
    });
}

#[test]
fn other_purposes_are_the_consents_alone() {
    run(|| {
        set_answer(&patient(1), ConsentAnswer::Permit);
        let treat = || rule(&mercy(), &patient(1), None, Purpose::Treat);
        assert_eq!((treat().permitted(), treat().access), (true, None));
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        assert_eq!((treat().permitted(), treat().access), (true, None));
    });
}

#[test]
fn without_room_for_the_practitioner_among_those_who_ask_it_is_refused() {
    run(|| {
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        let ask = |actors: Vec<H256>| {
            let question = Question {
                patient: patient(1),
                custodian: general(),
                requester: mercy(),
                actors: actors.try_into().unwrap(),
                purpose: Purpose::Btg,
                record: None,
            };
            Emergency::rule(&question, None)
        };
        let seven: Vec<_> = (0..7).map(hash).collect();
        assert!(ask(seven.clone()).permitted());
        let eight = [seven.clone(), vec![hash(7)]].concat();
        assert_eq!(ask(eight), Ruling::refuse(Reason::Unavailable));
        assert!(ask([seven, vec![doctor(1)]].concat()).permitted());
    });
}

#[test]
fn a_ruling_costs_its_own_part_and_the_decision_s() {
    let own = <() as WeightInfo>::rule(MAX_OPEN);
    run(|| assert_eq!(Emergency::weight(), own.saturating_add(<FakeConsent as ConsentCheck>::weight())));
}

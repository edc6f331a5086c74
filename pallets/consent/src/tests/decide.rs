//! The decision, now and as of an earlier block. The rules themselves are tested where they stand (`galen_primitives::consent::pcf`).

use crate::mock::*;
use frame_support::assert_ok;
use galen_primitives::{
    AccountId,
    consent::{
        Basis, Confidentiality, ConsentTerms, Data, Decision, Duo, Effect, Meaning, Obligations, Outcome,
        Part, Period, Provision, Purpose, Question, Reason,
    },
    records::RecordFacts,
    traits::ConsentCheck,
};

fn reason(question: &Question) -> Reason {
    let decision = Consent::decide(question);
    let decided = matches!(decision.reason, Reason::Root | Reason::Exception);
    assert_eq!(decided, decision.basis.is_some());
    assert_eq!(decided, decision.outcome != Outcome::NoConsent);
    decision.reason
}

fn granted(change: impl FnOnce(&mut ConsentTerms)) -> AccountId {
    let wallet = Wallet::sr(1);
    assert_ok!(enrol(&general(), &wallet.key()));
    let mut terms = terms(&wallet.key());
    change(&mut terms);
    assert_ok!(grant(&general(), &wallet, &terms));
    wallet.key()
}

#[test]
fn nothing_granted_means_no() {
    run(|| {
        let key = Wallet::sr(1).key();
        assert_eq!(reason(&question(&key)), Reason::NotEnrolled);
        assert_ok!(enrol(&general(), &key));
        assert_eq!(reason(&question(&key)), Reason::NoConsent);
        // Not even the custodian may without a consent.
        let own = Question { requester: general(), ..question(&key) };
        assert_eq!(reason(&own), Reason::NoConsent);
    });
}

#[test]
fn what_is_covered_is_permitted_with_basis_and_obligations() {
    run(|| {
        let end = START + DAY;
        let key = granted(|terms| {
            terms.root.purposes = vec![Purpose::Treat, Purpose::Btg].try_into().unwrap();
            terms.root.period = Some(Period { start: None, end: Some(end) });
            terms.duo = vec![Duo(42)].try_into().unwrap();
        });
        let expected = Decision {
            outcome: Outcome::Permit,
            reason: Reason::Root,
            basis: Some(Basis { consent: 0, part: Part::Root }),
            obligations: Obligations {
                break_glass_review: false,
                stop_at: Some(end),
                duo: vec![Duo(42)].try_into().unwrap(),
            },
        };
        assert_eq!(Consent::decide(&question(&key)), expected);
        let emergency = Question { purpose: Purpose::Btg, ..question(&key) };
        assert!(Consent::decide(&emergency).obligations.break_glass_review);
    });
}

#[test]
fn each_part_of_the_terms_binds() {
    run(|| {
        let key = granted(|terms| {
            terms.root.period = Some(Period { start: Some(START + 10), end: Some(START + 20) });
            terms.root.labels = vec![label(1), label(2)].try_into().unwrap();
            terms.root.data_period = Some(Period { start: Some(100), end: Some(200) });
            let data = |meaning, n| Data { meaning, reference: label(n) };
            terms.root.data =
                vec![data(Meaning::Instance, 7), data(Meaning::AuthoredBy, 8)].try_into().unwrap();
        });
        let good = about(&question(&key), |record| {
            record.labels = vec![label(2)].try_into().unwrap();
            record.authored = Some(150);
            record.name = Some(label(7));
        });
        for (now, expected) in
            [(9, Reason::OutsidePeriod), (10, Reason::Root), (20, Reason::Root), (21, Reason::OutsidePeriod)]
        {
            Clock::set(START + now);
            assert_eq!(reason(&good), expected, "at {now}");
        }
        Clock::set(START + 15);
        let research = Question { purpose: Purpose::Hresch, ..good.clone() };
        assert_eq!(reason(&research), Reason::PurposeNotCovered);
        type Case<'a> = (&'a dyn Fn(&mut RecordFacts), Reason);
        let cases: [Case; 8] = [
            (&|record| record.level = Confidentiality::R, Reason::LabelNotCovered),
            (&|record| record.level = Confidentiality::U, Reason::Root),
            (&|record| record.labels = vec![label(1), label(3)].try_into().unwrap(), Reason::LabelNotCovered),
            (&|record| record.authored = Some(201), Reason::DataPeriodNotCovered),
            (&|record| record.authored = None, Reason::DataPeriodNotCovered),
            (&|record| record.name = Some(label(9)), Reason::DataNotCovered),
            (&|record| record.name = None, Reason::DataNotCovered),
            (
                &|record| {
                    record.name = None;
                    record.authors = vec![label(8)].try_into().unwrap();
                },
                Reason::Root,
            ),
        ];
        for (number, (change, expected)) in cases.into_iter().enumerate() {
            assert_eq!(reason(&about(&good, change)), expected, "case {number}");
        }
        assert_eq!(reason(&Question { record: None, ..good.clone() }), Reason::DataPeriodNotCovered);
        let elsewhere = Question { custodian: mercy(), ..good.clone() };
        assert_eq!(reason(&elsewhere), Reason::NotEnrolled);
        let other = Question { requester: general(), ..good.clone() };
        assert_eq!(reason(&other), Reason::ActorNotCovered);
        assert_eq!(reason(&Question { requester: outsider(), ..good }), Reason::NotMember);
    });
}

#[test]
fn a_named_person_may_and_the_rest_of_the_hospital_may_not() {
    run(|| {
        let key = granted(|terms| terms.root.actors = vec![label(5)].try_into().unwrap());
        assert_eq!(reason(&question(&key)), Reason::ActorNotCovered);
        let doctor = vec![label(5)].try_into().unwrap();
        assert_eq!(reason(&Question { actors: doctor, ..question(&key) }), Reason::Root);
    });
}

#[test]
fn a_denial_outweighs_every_permit_and_an_exception_its_root() {
    run(|| {
        let wallet = Wallet::sr(1);
        let key = granted(|terms| {
            let marketing = vec![Purpose::Hmarkt].try_into().unwrap();
            terms.root.purposes = Default::default();
            terms.exceptions =
                vec![Provision { purposes: marketing, ..rule(Effect::Deny) }].try_into().unwrap();
        });
        assert_eq!(reason(&question(&key)), Reason::Root);
        let marketing = Question { purpose: Purpose::Hmarkt, ..question(&key) };
        let decision = Consent::decide(&marketing);
        let basis = Some(Basis { consent: 0, part: Part::Exception(0) });
        assert_eq!((decision.outcome, decision.basis), (Outcome::Deny, basis));
        assert_ok!(grant(&general(), &wallet, &denial(&key)));
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        assert_eq!(Consent::decide(&marketing).outcome, Outcome::Deny);
        assert_eq!(reason(&question(&key)), Reason::Root);
        let refusal = with_root(&denial(&key), |root| root.purposes = Default::default());
        assert_ok!(grant(&general(), &wallet, &refusal));
        assert_eq!(Consent::decide(&question(&key)).outcome, Outcome::Deny);
    });
}

#[test]
fn an_evicted_hospital_is_refused_and_readmitted_served() {
    run(|| {
        let key = granted(|_| ());
        FakeConsortium::evict(&mercy());
        assert_eq!(reason(&question(&key)), Reason::NotMember);
        FakeConsortium::admit(&mercy(), "Mercy");
        assert_eq!(reason(&question(&key)), Reason::Root);
    });
}

#[test]
fn earlier_blocks_are_answered_from_the_present_state() {
    run(|| {
        let wallet = Wallet::sr(1);
        let key = wallet.key();
        to_block(3);
        assert_ok!(enrol(&general(), &key));
        to_block(5);
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        to_block(8);
        assert_ok!(revoke(&general(), &wallet, 0));
        to_block(9);
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        to_block(12);
        for (at, expected) in [
            (2, Reason::NotEnrolled),
            (3, Reason::NoConsent),
            (4, Reason::NoConsent),
            (5, Reason::Root),
            (7, Reason::Root),
            (8, Reason::Revoked),
            (9, Reason::Root),
            (12, Reason::Root),
            (13, Reason::Unavailable),
        ] {
            assert_eq!(Consent::decide_at(&question(&key), at, START).reason, expected, "at {at}");
        }
        assert_eq!(Consent::decide_at(&question(&key), 5, START).consent(), Some(0));
        assert_eq!(Consent::decide_at(&question(&key), 9, START).consent(), Some(1));
        let elsewhere = Question { custodian: mercy(), ..question(&key) };
        assert_eq!(Consent::decide_at(&elsewhere, 9, START).reason, Reason::NotEnrolled);
    });
}

#[test]
fn granted_and_revoked_in_one_block_never_counted() {
    run(|| {
        let wallet = Wallet::sr(1);
        to_block(5);
        assert_ok!(enrol(&general(), &wallet.key()));
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
        assert_ok!(revoke(&general(), &wallet, 0));
        to_block(6);
        for at in [5, 6] {
            assert_eq!(Consent::decide_at(&question(&wallet.key()), at, START).reason, Reason::Revoked);
        }
    });
}

#[test]
fn an_eviction_does_not_change_the_past() {
    run(|| {
        let key = granted(|_| ());
        FakeConsortium::evict(&mercy());
        assert!(Consent::decide_at(&question(&key), 1, START).permitted());
    });
}

#[test]
fn weights_are_bounded_and_grow_with_what_there_is() {
    use crate::WeightInfo;
    run(|| {
        assert!(<() as WeightInfo>::decide(16).all_gt(<() as WeightInfo>::decide(1)));
        assert!(<() as WeightInfo>::grant(16, 16).all_gte(<() as WeightInfo>::grant(0, 16)));
        let key = granted(|_| ());
        let one = <Consent as ConsentCheck>::weight_of(&key);
        assert!(one.all_gt(<Consent as ConsentCheck>::weight_of(&mercy())));
        assert!(<Consent as ConsentCheck>::weight().all_gt(one));
    });
}

//! The decision, now and as of an earlier block.

use crate::mock::*;
use frame_support::assert_ok;
use galen_primitives::{
    AccountId,
    consent::{Confidentiality, ConsentTerms, Decision, Purpose, Question, Reason},
    traits::ConsentCheck,
};

fn reason(question: &Question) -> Reason {
    let decision = Consent::decide(question);
    assert_eq!(decision.permitted, decision.reason == Reason::Covered);
    assert_eq!(decision.permitted, decision.consent.is_some());
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
fn what_is_covered_is_permitted_and_the_version_named() {
    run(|| {
        let key = granted(|_| ());
        let expected = Decision { permitted: true, reason: Reason::Covered, consent: Some(0) };
        assert_eq!(Consent::decide(&question(&key)), expected);
    });
}

#[test]
fn each_part_of_the_terms_binds() {
    run(|| {
        let key = granted(|terms| {
            terms.start = Some(START + 10);
            terms.end = Some(START + 20);
            terms.labels = vec![label(1), label(2)].try_into().unwrap();
        });
        let good = Question { labels: vec![label(2)].try_into().unwrap(), ..question(&key) };
        for (now, expected) in [
            (9, Reason::OutsidePeriod),
            (10, Reason::Covered),
            (20, Reason::Covered),
            (21, Reason::OutsidePeriod),
        ] {
            Clock::set(START + now);
            assert_eq!(reason(&good), expected, "at {now}");
        }
        Clock::set(START + 15);
        let research = Question { purpose: Purpose::Hresch, ..good.clone() };
        assert_eq!(reason(&research), Reason::PurposeNotCovered);
        let restricted = Question { level: Confidentiality::R, ..good.clone() };
        assert_eq!(reason(&restricted), Reason::LevelNotCovered);
        let low = Question { level: Confidentiality::U, ..good.clone() };
        assert_eq!(reason(&low), Reason::Covered);
        let labels = vec![label(1), label(3)].try_into().unwrap();
        assert_eq!(reason(&Question { labels, ..good.clone() }), Reason::LabelNotCovered);
        let elsewhere = Question { custodian: mercy(), ..good.clone() };
        assert_eq!(reason(&elsewhere), Reason::NotEnrolled);
        let other = Question { requester: general(), ..good.clone() };
        assert_eq!(reason(&other), Reason::NoConsent);
        assert_eq!(reason(&Question { requester: outsider(), ..good }), Reason::NotMember);
    });
}

#[test]
fn an_evicted_hospital_is_refused_and_readmitted_served() {
    run(|| {
        let key = granted(|_| ());
        Hospitals::evict(&mercy());
        assert_eq!(reason(&question(&key)), Reason::NotMember);
        Hospitals::admit(&mercy(), "Mercy", 1);
        assert_eq!(reason(&question(&key)), Reason::Covered);
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
            (5, Reason::Covered),
            (7, Reason::Covered),
            (8, Reason::Revoked),
            (9, Reason::Covered),
            (12, Reason::Covered),
            (13, Reason::Unavailable),
        ] {
            assert_eq!(Consent::decide_at(&question(&key), at, START).reason, expected, "at {at}");
        }
        assert_eq!(Consent::decide_at(&question(&key), 5, START).consent, Some(0));
        assert_eq!(Consent::decide_at(&question(&key), 9, START).consent, Some(1));
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
        Hospitals::evict(&mercy());
        assert!(Consent::decide_at(&question(&key), 1, START).permitted);
    });
}

#[test]
fn what_was_pruned_still_says_why() {
    run(|| {
        let wallet = Wallet::sr(1);
        let key = wallet.key();
        assert_ok!(enrol(&general(), &key));
        let short = ConsentTerms { end: Some(START), ..terms(&key) };
        for _ in 0..MAX_LIVE {
            assert_ok!(grant(&general(), &wallet, &short));
        }
        Clock::set(START + 1);
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        // Nothing is in force any more, but one way to be refused came closer than the other.
        assert_ok!(revoke(&general(), &wallet, MAX_LIVE));
        let expect = |expected| {
            assert_eq!(reason(&question(&key)), expected);
            assert_eq!(Consent::decide_at(&question(&key), 1, START + 1).reason, expected);
        };
        expect(Reason::OutsidePeriod);
        for id in 0..MAX_LIVE {
            expect(Reason::OutsidePeriod);
            assert_ok!(revoke(&general(), &wallet, id));
        }
        expect(Reason::Revoked);
    });
}

#[test]
fn weights_are_bounded_and_grow_with_the_list() {
    use crate::WeightInfo;
    assert!(<() as WeightInfo>::decide(16).all_gt(<() as WeightInfo>::decide(1)));
    assert!(<() as WeightInfo>::grant(16, 16).all_gte(<() as WeightInfo>::grant(0, 16)));
    assert!(<Consent as ConsentCheck>::weight().ref_time() > 0);
}

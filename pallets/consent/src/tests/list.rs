//! The bounded list: what is refused, what waits, and what becomes of it.

use crate::{Call, Error, Live, Overflow, WeightInfo, mock::*};
use frame_support::{
    assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::UnfilteredDispatchable, weights::Weight,
};
use galen_primitives::{
    AccountId,
    consent::{ConsentTerms, Outcome, Past, Period, Purpose, Question, Reason},
    traits::ConsentCheck,
};

fn enrolled() -> Wallet {
    let wallet = Wallet::sr(1);
    assert_ok!(enrol(&general(), &wallet.key()));
    wallet
}

fn until(terms: &ConsentTerms, end: u64) -> ConsentTerms {
    with_root(terms, |root| root.period = Some(Period { start: None, end: Some(end) }))
}

fn past(key: &AccountId) -> Past {
    Consent::patient(key).unwrap().past
}

#[test]
fn grants_make_room_only_from_what_has_expired() {
    run(|| {
        let wallet = enrolled();
        let key = wallet.key();
        let short = until(&terms(&key), START + 10);
        for terms in [&short, &terms(&key), &short] {
            assert_ok!(grant(&general(), &wallet, terms));
        }
        assert_noop!(grant(&general(), &wallet, &terms(&key)), Error::<Test>::TooManyGrants);
        // The last second of a period still counts.
        Clock::set(START + 10);
        assert_noop!(grant(&general(), &wallet, &terms(&key)), Error::<Test>::TooManyGrants);
        Clock::set(START + 11);
        assert_eq!(past(&key), Past::default());
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        assert_eq!(Live::<Test>::get(&key).to_vec(), [1, 3]);
        assert_eq!(past(&key), Past { ended: 0, pruned: 2 });
        // What was pruned is still there to be read, and to be withdrawn.
        assert_eq!(Consent::consents(&key).len(), 4);
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_eq!(past(&key), Past { ended: 1, pruned: 1 });
        assert_noop!(revoke(&general(), &wallet, 0), Error::<Test>::AlreadyEnded);
    });
}

#[test]
fn looking_through_a_full_list_is_paid_for_only_where_it_is_done() {
    run(|| {
        let wallet = enrolled();
        // What is given back.
        let grant = |terms: &ConsentTerms| {
            let (grantor, valid_until) = (wallet.key(), Clock::get() + 60);
            let signature = wallet.sign(&Consent::grant_text(terms, &grantor, valid_until).unwrap());
            let call = Call::<Test>::grant { terms: terms.clone(), grantor, valid_until, signature };
            let foreseen = call.get_dispatch_info().call_weight;
            let done = call.dispatch_bypass_filter(RuntimeOrigin::signed(general())).unwrap();
            done.actual_weight.map_or(Weight::zero(), |actual| foreseen.saturating_sub(actual))
        };
        let open = terms(&wallet.key());
        let elements = open.elements();
        let looked_through = <() as WeightInfo>::grant(elements, MAX_LIVE);
        let spared = looked_through.saturating_sub(<() as WeightInfo>::grant_with_room(elements));
        for _ in 0..MAX_GRANTS {
            assert_eq!(grant(&until(&open, START + 10)), spared);
        }
        Clock::set(START + 11);
        assert_eq!(grant(&open), Weight::zero());
        assert_eq!(grant(&open), spared);
    });
}

#[test]
fn a_denial_always_finds_room_behind_grants() {
    run(|| {
        let wallet = enrolled();
        for _ in 0..MAX_GRANTS {
            assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
        }
        assert_ok!(grant(&general(), &wallet, &denial(&wallet.key())));
        // It denies what it says, and nothing else.
        assert!(Consent::decide(&question(&wallet.key())).permitted());
        let marketing = Question { purpose: Purpose::Hmarkt, ..question(&wallet.key()) };
        assert_eq!(Consent::decide(&marketing).outcome, Outcome::Deny);
    });
}

#[test]
fn while_a_denial_waits_everything_is_denied() {
    run(|| {
        let wallet = enrolled();
        let key = wallet.key();
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        to_block(2);
        for _ in 1..MAX_LIVE {
            assert_ok!(grant(&general(), &wallet, &denial(&key)));
        }
        assert!(Consent::decide(&question(&key)).permitted());
        to_block(3);
        FakeConsortium::set_grants_left(&general(), 0);
        assert_ok!(grant(&general(), &wallet, &denial(&key)));
        assert_ok!(grant(&general(), &wallet, &denial(&key)));
        let decision = Consent::decide(&question(&key));
        assert_eq!((decision.outcome, decision.reason), (Outcome::Deny, Reason::TooManyDenials));
        assert_eq!(Overflow::<Test>::iter_key_prefix(&key).count(), 2);
        // One leaves the list, one that waited enters; then the other.
        to_block(4);
        assert_ok!(revoke(&general(), &wallet, 1));
        assert_eq!(Consent::decide(&question(&key)).reason, Reason::TooManyDenials);
        to_block(5);
        assert_ok!(revoke(&general(), &wallet, 2));
        assert!(Consent::decide(&question(&key)).permitted());
        // And so it was, block by block.
        for (at, permitted) in [(1, true), (2, true), (3, false), (4, false), (5, true)] {
            assert_eq!(Consent::decide_at(&question(&key), at, START).permitted(), permitted, "at {at}");
        }
    });
}

#[test]
fn expired_denials_make_room_for_those_that_wait() {
    run(|| {
        let wallet = enrolled();
        let key = wallet.key();
        for _ in 0..MAX_LIVE {
            assert_ok!(grant(&general(), &wallet, &until(&denial(&key), START + 10)));
        }
        assert_ok!(grant(&general(), &wallet, &denial(&key)));
        assert_eq!(Consent::decide(&question(&key)).reason, Reason::TooManyDenials);
        Clock::set(START + 11);
        assert_ok!(grant(&general(), &wallet, &denial(&key)));
        assert_eq!(Overflow::<Test>::iter_key_prefix(&key).count(), 0);
        let decision = Consent::decide(&question(&key));
        assert_eq!((decision.outcome, decision.reason), (Outcome::NoConsent, Reason::PurposeNotCovered));
    });
}

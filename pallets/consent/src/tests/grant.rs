//! Grants: what is accepted, what is written, what is refused.

use crate::{Error, Event, Live, Pasts, mock::*, types::Past};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    consent::{ConsentTerms, ConsentVersion, Purpose},
};
use sp_runtime::DispatchError;

fn enrolled() -> Wallet {
    let wallet = Wallet::sr(1);
    assert_ok!(enrol(&general(), &wallet.key()));
    wallet
}

#[test]
fn any_member_relays_and_the_version_is_written() {
    run(|| {
        let wallet = enrolled();
        let key = wallet.key();
        to_block(7);
        assert_ok!(grant(&mercy(), &wallet, &terms(&key)));
        let version =
            ConsentVersion { id: 0, terms: terms(&key), relayer: mercy(), from_block: 7, until_block: None };
        assert_eq!(Consent::consents(&key), vec![version]);
        let patient = Consent::patient(&key).unwrap();
        assert_eq!((patient.nonce, patient.versions), (1, 1));
        System::assert_last_event(
            Event::Granted { patient: key.clone(), id: 0, grantee: mercy(), relayer: mercy() }.into(),
        );
        let entry = (Some(mercy()), Kind::ConsentGranted, terms(&key).form, Some(key));
        assert_eq!(Log::entries().last(), Some(&entry));
    });
}

#[test]
fn ids_count_over_all_grantees() {
    run(|| {
        let wallet = enrolled();
        let other = ConsentTerms { grantee: general(), ..terms(&wallet.key()) };
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
        assert_ok!(grant(&general(), &wallet, &other));
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
        let ids: Vec<_> = Consent::consents(&wallet.key()).iter().map(|version| version.id).collect();
        assert_eq!(ids, [0, 1, 2]);
        assert_eq!(Live::<Test>::get(wallet.key(), mercy()).to_vec(), [0, 2]);
    });
}

#[test]
fn only_members_relay_keep_and_receive() {
    run(|| {
        let wallet = enrolled();
        let good = terms(&wallet.key());
        assert_noop!(grant(&outsider(), &wallet, &good), Error::<Test>::NotMember);
        for bad in [
            ConsentTerms { grantee: outsider(), ..good.clone() },
            ConsentTerms { custodian: outsider(), ..good.clone() },
        ] {
            assert_noop!(grant(&general(), &wallet, &bad), Error::<Test>::NotMember);
        }
        Hospitals::evict(&mercy());
        assert_noop!(grant(&general(), &wallet, &good), Error::<Test>::NotMember);
    });
}

#[test]
fn the_key_must_be_enrolled_with_that_custodian() {
    run(|| {
        let wallet = enrolled();
        let elsewhere = ConsentTerms { custodian: mercy(), ..terms(&wallet.key()) };
        assert_noop!(grant(&general(), &wallet, &elsewhere), Error::<Test>::NotEnrolled);
        let stranger = Wallet::sr(2);
        assert_noop!(grant(&general(), &stranger, &terms(&stranger.key())), Error::<Test>::NotEnrolled);
    });
}

#[test]
fn purposes_and_labels_are_sets() {
    run(|| {
        let wallet = enrolled();
        let good = terms(&wallet.key());
        let none = ConsentTerms { purposes: Default::default(), ..good.clone() };
        assert_noop!(grant(&general(), &wallet, &none), Error::<Test>::NoPurpose);
        let twice = vec![Purpose::Treat, Purpose::Hresch, Purpose::Treat].try_into().unwrap();
        let twice = ConsentTerms { purposes: twice, ..good.clone() };
        assert_noop!(grant(&general(), &wallet, &twice), Error::<Test>::Duplicate);
        let labels = vec![label(1), label(1)].try_into().unwrap();
        let labels = ConsentTerms { labels, ..good.clone() };
        assert_noop!(grant(&general(), &wallet, &labels), Error::<Test>::Duplicate);
        let labels = (1..=16).map(label).collect::<Vec<_>>().try_into().unwrap();
        let purposes = Purpose::ALL.to_vec().try_into().unwrap();
        assert_ok!(grant(&general(), &wallet, &ConsentTerms { labels, purposes, ..good }));
    });
}

#[test]
fn periods_end_after_they_begin_and_not_in_the_past() {
    run(|| {
        let wallet = enrolled();
        let with = |start, end| ConsentTerms { start, end, ..terms(&wallet.key()) };
        for (start, end) in
            [(Some(START + 2), Some(START + 1)), (None, Some(START - 1)), (Some(START - 9), Some(START - 1))]
        {
            assert_noop!(grant(&general(), &wallet, &with(start, end)), Error::<Test>::BadPeriod);
        }
        assert_ok!(grant(&general(), &wallet, &with(Some(START), Some(START))));
        assert_ok!(grant(&general(), &wallet, &with(Some(START + DAY), None)));
        assert_ok!(grant(&general(), &wallet, &with(Some(0), Some(u64::MAX))));
    });
}

#[test]
fn the_relayers_quota_is_charged_for_accepted_grants_only() {
    run(|| {
        let wallet = enrolled();
        Hospitals::admit(&mercy(), "Mercy", 1);
        let bad = ConsentTerms { purposes: Default::default(), ..terms(&wallet.key()) };
        assert_noop!(grant(&mercy(), &wallet, &bad), Error::<Test>::NoPurpose);
        assert_ok!(grant(&mercy(), &wallet, &terms(&wallet.key())));
        assert_eq!(Hospitals::left(&mercy()), 0);
        assert_noop!(grant(&mercy(), &wallet, &terms(&wallet.key())), DispatchError::Exhausted);
        // Another member still can.
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
    });
}

#[test]
fn a_full_list_makes_room_only_from_what_has_expired() {
    run(|| {
        let wallet = enrolled();
        let key = wallet.key();
        let short = ConsentTerms { end: Some(START + 10), ..terms(&key) };
        assert_ok!(grant(&general(), &wallet, &short));
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        assert_ok!(grant(&general(), &wallet, &short));
        assert_noop!(grant(&general(), &wallet, &terms(&key)), Error::<Test>::TooMany);
        // The last second of a period still counts.
        Clock::set(START + 10);
        assert_noop!(grant(&general(), &wallet, &terms(&key)), Error::<Test>::TooMany);
        Clock::set(START + 11);
        assert_eq!(Pasts::<Test>::get(&key, mercy()), Past::default());
        assert_ok!(grant(&general(), &wallet, &terms(&key)));
        assert_eq!(Live::<Test>::get(&key, mercy()).to_vec(), [1, 3]);
        assert_eq!(Pasts::<Test>::get(&key, mercy()), Past { revoked: 0, pruned: 2 });
        // What was pruned is still there to be read, and to be revoked.
        assert_eq!(Consent::consents(&key).len(), 4);
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_eq!(Pasts::<Test>::get(&key, mercy()), Past { revoked: 1, pruned: 1 });
        assert_noop!(revoke(&general(), &wallet, 0), Error::<Test>::AlreadyRevoked);
        // Another grantee's list is its own.
        for _ in 0..MAX_LIVE {
            assert_ok!(grant(&general(), &wallet, &ConsentTerms { grantee: general(), ..terms(&key) }));
        }
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        let wallet = enrolled();
        Log::break_down(true);
        assert_noop!(grant(&general(), &wallet, &terms(&wallet.key())), DispatchError::Unavailable);
    });
}

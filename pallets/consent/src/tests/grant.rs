//! Grants: what is accepted, what is written, what is refused.

use crate::{Error, Event, Live, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    consent::{
        Confidentiality, ConsentTerms, ConsentVersion, Data, Duo, Effect, Meaning, Period, Provision, Purpose,
    },
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
        let version = ConsentVersion {
            id: 0,
            terms: terms(&key),
            grantor: key.clone(),
            relayer: mercy(),
            from_block: 7,
            listed_from: Some(7),
            ended: None,
        };
        assert_eq!(Consent::consents(&key), vec![version]);
        let patient = Consent::patient(&key).unwrap();
        assert_eq!((patient.nonce, patient.versions), (1, 1));
        System::assert_last_event(
            Event::Granted { patient: key.clone(), id: 0, grantor: key.clone(), relayer: mercy() }.into(),
        );
        let entry = (Some(mercy()), Kind::ConsentGranted, terms(&key).form, Some(key));
        assert_eq!(FakeAudit::entries().last(), Some(&entry));
    });
}

#[test]
fn ids_count_over_all_actors() {
    run(|| {
        let wallet = enrolled();
        let key = wallet.key();
        let other = with_root(&terms(&key), |root| root.actors = vec![actor(&general())].try_into().unwrap());
        for terms in [&terms(&key), &other, &terms(&key)] {
            assert_ok!(grant(&general(), &wallet, terms));
        }
        let ids: Vec<_> = Consent::consents(&key).iter().map(|version| version.id).collect();
        assert_eq!(ids, [0, 1, 2]);
        assert_eq!(Live::<Test>::get(&key).to_vec(), [0, 1, 2]);
    });
}

#[test]
fn only_members_relay_and_keep() {
    run(|| {
        let wallet = enrolled();
        let good = terms(&wallet.key());
        assert_noop!(grant(&outsider(), &wallet, &good), Error::<Test>::NotMember);
        let bad = ConsentTerms { custodian: outsider(), ..good.clone() };
        assert_noop!(grant(&general(), &wallet, &bad), Error::<Test>::NotMember);
        FakeConsortium::evict(&mercy());
        assert_noop!(grant(&mercy(), &wallet, &good), Error::<Test>::NotMember);
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
fn every_list_is_a_set() {
    run(|| {
        let wallet = enrolled();
        let good = terms(&wallet.key());
        let data = Data { meaning: Meaning::Instance, reference: label(1) };
        let other = Data { meaning: Meaning::Related, ..data };
        let spoiled: [&dyn Fn(&mut Provision); 5] = [
            &|root| root.purposes = vec![Purpose::Treat, Purpose::Treat].try_into().unwrap(),
            &|root| root.actors = vec![label(1), label(1)].try_into().unwrap(),
            &|root| root.levels = vec![Confidentiality::N, Confidentiality::N].try_into().unwrap(),
            &|root| root.labels = vec![label(1), label(1)].try_into().unwrap(),
            &|root| root.data = vec![data, data].try_into().unwrap(),
        ];
        for spoil in spoiled {
            assert_noop!(grant(&general(), &wallet, &with_root(&good, spoil)), Error::<Test>::InvalidTerms);
            let mut exception = rule(Effect::Deny);
            spoil(&mut exception);
            let exceptions = vec![exception].try_into().unwrap();
            let terms = ConsentTerms { exceptions, ..good.clone() };
            assert_noop!(grant(&general(), &wallet, &terms), Error::<Test>::InvalidTerms);
        }
        let codes = vec![Duo(42), Duo(42)].try_into().unwrap();
        let terms = ConsentTerms { duo: codes, ..good.clone() };
        assert_noop!(grant(&general(), &wallet, &terms), Error::<Test>::InvalidTerms);
        let full = with_root(&good, |root| {
            root.purposes = Purpose::ALL.to_vec().try_into().unwrap();
            root.labels = (1..=16).map(label).collect::<Vec<_>>().try_into().unwrap();
            root.data = vec![data, other].try_into().unwrap();
        });
        assert_ok!(grant(&general(), &wallet, &full));
    });
}

#[test]
fn periods_end_after_they_begin_and_not_in_the_past() {
    run(|| {
        let wallet = enrolled();
        let with =
            |start, end| with_root(&terms(&wallet.key()), |root| root.period = Some(Period { start, end }));
        for (start, end) in [
            (Some(START + 2), Some(START + 1)),
            (None, Some(START - 1)),
            (Some(START - 9), Some(START - 1)),
            (None, None),
        ] {
            assert_noop!(grant(&general(), &wallet, &with(start, end)), Error::<Test>::InvalidPeriod);
        }
        assert_ok!(grant(&general(), &wallet, &with(Some(START), Some(START))));
        assert_ok!(grant(&general(), &wallet, &with(Some(START + DAY), None)));
        assert_ok!(grant(&general(), &wallet, &with(Some(0), Some(u64::MAX))));
        // Of data, and of an exception, the past may well be meant.
        let data = with_root(&denial(&wallet.key()), |root| {
            root.data_period = Some(Period { start: None, end: Some(1) });
        });
        assert_ok!(grant(&general(), &wallet, &data));
    });
}

#[test]
fn the_relayers_quota_is_charged_for_accepted_grants_only() {
    run(|| {
        let wallet = enrolled();
        FakeConsortium::set_grants_left(&mercy(), 1);
        let bad = with_root(&terms(&wallet.key()), |root| root.period = Some(Period::default()));
        assert_noop!(grant(&mercy(), &wallet, &bad), Error::<Test>::InvalidPeriod);
        assert_ok!(grant(&mercy(), &wallet, &terms(&wallet.key())));
        assert_eq!(FakeConsortium::grants_left(&mercy()), 0);
        assert_noop!(grant(&mercy(), &wallet, &terms(&wallet.key())), DispatchError::Exhausted);
        // What only denies needs none; and another member still can.
        assert_ok!(grant(&mercy(), &wallet, &denial(&wallet.key())));
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        let wallet = enrolled();
        FakeAudit::room_for(0);
        assert_noop!(grant(&general(), &wallet, &terms(&wallet.key())), FakeAudit::FULL);
    });
}

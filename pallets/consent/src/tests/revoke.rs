//! Revocations.

use crate::{Error, Event, Live, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    consent::{ConsentTerms, Reason},
    traits::ConsentCheck,
};
use sp_runtime::DispatchError;

fn granted() -> Wallet {
    let wallet = Wallet::ed(1);
    assert_ok!(enrol(&general(), &wallet.key()));
    assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
    wallet
}

#[test]
fn a_revocation_counts_from_its_own_block() {
    run(|| {
        let wallet = granted();
        let key = wallet.key();
        to_block(4);
        assert!(Consent::decide(&question(&key)).permitted);
        assert_ok!(revoke(&mercy(), &wallet, 0));
        // The same block, after it.
        assert_eq!(Consent::decide(&question(&key)).reason, Reason::Revoked);
        assert_eq!(Consent::consents(&key)[0].until_block, Some(4));
        assert_eq!(Consent::patient(&key).unwrap().nonce, 2);
        assert!(Live::<Test>::get(&key, mercy()).is_empty());
        System::assert_last_event(
            Event::Revoked { patient: key.clone(), id: 0, grantee: mercy(), relayer: mercy() }.into(),
        );
        let entry = (Some(mercy()), Kind::ConsentRevoked, terms(&key).form, Some(key));
        assert_eq!(Log::entries().last(), Some(&entry));
    });
}

#[test]
fn one_version_is_revoked_the_others_stand() {
    run(|| {
        let wallet = granted();
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_eq!(Consent::decide(&question(&wallet.key())).consent, Some(1));
    });
}

#[test]
fn what_is_not_there_or_already_revoked_is_refused() {
    run(|| {
        let wallet = granted();
        assert_noop!(revoke(&general(), &wallet, 1), Error::<Test>::NotFound);
        assert_noop!(revoke(&general(), &Wallet::sr(7), 0), Error::<Test>::NotEnrolled);
        assert_noop!(revoke(&outsider(), &wallet, 0), Error::<Test>::NotMember);
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_noop!(revoke(&general(), &wallet, 0), Error::<Test>::AlreadyRevoked);
    });
}

#[test]
fn no_quota_stands_in_the_way() {
    run(|| {
        let wallet = granted();
        Hospitals::admit(&mercy(), "Mercy", 0);
        assert_ok!(revoke(&mercy(), &wallet, 0));
    });
}

#[test]
fn an_evicted_grantee_or_custodian_does_not_stand_in_the_way() {
    run(|| {
        let wallet = granted();
        Hospitals::evict(&general());
        assert_ok!(revoke(&mercy(), &wallet, 0));
    });
    run(|| {
        let wallet = granted();
        Hospitals::evict(&mercy());
        assert_ok!(revoke(&general(), &wallet, 0));
    });
}

#[test]
fn a_revoked_consent_can_be_granted_anew() {
    run(|| {
        let wallet = granted();
        let key = wallet.key();
        for id in 0..MAX_LIVE * 2 {
            assert_ok!(revoke(&general(), &wallet, id));
            assert_eq!(Consent::decide(&question(&key)).reason, Reason::Revoked);
            assert_ok!(grant(&general(), &wallet, &terms(&key)));
            assert_eq!(Consent::decide(&question(&key)).consent, Some(id + 1));
        }
    });
}

#[test]
fn a_consent_not_yet_begun_can_be_revoked() {
    run(|| {
        let wallet = granted();
        let later = ConsentTerms { start: Some(START + DAY), ..terms(&wallet.key()) };
        assert_ok!(grant(&general(), &wallet, &later));
        assert_ok!(revoke(&general(), &wallet, 1));
        assert_ok!(revoke(&general(), &wallet, 0));
        Clock::set(START + 2 * DAY);
        assert_eq!(Consent::decide(&question(&wallet.key())).reason, Reason::Revoked);
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        let wallet = granted();
        Log::break_down(true);
        assert_noop!(revoke(&general(), &wallet, 0), DispatchError::Unavailable);
        assert!(Consent::decide(&question(&wallet.key())).permitted);
    });
}

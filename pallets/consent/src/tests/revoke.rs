//! Revocations.

use crate::{Call, Error, Event, Live, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    consent::{ConsentTerms, Ended, Ending, Period, Reason},
    traits::ConsentCheck,
};
use sp_runtime::{DispatchError, traits::Dispatchable};

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
        assert!(Consent::decide(&question(&key)).permitted());
        assert_ok!(revoke(&mercy(), &wallet, 0));
        // The same block, after it.
        assert_eq!(Consent::decide(&question(&key)).reason, Reason::Revoked);
        let ended = Ended { block: 4, at: START, why: Ending::Revoked(key.clone()) };
        assert_eq!(Consent::consents(&key)[0].ended, Some(ended));
        assert_eq!(Consent::patient(&key).unwrap().nonce, 2);
        assert!(Live::<Test>::get(&key).is_empty());
        System::assert_last_event(
            Event::Ended { patient: key.clone(), id: 0, why: Ending::Revoked(key.clone()) }.into(),
        );
        let entry = (Some(mercy()), Kind::ConsentRevoked, terms(&key).form, Some(key));
        assert_eq!(FakeAudit::entries().last(), Some(&entry));
    });
}

#[test]
fn one_version_is_revoked_the_others_stand() {
    run(|| {
        let wallet = granted();
        assert_ok!(grant(&general(), &wallet, &terms(&wallet.key())));
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_eq!(Consent::decide(&question(&wallet.key())).consent(), Some(1));
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
        assert_noop!(revoke(&general(), &wallet, 0), Error::<Test>::AlreadyEnded);
    });
}

#[test]
fn no_quota_stands_in_the_way() {
    run(|| {
        let wallet = granted();
        FakeConsortium::set_grants_left(&mercy(), 0);
        assert_ok!(revoke(&mercy(), &wallet, 0));
    });
}

#[test]
fn an_evicted_grantee_or_custodian_does_not_stand_in_the_way() {
    run(|| {
        let wallet = granted();
        FakeConsortium::evict(&general());
        assert_ok!(revoke(&mercy(), &wallet, 0));
    });
    run(|| {
        let wallet = granted();
        FakeConsortium::evict(&mercy());
        assert_ok!(revoke(&general(), &wallet, 0));
    });
}

#[test]
fn a_revoked_consent_can_be_granted_anew() {
    run(|| {
        let wallet = granted();
        let key = wallet.key();
        for id in 0..MAX_GRANTS * 2 {
            assert_ok!(revoke(&general(), &wallet, id));
            assert_eq!(Consent::decide(&question(&key)).reason, Reason::Revoked);
            assert_ok!(grant(&general(), &wallet, &terms(&key)));
            assert_eq!(Consent::decide(&question(&key)).consent(), Some(id + 1));
        }
    });
}

#[test]
fn a_consent_not_yet_begun_can_be_revoked() {
    run(|| {
        let wallet = granted();
        let later = with_root(&terms(&wallet.key()), |root| {
            root.period = Some(Period { start: Some(START + DAY), end: None });
        });
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
        FakeAudit::room_for(0);
        assert_noop!(revoke(&general(), &wallet, 0), FakeAudit::FULL);
        assert!(Consent::decide(&question(&wallet.key())).permitted());
    });
}

#[test]
fn a_narrower_consent_takes_the_place_of_another_at_once() {
    run(|| {
        let wallet = granted();
        let key = wallet.key();
        to_block(3);
        let narrower = ConsentTerms { supersedes: Some(0), ..denial(&key) };
        assert_ok!(grant(&general(), &wallet, &narrower));
        let versions = Consent::consents(&key);
        assert_eq!(versions[0].ended.as_ref().unwrap().why, Ending::Superseded(1));
        assert!(!Consent::decide(&question(&key)).permitted());
        assert_noop!(grant(&general(), &wallet, &narrower), Error::<Test>::AlreadyEnded);
        let unknown = ConsentTerms { supersedes: Some(9), ..terms(&key) };
        assert_noop!(grant(&general(), &wallet, &unknown), Error::<Test>::NotFound);
    });
}

#[test]
fn a_court_ends_a_consent_through_the_council_alone() {
    run(|| {
        let wallet = granted();
        let key = wallet.key();
        let order = galen_primitives::H256([0xC0; 32]);
        let call = Call::end_by_order { patient: key.clone(), id: 0, order };
        assert_noop!(submit(&general(), call.clone()), DispatchError::BadOrigin);
        assert_ok!(RuntimeCall::from(call.clone()).dispatch(RuntimeOrigin::root()));
        assert_eq!(Consent::decide(&question(&key)).reason, Reason::Revoked);
        assert_eq!(FakeAudit::entries().last(), Some(&(None, Kind::ConsentOrdered, order, Some(key))));
        let again = RuntimeCall::from(call).dispatch(RuntimeOrigin::root());
        assert_eq!(again.unwrap_err().error, Error::<Test>::AlreadyEnded.into());
    });
}

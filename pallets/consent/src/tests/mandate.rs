//! Guardians and delegates.

use crate::{Call, Error, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    AccountId,
    audit::{Kind, account_subject},
    consent::{ConsentTerms, Ending, Mandate, Purpose, Standing},
    traits::ConsentCheck,
};
use sp_runtime::DispatchResult;

fn enrolled() -> Wallet {
    let wallet = Wallet::sr(1);
    assert_ok!(enrol(&general(), &wallet.key()));
    wallet
}

/// The custodian names a guardian.
fn name(patient: &AccountId, guardian: &AccountId, mandate: Mandate) -> DispatchResult {
    let (patient, guardian) = (patient.clone(), guardian.clone());
    submit(&general(), Call::appoint { patient, guardian, mandate, approval: None })
}

/// The patient names a delegate, whom any member relays.
fn choose(patient: &Wallet, guardian: &AccountId, mandate: Mandate) -> DispatchResult {
    let valid_until = Clock::get() + 60;
    let text = Consent::appoint_text(&patient.key(), guardian, &mandate, valid_until).unwrap();
    let approval = Some((valid_until, patient.sign(&text)));
    submit(&mercy(), Call::appoint { patient: patient.key(), guardian: guardian.clone(), mandate, approval })
}

fn dismiss(relayer: &AccountId, patient: &Wallet, guardian: &AccountId, signed: bool) -> DispatchResult {
    let valid_until = Clock::get() + 60;
    let text = Consent::dismiss_text(&patient.key(), guardian, valid_until).unwrap();
    let approval = signed.then(|| (valid_until, patient.sign(&text)));
    submit(relayer, Call::dismiss { patient: patient.key(), guardian: guardian.clone(), approval })
}

#[test]
fn a_guardian_grants_and_withdraws_until_majority() {
    run(|| {
        let (child, parent) = (enrolled().key(), Wallet::ed(2));
        let majority = START + 10 * DAY;
        let minor = Mandate { end: Some(majority), ..mandate(Standing::Guardian) };
        assert_ok!(name(&child, &parent.key(), minor));
        let entry =
            (Some(general()), Kind::MandateGiven, account_subject(&parent.key()), Some(child.clone()));
        assert_eq!(FakeAudit::entries().last(), Some(&entry));
        assert_ok!(grant_by(&mercy(), &parent, &terms(&child)));
        assert_eq!(Consent::consents(&child)[0].grantor, parent.key());
        assert!(Consent::decide(&question(&child)).permitted());
        assert_ok!(revoke_by(&mercy(), &parent, &child, 0));
        let ended = Consent::consents(&child)[0].ended.clone().unwrap();
        assert_eq!(ended.why, Ending::Revoked(parent.key()));

        Clock::set(majority);
        assert_ok!(grant_by(&mercy(), &parent, &terms(&child)));
        Clock::set(majority + 1);
        assert_noop!(grant_by(&mercy(), &parent, &terms(&child)), Error::<Test>::MandateNotFound);
        assert_noop!(revoke_by(&mercy(), &parent, &child, 1), Error::<Test>::MandateNotFound);
        // What was granted stands, until the grown-up patient ends it.
        assert!(Consent::decide(&question(&child)).permitted());
        assert_ok!(revoke(&mercy(), &Wallet::sr(1), 1));
    });
}

#[test]
fn a_stranger_signs_for_nobody() {
    run(|| {
        let (patient, stranger) = (enrolled().key(), Wallet::sr(9));
        assert_noop!(grant_by(&general(), &stranger, &terms(&patient)), Error::<Test>::MandateNotFound);
        assert_ok!(grant(&general(), &Wallet::sr(1), &terms(&patient)));
        assert_noop!(revoke_by(&general(), &stranger, &patient, 0), Error::<Test>::MandateNotFound);
    });
}

#[test]
fn a_mandate_goes_as_far_as_it_says() {
    run(|| {
        let (patient, delegate) = (enrolled(), Wallet::sr(2));
        let key = patient.key();
        let treatment = vec![Purpose::Treat].try_into().unwrap();
        let only_treatment =
            Mandate { purposes: treatment, may_withdraw: false, ..mandate(Standing::Delegate) };
        assert_ok!(choose(&patient, &delegate.key(), only_treatment));
        assert_ok!(grant_by(&general(), &delegate, &terms(&key)));
        let beyond = [
            with_root(&terms(&key), |root| root.purposes = Default::default()),
            with_root(&terms(&key), |root| {
                root.purposes = vec![Purpose::Treat, Purpose::Hresch].try_into().unwrap();
            }),
            denial(&key),
            ConsentTerms { supersedes: Some(0), ..terms(&key) },
        ];
        for terms in beyond {
            assert_noop!(grant_by(&general(), &delegate, &terms), Error::<Test>::InsufficientMandate);
        }
        assert_noop!(revoke_by(&general(), &delegate, &key, 0), Error::<Test>::InsufficientMandate);

        let only_withdraw = Mandate { may_grant: false, ..mandate(Standing::Delegate) };
        assert_ok!(choose(&patient, &delegate.key(), only_withdraw));
        assert_noop!(grant_by(&general(), &delegate, &terms(&key)), Error::<Test>::InsufficientMandate);
        assert_ok!(grant_by(&general(), &delegate, &denial(&key)));
        assert_ok!(revoke_by(&general(), &delegate, &key, 0));
    });
}

#[test]
fn a_mandate_begins_and_ends() {
    run(|| {
        let (patient, delegate) = (enrolled(), Wallet::sr(2));
        let (start, end) = (START + 10, START + 20);
        let bounded = Mandate { start: Some(start), end: Some(end), ..mandate(Standing::Delegate) };
        assert_ok!(choose(&patient, &delegate.key(), bounded));
        for (now, holds) in [(start - 1, false), (start, true), (end, true), (end + 1, false)] {
            Clock::set(now);
            let granted = grant_by(&general(), &delegate, &denial(&patient.key()));
            assert_eq!(granted.is_ok(), holds, "at {now}");
        }
        Clock::set(start);
        assert_ok!(dismiss(&general(), &patient, &delegate.key(), true));
        let refused = grant_by(&general(), &delegate, &denial(&patient.key()));
        assert_eq!(refused, Err(Error::<Test>::MandateNotFound.into()));
        assert_noop!(dismiss(&general(), &patient, &delegate.key(), true), Error::<Test>::MandateNotFound);
        // It can be given anew.
        assert_ok!(choose(&patient, &delegate.key(), mandate(Standing::Delegate)));
        assert_ok!(grant_by(&general(), &delegate, &denial(&patient.key())));
    });
}

#[test]
fn a_guardian_comes_from_the_custodian_and_a_delegate_from_the_patient() {
    run(|| {
        let (patient, other) = (enrolled(), Wallet::sr(2).key());
        let (guardian, delegate) = (mandate(Standing::Guardian), mandate(Standing::Delegate));
        assert_noop!(name(&patient.key(), &other, delegate.clone()), Error::<Test>::InvalidMandate);
        assert_noop!(choose(&patient, &other, guardian.clone()), Error::<Test>::InvalidMandate);
        let call = |relayer: &AccountId, mandate: &Mandate, approval| {
            let (patient, guardian, mandate) = (patient.key(), other.clone(), mandate.clone());
            submit(relayer, Call::appoint { patient, guardian, mandate, approval })
        };
        assert_noop!(call(&mercy(), &guardian, None), Error::<Test>::NotCustodian);
        assert_noop!(call(&outsider(), &guardian, None), Error::<Test>::NotMember);
        let forged = Some((START + 60, Wallet::sr(7).sign(b"yes")));
        assert_noop!(call(&mercy(), &delegate, forged), Error::<Test>::InvalidSignature);
        // A minor cannot put a delegate in a guardian's place, nor dismiss the guardian.
        assert_ok!(name(&patient.key(), &other, guardian));
        assert_noop!(choose(&patient, &other, delegate), Error::<Test>::AlreadyExists);
        assert_noop!(dismiss(&mercy(), &patient, &other, true), Error::<Test>::InvalidMandate);
        assert_noop!(dismiss(&mercy(), &patient, &other, false), Error::<Test>::NotCustodian);
        assert_ok!(dismiss(&general(), &patient, &other, false));
    });
}

#[test]
fn a_mandate_must_mean_something() {
    run(|| {
        let (patient, other) = (enrolled(), Wallet::sr(2).key());
        let good = mandate(Standing::Guardian);
        let idle = Mandate { may_grant: false, may_withdraw: false, ..good.clone() };
        assert_noop!(name(&patient.key(), &other, idle), Error::<Test>::InvalidMandate);
        assert_noop!(name(&patient.key(), &patient.key(), good.clone()), Error::<Test>::InvalidMandate);
        assert_noop!(name(&patient.key(), &mercy(), good.clone()), Error::<Test>::MemberNotAllowed);
        let over = Mandate { end: Some(START - 1), ..good.clone() };
        assert_noop!(name(&patient.key(), &other, over), Error::<Test>::InvalidPeriod);
        let backwards = Mandate { start: Some(START + 2), end: Some(START + 1), ..good.clone() };
        assert_noop!(name(&patient.key(), &other, backwards), Error::<Test>::InvalidPeriod);
        assert_noop!(name(&Wallet::sr(8).key(), &other, good), Error::<Test>::NotEnrolled);
    });
}

//! Signatures: both kinds of key, both ways of signing, and every way to be wrong.

use crate::{Call, Error, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    consent::{Confidentiality, ConsentTerms, PatientSignature, Purpose},
    consent_text::{self, Binding, Named},
};
use sp_runtime::DispatchResult;

const SOON: u64 = START + 60;

fn enrolled(wallet: &Wallet) -> ConsentTerms {
    assert_ok!(enrol(&general(), &wallet.key()));
    terms(&wallet.key())
}

fn submit_grant(terms: &ConsentTerms, valid_until: u64, signature: PatientSignature) -> DispatchResult {
    submit(&general(), Call::grant { terms: terms.clone(), valid_until, signature })
}

fn submit_revoke(wallet: &Wallet, id: u32, valid_until: u64, signature: PatientSignature) -> DispatchResult {
    submit(&general(), Call::revoke { patient: wallet.key(), id, valid_until, signature })
}

/// The text as a wallet that knows no chain would build it.
fn text_with(terms: &ConsentTerms, genesis: H256, nonce: u32, valid_until: u64) -> Vec<u8> {
    consent_text::grant_text(
        terms,
        &Named { account: &terms.custodian, name: b"General" },
        &Named { account: &terms.grantee, name: b"Mercy" },
        &Binding { genesis, nonce, valid_until },
    )
}

#[test]
fn sr25519_and_ed25519_sign_bare_and_wrapped() {
    run(|| {
        for wallet in [Wallet::sr(1), Wallet::sr(2).wrapping(), Wallet::ed(3), Wallet::ed(4).wrapping()] {
            let terms = enrolled(&wallet);
            let text = text_with(&terms, GENESIS, 0, SOON);
            assert_eq!(Consent::grant_text(&terms, SOON), Some(text.clone()));
            assert_ok!(submit_grant(&terms, SOON, wallet.sign(&text)));
            let text = Consent::revoke_text(&wallet.key(), 0, SOON).unwrap();
            assert_ok!(submit_revoke(&wallet, 0, SOON, wallet.sign(&text)));
        }
    });
}

#[test]
fn another_chains_text_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let text = text_with(&terms, H256([0x48; 32]), 0, SOON);
        assert_noop!(submit_grant(&terms, SOON, wallet.sign(&text)), Error::<Test>::BadSignature);
        assert_ok!(grant(&general(), &wallet, &terms));
        let binding = Binding { genesis: H256([0x48; 32]), nonce: 1, valid_until: SOON };
        let text = consent_text::revoke_text(&wallet.key(), 0, &binding);
        assert_noop!(submit_revoke(&wallet, 0, SOON, wallet.sign(&text)), Error::<Test>::BadSignature);
    });
}

#[test]
fn a_text_is_accepted_once_and_in_order() {
    run(|| {
        let wallet = Wallet::ed(1);
        let terms = enrolled(&wallet);
        let next = wallet.sign(&text_with(&terms, GENESIS, 1, SOON));
        assert_noop!(submit_grant(&terms, SOON, next.clone()), Error::<Test>::BadSignature);
        let first = wallet.sign(&text_with(&terms, GENESIS, 0, SOON));
        assert_ok!(submit_grant(&terms, SOON, first.clone()));
        assert_noop!(submit_grant(&terms, SOON, first.clone()), Error::<Test>::BadSignature);
        // A revocation uses up a number too: what was signed for it cannot come after.
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_noop!(submit_grant(&terms, SOON, next), Error::<Test>::BadSignature);
        assert_noop!(submit_grant(&terms, SOON, first), Error::<Test>::BadSignature);
    });
}

#[test]
fn a_replayed_revocation_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        assert_ok!(grant(&general(), &wallet, &terms));
        assert_ok!(grant(&general(), &wallet, &terms));
        let signature = wallet.sign(&Consent::revoke_text(&wallet.key(), 0, SOON).unwrap());
        // The same signature does not revoke another id.
        assert_noop!(submit_revoke(&wallet, 1, SOON, signature.clone()), Error::<Test>::BadSignature);
        assert_ok!(submit_revoke(&wallet, 0, SOON, signature.clone()));
        assert_noop!(submit_revoke(&wallet, 0, SOON, signature.clone()), Error::<Test>::AlreadyRevoked);
        assert_noop!(submit_revoke(&wallet, 1, SOON, signature), Error::<Test>::BadSignature);
    });
}

#[test]
fn another_key_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let text = text_with(&terms, GENESIS, 0, SOON);
        for other in [Wallet::sr(2), Wallet::ed(1), Wallet::ed(2).wrapping()] {
            assert_noop!(submit_grant(&terms, SOON, other.sign(&text)), Error::<Test>::BadSignature);
        }
        assert_ok!(grant(&general(), &wallet, &terms));
        let text = Consent::revoke_text(&wallet.key(), 0, SOON).unwrap();
        let forged = Wallet::sr(2).sign(&text);
        assert_noop!(submit_revoke(&wallet, 0, SOON, forged), Error::<Test>::BadSignature);
    });
}

#[test]
fn a_signature_cannot_change_its_kind() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let PatientSignature::Sr25519(signature) = wallet.sign(&text_with(&terms, GENESIS, 0, SOON)) else {
            unreachable!("an sr25519 wallet")
        };
        let relabelled = PatientSignature::Ed25519(signature.0.into());
        assert_noop!(submit_grant(&terms, SOON, relabelled), Error::<Test>::BadSignature);
    });
}

#[test]
fn a_text_of_other_terms_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let signed = enrolled(&wallet);
        let signature = wallet.sign(&text_with(&signed, GENESIS, 0, SOON));
        let others = [
            ConsentTerms { grantee: general(), ..signed.clone() },
            ConsentTerms {
                purposes: vec![Purpose::Treat, Purpose::Hresch].try_into().unwrap(),
                ..signed.clone()
            },
            ConsentTerms { level: Confidentiality::V, ..signed.clone() },
            ConsentTerms { labels: vec![label(1)].try_into().unwrap(), ..signed.clone() },
            ConsentTerms { start: Some(START), ..signed.clone() },
            ConsentTerms { end: Some(START + DAY), ..signed.clone() },
            ConsentTerms { form: H256([1; 32]), ..signed.clone() },
        ];
        for other in others {
            assert_noop!(submit_grant(&other, SOON, signature.clone()), Error::<Test>::BadSignature);
        }
        // Nor can the relayer stretch the time in which the text is accepted.
        assert_noop!(submit_grant(&signed, SOON + 1, signature.clone()), Error::<Test>::BadSignature);
        assert_ok!(submit_grant(&signed, SOON, signature));
    });
}

#[test]
fn a_text_is_accepted_up_to_its_last_second() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let signature = wallet.sign(&text_with(&terms, GENESIS, 0, SOON));
        Clock::set(SOON + 1);
        assert_noop!(submit_grant(&terms, SOON, signature.clone()), Error::<Test>::Expired);
        Clock::set(SOON);
        assert_ok!(submit_grant(&terms, SOON, signature));
        let signature = wallet.sign(&Consent::revoke_text(&wallet.key(), 0, SOON).unwrap());
        Clock::set(SOON + 1);
        assert_noop!(submit_revoke(&wallet, 0, SOON, signature.clone()), Error::<Test>::Expired);
        Clock::set(SOON);
        assert_ok!(submit_revoke(&wallet, 0, SOON, signature));
    });
}

#[test]
fn a_text_that_would_be_valid_for_too_long_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        for far in [START + MAX_TEXT_AGE + 1, u64::MAX] {
            let signature = wallet.sign(&text_with(&terms, GENESIS, 0, far));
            assert_noop!(submit_grant(&terms, far, signature), Error::<Test>::TooFarAhead);
        }
        let limit = START + MAX_TEXT_AGE;
        assert_ok!(submit_grant(&terms, limit, wallet.sign(&text_with(&terms, GENESIS, 0, limit))));
        let far = limit + 1;
        let signature = wallet.sign(&Consent::revoke_text(&wallet.key(), 0, far).unwrap());
        assert_noop!(submit_revoke(&wallet, 0, far, signature), Error::<Test>::TooFarAhead);
    });
}

#[test]
fn a_renamed_hospital_is_another_text() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let signature = wallet.sign(&text_with(&terms, GENESIS, 0, SOON));
        Hospitals::admit(&mercy(), "Mercy East", 10);
        assert_noop!(submit_grant(&terms, SOON, signature), Error::<Test>::BadSignature);
    });
}

#[test]
fn there_is_no_text_for_what_is_unknown() {
    run(|| {
        let wallet = Wallet::sr(1);
        assert_eq!(Consent::grant_text(&terms(&wallet.key()), SOON), None);
        assert_eq!(Consent::revoke_text(&wallet.key(), 0, SOON), None);
        let good = enrolled(&wallet);
        assert!(Consent::grant_text(&good, SOON).is_some());
        for bad in [
            ConsentTerms { custodian: mercy(), ..good.clone() },
            ConsentTerms { custodian: outsider(), ..good.clone() },
            ConsentTerms { grantee: outsider(), ..good },
        ] {
            assert_eq!(Consent::grant_text(&bad, SOON), None);
        }
    });
}

//! Signatures: both kinds of key, both ways of signing, and every way to be wrong.

use crate::{Call, Error, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    AccountId, H256,
    consent::{
        Confidentiality, ConsentTerms, Effect, PatientSignature, Period, Purpose,
        text::{Binding, TextWriter},
    },
};
use sp_runtime::DispatchResult;

const SOON: u64 = START + 60;

fn enrolled(wallet: &Wallet) -> ConsentTerms {
    assert_ok!(enrol(&general(), &wallet.key()));
    terms(&wallet.key())
}

fn submit_grant(terms: &ConsentTerms, valid_until: u64, signature: PatientSignature) -> DispatchResult {
    let grantor = terms.patient.clone();
    submit(&general(), Call::grant { terms: terms.clone(), grantor, valid_until, signature })
}

fn submit_revoke(wallet: &Wallet, id: u32, valid_until: u64, signature: PatientSignature) -> DispatchResult {
    let (patient, grantor) = (wallet.key(), wallet.key());
    submit(&general(), Call::revoke { patient, id, grantor, valid_until, signature })
}

fn grant_text(terms: &ConsentTerms, valid_until: u64) -> Option<Vec<u8>> {
    Consent::grant_text(terms, &terms.patient, valid_until)
}

fn revoke_text(wallet: &Wallet, id: u32, valid_until: u64) -> Option<Vec<u8>> {
    Consent::revoke_text(&wallet.key(), id, &wallet.key(), valid_until)
}

/// A text as a wallet that knows no chain would build it.
fn text_of(
    patient: &AccountId,
    genesis: H256,
    nonce: u32,
    valid_until: u64,
    write: impl FnOnce(&TextWriter<'_>) -> Vec<u8>,
) -> Vec<u8> {
    let name = |account: &AccountId| {
        (account == &general())
            .then_some("General")
            .or((account == &mercy()).then_some("Mercy"))
            .map(|name| name.as_bytes().to_vec())
    };
    let binding = Binding { genesis, nonce, valid_until };
    write(&TextWriter { patient, signer: patient, binding, name: &name })
}

fn text_with(terms: &ConsentTerms, genesis: H256, nonce: u32, valid_until: u64) -> Vec<u8> {
    text_of(&terms.patient, genesis, nonce, valid_until, |writer| writer.grant(terms))
}

#[test]
fn sr25519_and_ed25519_sign_bare_and_wrapped() {
    run(|| {
        for wallet in [Wallet::sr(1), Wallet::sr(2).wrapping(), Wallet::ed(3), Wallet::ed(4).wrapping()] {
            let terms = enrolled(&wallet);
            let text = text_with(&terms, GENESIS, 0, SOON);
            assert_eq!(grant_text(&terms, SOON), Some(text.clone()));
            assert_ok!(submit_grant(&terms, SOON, wallet.sign(&text)));
            let text = revoke_text(&wallet, 0, SOON).unwrap();
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
        assert_noop!(submit_grant(&terms, SOON, wallet.sign(&text)), Error::<Test>::InvalidSignature);
        assert_ok!(grant(&general(), &wallet, &terms));
        let text = text_of(&wallet.key(), H256([0x48; 32]), 1, SOON, |writer| writer.revoke(0));
        assert_noop!(submit_revoke(&wallet, 0, SOON, wallet.sign(&text)), Error::<Test>::InvalidSignature);
    });
}

#[test]
fn a_text_is_accepted_once_and_in_order() {
    run(|| {
        let wallet = Wallet::ed(1);
        let terms = enrolled(&wallet);
        let next = wallet.sign(&text_with(&terms, GENESIS, 1, SOON));
        assert_noop!(submit_grant(&terms, SOON, next.clone()), Error::<Test>::InvalidSignature);
        let first = wallet.sign(&text_with(&terms, GENESIS, 0, SOON));
        assert_ok!(submit_grant(&terms, SOON, first.clone()));
        assert_noop!(submit_grant(&terms, SOON, first.clone()), Error::<Test>::InvalidSignature);
        // A revocation uses up a number too: what was signed for it cannot come after.
        assert_ok!(revoke(&general(), &wallet, 0));
        assert_noop!(submit_grant(&terms, SOON, next), Error::<Test>::InvalidSignature);
        assert_noop!(submit_grant(&terms, SOON, first), Error::<Test>::InvalidSignature);
    });
}

#[test]
fn a_replayed_revocation_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        assert_ok!(grant(&general(), &wallet, &terms));
        assert_ok!(grant(&general(), &wallet, &terms));
        let signature = wallet.sign(&revoke_text(&wallet, 0, SOON).unwrap());
        // The same signature does not revoke another id.
        assert_noop!(submit_revoke(&wallet, 1, SOON, signature.clone()), Error::<Test>::InvalidSignature);
        assert_ok!(submit_revoke(&wallet, 0, SOON, signature.clone()));
        assert_noop!(submit_revoke(&wallet, 0, SOON, signature.clone()), Error::<Test>::AlreadyEnded);
        assert_noop!(submit_revoke(&wallet, 1, SOON, signature), Error::<Test>::InvalidSignature);
    });
}

#[test]
fn another_key_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let text = text_with(&terms, GENESIS, 0, SOON);
        for other in [Wallet::sr(2), Wallet::ed(1), Wallet::ed(2).wrapping()] {
            assert_noop!(submit_grant(&terms, SOON, other.sign(&text)), Error::<Test>::InvalidSignature);
        }
        assert_ok!(grant(&general(), &wallet, &terms));
        let text = revoke_text(&wallet, 0, SOON).unwrap();
        let forged = Wallet::sr(2).sign(&text);
        assert_noop!(submit_revoke(&wallet, 0, SOON, forged), Error::<Test>::InvalidSignature);
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
        assert_noop!(submit_grant(&terms, SOON, relabelled), Error::<Test>::InvalidSignature);
    });
}

#[test]
fn a_text_of_other_terms_is_refused() {
    run(|| {
        let wallet = Wallet::sr(1);
        let signed = enrolled(&wallet);
        let signature = wallet.sign(&text_with(&signed, GENESIS, 0, SOON));
        let exceptions = vec![rule(Effect::Deny)].try_into().unwrap();
        let others = [
            with_root(&signed, |root| root.actors = vec![actor(&general())].try_into().unwrap()),
            with_root(&signed, |root| {
                root.purposes = vec![Purpose::Treat, Purpose::Hresch].try_into().unwrap();
            }),
            with_root(&signed, |root| root.levels = vec![Confidentiality::V].try_into().unwrap()),
            with_root(&signed, |root| root.labels = vec![label(1)].try_into().unwrap()),
            with_root(&signed, |root| root.period = Some(Period { start: Some(START), end: None })),
            with_root(&signed, |root| root.period = Some(Period { start: None, end: Some(START + DAY) })),
            with_root(&signed, |root| root.effect = Effect::Deny),
            ConsentTerms { exceptions, ..signed.clone() },
            ConsentTerms { form: H256([1; 32]), ..signed.clone() },
        ];
        for other in others {
            assert_noop!(submit_grant(&other, SOON, signature.clone()), Error::<Test>::InvalidSignature);
        }
        // Nor can the relayer stretch the time in which the text is accepted.
        assert_noop!(submit_grant(&signed, SOON + 1, signature.clone()), Error::<Test>::InvalidSignature);
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
        let signature = wallet.sign(&revoke_text(&wallet, 0, SOON).unwrap());
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
            assert_noop!(submit_grant(&terms, far, signature), Error::<Test>::InvalidExpiry);
        }
        let limit = START + MAX_TEXT_AGE;
        assert_ok!(submit_grant(&terms, limit, wallet.sign(&text_with(&terms, GENESIS, 0, limit))));
        let far = limit + 1;
        let signature = wallet.sign(&revoke_text(&wallet, 0, far).unwrap());
        assert_noop!(submit_revoke(&wallet, 0, far, signature), Error::<Test>::InvalidExpiry);
    });
}

#[test]
fn a_renamed_hospital_is_another_text() {
    run(|| {
        let wallet = Wallet::sr(1);
        let terms = enrolled(&wallet);
        let signature = wallet.sign(&text_with(&terms, GENESIS, 0, SOON));
        FakeConsortium::admit(&mercy(), "Mercy East");
        assert_noop!(submit_grant(&terms, SOON, signature), Error::<Test>::InvalidSignature);
    });
}

#[test]
fn there_is_no_text_for_what_is_unknown() {
    run(|| {
        let wallet = Wallet::sr(1);
        assert_eq!(grant_text(&terms(&wallet.key()), SOON), None);
        assert_eq!(revoke_text(&wallet, 0, SOON), None);
        let good = enrolled(&wallet);
        assert!(grant_text(&good, SOON).is_some());
        for bad in [
            ConsentTerms { custodian: mercy(), ..good.clone() },
            ConsentTerms { custodian: outsider(), ..good },
        ] {
            assert_eq!(grant_text(&bad, SOON), None);
        }
    });
}

#[test]
fn labels_that_were_only_counted_cannot_be_exchanged() {
    run(|| {
        let wallet = Wallet::sr(1);
        let signed = with_root(&enrolled(&wallet), |root| {
            root.labels = vec![label(1)].try_into().unwrap();
        });
        let signature = wallet.sign(&text_with(&signed, GENESIS, 0, SOON));
        let other = with_root(&signed, |root| root.labels = vec![label(2)].try_into().unwrap());
        assert_noop!(submit_grant(&other, SOON, signature.clone()), Error::<Test>::InvalidSignature);
        assert_ok!(submit_grant(&signed, SOON, signature));
    });
}

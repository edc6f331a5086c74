//! Signatures made by wallets' libraries and by a browser (`vectors/`), and what is left of each when one bit changes.

mod common;

use common::{bytes, list, refuse_every_bit, vectors};
use galen_primitives::{
    AccountId, H256,
    signature::{PatientSignature, ethereum},
};
use std::collections::{BTreeSet, HashSet};

#[test]
fn every_wallet_is_accepted_for_its_text_and_key_alone() {
    let (vectors, relying) = (vectors(), list());
    let find = |id: &H256| relying.get(id).cloned();
    let mut schemes = HashSet::new();
    for vector in &vectors.accepted {
        let (text, account) = (bytes(&vector.text), vector.account());
        assert!(vector.signature.verify(&text, &account, find), "{} {:?}", vector.by, vector.signature);
        assert!(!vector.signature.verify(&text[1..], &account, find), "{}: another text", vector.by);
        assert!(!vector.signature.verify(b"", &account, find), "{}: no text", vector.by);
        for other in vectors.accepted.iter().map(|v| v.account()).filter(|other| *other != account) {
            assert!(!vector.signature.verify(&text, &other, find), "{}: another key", vector.by);
        }
        schemes.insert(std::mem::discriminant(&vector.signature));
    }
    assert_eq!(schemes.len(), 4, "vectors of every scheme");
}

#[test]
fn what_a_browser_says_of_itself_is_believed_when_it_speaks_against() {
    let (vectors, relying) = (vectors(), list());
    assert!(vectors.refused.len() >= 4);
    for vector in &vectors.refused {
        let verified =
            vector.signature.verify(&bytes(&vector.text), &vector.account(), |id| relying.get(id).cloned());
        assert!(!verified, "{}", vector.why);
    }
}

#[test]
fn refusals_are_for_the_reason_named() {
    // The same assertions with a list that allows them: those that are refused for what the list says are then accepted.
    let vectors = vectors();
    let anywhere =
        |origins: &'static [&'static str], id: &'static str| move |_: &H256| Some(common::party(id, origins));
    let of = |why: &str| vectors.refused.iter().find(|vector| vector.why == why).unwrap();
    let other = of("an origin that is not on the list");
    let allowing = anywhere(&["https://other.clinic.example"], "clinic.example");
    assert!(other.signature.verify(&bytes(&other.text), &other.account(), allowing));
    let elsewhere = of("a relying party that is not on the list");
    let allowing = anywhere(&["https://elsewhere.example"], "elsewhere.example");
    assert!(elsewhere.signature.verify(&bytes(&elsewhere.text), &elsewhere.account(), allowing));
    // No list helps the others.
    for why in ["a frame within a page of another origin", "a user who was not verified"] {
        let vector = of(why);
        let allowing = anywhere(&["https://app.clinic.example", "https://portal.example"], "clinic.example");
        assert!(!vector.signature.verify(&bytes(&vector.text), &vector.account(), allowing), "{why}");
    }
}

#[test]
fn one_bit_changed_in_any_part_is_refused() {
    let relying = list();
    for vector in &vectors().accepted {
        let (text, account) = (bytes(&vector.text), vector.account());
        let verify = |signature: &PatientSignature, text: &[u8], account: &AccountId| {
            signature.verify(text, account, |id| relying.get(id).cloned())
        };
        refuse_every_bit(&text, |text| verify(&vector.signature, text, &account));
        refuse_every_bit(account.as_ref(), |raw| {
            verify(&vector.signature, &text, &AccountId::new(raw.try_into().unwrap()))
        });
        let parts: &[&str] = match vector.signature {
            PatientSignature::Passkey(_) => {
                &["publicKey", "authenticatorData", "clientDataJSON", "signature"]
            }
            _ => &["signature"],
        };
        for part in parts {
            let form = serde_json::to_value(&vector.signature).unwrap();
            let good = bytes(form[part].as_str().unwrap());
            refuse_every_bit(&good, |raw| {
                let mut changed = form.clone();
                changed[part] = format!("0x{}", hex::encode(raw)).into();
                let signature: PatientSignature = serde_json::from_value(changed).unwrap();
                verify(&signature, &text, &account)
            });
        }
    }
}

#[test]
fn vectors_hold_both_kinds_of_client_data_and_of_s() {
    let mut kinds = BTreeSet::new();
    for vector in vectors().accepted {
        if let PatientSignature::Passkey(passkey) = vector.signature {
            let s = p256::ecdsa::Signature::from_der(&passkey.signature).unwrap();
            let extended = passkey.client_data_json.windows(8).any(|window| window == b"template");
            kinds.insert((extended, s.normalize_s().is_some()));
        }
    }
    assert_eq!(kinds.len(), 4);
}

#[test]
fn json_and_scale_round_trip() {
    use codec::{Decode, Encode, MaxEncodedLen};
    for vector in vectors().accepted {
        let json = serde_json::to_string(&vector.signature).unwrap();
        assert_eq!(serde_json::from_str::<PatientSignature>(&json).unwrap(), vector.signature);
        let scale = vector.signature.encode();
        assert_eq!(PatientSignature::decode(&mut scale.as_slice()).unwrap(), vector.signature);
        assert!(scale.len() <= PatientSignature::max_encoded_len());
    }
    for bad in [
        r#"{"scheme":"sr25519","signature":"0x00"}"#,
        r#"{"scheme":"rsa","signature":"0x00"}"#,
        r#"{"scheme":"ethereum","signature":"0x00","publicKey":"0x00"}"#,
        r#"{"signature":"0x00"}"#,
    ] {
        assert!(serde_json::from_str::<PatientSignature>(bad).is_err(), "{bad}");
    }
    let party = r#"{"id":"clinic.example","origins":["https://app.clinic.example"]}"#;
    let read: galen_primitives::signature::RelyingParty = serde_json::from_str(party).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), party);
    let slash = party.replace("app.clinic.example", "app.clinic.example/");
    assert!(serde_json::from_str::<galen_primitives::signature::RelyingParty>(&slash).is_err());
    let long = format!(
        r#"{{"scheme":"passkey","publicKey":"0x{}","authenticatorData":"0x","clientDataJSON":"0x{}","signature":"0x"}}"#,
        "02".repeat(33),
        "7b".repeat(1025)
    );
    let why = serde_json::from_str::<PatientSignature>(&long).unwrap_err().to_string();
    assert!(why.contains("clientDataJSON has 1025 bytes: 1024 at most are accepted"), "{why}");
}

#[test]
fn ethereum_signatures_have_one_form() {
    // n - s and the other parity verify mathematically; so do 27 and 28 written as 0 and 1, which some libraries do.
    for vector in vectors().accepted {
        let PatientSignature::Ethereum(signature) = vector.signature else { continue };
        let text = bytes(&vector.text);
        let address = ethereum::signer(&signature, &text).unwrap();
        let v = signature[64];
        for (other, accepted) in
            (0..=u8::MAX).map(|other| (other, other == v || v.checked_sub(27) == Some(other)))
        {
            let mut changed = signature;
            changed[64] = other;
            assert_eq!(ethereum::signer(&changed, &text) == Some(address), accepted, "v = {other}");
        }
        let high = common::negate_s(&signature);
        assert_eq!(
            common::recover(&high, &ethereum::digest(&text)),
            Some(address),
            "the high form is of the same key"
        );
        assert_eq!(ethereum::signer(&high, &text), None);
    }
}

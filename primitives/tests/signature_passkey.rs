//! Passkeys: assertions that are truly signed, and say what they should not.

mod common;

use common::{Liar, list};
use galen_primitives::{
    H256,
    signature::{PatientSignature, RelyingParty, passkey},
};
use proptest::prelude::*;
use std::cell::Cell;

const TEXT: &[u8] = b"Galen revocation\nI withdraw my consent number 7.\n";

fn client_data(kind: &str, challenge: &str, origin: &str, more: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
}

fn good() -> Vec<u8> {
    client_data(
        "webauthn.get",
        &passkey::challenge(TEXT),
        "https://app.clinic.example",
        r#","crossOrigin":false"#,
    )
}

fn accepted(liar: &Liar, signature: &PatientSignature) -> bool {
    let relying = list();
    signature.verify(TEXT, &liar.account(), |id| relying.get(id).cloned())
}

#[test]
fn the_truth_is_accepted() {
    let liar = Liar::new(1);
    assert!(accepted(&liar, &liar.sign(&good())));
    let extensions = Liar { flags: 0b1000_0101, rest: vec![7; 100], ..Liar::new(1) };
    assert!(accepted(&extensions, &extensions.sign(&good())));
    // Synchronised passkeys say so (backup eligible and backed up).
    let synchronised = Liar { flags: 0b1_1101, ..Liar::new(1) };
    assert!(accepted(&synchronised, &synchronised.sign(&good())));
}

#[test]
fn what_is_said_wrongly_is_refused() {
    let challenge = passkey::challenge(TEXT);
    let (get, app) = ("webauthn.get", "https://app.clinic.example");
    let padded = format!("{challenge}=");
    let liar = Liar::new(1);
    for (what, data) in [
        ("type of an enrolment", client_data("webauthn.create", &challenge, app, "")),
        ("type of a payment", client_data("payment.get", &challenge, app, "")),
        ("type in capitals", client_data("WebAuthn.get", &challenge, app, "")),
        ("another challenge", client_data(get, &passkey::challenge(b"other"), app, "")),
        ("no challenge", client_data(get, "", app, "")),
        ("a padded challenge", client_data(get, &padded, app, "")),
        ("another origin", client_data(get, &challenge, "https://clinic.example", "")),
        ("an origin of another scheme", client_data(get, &challenge, "http://app.clinic.example", "")),
        ("an origin with a port", client_data(get, &challenge, "https://app.clinic.example:8443", "")),
        ("an origin with a slash", client_data(get, &challenge, "https://app.clinic.example/", "")),
        ("the other party's origin", client_data(get, &challenge, "http://localhost:8080", "")),
        ("a foreign frame", client_data(get, &challenge, app, r#","crossOrigin":true"#)),
        ("not an object", b"[]".to_vec()),
        ("nothing", Vec::new()),
        ("two objects", [good(), good()].concat()),
    ] {
        assert!(!accepted(&liar, &liar.sign(&data)), "{what}");
    }
}

#[test]
fn presence_verification_and_length_are_required() {
    for flags in 0..=u8::MAX {
        let liar = Liar { flags, ..Liar::new(1) };
        assert_eq!(accepted(&liar, &liar.sign(&good())), flags & 0b101 == 0b101, "{flags:#010b}");
    }
    let short = Liar { rest: vec![0; 3], ..Liar::new(1) };
    assert!(!accepted(&short, &short.sign(&good())));
}

#[test]
fn another_party_key_or_form_of_the_key_is_refused() {
    let liar = Liar::new(1);
    // The party is on the list, the origin is not its own.
    let local = Liar { rp: "localhost", ..Liar::new(1) };
    assert!(!accepted(&local, &local.sign(&good())));
    assert!(!accepted(&liar, &local.sign(&good())));
    let unknown = Liar { rp: "elsewhere.example", ..Liar::new(1) };
    assert!(!accepted(&unknown, &unknown.sign(&good())));
    assert!(!accepted(&liar, &Liar::new(2).sign(&good())));
    for tag in (0..=u8::MAX).filter(|tag| *tag != liar.public_key()[0]) {
        let PatientSignature::Passkey(mut signed) = liar.sign(&good()) else { unreachable!() };
        signed.public_key[0] = tag;
        let rp = H256(sp_io::hashing::sha2_256(liar.rp.as_bytes()));
        let patient = passkey::account(&rp, &signed.public_key);
        let relying = list();
        let signature = PatientSignature::Passkey(signed);
        assert!(!signature.verify(TEXT, &patient, |id| relying.get(id).cloned()), "tag {tag}");
    }
}

#[test]
fn the_list_is_asked_once_for_a_passkey_in_order_and_must_answer_for_the_same_party() {
    let liar = Liar::new(1);
    let asked = Cell::new(0);
    let verify = |signature: &PatientSignature, answer: Option<RelyingParty>| {
        signature.verify(TEXT, &liar.account(), |_| {
            asked.set(asked.get() + 1);
            answer
        })
    };
    let right = common::party("clinic.example", &["https://app.clinic.example"]);
    assert!(verify(&liar.sign(&good()), Some(right.clone())));
    assert!(!verify(&liar.sign(&good()), None));
    let other = RelyingParty { id: b"other.example".to_vec().try_into().unwrap(), ..right.clone() };
    assert!(!verify(&liar.sign(&good()), Some(other)));
    assert_eq!(asked.get(), 3);
    assert!(!verify(&liar.sign(b"{}"), Some(right.clone())));
    assert!(!verify(&PatientSignature::Ethereum([0; 65]), Some(right)));
    assert_eq!(asked.get(), 3);
}

/// What is done to the members of a good `clientDataJSON`, and whether it is still good.
#[derive(Clone, Debug)]
enum Change {
    None,
    Unknown(String, String),
    Twice(usize),
    Drop(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("[{\"type\":[]}]".to_owned()),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(|x| format!("{x:e}")),
        "[a-z]{0,9}".prop_map(|text| format!("\"{text}\"")),
    ];
    prop_oneof![
        Just(Change::None),
        ("[a-zA-Z_]{1,9}", value).prop_map(|(name, value)| Change::Unknown(name, value)),
        (0..4usize).prop_map(Change::Twice),
        (0..4usize).prop_map(Change::Drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn members_may_stand_in_any_order_but_once(
        change in change(),
        order in Just(vec![0usize, 1, 2, 3, 4]).prop_shuffle(),
        space in "[ \t\r\n]{0,3}",
    ) {
        let challenge = passkey::challenge(TEXT);
        let known = ["type", "challenge", "origin", "crossOrigin"];
        let mut members = vec![
            "\"type\":\"webauthn.get\"".to_owned(),
            format!("\"challenge\":\"{challenge}\""),
            "\"origin\":\"https://app.clinic.example\"".to_owned(),
            "\"crossOrigin\":false".to_owned(),
        ];
        let expected = match &change {
            Change::None => true,
            Change::Unknown(name, value) => {
                members.push(format!("\"{name}\":{value}"));
                !known.contains(&name.as_str())
            }
            Change::Twice(at) => {
                members.push(members[*at].clone());
                false
            }
            Change::Drop(at) => {
                members.remove(*at);
                // crossOrigin is the one that may be left out.
                *at == 3
            }
        };
        let shuffled: Vec<_> = order.iter().filter_map(|at| members.get(*at).cloned()).collect();
        let data = format!("{space}{{{space}{}{space}}}{space}", shuffled.join(&format!("{space},{space}")));
        let liar = Liar::new(3);
        prop_assert_eq!(accepted(&liar, &liar.sign(data.as_bytes())), expected, "{}", data);
    }

    #[test]
    fn any_bytes_as_client_data_are_refused_and_nothing_panics(data in proptest::collection::vec(any::<u8>(), 0..=1024)) {
        let liar = Liar::new(4);
        prop_assert!(!accepted(&liar, &liar.sign(&data)));
    }

    #[test]
    fn json_with_bytes_changed_is_read_as_serde_json_reads_values(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut data = good();
        for (at, byte) in changes {
            let at = at.index(data.len());
            data[at] = byte;
        }
        let liar = Liar::new(5);
        // What a reader of whole values makes of it; that one takes the last of two equal members, which ours refuses.
        let value: Option<serde_json::Value> = serde_json::from_slice(&data).ok();
        let right = value.is_some_and(|value| {
            value["type"] == "webauthn.get"
                && value["challenge"] == passkey::challenge(TEXT)
                && value["origin"] == "https://app.clinic.example"
                && (value["crossOrigin"] == false || value.get("crossOrigin").is_none())
        });
        prop_assert_eq!(accepted(&liar, &liar.sign(&data)), right, "{}", String::from_utf8_lossy(&data));
    }

    #[test]
    fn any_signature_is_refused_and_nothing_panics(
        key in any::<[u8; 33]>(),
        data in proptest::collection::vec(any::<u8>(), 0..=256),
        signature in proptest::collection::vec(any::<u8>(), 0..=72),
        raw in any::<[u8; 65]>(),
        patient in any::<[u8; 32]>(),
    ) {
        let relying = list();
        let patient = patient.into();
        let passkey = passkey::Passkey {
            public_key: key,
            authenticator_data: data.try_into().unwrap(),
            client_data_json: good().try_into().unwrap(),
            signature: signature.try_into().unwrap(),
        };
        for signature in [
            PatientSignature::Passkey(passkey),
            PatientSignature::Ethereum(raw),
            PatientSignature::Sr25519(sp_core::sr25519::Signature::from_raw(raw[..64].try_into().unwrap())),
            PatientSignature::Ed25519(sp_core::ed25519::Signature::from_raw(raw[..64].try_into().unwrap())),
        ] {
            prop_assert!(!signature.verify(TEXT, &patient, |id| relying.get(id).cloned()));
        }
        // The same, of the party and with the key's own id: only the signature is wrong.
        let liar = Liar::new(6);
        let PatientSignature::Passkey(mut own) = liar.sign(&good()) else { unreachable!() };
        own.signature = raw.to_vec().try_into().unwrap();
        prop_assert!(!accepted(&liar, &PatientSignature::Passkey(own)));
    }
}

//! Patients' signatures of every scheme, `clientDataJSON` of passkeys included. Input: SCALE of signature, account and text.

#![no_main]

use codec::{Decode, Encode};
use galen_primitives::{
    AccountId, H256,
    signature::{PatientSignature, RelyingParty},
};
use libfuzzer_sys::fuzz_target;

fn relying(hash: &H256) -> Option<RelyingParty> {
    let party = |id: &str, origin: &str| RelyingParty {
        id: id.as_bytes().to_vec().try_into().expect("short"),
        origins: vec![origin.as_bytes().to_vec().try_into().expect("short")].try_into().expect("one"),
    };
    [party("clinic.example", "https://app.clinic.example"), party("localhost", "http://localhost:8080")]
        .into_iter()
        .find(|party| party.id_hash() == *hash)
}

fuzz_target!(|bytes: &[u8]| {
    // The JSON form: what is read is written and read again as the same.
    if let Ok(signature) = serde_json::from_slice::<PatientSignature>(bytes) {
        let written = serde_json::to_vec(&signature).expect("a signature is written");
        assert_eq!(serde_json::from_slice::<PatientSignature>(&written).expect("and read"), signature);
    }
    let input = &mut &bytes[..];
    let Ok((signature, account, text)) = <(PatientSignature, AccountId, Vec<u8>)>::decode(input) else {
        return;
    };
    assert!((&signature, &account, &text).encode() == bytes[..bytes.len() - input.len()]);
    if !signature.verify(&text, &account, relying) {
        return;
    }
    // A signature that holds is of this text and this account alone, and a passkey's only of a listed app.
    let longer = [text.as_slice(), b"."].concat();
    assert!(!signature.verify(&longer, &account, relying));
    let mut other: [u8; 32] = account.clone().into();
    other[0] ^= 1;
    assert!(!signature.verify(&text, &AccountId::new(other), relying));
    if matches!(signature, PatientSignature::Passkey(_)) {
        assert!(!signature.verify(&text, &account, |_| None));
    }
});

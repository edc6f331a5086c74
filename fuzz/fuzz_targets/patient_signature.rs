//! Patients' signatures. Input: SCALE of signature, account and text.

#![no_main]

use codec::Decode;
use galen_primitives::{AccountId, consent::PatientSignature};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let input = &mut &bytes[..];
    let Ok((signature, account, text)) = <(PatientSignature, AccountId, Vec<u8>)>::decode(input) else { return };
    if !signature.verify(&text, &account) {
        return;
    }
    // A signature that holds is of this text and this account alone.
    let longer = [text.as_slice(), b"."].concat();
    assert!(!signature.verify(&longer, &account));
    let mut other: [u8; 32] = account.into();
    other[0] ^= 1;
    assert!(!signature.verify(&text, &AccountId::new(other)));
});

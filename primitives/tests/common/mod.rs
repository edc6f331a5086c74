//! What the tests of signatures share: the vectors, and an authenticator that says whatever it is told to.
#![allow(dead_code)]

use galen_primitives::{
    AccountId, H256,
    signature::{Passkey, PatientSignature, RelyingParty, passkey},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde::Deserialize;
use sp_io::hashing::sha2_256;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vectors {
    relying_parties: Vec<RelyingParty>,
    pub accepted: Vec<Vector>,
    pub refused: Vec<Vector>,
}

#[derive(Deserialize)]
pub struct Vector {
    pub by: String,
    #[serde(default)]
    pub why: String,
    account: String,
    pub text: String,
    pub signature: PatientSignature,
}

impl Vector {
    pub fn account(&self) -> AccountId {
        AccountId::new(bytes(&self.account).try_into().unwrap())
    }
}

pub fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../vectors/vectors.json")).unwrap()
}

/// The vectors' relying parties, by the hashes of their ids.
pub fn list() -> BTreeMap<H256, RelyingParty> {
    vectors().relying_parties.into_iter().map(|party| (party.id_hash(), party)).collect()
}

pub fn party(id: &str, origins: &[&str]) -> RelyingParty {
    let origins: Vec<_> = origins.iter().map(|o| o.as_bytes().to_vec().try_into().unwrap()).collect();
    let party =
        RelyingParty { id: id.as_bytes().to_vec().try_into().unwrap(), origins: origins.try_into().unwrap() };
    assert!(party.is_valid());
    party
}

pub fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.strip_prefix("0x").unwrap()).unwrap()
}

/// Changes one bit at a time and wants every change refused, and what is not changed accepted.
pub fn refuse_every_bit(good: &[u8], verify: impl Fn(&[u8]) -> bool) {
    assert!(verify(good));
    let mut changed = good.to_vec();
    for at in 0..good.len() {
        // One bit in each byte, a different one each time: all eight are tried within any eight bytes.
        changed[at] ^= 1 << (at % 8);
        assert!(!verify(&changed), "byte {at} of {}", hex::encode(good));
        changed[at] = good[at];
    }
}

/// The other signature of the same key and message: `n - s` and the other parity.
pub fn negate_s(signature: &[u8; 65]) -> [u8; 65] {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba,
        0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
    ];
    let mut out = *signature;
    let mut borrow = 0i16;
    for i in (0..32).rev() {
        let digit = i16::from(ORDER[i]) - i16::from(signature[32 + i]) - borrow;
        borrow = i16::from(digit < 0);
        out[32 + i] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    out[64] = 27 + 28 - signature[64];
    out
}

/// The address of the key that signed, whichever form `s` has.
pub fn recover(signature: &[u8; 65], digest: &[u8; 32]) -> Option<[u8; 20]> {
    let key = sp_io::crypto::secp256k1_ecdsa_recover(signature, digest).ok()?;
    sp_io::hashing::keccak_256(&key)[12..].try_into().ok()
}

/// An authenticator and a browser in one, which sign whatever they are told to.
pub struct Liar {
    pub key: SigningKey,
    pub rp: &'static str,
    pub flags: u8,
    /// What follows the flags.
    pub rest: Vec<u8>,
}

impl Liar {
    pub fn new(seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        Liar { key, rp: "clinic.example", flags: 0b101, rest: vec![0; 4] }
    }

    pub fn public_key(&self) -> [u8; 33] {
        self.key.verifying_key().to_encoded_point(true).as_bytes().try_into().unwrap()
    }

    pub fn account(&self) -> AccountId {
        passkey::account(&H256(sha2_256(self.rp.as_bytes())), &self.public_key())
    }

    /// A truly signed assertion over this client data.
    pub fn sign(&self, client_data: &[u8]) -> PatientSignature {
        let mut data = sha2_256(self.rp.as_bytes()).to_vec();
        data.push(self.flags);
        data.extend(&self.rest);
        let message = [data.as_slice(), &sha2_256(client_data)].concat();
        let signature: Signature = self.key.sign(&message);
        PatientSignature::Passkey(Passkey {
            public_key: self.public_key(),
            authenticator_data: data.try_into().unwrap(),
            client_data_json: client_data.to_vec().try_into().unwrap(),
            signature: signature.to_der().as_bytes().to_vec().try_into().unwrap(),
        })
    }
}

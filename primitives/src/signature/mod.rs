//! Signatures of patients over readable texts, and how each kind of key becomes an account id.
//!
//! | scheme | signed by | account id of the key |
//! |---|---|---|
//! | sr25519, ed25519 | Polkadot wallets, the `galen` command | the public key |
//! | [`ethereum`] | Ethereum wallets, as `personal_sign` | the address and twelve bytes `0xEE` |
//! | [`passkey`] | browsers and phones, as WebAuthn | a hash of the relying party and the public key |
//!
//! An account id is bound to its scheme. A key of another scheme whose id were the same would have to be found: for the
//! first kind a discrete logarithm of given bytes, for the others a second preimage of a hash.
//!
//! No check here is against replay: the text carries the chain, the key's nonce and an expiry.

mod client_data;
pub mod ethereum;
#[cfg(feature = "std")]
mod json;
pub mod passkey;
pub mod relying;

pub use passkey::Passkey;
pub use relying::RelyingParty;

use crate::{AccountId, H256};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ed25519, sr25519};
use sp_runtime::traits::Verify;

/// A patient's signature. Codes are stable: new schemes are appended.
///
/// As JSON, an object with the `scheme` (`sr25519`, `ed25519`, `ethereum`, `passkey`) and the `signature`; a passkey's has
/// `publicKey`, `authenticatorData` and `clientDataJSON` too. All of them are bytes: `0x` and hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "json::Form", into = "json::Form")
)]
pub enum PatientSignature {
    /// Schnorr over Ristretto 25519, signing context `substrate`.
    Sr25519(sr25519::Signature),
    /// RFC 8032.
    Ed25519(ed25519::Signature),
    /// ECDSA over secp256k1 as EIP-191 has it: `r ‖ s ‖ v`, `s` low, `v` of 27 or 28 (or 0 or 1).
    Ethereum([u8; 65]),
    /// ECDSA over P-256 as a WebAuthn assertion.
    Passkey(Passkey),
}

impl PatientSignature {
    /// Whether this signs `text` for `patient`. `relying` finds a relying party by the SHA-256 of its id; it is asked only
    /// for a passkey that is otherwise in order.
    ///
    /// sr25519 and ed25519 may sign the text wrapped as `<Bytes>text</Bytes>`, as wallet extensions do.
    pub fn verify(
        &self,
        text: &[u8],
        patient: &AccountId,
        relying: impl FnOnce(&H256) -> Option<RelyingParty>,
    ) -> bool {
        let raw: [u8; 32] = patient.clone().into();
        match self {
            PatientSignature::Sr25519(_) | PatientSignature::Ed25519(_) if signs_anything(self, raw) => false,
            PatientSignature::Sr25519(signature) => {
                bare_or_wrapped(text, |message| signature.verify(message, &sr25519::Public::from_raw(raw)))
            }
            PatientSignature::Ed25519(signature) => {
                bare_or_wrapped(text, |message| signature.verify(message, &ed25519::Public::from_raw(raw)))
            }
            PatientSignature::Ethereum(signature) => ethereum::signer(signature, text)
                .is_some_and(|address| ethereum::account(&address) == *patient),
            PatientSignature::Passkey(passkey) => passkey.verify(text, patient, relying),
        }
    }
}

/// Whether anybody can sign anything for a key, since its order is small: of sr25519 the identity alone has one.
fn signs_anything(scheme: &PatientSignature, raw: [u8; 32]) -> bool {
    match scheme {
        PatientSignature::Sr25519(_) => raw == [0; 32],
        PatientSignature::Ed25519(_) => ed25519_signs_anything(&raw),
        PatientSignature::Ethereum(_) | PatientSignature::Passkey(_) => false,
    }
}

/// Whether anybody can sign anything for an ed25519 key, since its order is small.
///
/// Verification here is that of ZIP 215, which clears the cofactor: where the signature of no effect (`R` the identity, `s`
/// zero) holds for one text, it holds for all.
pub fn ed25519_signs_anything(key: &[u8; 32]) -> bool {
    // The identity of edwards25519, compressed (RFC 8032, 5.1.2), and zero.
    let mut nothing = [0; 64];
    if let Some(first) = nothing.first_mut() {
        *first = 1;
    }
    ed25519::Signature::from_raw(nothing).verify(&b""[..], &ed25519::Public::from_raw(*key))
}

fn bare_or_wrapped(text: &[u8], check: impl Fn(&[u8]) -> bool) -> bool {
    check(text) || check(&[b"<Bytes>".as_slice(), text, b"</Bytes>"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_a_key_of_small_order_nothing_counts_as_signed() {
        let mut identity = [0; 64];
        identity[0] = 1;
        let mut minus_one = [0xff; 32];
        (minus_one[0], minus_one[31]) = (0xec, 0x7f);
        let mut one = [0; 32];
        one[0] = 1;
        // Of order 1, 2 and 4: the first found by fuzzing, as a signature that held for every text.
        for key in [one, minus_one, [0; 32]] {
            let signature = ed25519::Signature::from_raw(identity);
            assert!(signature.verify(&b"any text"[..], &ed25519::Public::from_raw(key)));
            assert!(
                !PatientSignature::Ed25519(signature).verify(b"any text", &AccountId::new(key), |_| None)
            );
        }
        let mut nothing = [0; 64];
        nothing[63] = 0x80;
        let signature = PatientSignature::Sr25519(sr25519::Signature::from_raw(nothing));
        assert!(!signature.verify(b"any text", &AccountId::new([0; 32]), |_| None));
    }
}

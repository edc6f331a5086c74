//! What patients sign with.

use crate::AccountId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ed25519, sr25519};
use sp_runtime::traits::Verify;

/// A patient's signature; the key is the patient's account id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum PatientSignature {
    /// Schnorr over Ristretto 25519, signing context `substrate`.
    Sr25519(sr25519::Signature),
    /// RFC 8032.
    Ed25519(ed25519::Signature),
}

impl PatientSignature {
    /// Whether this signs `text`, bare or wrapped as `<Bytes>text</Bytes>` (as wallet extensions do), for `patient`.
    pub fn verify(&self, text: &[u8], patient: &AccountId) -> bool {
        let raw: [u8; 32] = patient.clone().into();
        let check = |message: &[u8]| match self {
            PatientSignature::Sr25519(signature) => {
                signature.verify(message, &sr25519::Public::from_raw(raw))
            }
            PatientSignature::Ed25519(signature) => {
                signature.verify(message, &ed25519::Public::from_raw(raw))
            }
        };
        check(text) || check(&[b"<Bytes>".as_slice(), text, b"</Bytes>"].concat())
    }
}

//! Passkeys: assertions as of WebAuthn Level 3, 7.2, with ECDSA over P-256 and SHA-256 (ES256).
//!
//! The challenge is the SHA-256 of the text, so that a page can make it with what every browser has (`crypto.subtle`). The
//! prompt of a passkey does not show the text: the app must, and the list of origins says which apps are trusted to.
//!
//! What is checked: the account id, user presence and user verification, `type`, `challenge`, `crossOrigin`, relying party and
//! `origin` against the list, and the signature. What is not: the counter (the text's nonce makes a signature count once,
//! and synchronised passkeys have none), and extensions.

use super::{client_data, relying::RelyingParty};
use crate::{AccountId, H256, commitment::tagged_hash};
use base64ct::{Base64UrlUnpadded, Encoding};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use p256::ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_io::hashing::sha2_256;
use sp_runtime::BoundedVec;

/// Domain tag of the account ids of passkeys.
pub const ACCOUNT_TAG: &[u8] = b"galen:passkey:v1";
/// The most bytes of authenticator data: 37, and what extensions may add.
pub const MAX_AUTHENTICATOR_DATA: u32 = 256;
/// The most bytes of `clientDataJSON`; browsers send about 140 to 300.
pub const MAX_CLIENT_DATA: u32 = 1024;
/// The most bytes of a DER signature over P-256.
pub const MAX_SIGNATURE: u32 = 72;

// Flags of the authenticator data (WebAuthn Level 3, 6.1).
const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;

/// An assertion, with the key that made it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Passkey {
    /// The public key, SEC 1 compressed.
    pub public_key: [u8; 33],
    /// `response.authenticatorData` as the browser gives it.
    pub authenticator_data: BoundedVec<u8, ConstU32<{ MAX_AUTHENTICATOR_DATA }>>,
    /// `response.clientDataJSON` as the browser gives it.
    pub client_data_json: BoundedVec<u8, ConstU32<{ MAX_CLIENT_DATA }>>,
    /// `response.signature` as the browser gives it: DER. `s` may be high, as authenticators do not lower it.
    pub signature: BoundedVec<u8, ConstU32<{ MAX_SIGNATURE }>>,
}

/// The account id of a passkey: `BLAKE2b-256("galen:passkey:v1" ‖ SHA-256(relying party's id) ‖ compressed public key)`.
pub fn account(rp_id_hash: &H256, public_key: &[u8; 33]) -> AccountId {
    AccountId::new(tagged_hash(ACCOUNT_TAG, &[rp_id_hash.as_bytes(), public_key]).0)
}

/// The challenge that a passkey is asked to sign for `text`, as it stands in `clientDataJSON`.
pub fn challenge(text: &[u8]) -> alloc::string::String {
    Base64UrlUnpadded::encode_string(&sha2_256(text))
}

impl Passkey {
    /// Whether this signs `text` for `patient`. `relying` finds a relying party by the SHA-256 of its id.
    pub fn verify(
        &self,
        text: &[u8],
        patient: &AccountId,
        relying: impl FnOnce(&H256) -> Option<RelyingParty>,
    ) -> bool {
        self.claims(text, patient, relying).unwrap_or(false) && self.is_signed().unwrap_or(false)
    }

    /// The bytes that hashing and parsing have to go through.
    pub fn size(&self) -> usize {
        self.authenticator_data.len().saturating_add(self.client_data_json.len())
    }

    fn claims(
        &self,
        text: &[u8],
        patient: &AccountId,
        relying: impl FnOnce(&H256) -> Option<RelyingParty>,
    ) -> Option<bool> {
        let (rp_id_hash, rest) = self.authenticator_data.split_first_chunk::<32>()?;
        let (flags, counter) = rest.split_first()?;
        counter.first_chunk::<4>()?;
        let required = USER_PRESENT | USER_VERIFIED;
        let rp_id_hash = H256(*rp_id_hash);
        if flags & required != required || account(&rp_id_hash, &self.public_key) != *patient {
            return None;
        }
        let said = client_data::parse(&self.client_data_json)?;
        if said.kind != "webauthn.get" || said.challenge != challenge(text) || said.cross_origin {
            return None;
        }
        let party = relying(&rp_id_hash)?;
        Some(party.id_hash() == rp_id_hash && party.allows(&said.origin))
    }

    fn is_signed(&self) -> Option<bool> {
        // No other form of a key: its bytes are what the account id is made of.
        if !matches!(self.public_key.first(), Some(2 | 3)) {
            return None;
        }
        let key = VerifyingKey::from_sec1_bytes(&self.public_key).ok()?;
        let signature = Signature::from_der(&self.signature).ok()?;
        let client_data = sha2_256(&self.client_data_json);
        let message = sha2_256(&[self.authenticator_data.as_slice(), &client_data].concat());
        Some(key.verify_prehash(&message, &signature).is_ok())
    }
}

//! Commitments: `BLAKE2b-256(TAG ‖ scheme ‖ salt ‖ bytes)`.
//!
//! The salt is 32 random bytes and stays with the text; once it is destroyed, the commitment says nothing any more.

use blake2::{Blake2b, Digest, digest::consts::U32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;

/// Domain tag of commitments to documents and summaries.
pub const TAG: &[u8] = b"galen:commitment:v1";

/// How a document becomes bytes before it is committed to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Scheme {
    /// The UTF-8 bytes of a plain text, as they are.
    Text,
    /// RFC 8785 (JCS) bytes of the parsed JSON value.
    Jcs,
}

impl Scheme {
    /// The byte that goes into the commitment.
    pub fn byte(self) -> u8 {
        match self {
            Scheme::Text => 0,
            Scheme::Jcs => 1,
        }
    }
}

/// The commitment to `bytes` (already in the form that `scheme` names) under a 32-byte `salt`.
pub fn commit(scheme: Scheme, salt: &[u8; 32], bytes: &[u8]) -> H256 {
    let mut hasher = Blake2b::<U32>::new();
    hasher.update(TAG);
    hasher.update([scheme.byte()]);
    hasher.update(salt);
    hasher.update(bytes);
    H256(hasher.finalize().into())
}

/// BLAKE2b-256 of the concatenation of a domain tag and parts; for ids and hashes without a salt.
pub fn tagged_hash(tag: &[u8], parts: &[&[u8]]) -> H256 {
    let mut hasher = Blake2b::<U32>::new();
    hasher.update(tag);
    for part in parts {
        hasher.update(part);
    }
    H256(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_salt_and_bytes_all_matter() {
        let base = commit(Scheme::Text, &[1; 32], b"note");
        assert_eq!(base, commit(Scheme::Text, &[1; 32], b"note"));
        assert_ne!(base, commit(Scheme::Jcs, &[1; 32], b"note"));
        assert_ne!(base, commit(Scheme::Text, &[2; 32], b"note"));
        assert_ne!(base, commit(Scheme::Text, &[1; 32], b"note "));
    }
}

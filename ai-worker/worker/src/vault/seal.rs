//! XChaCha20-Poly1305 with random nonces. What a ciphertext is for stands in its associated data.

use super::Error;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use galen_primitives::{H256, commitment::tagged_hash};
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// 256 random bits that are wiped when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// A fresh key from the operating system.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| Error::NoRandomness)?;
        Ok(Key(bytes))
    }

    /// From exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Key(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The bytes, for wrapping.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A public name of the key, which tells nothing about it.
    pub fn id(&self) -> H256 {
        tagged_hash(b"galen:vault:key-id:v1", &[self.0.as_slice()])
    }

    /// nonce ‖ ciphertext ‖ tag.
    pub fn seal(&self, purpose: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| Error::NoRandomness)?;
        let cipher = XChaCha20Poly1305::new(self.0.as_slice().into());
        // Fails only for plaintexts beyond 256 GiB.
        let sealed = cipher
            .encrypt(nonce.as_slice().into(), Payload { msg: plain, aad: purpose })
            .map_err(|_| Error::TooLarge)?;
        let mut blob = Vec::with_capacity(NONCE + sealed.len());
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        Ok(blob)
    }

    /// What was sealed under this key for exactly this purpose.
    pub fn open(&self, purpose: &[u8], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, sealed) = blob.split_at_checked(NONCE).ok_or(Error::Corrupt)?;
        let cipher = XChaCha20Poly1305::new(self.0.as_slice().into());
        let plain = cipher.decrypt(nonce.into(), Payload { msg: sealed, aad: purpose });
        plain.map(Zeroizing::new).map_err(|_| Error::Corrupt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn opens_only_with_key_purpose_and_every_byte(plain: Vec<u8>, at: prop::sample::Index) {
            let (key, other) = (Key::random().unwrap(), Key::random().unwrap());
            let mut blob = key.seal(b"a", &plain).unwrap();
            prop_assert_eq!(&**key.open(b"a", &blob).unwrap(), &plain);
            prop_assert!(key.open(b"b", &blob).is_err());
            prop_assert!(other.open(b"a", &blob).is_err());
            let at = at.index(blob.len());
            blob[at] ^= 1;
            prop_assert!(key.open(b"a", &blob).is_err());
            prop_assert!(key.open(b"a", &blob[..at]).is_err());
        }
    }

    #[test]
    fn sealing_twice_gives_different_bytes() {
        let key = Key::random().unwrap();
        assert_ne!(key.seal(b"a", b"text").unwrap(), key.seal(b"a", b"text").unwrap());
        assert_eq!(format!("{key:?}"), "Key(..)");
    }
}

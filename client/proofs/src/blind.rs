//! Blinding: what names a condition or a record stands on chain only under a secret.
//!
//! The secret belongs to one pair of patient and custodian, who share it with those that the patient lets in. Equal codes and
//! names compare equal for that pair, and say nothing outside it. A keyed hash: BLAKE2b-256 of a tag, the hash of the secret
//! under another tag, and the text.

use crate::Error;
use galen_primitives::{H256, commitment::tagged_hash};
use std::path::Path;
use zeroize::Zeroizing;

/// The secret of one pair of patient and custodian.
pub struct BlindingSecret(Zeroizing<[u8; 32]>);

impl BlindingSecret {
    /// Reads a file of 32 random bytes or more.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let secret =
            std::fs::read(file).map_err(|why| Error(format!("cannot read {}: {why}", file.display())))?;
        let secret = Zeroizing::new(secret);
        if secret.len() < 32 {
            return Err(Error(format!(
                "{} is too short for a secret: 32 random bytes are needed",
                file.display()
            )));
        }
        Ok(BlindingSecret::new(&secret))
    }

    /// The secret with these bytes, of which 32 or more must be random.
    pub fn new(bytes: &[u8]) -> Self {
        BlindingSecret(Zeroizing::new(tagged_hash(b"galen:label-key:v1", &[bytes]).0))
    }

    /// A sensitivity code, as it is: a parent does not stand for its children here.
    pub fn label(&self, code: &str) -> H256 {
        tagged_hash(b"galen:label:v1", &[&self.0[..], code.as_bytes()])
    }

    /// The name of a record, an encounter or a plan, as `DocumentReference/x`.
    pub fn name(&self, reference: &str) -> H256 {
        tagged_hash(b"galen:name:v1", &[&self.0[..], reference.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_compare_equal_under_one_secret_alone() {
        let (one, other) = (BlindingSecret::new(&[1; 32]), BlindingSecret::new(&[2; 32]));
        assert_eq!(one.label("HIV"), BlindingSecret::new(&[1; 32]).label("HIV"));
        assert_ne!(one.label("HIV"), other.label("HIV"));
        assert_ne!(one.label("HIV"), one.label("PSY"));
        assert_ne!(one.label("HIV"), one.name("HIV"));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret");
        std::fs::write(&file, [7; 31]).unwrap();
        assert!(BlindingSecret::read(&file).is_err_and(|why| why.to_string().contains("32 random bytes")));
        std::fs::write(&file, [7; 32]).unwrap();
        assert!(BlindingSecret::read(&file).is_ok());
    }
}

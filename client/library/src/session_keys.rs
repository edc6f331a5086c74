//! A validator's session keys.

use crate::Error;
use codec::{Decode, Encode};
use galen_primitives::H256;
use serde::{Deserialize, Serialize};

/// The public keys with which a validator takes part in consensus, in the order in which the runtime encodes them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionKeys {
    /// Votes for finality (ed25519).
    pub grandpa: H256,
    /// Authors blocks (sr25519).
    pub babe: H256,
    /// Says that the validator is up (sr25519).
    pub im_online: H256,
    /// Signs the validator's network addresses (sr25519).
    pub authority_discovery: H256,
}

impl SessionKeys {
    /// Each key with its name and the type under which a node's keystore has it.
    pub fn named(&self) -> [(&'static str, &'static str, H256); 4] {
        [
            ("grandpa", "gran", self.grandpa),
            ("babe", "babe", self.babe),
            ("imOnline", "imon", self.im_online),
            ("authorityDiscovery", "audi", self.authority_discovery),
        ]
    }

    /// Reads what `author_rotateKeys` prints: `0x` and the four keys.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut left = bytes;
        match SessionKeys::decode(&mut left) {
            Ok(keys) if left.is_empty() => Ok(keys),
            _ => Err(Error::Input(format!(
                "session keys are 128 bytes (grandpa, babe, im_online, authority_discovery), not {}",
                bytes.len()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_keys_and_nothing_more() {
        let bytes: Vec<u8> = (0..128).collect();
        let keys = SessionKeys::from_bytes(&bytes).unwrap();
        assert_eq!(keys.grandpa.as_bytes(), &bytes[..32]);
        assert_eq!(keys.authority_discovery.as_bytes(), &bytes[96..]);
        assert_eq!(keys.encode(), bytes);
        assert!(SessionKeys::from_bytes(&bytes[1..]).is_err());
        assert!(SessionKeys::from_bytes(&[bytes, vec![0]].concat()).is_err());
    }
}

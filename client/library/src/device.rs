//! A device's side: its key, and what it signs. For gateways that hold devices' keys, for provisioning, and for test devices.

use crate::{Error, keys::secret};
use galen_primitives::{
    AccountId, H256,
    devices::{
        DeviceKey, possession_payload,
        reading::{IDENTIFIER_SYSTEM, UnixMillis},
    },
};
use galen_proofs::reading::SignedReading;
use p256::ecdsa::{self, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sp_core::{H512, Pair, ed25519};

/// A device's secret key.
pub enum DeviceSecret {
    /// RFC 8032.
    Ed25519(Box<ed25519::Pair>),
    /// ECDSA over P-256 with SHA-256.
    P256(Box<SigningKey>),
}

impl DeviceSecret {
    /// Reads the key that `spec` names: a file or a development seed as for other keys; a prefix `p256:` asks for that curve,
    /// Ed25519 is the default.
    pub fn read(spec: &str) -> Result<Self, Error> {
        let nist = spec.strip_prefix("p256:");
        let text = secret(nist.or(spec.strip_prefix("ed25519:")).unwrap_or(spec))?;
        let (pair, seed) = ed25519::Pair::from_string_with_seed(&text, None).map_err(|_| {
            Error::Key("the secret is neither a phrase, a 0x seed nor a derivation path".into())
        })?;
        match nist {
            None => Ok(DeviceSecret::Ed25519(Box::new(pair))),
            Some(_) => {
                let key = seed.and_then(|seed| SigningKey::from_slice(&seed).ok());
                let key =
                    key.ok_or_else(|| Error::Key("the seed is no scalar of P-256: make another".into()))?;
                Ok(DeviceSecret::P256(Box::new(key)))
            }
        }
    }

    /// The public key.
    pub fn public(&self) -> DeviceKey {
        match self {
            DeviceSecret::Ed25519(pair) => DeviceKey::Ed25519(pair.public().0),
            DeviceSecret::P256(key) => {
                let mut point = [0; 33];
                point.copy_from_slice(key.verifying_key().to_encoded_point(true).as_bytes());
                DeviceKey::P256(point)
            }
        }
    }

    fn sign(&self, message: &[u8]) -> H512 {
        match self {
            DeviceSecret::Ed25519(pair) => H512(pair.sign(message).0),
            DeviceSecret::P256(key) => {
                let signature: ecdsa::Signature = key.sign(message);
                H512::from_slice(&signature.to_bytes())
            }
        }
    }

    /// Shows that this is the key of that device of that hospital.
    pub fn possession(&self, genesis: &H256, hospital: &AccountId, device: &H256) -> H512 {
        self.sign(&possession_payload(genesis, hospital, device, &self.public()))
    }

    /// Signs a reading. The observation gets the identifier by which it names the reading, in place of any such.
    pub fn sign_reading(
        &self,
        genesis: &H256,
        device: H256,
        sequence: u64,
        at: UnixMillis,
        mut observation: Value,
    ) -> Result<SignedReading, Error> {
        let Some(members) = observation.as_object_mut() else {
            return Err(Error::Input("an observation is a JSON object".into()));
        };
        let ours = json!({ "system": IDENTIFIER_SYSTEM, "value": format!("{device:?}/{sequence}") });
        let others = members.get("identifier").and_then(Value::as_array).cloned().unwrap_or_default();
        let others = others.into_iter().filter(|other| other["system"] != IDENTIFIER_SYSTEM);
        members.insert("identifier".into(), others.chain([ours]).collect());
        let mut signed = SignedReading { device, sequence, at, observation, signature: H512::zero() };
        signed.signature = self.sign(&signed.reading()?.signed_bytes(genesis));
        Ok(signed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_signs_under_both_curves() {
        let genesis = H256([1; 32]);
        let hospital = AccountId::new([2; 32]);
        for spec in ["//Monitor", "ed25519://Monitor", "p256://Monitor"] {
            let secret = DeviceSecret::read(spec).unwrap();
            let observation =
                json!({ "resourceType": "Observation", "identifier": [{ "system": "x", "value": "y" }] });
            let signed = secret.sign_reading(&genesis, H256([3; 32]), 7, 8, observation).unwrap();
            let bytes = signed.reading().unwrap().signed_bytes(&genesis);
            assert!(secret.public().verifies(&bytes, &signed.signature));
            let named = format!("0x{}/7", "03".repeat(32));
            assert_eq!(signed.observation["identifier"][1]["value"], named);
            assert_eq!(signed.observation["identifier"][0]["value"], "y");
            // What was read back from JSON is what was signed.
            let back: SignedReading = serde_json::from_str(&serde_json::to_string(&signed).unwrap()).unwrap();
            assert_eq!(back.reading().unwrap().signed_bytes(&genesis), bytes);
            let payload = possession_payload(&genesis, &hospital, &H256([3; 32]), &secret.public());
            let proof = secret.possession(&genesis, &hospital, &H256([3; 32]));
            assert!(secret.public().verifies(&payload, &proof));
        }
    }
}

//! Proofs of device readings as files: what a reading says, which device signed it, and in which batch it is anchored.
//!
//! A file shows by itself that a reading was committed to and stands in a batch ([`ReadingProof::check_offline`]). The device's
//! keys and the batch are the chain's to tell; whoever has them compares the signature ([`ReadingProof::signature`]).

use crate::{Error, checks::Check};
use galen_primitives::{
    BlockNumber, H256,
    audit::path,
    commitment::{Scheme, commit},
    devices::{
        Device,
        reading::{AnchoredReadings, Reading, ReadingBatch, UnixMillis, payload_hash},
    },
    reports::LogBatch,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sp_core::H512;

/// Blocks by which a batch may be anchored later than the key of its readings went out of force beyond the batch before: what
/// comes in between the making of a batch and its anchoring is in the next one.
const SLACK: BlockNumber = 30;

/// A reading with what proves it, as `readings_proof` of the worker gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadingProof {
    /// `reading`.
    pub proof: String,
    /// The salted commitment to the reading.
    pub record: H256,
    /// The reading. Its canonical JSON (RFC 8785) is what is committed to.
    pub reading: SignedReading,
    /// The salt.
    pub salt: H256,
    /// The reading's number at its hospital.
    pub number: u64,
    /// The batch that it is in.
    pub batch: ReadingBatch,
    /// The hashes beside the way up to the batch's root.
    #[serde(with = "path")]
    pub path: Vec<H256>,
}

/// A reading with its device's signature, as a worker takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReading {
    /// The device's id.
    pub device: H256,
    /// Its number, higher than that of every reading before.
    pub sequence: u64,
    /// When it was taken, in milliseconds since 1970.
    pub at: UnixMillis,
    /// A FHIR R4 `Observation`.
    pub observation: Value,
    /// The device's signature.
    pub signature: H512,
}

impl SignedReading {
    /// What is signed, apart from the genesis hash.
    pub fn reading(&self) -> Result<Reading, Error> {
        let canonical = serde_json_canonicalizer::to_vec(&self.observation)
            .map_err(|why| Error(format!("the observation has no canonical form: {why}")))?;
        Ok(Reading {
            device: self.device,
            sequence: self.sequence,
            at: self.at,
            payload: payload_hash(&canonical),
        })
    }
}

impl ReadingProof {
    /// That the reading is the one committed to, and the commitment in the batch.
    pub fn check_offline(&self) -> Vec<Check> {
        let canonical = serde_json_canonicalizer::to_vec(&self.reading);
        let committed = canonical.is_ok_and(|bytes| commit(Scheme::Jcs, &self.salt.0, &bytes) == self.record);
        let named = format!("{:?}/{}", self.reading.device, self.reading.sequence);
        let identifiers = self.reading.observation["identifier"].as_array();
        let names_itself =
            identifiers.is_some_and(|all| all.iter().any(|one| one["value"] == named.as_str()));
        let included = self.batch.end().is_some() && self.batch.proves(self.number, &self.record, &self.path);
        let place = format!("reading {} of batch {}", self.number, self.batch.index);
        vec![
            Check::new("commitment", committed, format!("record {:?}", self.record)),
            Check::new("name", names_itself, format!("reading {named}")),
            Check::new("inclusion", included, place),
        ]
    }

    /// Whether a key of the device signed that was in force when the reading was taken in: after the batch before this one was
    /// made, and before this one was anchored.
    pub fn signature(
        &self,
        genesis: &H256,
        device: &Device,
        anchored: &AnchoredReadings,
        before: Option<&AnchoredReadings>,
    ) -> Result<(bool, String), Error> {
        let bytes = self.reading.reading()?.signed_bytes(genesis);
        let since = before.map_or(0, |before| before.block.saturating_sub(SLACK));
        let signer = device.keys.iter().find(|period| period.key.verifies(&bytes, &self.reading.signature));
        Ok(match signer {
            None => (false, "no key of the device signed this".into()),
            Some(period) => {
                let in_force =
                    period.from <= anchored.block && period.until.is_none_or(|until| until >= since);
                let until = period.until.map_or("now".into(), |until| format!("block {until}"));
                (in_force, format!("{}, in force from block {} until {until}", period.key, period.from))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::{
        AccountId,
        devices::{DeviceKey, DeviceKeyPeriod, reading::IDENTIFIER_SYSTEM},
    };
    use p256::ecdsa::{self, SigningKey, signature::Signer};
    use serde_json::json;

    const GENESIS: H256 = H256([7; 32]);

    fn secret() -> SigningKey {
        SigningKey::from_slice(&[5; 32]).unwrap()
    }

    fn signed() -> SignedReading {
        let device = H256([3; 32]);
        let observation = json!({
            "resourceType": "Observation",
            "identifier": [{ "system": IDENTIFIER_SYSTEM, "value": format!("{device:?}/5") }],
            "valueQuantity": { "value": 36.6 },
        });
        let mut signed = SignedReading { device, sequence: 5, at: 6, observation, signature: H512::zero() };
        let signature: ecdsa::Signature = secret().sign(&signed.reading().unwrap().signed_bytes(&GENESIS));
        signed.signature = H512::from_slice(&signature.to_bytes());
        signed
    }

    fn proof() -> ReadingProof {
        let reading = signed();
        let salt = H256([9; 32]);
        let record = commit(Scheme::Jcs, &salt.0, &serde_json_canonicalizer::to_vec(&reading).unwrap());
        let leaves = [H256([1; 32]), record, H256([2; 32])].map(|record| ReadingBatch::leaf(&record));
        let batch = ReadingBatch {
            index: 4,
            first: 20,
            count: 3,
            root: ReadingBatch::TREE.root(&leaves),
            refused: 0,
            refusals: H256::zero(),
            from: 1,
            until: 2,
            previous: H256([8; 32]),
        };
        let path = ReadingBatch::TREE.inclusion_path(&leaves, 1).unwrap();
        ReadingProof { proof: "reading".into(), record, reading, salt, number: 21, batch, path }
    }

    fn holds(proof: &ReadingProof) -> Vec<bool> {
        proof.check_offline().iter().map(|check| check.holds).collect()
    }

    #[test]
    fn a_file_shows_commitment_name_and_inclusion() {
        let text = serde_json::to_string(&proof()).unwrap();
        let read: ReadingProof = serde_json::from_str(&text).unwrap();
        assert_eq!(holds(&read), [true; 3]);
    }

    #[test]
    fn what_was_changed_shows() {
        let changed = |change: fn(&mut ReadingProof)| {
            let mut proof = proof();
            change(&mut proof);
            holds(&proof)
        };
        assert_eq!(
            changed(|p| p.reading.observation["valueQuantity"]["value"] = json!(39.6)),
            [false, true, true]
        );
        assert_eq!(changed(|p| p.reading.sequence = 6), [false, false, true]);
        assert_eq!(changed(|p| p.reading.at = 7), [false, true, true]);
        assert_eq!(changed(|p| p.salt = H256([1; 32])), [false, true, true]);
        assert_eq!(changed(|p| p.number = 22), [true, true, false]);
        assert_eq!(changed(|p| p.batch.root = H256([1; 32])), [true, true, false]);
        assert_eq!(changed(|p| p.record = H256([1; 32])), [false, true, false]);
        assert_eq!(changed(|p| p.batch.from = 3), [true, true, false]);
    }

    #[test]
    fn the_key_must_have_been_in_force_when_the_reading_came_in() {
        let proof = proof();
        let mut point = [0; 33];
        point.copy_from_slice(secret().verifying_key().to_encoded_point(true).as_bytes());
        let (own, other) = (DeviceKey::P256(point), DeviceKey::Ed25519([7; 32]));
        let anchored = |index, block| AnchoredReadings {
            batch: ReadingBatch { index, ..proof.batch },
            block,
            key: H256::zero(),
        };
        let signed = |from, until, before: Option<BlockNumber>| {
            let period = |key, from, until| DeviceKeyPeriod { key, from, until };
            let device = Device {
                hospital: AccountId::new([1; 32]),
                model: H256::zero(),
                registered_at: 1,
                keys: vec![period(other, 1, Some(from)), period(own, from, until)].try_into().unwrap(),
                retired_at: None,
                suspect_from: None,
            };
            let before = before.map(|block| anchored(3, block));
            proof.signature(&GENESIS, &device, &anchored(4, 1000), before.as_ref()).unwrap().0
        };
        assert!(signed(10, None, None) && signed(1000, None, Some(900)));
        assert!(!signed(1001, None, None), "not yet in force");
        assert!(signed(10, Some(50), None));
        assert!(signed(10, Some(900), Some(900)) && signed(10, Some(900 - SLACK), Some(900)));
        assert!(!signed(10, Some(900 - SLACK - 1), Some(900)), "out of force long before");
        // Signed on another chain.
        let device = Device {
            hospital: AccountId::new([1; 32]),
            model: H256::zero(),
            registered_at: 1,
            keys: vec![DeviceKeyPeriod { key: own, from: 1, until: None }].try_into().unwrap(),
            retired_at: None,
            suspect_from: None,
        };
        assert!(!proof.signature(&H256([1; 32]), &device, &anchored(4, 1000), None).unwrap().0);
    }
}

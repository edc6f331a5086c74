//! Proofs of device readings as files: what a reading says, which device signed it, and in which batch it is anchored.
//!
//! What a file shows by itself is checked first ([`ReadingProof::check_offline`]); the device's key and the batch are then
//! looked up in the finalized state of a node that the caller trusts to be honest about it.

use crate::{
    Error,
    chain::Chain,
    checks::{Check, in_doubt},
    device::SignedReading,
};
use galen_primitives::{
    BlockNumber, H256,
    audit::path,
    commitment::{Scheme, commit},
    devices::{
        Device,
        reading::{AnchoredReadings, ReadingBatch},
    },
};
use serde::{Deserialize, Serialize};

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

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whether every check holds.
    pub verified: bool,
    /// The checks, in order; the first that fails may leave later ones out.
    pub checks: Vec<Check>,
}

impl Verified {
    fn note(&mut self, name: &'static str, holds: bool, seen: impl Into<String>) {
        self.checks.push(Check { name, holds, seen: seen.into() });
    }

    fn done(mut self) -> Self {
        self.verified = self.checks.iter().all(|check| check.holds);
        self
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
        let check = |name, holds, seen: String| Check { name, holds, seen };
        vec![
            check("commitment", committed, format!("record {:?}", self.record)),
            check("name", names_itself, format!("reading {named}")),
            check("inclusion", included, format!("reading {} of batch {}", self.number, self.batch.index)),
        ]
    }

    /// Everything, against the finalized state of a chain.
    pub async fn verify(&self, chain: &Chain) -> Result<Verified, Error> {
        let mut found = Verified { verified: false, checks: self.check_offline() };
        let (head, finalized) = chain.finalized().await?;
        let Some(device) = chain.device(self.reading.device, Some(head)).await? else {
            found.note("device", false, "no such device in finalized state");
            return Ok(found);
        };
        found.note(
            "device",
            true,
            format!("registered by {} in block {}", device.hospital, device.registered_at),
        );
        // With the one before it, if there is one.
        let from = self.batch.index.saturating_sub(1);
        let batches = chain.reading_batches(&device.hospital, from, 2, Some(head)).await?;
        let Some(anchored) = batches.iter().find(|anchored| anchored.batch == self.batch) else {
            found.note("anchored", false, "the device's hospital has not anchored this batch");
            return Ok(found);
        };
        let block = anchored.block;
        found.note("anchored", true, format!("in block {block}, finalized up to {finalized}"));
        let before = batches.iter().find(|other| other.batch.index < self.batch.index);
        let (holds, seen) = self.signature(&chain.genesis(), &device, anchored, before)?;
        found.note("signature", holds, seen);
        let trusted = !in_doubt(device.suspect_from, block);
        found.note(
            "device in doubt",
            trusted,
            match device.suspect_from {
                Some(from) => format!("marked suspect from block {from} on"),
                None => "never marked suspect".into(),
            },
        );
        let used = chain.worker_key_use(anchored.key, head).await?;
        let (holds, seen) = match used {
            None => (false, "the chain knows no hospital with this key".to_owned()),
            Some(used) if used.hospital != device.hospital => {
                (false, format!("the key of {}", used.hospital))
            }
            Some(used) => (!in_doubt(used.suspect_from, block), format!("{:?}", anchored.key)),
        };
        found.note("worker key", holds, seen);
        Ok(found.done())
    }

    /// Whether a key of the device signed that was in force when the reading was taken in: after the batch before this one was
    /// made, and before this one was anchored.
    fn signature(
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
    use crate::device::DeviceSecret;
    use galen_primitives::{
        AccountId,
        devices::{
            DeviceKeyPeriod,
            reading::{READINGS, leaf},
        },
    };
    use serde_json::json;

    const GENESIS: H256 = H256([7; 32]);

    fn proof() -> ReadingProof {
        let secret = DeviceSecret::read("p256://Monitor").unwrap();
        let observation = json!({ "resourceType": "Observation", "valueQuantity": { "value": 36.6 } });
        let reading = secret.sign_reading(&GENESIS, H256([3; 32]), 5, 6, observation).unwrap();
        let salt = H256([9; 32]);
        let record = commit(Scheme::Jcs, &salt.0, &serde_json_canonicalizer::to_vec(&reading).unwrap());
        let leaves = [leaf(&H256([1; 32])), leaf(&record), leaf(&H256([2; 32]))];
        let batch = ReadingBatch {
            index: 4,
            first: 20,
            count: 3,
            root: READINGS.root(&leaves),
            refused: 0,
            refusals: H256::zero(),
            from: 1,
            until: 2,
            previous: H256([8; 32]),
        };
        let path = READINGS.inclusion_path(&leaves, 1).unwrap();
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
        let [own, other] =
            ["p256://Monitor", "//Other"].map(|spec| DeviceSecret::read(spec).unwrap().public());
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

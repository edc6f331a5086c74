//! Proofs about the audit log and about disclosures as files, checked without a node.
//!
//! A file is one JSON object whose `proof` names its kind: `inclusion`, `consistency` or `disclosure`. What it proves holds
//! under the root in it; where that root comes from (state at a finalized block, an earlier proof, another member's node) is
//! for whoever checks to know, and is compared with [`ProofFile::leads_to`].

use crate::Error;
use galen_primitives::{
    H256,
    audit::{
        ConsistencyProof, InclusionProof,
        disclosure::{DisclosureBatch, commit},
        path,
    },
    reports::LogBatch,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fs::File, io::Read, path::Path};

/// Bytes of a file that are read: entries that hold an event of another system are the largest.
const MAX_FILE: u64 = 1024 * 1024;

/// A proof in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "proof", rename_all = "camelCase")]
pub enum ProofFile {
    /// That an entry is in the log.
    Inclusion(InclusionProof),
    /// That the log was only appended to.
    Consistency(ConsistencyProof),
    /// That a disclosure is in a batch.
    Disclosure(DisclosureProof),
}

/// That a disclosure is in a batch that its hospital reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisclosureProof {
    /// The disclosure's number.
    pub number: u64,
    /// What the worker's log says. Its canonical JSON (RFC 8785) is what is committed to.
    pub entry: Value,
    /// The salt of its commitment.
    pub salt: H256,
    /// The batch.
    pub batch: DisclosureBatch,
    /// The hashes beside the way up to the batch's root.
    #[serde(with = "path")]
    pub path: Vec<H256>,
}

impl DisclosureProof {
    /// Whether the path leads from the entry, at its number, to the batch's root.
    pub fn holds(&self) -> bool {
        serde_json_canonicalizer::to_vec(&self.entry).is_ok_and(|bytes| {
            self.batch.proves(self.number, &commit(&self.salt.0, self.number, &bytes), &self.path)
        })
    }
}

impl ProofFile {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let cannot = |why: String| Error(format!("cannot read {}: {why}", path.display()));
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(|why| cannot(why.to_string()))?;
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|why| cannot(why.to_string()))?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(cannot("it is too large for a proof".into()));
        }
        Self::parse(&bytes).map_err(|why| cannot(format!("it is not a proof ({why})")))
    }

    /// Reads the bytes of a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// Whether what it says follows from what is in it.
    pub fn holds(&self) -> bool {
        match self {
            ProofFile::Inclusion(proof) => proof.holds(),
            ProofFile::Consistency(proof) => proof.holds(),
            ProofFile::Disclosure(proof) => proof.holds(),
        }
    }

    /// The root to which it leads, as it says: of the (newer) log, or of the batch.
    pub fn leads_to(&self) -> H256 {
        match self {
            ProofFile::Inclusion(proof) => proof.root,
            ProofFile::Consistency(proof) => proof.new_root,
            ProofFile::Disclosure(proof) => proof.batch.root,
        }
    }

    /// What it proves, in words.
    pub fn claim(&self) -> String {
        match self {
            ProofFile::Inclusion(InclusionProof { entry, count, .. }) => format!(
                "entry {} ({:?}, block {}) is in the log of {count} entries",
                entry.index, entry.kind, entry.block
            ),
            ProofFile::Consistency(ConsistencyProof { old, old_root, new, .. }) => format!(
                "the log of {old} entries with root {old_root:?} is the beginning of the log of {new} entries"
            ),
            ProofFile::Disclosure(DisclosureProof { number, batch, .. }) => format!(
                "disclosure {number} is in the batch of {} from {} on with head {:?}",
                batch.count,
                batch.first,
                batch.head()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::audit::{Entry, Kind, LOG, leaf};
    use serde_json::json;

    fn entries() -> Vec<Entry> {
        let entry = |index| Entry {
            index,
            block: 7,
            hospital: None,
            kind: Kind::Governed,
            subject: H256::from_low_u64_be(index),
            patient: None,
        };
        (0..11).map(entry).collect()
    }

    fn files() -> [ProofFile; 3] {
        let entries = entries();
        let leaves: Vec<H256> = entries.iter().map(leaf).collect();
        let inclusion = InclusionProof {
            entry: entries[4].clone(),
            count: 11,
            root: LOG.root(&leaves),
            path: LOG.inclusion_path(&leaves, 4).unwrap(),
        };
        let consistency = ConsistencyProof {
            old: 6,
            old_root: LOG.root(&leaves[..6]),
            new: 11,
            new_root: LOG.root(&leaves),
            path: LOG.consistency_path(&leaves, 6).unwrap(),
        };
        let entry = json!({ "who": "dr-x", "what": "document", "at": 7 });
        let salt = H256([9; 32]);
        let commitments: Vec<H256> = (20..25)
            .map(|number| commit(&salt.0, number, &serde_json_canonicalizer::to_vec(&entry).unwrap()))
            .collect();
        let leaves: Vec<H256> = commitments.iter().map(DisclosureBatch::leaf).collect();
        let root = DisclosureBatch::TREE.root(&leaves);
        let batch = DisclosureBatch { first: 20, count: 5, root, previous: H256::zero() };
        let path = DisclosureBatch::TREE.inclusion_path(&leaves, 2).unwrap();
        let disclosure = DisclosureProof { number: 22, entry, salt, batch, path };
        [
            ProofFile::Inclusion(inclusion),
            ProofFile::Consistency(consistency),
            ProofFile::Disclosure(disclosure),
        ]
    }

    // Every text, number and list within, one after the other, as something else.
    fn changed(value: &Value) -> Vec<Value> {
        match value {
            Value::Number(number) => vec![json!(number.as_u64().unwrap() + 1)],
            Value::String(text) => {
                let mut other = text.clone().into_bytes();
                let last = other.last_mut().unwrap();
                *last = if *last == b'a' { b'b' } else { b'a' };
                vec![Value::String(String::from_utf8(other).unwrap())]
            }
            Value::Object(members) => members
                .iter()
                .flat_map(|(name, inner)| {
                    changed(inner).into_iter().map(|inner| {
                        let mut members = members.clone();
                        members.insert(name.clone(), inner);
                        Value::Object(members)
                    })
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_file_reads_back_and_holds_and_nothing_changed_in_it_does() {
        for file in files() {
            assert!(file.holds(), "{}", file.claim());
            let json = serde_json::to_value(&file).unwrap();
            assert_eq!(ProofFile::parse(json.to_string().as_bytes()).unwrap(), file);
            let all = changed(&json);
            assert!(all.len() >= 5);
            for other in all {
                // The count of a log may be another under which the path leads to the same root: the root's state tells it.
                let count = other["count"] != json["count"] || other["new"] != json["new"];
                // What a batch says of others is covered by its head, which the chain has.
                let head = other["batch"]["previous"] != json["batch"]["previous"]
                    || other["batch"]["count"] != json["batch"]["count"];
                let holds = ProofFile::parse(other.to_string().as_bytes())
                    .is_ok_and(|other| other.holds() && other.leads_to() == file.leads_to());
                assert!(!holds || count || head, "{other}");
            }
        }
    }

    #[test]
    fn what_is_no_proof_is_refused() {
        for text in ["", "{}", "[]", r#"{"proof":"nothing"}"#, r#"{"proof":"inclusion"}"#] {
            assert!(ProofFile::parse(text.as_bytes()).is_err(), "{text}");
        }
        let mut json = serde_json::to_value(&files()[0]).unwrap();
        json["more"] = 1.into();
        assert!(ProofFile::parse(json.to_string().as_bytes()).is_err());
        let deep = format!(r#"{{"proof":"disclosure","entry":{}"#, "[".repeat(100_000));
        assert!(ProofFile::parse(deep.as_bytes()).is_err());
    }
}

//! Proofs about the log that fit on a page: that an entry is in it, and that it was only ever appended to.
//!
//! Both hold or not by themselves; what they are worth follows from where the root is known from: state at a finalized
//! block, another member's node, an earlier proof. In JSON a path is one string, `0x` and 64 hex digits per hash.

use super::{Entry, LOG, leaf};
use crate::H256;
use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// That an entry is in the log of a size.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct InclusionProof {
    /// The entry.
    pub entry: Entry,
    /// How many entries the log has. The path depends on it only so far that another count may lead to the same root: the
    /// state that a root comes from tells its count too.
    pub count: u64,
    /// The root over them.
    pub root: H256,
    /// The hashes beside the way from the entry up to the root.
    #[cfg_attr(feature = "std", serde(with = "path"))]
    pub path: Vec<H256>,
}

impl InclusionProof {
    /// Whether the path leads from the entry, at its number, to the root.
    pub fn holds(&self) -> bool {
        LOG.proves_inclusion(&self.root, self.count, self.entry.index, &leaf(&self.entry), &self.path)
    }
}

/// That the log of one size is the beginning of the log of a larger size: nothing was changed, removed or reordered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(
    feature = "std",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ConsistencyProof {
    /// How many entries the older log has.
    pub old: u64,
    /// The root over them.
    pub old_root: H256,
    /// How many entries the newer log has.
    pub new: u64,
    /// The root over them.
    pub new_root: H256,
    /// The hashes from which both roots follow.
    #[cfg_attr(feature = "std", serde(with = "path"))]
    pub path: Vec<H256>,
}

impl ConsistencyProof {
    /// Whether both roots follow from the path.
    pub fn holds(&self) -> bool {
        LOG.proves_consistency((self.old, &self.old_root), (self.new, &self.new_root), &self.path)
    }
}

/// A path in JSON: one string of hex digits, which is less than half of what a list of strings with their quotes, commas
/// and prefixes would add.
#[cfg(feature = "std")]
pub mod path {
    use crate::H256;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::{fmt::Write, str::FromStr};

    /// No path is longer: a tree has at most 2^64 leaves, and a proof of consistency one hash more.
    const MAX: usize = 65;

    /// Writes `0x` and 64 hex digits per hash.
    pub fn serialize<S: Serializer>(path: &[H256], serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::from("0x");
        for hash in path {
            // Writing to a string cannot fail.
            let _ = write!(text, "{hash:x}");
        }
        serializer.serialize_str(&text)
    }

    /// Reads it again.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<H256>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom("a path is 0x and 64 hex digits for each of at most 65 hashes");
        let digits = text.strip_prefix("0x").ok_or_else(wrong)?;
        if digits.len() > 64 * MAX || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let (hashes, rest) = digits.as_bytes().as_chunks::<64>();
        if !rest.is_empty() {
            return Err(wrong());
        }
        let hash = |digits: &[u8; 64]| H256::from_str(str::from_utf8(digits).ok()?).ok();
        hashes.iter().map(hash).collect::<Option<_>>().ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, audit::Kind};

    fn entry(index: u64) -> Entry {
        Entry {
            index,
            block: u32::MAX,
            hospital: Some(AccountId::new([1; 32])),
            kind: Kind::WorkerKeySuspect,
            subject: H256([2; 32]),
            patient: Some(AccountId::new([3; 32])),
        }
    }

    #[test]
    fn proofs_at_ten_million_entries_fit_into_two_kilobytes() {
        // Length of a path is a matter of the tree's shape alone: any node will do.
        let node = |_, _| Some(H256([0xab; 32]));
        let (mut longest, mut longest_json) = (0, 0);
        for count in (9_999_000..=10_000_000u64).chain([1 << 23, (1 << 23) + 1, (1 << 24) - 1]) {
            for index in [0, 1, 77_777, count / 2, count / 3, count - 2, count - 1] {
                let (count, root) = (count.min(10_000_000), H256([0xcd; 32]));
                let index = index.min(count - 1);
                let path = LOG.stored_inclusion_path(count, index, node).unwrap();
                assert!(path.len() <= 24);
                let inclusion = InclusionProof { entry: entry(index), count, root, path };
                let path = LOG.stored_consistency_path(index, count, node).unwrap();
                assert!(path.len() <= 25);
                let consistency =
                    ConsistencyProof { old: index, old_root: root, new: count, new_root: root, path };
                longest = longest.max(inclusion.encoded_size()).max(consistency.encoded_size());
                for value in [serde_json::to_vec(&inclusion), serde_json::to_vec(&consistency)] {
                    longest_json = longest_json.max(value.unwrap().len());
                }
            }
        }
        assert!(longest <= 1024, "{longest} bytes of SCALE");
        assert!(longest_json <= 2048, "{longest_json} bytes of JSON");
        println!("{longest} bytes of SCALE, {longest_json} of JSON");
    }

    #[test]
    fn a_proof_of_one_entry_in_json_reads_back_and_holds_only_as_it_is() {
        let leaves: Vec<_> = (0..5).map(|index| leaf(&entry(index))).collect();
        let path = LOG.inclusion_path(&leaves, 3).unwrap();
        let proof = InclusionProof { entry: entry(3), count: 5, root: LOG.root(&leaves), path };
        assert!(proof.holds());
        let json = serde_json::to_value(&proof).unwrap();
        assert_eq!(json["path"].as_str().unwrap().len(), 2 + 64 * proof.path.len());
        assert_eq!(serde_json::from_value::<InclusionProof>(json.clone()).unwrap(), proof);
        for wrong in ["", "0x0", "00", "0x+0", &"0x00".repeat(33), &format!("0x{}", "0".repeat(64 * 66))] {
            let mut json = json.clone();
            json["path"] = (*wrong).into();
            assert!(serde_json::from_value::<InclusionProof>(json).is_err(), "{wrong}");
        }
        assert!(!InclusionProof { count: 4, ..proof.clone() }.holds());
        assert!(!InclusionProof { entry: entry(2), ..proof.clone() }.holds());
        assert!(!InclusionProof { root: H256([9; 32]), ..proof }.holds());
    }
}

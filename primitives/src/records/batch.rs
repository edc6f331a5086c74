//! Batches of records: one root on chain for up to 2^20 leaves.
//!
//! ```text
//! document ‖ salt ──▶ commitment ─────────────────────────────┐
//!            salt ──▶ attributes salt ─┐                      ├─▶ leaf ──▶ … ──▶ root (anchored)
//!                     attributes ──────┴─▶ attributes digest ─┘
//! ```
//!
//! A leaf is `BATCH.leaf(commitment ‖ digest)` of the one [`Tree`]. The digest is salted as well, so that a leaf whose
//! commitment becomes known still tells nothing of the record's attributes: an erased leaf is named by its commitment and its
//! digest, both of which say nothing once the document's salt is gone. The attributes' salt is derived from the document's
//! and tells nothing of it: who is shown the attributes of a record can open no document with that.

use crate::{AccountId, BlockNumber, H256, commitment::tagged_hash, merkle::Tree, records::RecordAttributes};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// The tree of a batch's records.
pub const BATCH: Tree = Tree(b"galen:batch:v1");
/// How many leaves a batch can have.
pub const MAX_LEAVES: u32 = 1 << 20;
/// How many hashes the path of a leaf can have: the height of a tree of [`MAX_LEAVES`].
pub const MAX_PATH: u32 = 20;

/// The salt of a record's attributes, from the salt of its document.
pub fn attributes_salt(document_salt: &[u8; 32]) -> H256 {
    tagged_hash(b"galen:attributes-salt:v1", &[document_salt])
}

/// What stands for a record's attributes in its leaf: a salted hash of their SCALE encoding.
pub fn attributes_digest(salt: &H256, attributes: &RecordAttributes) -> H256 {
    tagged_hash(b"galen:attributes:v1", &[salt.as_bytes(), &attributes.encode()])
}

/// The leaf of a record.
pub fn leaf(commitment: &H256, attributes_digest: &H256) -> H256 {
    let mut content = [0; 64];
    let (first, second) = content.split_at_mut(32);
    first.copy_from_slice(commitment.as_bytes());
    second.copy_from_slice(attributes_digest.as_bytes());
    BATCH.leaf(&content)
}

/// An anchored batch. Its id is its root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Batch {
    /// The hospital that keeps its records.
    pub custodian: AccountId,
    /// How many leaves it has, from 1 to [`MAX_LEAVES`].
    pub count: u32,
    /// The block of anchoring.
    pub anchored_at: BlockNumber,
}

/// The receipt of an erasure of a leaf that was never revealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ErasedLeaf {
    /// The hospital that kept the record.
    pub custodian: AccountId,
    /// The root of its batch.
    pub batch: H256,
    /// The block of the receipt.
    pub erased_at: BlockNumber,
}

/// That a leaf stands in a batch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct BatchProof {
    /// The batch.
    pub root: H256,
    /// How many leaves it has.
    pub count: u32,
    /// Which of them this one is, from 0.
    pub index: u32,
    /// The siblings from the leaf up: 640 bytes in a batch of a million.
    pub path: BoundedVec<H256, ConstU32<MAX_PATH>>,
}

impl BatchProof {
    /// Whether it proves the leaf of this commitment and these attributes.
    pub fn proves(&self, commitment: &H256, attributes_digest: &H256) -> bool {
        let leaf = leaf(commitment, attributes_digest);
        (1..=MAX_LEAVES).contains(&self.count)
            && BATCH.proves_inclusion(&self.root, self.count.into(), self.index.into(), &leaf, &self.path)
    }
}

/// The tree of a batch with all its nodes, so that each proof is read off in a few steps: 64 bytes for each leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTree {
    count: u32,
    root: H256,
    // From the leaves to the root.
    levels: Vec<Vec<H256>>,
}

impl BatchTree {
    /// The tree over these leaves; `None` if there are none, or more than [`MAX_LEAVES`].
    pub fn new(leaves: Vec<H256>) -> Option<Self> {
        let count = u32::try_from(leaves.len()).ok().filter(|count| (1..=MAX_LEAVES).contains(count))?;
        let (mut levels, mut level) = (Vec::new(), leaves);
        while level.len() > 1 {
            let pair = |pair: &[H256]| match pair {
                [left, right] => BATCH.node(left, right),
                // An odd one goes up as it is, as in RFC 9162.
                other => other.first().copied().unwrap_or_default(),
            };
            let above = level.chunks(2).map(pair).collect();
            levels.push(core::mem::replace(&mut level, above));
        }
        let root = level.first().copied()?;
        Some(BatchTree { count, root, levels })
    }

    /// The root.
    pub fn root(&self) -> H256 {
        self.root
    }

    /// How many leaves there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The proof of the leaf at `index`; `None` if there is none.
    pub fn proof(&self, index: u32) -> Option<BatchProof> {
        if index >= self.count {
            return None;
        }
        let (mut path, mut at) = (BoundedVec::new(), usize::try_from(index).ok()?);
        for level in &self.levels {
            if let Some(sibling) = level.get(at ^ 1) {
                path.try_push(*sibling).ok()?;
            }
            at >>= 1;
        }
        Some(BatchProof { root: self.root, count: self.count, index, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::RecordFacts;
    use proptest::prelude::*;

    fn parts(number: u32) -> (H256, H256) {
        let hash = |tag: &[u8]| tagged_hash(tag, &[&number.to_le_bytes()]);
        (hash(b"commitment"), hash(b"digest"))
    }

    fn leaves(count: u32) -> Vec<H256> {
        (0..count).map(parts).map(|(commitment, digest)| leaf(&commitment, &digest)).collect()
    }

    #[test]
    fn the_tree_and_its_paths_are_those_of_the_recursive_definition() {
        for count in 1..130 {
            let leaves = leaves(count);
            let tree = BatchTree::new(leaves.clone()).unwrap();
            assert_eq!((tree.root(), tree.count()), (BATCH.root(&leaves), count));
            for index in 0..count {
                let proof = tree.proof(index).unwrap();
                assert_eq!(proof.path.to_vec(), BATCH.inclusion_path(&leaves, index as usize).unwrap());
                let (commitment, digest) = parts(index);
                assert!(proof.proves(&commitment, &digest));
            }
            assert_eq!(tree.proof(count), None);
        }
    }

    #[test]
    fn of_a_million_leaves_each_path_is_640_bytes_and_no_batch_has_more() {
        let mut all = leaves(MAX_LEAVES);
        let tree = BatchTree::new(all.clone()).unwrap();
        for index in [0, 1, 777_777, MAX_LEAVES - 1] {
            let proof = tree.proof(index).unwrap();
            assert_eq!(proof.path.len() * 32, 640);
            // Root, count, index and the path's length beside it.
            assert_eq!(proof.encoded_size(), 640 + 32 + 4 + 4 + 1);
            assert_eq!(proof.encoded_size(), BatchProof::max_encoded_len());
            let (commitment, digest) = parts(index);
            assert!(proof.proves(&commitment, &digest));
        }
        all.push(H256::zero());
        assert_eq!(BatchTree::new(all), None);
        assert_eq!(BatchTree::new(Vec::new()), None);
    }

    #[test]
    fn salts_and_digests_are_pinned() {
        let attributes = RecordAttributes { patient: AccountId::new([1; 32]), facts: RecordFacts::default() };
        let salt = attributes_salt(&[7; 32]);
        let digest = attributes_digest(&salt, &attributes);
        // Computed apart, by Python's hashlib: what stands on chain cannot change with a refactoring.
        let hex = |hash: H256| format!("{hash:?}");
        assert_eq!(hex(salt), SALT);
        assert_eq!(hex(digest), DIGEST);
        assert_eq!(hex(leaf(&H256([9; 32]), &digest)), LEAF);
        assert_ne!(attributes_digest(&attributes_salt(&[8; 32]), &attributes), digest);
    }

    const SALT: &str = "0xbd7766c6b9425b095f51e133f81d17df86b3fbda2cab258d33aa0d273aec2b0e";
    const DIGEST: &str = "0xf40ff56d6d4fd0fcfd28c7d45289f544f3545158310c0392c10eeed284e4ffe4";
    const LEAF: &str = "0xbff4dcbb3c0f7034783f015fe1449949d5b4ea0d0d92dbbc1d0819a71d766b31";

    proptest! {
        #[test]
        fn nothing_but_the_leaf_at_its_place_is_proven(
            count in 1u32..300, at in any::<proptest::sample::Index>(), other in any::<proptest::sample::Index>(),
            bit in 0usize..256
        ) {
            let tree = BatchTree::new(leaves(count)).unwrap();
            let index = at.index(count as usize) as u32;
            let (commitment, digest) = parts(index);
            let proof = tree.proof(index).unwrap();
            prop_assert!(proof.proves(&commitment, &digest));
            let flipped = |hash: &H256| {
                let mut hash = *hash;
                hash.0[bit / 8] ^= 1 << (bit % 8);
                hash
            };
            prop_assert!(!proof.proves(&flipped(&commitment), &digest));
            prop_assert!(!proof.proves(&commitment, &flipped(&digest)));
            prop_assert!(!proof.proves(&digest, &commitment));
            let wrong = |change: &dyn Fn(&mut BatchProof)| {
                let mut wrong = proof.clone();
                change(&mut wrong);
                wrong.proves(&commitment, &digest)
            };
            prop_assert!(!wrong(&|proof| proof.root = flipped(&proof.root)));
            prop_assert!(!wrong(&|proof| proof.count = 0));
            prop_assert!(!wrong(&|proof| proof.count = MAX_LEAVES + 1));
            let elsewhere = other.index(count as usize) as u32;
            prop_assert_eq!(wrong(&|proof| proof.index = elsewhere), elsewhere == index);
            prop_assert!(!wrong(&|proof| proof.index = count));
            if !proof.path.is_empty() {
                let which = other.index(proof.path.len());
                prop_assert!(!wrong(&|proof| proof.path[which] = flipped(&proof.path[which])));
                let shorter = wrong(&|proof| {
                    let _ = proof.path.remove(which);
                });
                prop_assert!(!shorter);
            }
            if proof.path.len() < MAX_PATH as usize {
                prop_assert!(!wrong(&|proof| proof.path.force_push(digest)));
            }
        }
    }
}

//! How a hospital's worker reports its disclosures: who was shown what stays at the worker, and the chain
//! holds what makes a gap, a change or another order show.
//!
//! Every disclosure of a site has a number, from 0 without gaps. Numbers that follow each other are reported
//! as a batch: a Merkle tree over commitments to the entries, salted, so that the chain says nothing of them
//! and an entry can be opened one by one, or its salt destroyed. A batch names the head of the one before;
//! the chain takes none that does not begin with the site's next number under the site's last head.

use crate::{
    AccountId, BlockNumber, H256,
    commitment::tagged_hash,
    merkle::Tree,
    reports::{LogBatch, Position},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The commitment to an entry: BLAKE2b-256 over a tag, the salt, the number (SCALE `u64`) and the entry's
/// bytes.
pub fn commit(salt: &[u8; 32], number: u64, entry: &[u8]) -> H256 {
    tagged_hash(b"galen:disclosure:v1", &[salt, &number.encode(), entry])
}

/// Disclosures of one site that follow each other.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct DisclosureBatch {
    /// The number of the first.
    pub first: u64,
    /// How many there are: 1 to [`MAX_BATCH`](crate::reports::MAX_BATCH).
    pub count: u32,
    /// The root of the tree over their commitments.
    pub root: H256,
    /// The head of the site's batch before; zero for its first.
    pub previous: H256,
}

/// What stands for an entry is its commitment ([`commit`]).
impl LogBatch for DisclosureBatch {
    const NAME: &'static str = "disclosures";
    const METHOD: &'static str = "node_disclosures";
    const TREE: Tree = Tree(b"galen:disclosures:v1");
    const HEAD_TAG: &'static [u8] = b"galen:disclosure-head:v1";
    const PAYLOAD_TAG: &'static [u8] = b"galen:report:v1";

    fn first(&self) -> u64 {
        self.first
    }

    fn count(&self) -> u32 {
        self.count
    }

    fn root(&self) -> H256 {
        self.root
    }

    fn previous(&self) -> H256 {
        self.previous
    }
}

/// How far a site has reported.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Site {
    /// The number of its next disclosure: as many are reported.
    pub next: u64,
    /// The head of its last batch; zero if there is none.
    pub head: H256,
    /// The block of its last report; 0 if there is none.
    pub last_block: BlockNumber,
}

impl Site {
    /// What the site's next batch must follow.
    pub fn position(&self) -> Position {
        Position::of_entries(self.next, self.head)
    }
}

/// A batch as the chain took it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ReportedBatch {
    /// The batch.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub batch: DisclosureBatch,
    /// The block in which it was reported.
    pub block: BlockNumber,
    /// The number of the report's entry in the audit log.
    pub entry: u64,
    /// The worker key that signed it.
    pub key: H256,
}

/// How a hospital stands with its reports.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct SiteStatus {
    /// The hospital.
    pub hospital: AccountId,
    /// Whether it could report now: a member in good standing with a worker key.
    pub can_report: bool,
    /// How far it has reported.
    #[cfg_attr(feature = "std", serde(flatten))]
    pub site: Site,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::MAX_BATCH;

    #[test]
    fn a_commitment_depends_on_salt_number_and_entry() {
        let base = commit(&[1; 32], 7, b"entry");
        assert_ne!(base, commit(&[2; 32], 7, b"entry"));
        assert_ne!(base, commit(&[1; 32], 8, b"entry"));
        assert_ne!(base, commit(&[1; 32], 7, b"entri"));
    }

    #[test]
    fn a_batch_proves_its_entries_at_their_numbers() {
        let commitments: Vec<H256> = (0..5).map(|i| commit(&[i; 32], 10 + u64::from(i), b"entry")).collect();
        let leaves: Vec<H256> = commitments.iter().map(DisclosureBatch::leaf).collect();
        let root = DisclosureBatch::TREE.root(&leaves);
        let batch = DisclosureBatch { first: 10, count: 5, root, previous: H256::zero() };
        for (index, commitment) in commitments.iter().enumerate() {
            let path = DisclosureBatch::TREE.inclusion_path(&leaves, index).unwrap();
            for number in 8..17 {
                assert_eq!(batch.proves(number, commitment, &path), number == 10 + index as u64);
            }
        }
    }

    #[test]
    fn a_head_covers_all_of_a_batch() {
        let batch = DisclosureBatch { first: 1, count: 2, root: H256([3; 32]), previous: H256([4; 32]) };
        for other in [
            DisclosureBatch { first: 2, ..batch },
            DisclosureBatch { count: 3, ..batch },
            DisclosureBatch { root: H256([5; 32]), ..batch },
            DisclosureBatch { previous: H256([5; 32]), ..batch },
        ] {
            assert_ne!(other.head(), batch.head());
        }
    }

    #[test]
    fn heads_leaves_and_what_is_signed_are_pinned() {
        let batch = DisclosureBatch { first: 10, count: 5, root: H256([3; 32]), previous: H256([4; 32]) };
        let payload = batch.payload(&H256([1; 32]), &AccountId::new([2; 32]));
        // Computed apart, by Python's hashlib: what stands on chain cannot change with a refactoring.
        let hex = |hash: H256| format!("{hash:?}");
        assert_eq!(hex(batch.head()), HEAD);
        assert_eq!(hex(tagged_hash(b"", &[&payload])), PAYLOAD);
        assert_eq!(hex(DisclosureBatch::leaf(&H256([6; 32]))), LEAF);
    }

    const HEAD: &str = "0x36556a875ef1d16d0bb90c4d7b278499fe16868b128c6f920316591ec9d8ecd7";
    const PAYLOAD: &str = "0x717cae44c15f4c385634b8ee50fcc5dbff9ec9c7ff7279329f054d3629c91f1a";
    const LEAF: &str = "0x9f3d90bcb56aa4c1eca25a8327ddaf45faadf26e81c6984433545eb83bd250c3";

    #[test]
    fn empty_huge_and_endless_batches_have_no_end() {
        let batch =
            |first, count| DisclosureBatch { first, count, root: H256::zero(), previous: H256::zero() };
        assert_eq!(batch(5, 3).end(), Some(8));
        assert_eq!(batch(0, MAX_BATCH).end(), Some(u64::from(MAX_BATCH)));
        assert_eq!(batch(0, 0).end(), None);
        assert_eq!(batch(0, MAX_BATCH + 1).end(), None);
        assert_eq!(batch(u64::MAX, 1).end(), None);
    }
}

//! Logs that a hospital's worker keeps and reports on the chain, one batch after the other.
//!
//! The worker numbers the entries of a log from 0 without gaps and seals those that wait into a batch: a
//! Merkle tree over a hash of each entry, with the head of the batch before. The offchain worker of the
//! hospital's node asks for the batch that follows what the chain has, and sends it in a call that the
//! signature of the hospital's worker key authorizes. The chain takes only a batch that follows the last one,
//! so that a gap, a change and another order show.
//!
//! Disclosures ([`DisclosureBatch`](crate::audit::disclosure::DisclosureBatch)) and device readings
//! ([`ReadingBatch`](crate::devices::reading::ReadingBatch)) are such logs.
//!
//! # What another log has to supply
//!
//! - Here: a struct for its batch that implements [`LogBatch`]: two domain tags, a tree, four getters. Which
//!   batch follows which, heads, proofs and what is signed come with the trait.
//! - In its pallet: where the chain keeps how far each hospital is, which gives a [`Position`]; a call with
//!   `#[pallet::authorize(reports::authorize::<_>)]`; and an implementation of
//!   `galen_offchain::reports::Reports`, which says where the position is read and how the call is submitted.
//!   Authorization and offchain worker come with that trait.
//! - In the worker: a store that implements `galen_worker::reports::ReportLog`, which reads waiting entries
//!   and makes a batch of them; a variant of `reports::Kind`; and a method of the name [`LogBatch::METHOD`].
//!   That a batch never changes once it was shown, that a restored backup is noticed, and proofs come with
//!   that trait.

use crate::{AccountId, H256, commitment::tagged_hash, merkle::Tree};
use alloc::{format, string::String, vec::Vec};
use codec::{Decode, Encode};

/// So many entries are at most in a batch.
pub const MAX_BATCH: u32 = 65_536;

/// Where a hospital's log stands, on the chain or at the worker: what the next batch must follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Position {
    /// The place of the next batch ([`LogBatch::place`]).
    pub place: u64,
    /// The number of the next entry: as many are in batches.
    pub next: u64,
    /// The head of the last batch; zero if there is none.
    pub head: H256,
}

impl Position {
    /// The position of a log whose batches have no numbers of their own ([`LogBatch::NUMBERED`]).
    pub fn of_entries(next: u64, head: H256) -> Self {
        Position { place: next, next, head }
    }
}

/// Why a batch is not the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNext {
    /// It contradicts itself, or holds too much or nothing.
    Invalid,
    /// It comes before the position: it, or another one, was taken already.
    Stale,
    /// Something is missing before it.
    Gap,
    /// It names another batch as the one before than the last.
    Fork,
}

/// A batch of a reported log. What an implementation must supply comes first; the rest follows from it.
pub trait LogBatch: Encode + Decode + Clone {
    /// What the entries are, in the plural: `disclosures`.
    const NAME: &'static str;
    /// The worker's JSON-RPC method that the node asks with.
    const METHOD: &'static str;
    /// The tree over the entries of a batch.
    const TREE: Tree;
    /// The domain tag of heads.
    const HEAD_TAG: &'static [u8];
    /// The domain tag of what the worker key signs.
    const PAYLOAD_TAG: &'static [u8];
    /// Whether batches have numbers of their own, from 0 without gaps, so that one may hold no entry. Others
    /// are known by the number of their first entry.
    const NUMBERED: bool = false;

    /// The number of the first entry, counted over all batches of the hospital from 0 without gaps.
    fn first(&self) -> u64;

    /// How many entries there are.
    fn count(&self) -> u32;

    /// The root of the tree over the entries.
    fn root(&self) -> H256;

    /// The head of the hospital's batch before; zero for its first.
    fn previous(&self) -> H256;

    /// The place among the hospital's batches: the batch's own number where there are such, else that of its
    /// first entry. An implementation with [`Self::NUMBERED`] must give the batch's number.
    fn place(&self) -> u64 {
        self.first()
    }

    /// Whether the batch fits together: holds 1 to [`MAX_BATCH`] entries, or what else its kind demands.
    fn is_sound(&self) -> bool {
        (1..=MAX_BATCH).contains(&self.count())
    }

    /// The batch in words, for log lines.
    fn describe(&self) -> String {
        let last = self.end().map_or(self.first(), |end| end.saturating_sub(1));
        format!("{} {} to {last}", Self::NAME, self.first())
    }

    /// What the hospital's next batch names as the one before: a hash over all of this one, and so over all
    /// before it.
    fn head(&self) -> H256 {
        tagged_hash(Self::HEAD_TAG, &[&self.encode()])
    }

    /// The number after the last entry; `None` if the batch is not sound, or beyond all numbers.
    fn end(&self) -> Option<u64> {
        self.first().checked_add(self.count().into()).filter(|_| self.is_sound())
    }

    /// Where the log stands when this batch was taken; `None` as for [`Self::end`].
    fn position_after(&self) -> Option<Position> {
        let next = self.end()?;
        let place = if Self::NUMBERED { self.place().checked_add(1)? } else { next };
        Some(Position { place, next, head: self.head() })
    }

    /// Where the log stands after this batch, if the batch is the next one at `position`.
    fn follows(&self, position: &Position) -> Result<Position, NotNext> {
        let after = self.position_after().ok_or(NotNext::Invalid)?;
        if self.place() < position.place {
            Err(NotNext::Stale)
        } else if self.place() != position.place || self.first() != position.next {
            Err(NotNext::Gap)
        } else if self.previous() != position.head {
            Err(NotNext::Fork)
        } else {
            Ok(after)
        }
    }

    /// The leaf of an entry: of the hash that stands for it.
    fn leaf(entry: &H256) -> H256 {
        Self::TREE.leaf(entry.as_bytes())
    }

    /// Whether `path` proves that `entry` is the hash of entry `number`, and that one of this batch.
    fn proves(&self, number: u64, entry: &H256, path: &[H256]) -> bool {
        number.checked_sub(self.first()).is_some_and(|index| {
            let leaf = Self::leaf(entry);
            Self::TREE.proves_inclusion(&self.root(), self.count().into(), index, &leaf, path)
        })
    }

    /// The bytes that a hospital's worker key signs to report the batch.
    fn payload(&self, genesis: &H256, hospital: &AccountId) -> Vec<u8> {
        // The tag without its length, as an array is encoded.
        let mut payload = Self::PAYLOAD_TAG.to_vec();
        (genesis, hospital, self).encode_to(&mut payload);
        payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // The least that a log needs: who held which shift.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
    struct Shifts {
        first: u64,
        count: u32,
        root: H256,
        previous: H256,
    }

    impl LogBatch for Shifts {
        const NAME: &'static str = "shifts";
        const METHOD: &'static str = "node_shifts";
        const TREE: Tree = Tree(b"test:shifts");
        const HEAD_TAG: &'static [u8] = b"test:shifts-head";
        const PAYLOAD_TAG: &'static [u8] = b"test:shifts-report";

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

    // The same with batches that have numbers and may be empty.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
    struct Numbered {
        index: u64,
        batch: Shifts,
    }

    impl LogBatch for Numbered {
        const NAME: &'static str = "shifts";
        const METHOD: &'static str = "node_shifts";
        const TREE: Tree = Shifts::TREE;
        const HEAD_TAG: &'static [u8] = b"test:numbered-head";
        const PAYLOAD_TAG: &'static [u8] = b"test:numbered-report";
        const NUMBERED: bool = true;

        fn first(&self) -> u64 {
            self.batch.first
        }
        fn count(&self) -> u32 {
            self.batch.count
        }
        fn root(&self) -> H256 {
            self.batch.root
        }
        fn previous(&self) -> H256 {
            self.batch.previous
        }
        fn place(&self) -> u64 {
            self.index
        }
        fn is_sound(&self) -> bool {
            self.batch.count <= MAX_BATCH
        }
    }

    fn next(position: &Position, count: u32) -> Shifts {
        Shifts { first: position.next, count, root: H256([7; 32]), previous: position.head }
    }

    proptest! {
        #[test]
        fn only_the_next_batch_follows(counts in proptest::collection::vec(1u32..9, 1..9), other in any::<[u8; 32]>()) {
            let (mut plain, mut numbered) = (Position::default(), Position::default());
            let mut before = Vec::new();
            for (index, count) in (0u64..).zip(counts) {
                let batch = next(&plain, count);
                for earlier in &before {
                    prop_assert_eq!(Shifts::follows(earlier, &plain), Err(NotNext::Stale));
                }
                before.push(batch);
                let later = Shifts { first: batch.first + 1, ..batch };
                prop_assert_eq!(later.follows(&plain), Err(NotNext::Gap));
                let fork = Shifts { previous: H256(other), ..batch };
                prop_assert_eq!(fork.follows(&plain), Err(NotNext::Fork));
                let none = Shifts { count: 0, ..batch };
                prop_assert_eq!(none.follows(&plain), Err(NotNext::Invalid));
                let huge = Shifts { count: MAX_BATCH + 1, ..batch };
                prop_assert_eq!(huge.follows(&plain), Err(NotNext::Invalid));
                plain = batch.follows(&plain).unwrap();
                prop_assert_eq!(plain, Position::of_entries(batch.first + u64::from(count), batch.head()));

                // Every second one is empty.
                let count = if index % 2 == 0 { count } else { 0 };
                let batch = Numbered { index, batch: next(&numbered, count) };
                let later = Numbered { index: index + 1, ..batch };
                prop_assert_eq!(later.follows(&numbered), Err(NotNext::Gap));
                let shifted = Numbered { index, batch: Shifts { first: batch.batch.first + 1, ..batch.batch } };
                prop_assert_eq!(shifted.follows(&numbered), Err(NotNext::Gap));
                let after = batch.follows(&numbered).unwrap();
                prop_assert_eq!(batch.follows(&after), Err(NotNext::Stale));
                let next = numbered.next + u64::from(count);
                prop_assert_eq!(after, Position { place: index + 1, next, head: batch.head() });
                numbered = after;
            }
        }
    }

    #[test]
    fn nothing_follows_the_last_number() {
        let end = Position::of_entries(u64::MAX, H256::zero());
        assert_eq!(next(&end, 1).follows(&end), Err(NotNext::Invalid));
        let batch = Numbered { index: u64::MAX, batch: next(&Position::default(), 0) };
        let position = Position { place: u64::MAX, ..Position::default() };
        assert_eq!(batch.follows(&position), Err(NotNext::Invalid));
    }

    #[test]
    fn what_is_signed_names_chain_hospital_and_batch() {
        let (genesis, hospital) = (H256([1; 32]), AccountId::new([2; 32]));
        let batch = next(&Position::default(), 3);
        let payload = batch.payload(&genesis, &hospital);
        assert_eq!(payload, (b"test:shifts-report", genesis, &hospital, batch).encode());
        assert!(payload.starts_with(b"test:shifts-report\x01"));
        assert_ne!(payload, batch.payload(&H256([3; 32]), &hospital));
        assert_ne!(payload, batch.payload(&genesis, &AccountId::new([3; 32])));
        assert_ne!(payload, next(&Position::default(), 4).payload(&genesis, &hospital));
    }
}

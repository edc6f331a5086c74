//! One Merkle tree for all that Galen proves: batches of records and the audit log.
//!
//! The shape is that of RFC 9162 (Certificate Transparency), section 2.1: a tree over `n` leaves has on its left the
//! perfect tree over the largest power of two below `n`, on its right the tree over the rest. Hashes are tagged BLAKE2b-256:
//! a leaf is `H(0x00 ‖ TAG ‖ content)`, a node `H(0x01 ‖ TAG ‖ left ‖ right)`, the tree over nothing `H(0x02 ‖ TAG)`. Leaf and
//! node cannot be confused, and neither can trees of different tags.
//!
//! A path is at most 64 hashes long; over a million leaves it has 20 (640 bytes), over ten millions 24.

mod stored;

pub use stored::Nodes;

use crate::{H256, commitment::tagged_hash};
use alloc::vec::Vec;

/// A kind of tree: its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree(pub &'static [u8]);

impl Tree {
    /// The hash of a leaf's content.
    pub fn leaf(&self, content: &[u8]) -> H256 {
        tagged_hash(&[0], &[self.0, content])
    }

    /// The hash of an inner node.
    pub fn node(&self, left: &H256, right: &H256) -> H256 {
        tagged_hash(&[1], &[self.0, left.as_bytes(), right.as_bytes()])
    }

    /// The root of the tree over no leaves.
    pub fn empty(&self) -> H256 {
        tagged_hash(&[2], &[self.0])
    }

    /// The root of the tree over `leaves`.
    pub fn root(&self, leaves: &[H256]) -> H256 {
        match leaves {
            [] => self.empty(),
            [leaf] => *leaf,
            _ => match leaves.split_at_checked(split(leaves.len())) {
                Some((left, right)) => self.node(&self.root(left), &self.root(right)),
                None => self.empty(),
            },
        }
    }

    /// The path that proves the leaf at `index`, from the bottom up; `None` if there is no such leaf.
    pub fn inclusion_path(&self, leaves: &[H256], index: usize) -> Option<Vec<H256>> {
        if index >= leaves.len() {
            return None;
        }
        if leaves.len() == 1 {
            return Some(Vec::new());
        }
        let (left, right) = leaves.split_at_checked(split(leaves.len()))?;
        let (mut path, sibling) = match index.checked_sub(left.len()) {
            None => (self.inclusion_path(left, index)?, self.root(right)),
            Some(index) => (self.inclusion_path(right, index)?, self.root(left)),
        };
        path.push(sibling);
        Some(path)
    }

    /// Whether `path` proves that `leaf` is the leaf at `index` of the tree over `count` leaves with root `root`.
    ///
    /// RFC 9162, section 2.1.3.2.
    pub fn proves_inclusion(&self, root: &H256, count: u64, index: u64, leaf: &H256, path: &[H256]) -> bool {
        if index >= count {
            return false;
        }
        let (mut index, mut last, mut hash) = (index, count.saturating_sub(1), *leaf);
        for sibling in path {
            if last == 0 {
                return false;
            }
            if index & 1 == 1 || index == last {
                hash = self.node(sibling, &hash);
                while index & 1 == 0 && index != 0 {
                    (index, last) = (index >> 1, last >> 1);
                }
            } else {
                hash = self.node(&hash, sibling);
            }
            (index, last) = (index >> 1, last >> 1);
        }
        last == 0 && hash == *root
    }

    /// The path that proves that the tree over the first `old` leaves is a beginning of the tree over all of them; `None`
    /// if there are fewer. Nothing needs to be shown when `old` is 0 or all.
    pub fn consistency_path(&self, leaves: &[H256], old: usize) -> Option<Vec<H256>> {
        if old > leaves.len() {
            return None;
        }
        if old == 0 || old == leaves.len() {
            return Some(Vec::new());
        }
        self.subproof(leaves, old, true)
    }

    fn subproof(&self, leaves: &[H256], old: usize, whole: bool) -> Option<Vec<H256>> {
        if old == leaves.len() {
            return Some(if whole { Vec::new() } else { [self.root(leaves)].into() });
        }
        let (left, right) = leaves.split_at_checked(split(leaves.len()))?;
        let (mut path, sibling) = match old.checked_sub(left.len()) {
            None | Some(0) => (self.subproof(left, old, whole)?, self.root(right)),
            Some(old) => (self.subproof(right, old, false)?, self.root(left)),
        };
        path.push(sibling);
        Some(path)
    }

    /// Whether `path` proves that the tree over `old` leaves with root `old_root` is a beginning of that over `new` leaves
    /// with root `new_root`: nothing was changed or removed, only appended.
    ///
    /// RFC 9162, section 2.1.4.2. A tree over nothing is a beginning of any.
    pub fn proves_consistency(
        &self,
        (old, old_root): (u64, &H256),
        (new, new_root): (u64, &H256),
        path: &[H256],
    ) -> bool {
        if old > new {
            return false;
        }
        if old == new {
            return path.is_empty() && old_root == new_root;
        }
        if old == 0 {
            return path.is_empty() && *old_root == self.empty();
        }
        // A perfect old tree is itself the first node; it is left out of the path.
        let (first, rest) = match path.split_first() {
            _ if old.is_power_of_two() => (old_root, path),
            Some(split) => split,
            None => return false,
        };
        let (mut index, mut last) = (old.saturating_sub(1), new.saturating_sub(1));
        while index & 1 == 1 {
            (index, last) = (index >> 1, last >> 1);
        }
        let (mut of_old, mut of_new) = (*first, *first);
        for sibling in rest {
            if last == 0 {
                return false;
            }
            if index & 1 == 1 || index == last {
                of_old = self.node(sibling, &of_old);
                of_new = self.node(sibling, &of_new);
                while index & 1 == 0 && index != 0 {
                    (index, last) = (index >> 1, last >> 1);
                }
            } else {
                of_new = self.node(&of_new, sibling);
            }
            (index, last) = (index >> 1, last >> 1);
        }
        last == 0 && of_old == *old_root && of_new == *new_root
    }
}

/// The largest power of two below `count`, for a `count` of two or more.
fn split(count: usize) -> usize {
    count.div_ceil(2).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TREE: Tree = Tree(b"galen:test:v1");

    fn leaves(count: usize) -> Vec<H256> {
        (0..count).map(|index| TREE.leaf(&index.to_le_bytes())).collect()
    }

    // The root by levels, pairing neighbours and carrying an odd one up: another way to the same tree.
    fn by_levels(leaves: &[H256]) -> H256 {
        let mut level = leaves.to_vec();
        while level.len() > 1 {
            level = level
                .chunks(2)
                .map(|pair| if let [left, right] = pair { TREE.node(left, right) } else { pair[0] })
                .collect();
        }
        level.first().copied().unwrap_or(TREE.empty())
    }

    #[test]
    fn the_root_is_that_of_pairing_level_by_level() {
        for count in 0..200 {
            assert_eq!(TREE.root(&leaves(count)), by_levels(&leaves(count)), "{count}");
        }
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proven_and_only_at_its_place() {
        for count in 1..70u64 {
            let all = leaves(count as usize);
            let root = TREE.root(&all);
            for index in 0..count {
                let path = TREE.inclusion_path(&all, index as usize).unwrap();
                assert!(path.len() as u32 <= count.next_power_of_two().trailing_zeros());
                for claimed in 0..count + 2 {
                    let proven = TREE.proves_inclusion(&root, count, claimed, &all[index as usize], &path);
                    assert_eq!(proven, claimed == index, "leaf {index} of {count} as {claimed}");
                }
            }
        }
    }

    #[test]
    fn every_beginning_of_every_small_tree_is_proven_and_only_as_itself() {
        for new in 1..50usize {
            let all = leaves(new);
            let root = TREE.root(&all);
            for old in 0..=new {
                let path = TREE.consistency_path(&all, old).unwrap();
                for claimed in 0..=new {
                    let begins = TREE.proves_consistency(
                        (claimed as u64, &TREE.root(&all[..old])),
                        (new as u64, &root),
                        &path,
                    );
                    assert_eq!(begins, claimed == old, "{old} of {new} as {claimed}");
                }
            }
            assert!(TREE.consistency_path(&all, new + 1).is_none());
        }
    }

    #[test]
    fn a_path_over_a_million_leaves_is_640_bytes() {
        let all = leaves(1 << 20);
        let path = TREE.inclusion_path(&all, 777_777).unwrap();
        assert_eq!(path.len() * 32, 640);
        assert!(TREE.proves_inclusion(&TREE.root(&all), 1 << 20, 777_777, &all[777_777], &path));
    }

    #[test]
    fn trees_of_different_tags_share_nothing() {
        let other = Tree(b"galen:other:v1");
        let all = leaves(5);
        let path = TREE.inclusion_path(&all, 3).unwrap();
        assert!(!other.proves_inclusion(&TREE.root(&all), 5, 3, &all[3], &path));
        assert_ne!(TREE.empty(), other.empty());
        assert_ne!(TREE.leaf(b"x"), other.leaf(b"x"));
    }

    proptest! {
        #[test]
        fn nothing_changed_is_proven(
            count in 2usize..200, at in any::<proptest::sample::Index>(), which in any::<proptest::sample::Index>(), bit in 0usize..256
        ) {
            let all = leaves(count);
            let (root, index) = (TREE.root(&all), at.index(count));
            let flip = |hash: &mut H256| hash.0[bit / 8] ^= 1 << (bit % 8);

            let path = TREE.inclusion_path(&all, index).unwrap();
            let mut wrong = path.clone();
            flip(which.get_mut(&mut wrong));
            prop_assert!(!TREE.proves_inclusion(&root, count as u64, index as u64, &all[index], &wrong));
            let mut leaf = all[index];
            flip(&mut leaf);
            prop_assert!(!TREE.proves_inclusion(&root, count as u64, index as u64, &leaf, &path));
            prop_assert!(!TREE.proves_inclusion(&root, count as u64, index as u64, &all[index], &path[1..]));

            // A log in which one old entry was changed has no proof that the honest path could be.
            let old = 1 + at.index(count - 1);
            let path = TREE.consistency_path(&all, old).unwrap();
            let mut changed = all.clone();
            flip(&mut changed[which.index(old)]);
            let (before, after) = (TREE.root(&all[..old]), TREE.root(&changed));
            prop_assert!(!TREE.proves_consistency((old as u64, &before), (count as u64, &after), &path));
            let forged = TREE.consistency_path(&changed, old).unwrap();
            prop_assert!(!TREE.proves_consistency((old as u64, &before), (count as u64, &after), &forged));
        }
    }
}

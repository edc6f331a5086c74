//! Paths through a tree whose perfect subtrees are stored, as those of a log are: a few look-ups instead of all leaves.
//!
//! Node `(level, index)` is the root of the perfect tree over the leaves from `index * 2^level` up to, and without,
//! `(index + 1) * 2^level`; at level 0 it is the leaf itself. Appending never changes a node, so that paths through any
//! earlier state of the log come from the same nodes. A path asks for at most two nodes per level.

use super::Tree;
use crate::H256;
use alloc::vec::Vec;

/// Gives a node by its level and its index in that level; `None` if there is none.
pub trait Nodes: Fn(u32, u64) -> Option<H256> {}
impl<F: Fn(u32, u64) -> Option<H256>> Nodes for F {}

impl Tree {
    /// As [`Tree::inclusion_path`], over the first `count` leaves. `None` if there is no leaf `index` below `count`, or a
    /// node is missing.
    pub fn stored_inclusion_path(&self, count: u64, index: u64, nodes: impl Nodes) -> Option<Vec<H256>> {
        if index >= count {
            return None;
        }
        let (mut start, mut count, mut path) = (0u64, count, Vec::new());
        while count > 1 {
            let left = split(count);
            let (middle, right) = (start.checked_add(left)?, count.checked_sub(left)?);
            if index < middle {
                path.push(self.stored_root(middle, right, &nodes)?);
                count = left;
            } else {
                path.push(self.stored_root(start, left, &nodes)?);
                (start, count) = (middle, right);
            }
        }
        path.reverse();
        Some(path)
    }

    /// As [`Tree::consistency_path`], from the first `old` to the first `new` leaves. `None` if `old` is more than `new`, or
    /// a node is missing.
    pub fn stored_consistency_path(&self, old: u64, new: u64, nodes: impl Nodes) -> Option<Vec<H256>> {
        if old > new {
            return None;
        }
        if old == 0 || old == new {
            return Some(Vec::new());
        }
        let (mut start, mut old, mut count, mut path) = (0u64, old, new, Vec::new());
        while old != count {
            let left = split(count);
            let (middle, right) = (start.checked_add(left)?, count.checked_sub(left)?);
            if old <= left {
                path.push(self.stored_root(middle, right, &nodes)?);
                count = left;
            } else {
                path.push(self.stored_root(start, left, &nodes)?);
                (start, old, count) = (middle, old.checked_sub(left)?, right);
            }
        }
        // Where the old tree is perfect it is the first node itself, which whoever checks has.
        if start > 0 {
            path.push(self.stored_root(start, count, &nodes)?);
        }
        path.reverse();
        Some(path)
    }

    /// The root over the first `count` leaves; `None` if a node is missing.
    pub fn root_of_stored(&self, count: u64, nodes: impl Nodes) -> Option<H256> {
        if count == 0 { Some(self.empty()) } else { self.stored_root(0, count, &nodes) }
    }

    // The root over `count` leaves from `start` on, which is a multiple of the largest power of two in `count`: its
    // perfect trees, bagged from the right.
    fn stored_root(&self, start: u64, count: u64, nodes: &impl Nodes) -> Option<H256> {
        let (mut end, mut left, mut root) = (start.checked_add(count)?, count, None);
        while left > 0 {
            let level = left.trailing_zeros();
            let size = 1u64.checked_shl(level)?;
            (end, left) = (end.checked_sub(size)?, left.checked_sub(size)?);
            let peak = nodes(level, end.checked_shr(level)?)?;
            root = Some(root.map_or(peak, |right| self.node(&peak, &right)));
        }
        root
    }
}

// The largest power of two below `count`, for a `count` of two or more.
fn split(count: u64) -> u64 {
    count.div_ceil(2).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{cell::Cell, collections::BTreeMap};

    const TREE: Tree = Tree(b"galen:test:v1");

    fn leaves(count: u64) -> Vec<H256> {
        (0..count).map(|index| TREE.leaf(&index.to_le_bytes())).collect()
    }

    // All perfect subtrees, level by level.
    fn perfect(leaves: &[H256]) -> BTreeMap<(u32, u64), H256> {
        let (mut nodes, mut level, mut row) = (BTreeMap::new(), 0, leaves.to_vec());
        while !row.is_empty() {
            nodes.extend(row.iter().zip(0..).map(|(hash, index)| ((level, index), *hash)));
            row = row.chunks_exact(2).map(|pair| TREE.node(&pair[0], &pair[1])).collect();
            level += 1;
        }
        nodes
    }

    proptest! {
        #[test]
        fn stored_nodes_give_the_paths_of_the_leaves(
            total in 1u64..300, new in any::<proptest::sample::Index>(), old in any::<proptest::sample::Index>()
        ) {
            // Paths through an earlier state come from the nodes of a later one.
            let all = leaves(total);
            let nodes = perfect(&all);
            let asked = Cell::new(0);
            let node = |level, index| {
                asked.set(asked.get() + 1);
                nodes.get(&(level, index)).copied()
            };
            let count = 1 + new.index(total as usize);
            prop_assert_eq!(TREE.root_of_stored(count as u64, node), Some(TREE.root(&all[..count])));
            let index = old.index(count);
            asked.set(0);
            let path = TREE.stored_inclusion_path(count as u64, index as u64, node);
            prop_assert_eq!(path, TREE.inclusion_path(&all[..count], index));
            prop_assert!(asked.get() <= 2 * 9);
            asked.set(0);
            let path = TREE.stored_consistency_path(index as u64, count as u64, node);
            prop_assert_eq!(path, TREE.consistency_path(&all[..count], index));
            prop_assert!(asked.get() <= 2 * 9);
            prop_assert_eq!(TREE.stored_inclusion_path(count as u64, count as u64, node), None);
            prop_assert_eq!(TREE.stored_consistency_path(count as u64 + 1, count as u64, node), None);
        }
    }

    #[test]
    fn a_missing_node_is_no_path() {
        assert_eq!(TREE.stored_inclusion_path(4, 1, |_, _| None), None);
        assert_eq!(TREE.stored_consistency_path(3, 4, |_, _| None), None);
        assert_eq!(TREE.root_of_stored(4, |_, _| None), None);
        assert_eq!(TREE.root_of_stored(0, |_, _| None), Some(TREE.empty()));
    }

    #[test]
    fn the_largest_trees_have_paths() {
        let node = |level: u32, _: u64| Some(H256::repeat_byte(level as u8));
        for count in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
            assert!(TREE.stored_inclusion_path(count, count - 1, node).unwrap().len() <= 64);
            assert!(TREE.stored_consistency_path(count - 1, count, node).unwrap().len() <= 65);
        }
    }
}

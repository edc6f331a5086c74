//! Merkle proofs: only the one right path proves, whatever is done to it, its place or its leaf.

#![no_main]

use galen_primitives::{H256, merkle::Tree};
use libfuzzer_sys::{arbitrary::Arbitrary, fuzz_target};

const TREE: Tree = Tree(b"galen:fuzz:v1");

#[derive(Arbitrary, Debug)]
enum Edit {
    Replace(u8, [u8; 32]),
    Flip(u8, u8, u8),
    Swap(u8, u8),
    Remove(u8),
    Insert(u8, [u8; 32]),
    Truncate(u8),
}

#[derive(Arbitrary, Debug)]
struct Input {
    leaves: u8,
    index: u8,
    claimed_index: u64,
    claimed_count: u64,
    old: u8,
    claimed_old: u64,
    leaf: Option<[u8; 32]>,
    keep_place: bool,
    edits: Vec<Edit>,
}

fn edited(mut path: Vec<H256>, edits: &[Edit]) -> Vec<H256> {
    for edit in edits {
        let at = |index: u8| usize::from(index) % path.len().max(1);
        match *edit {
            Edit::Insert(index, hash) if path.len() < 80 => {
                path.insert(usize::from(index) % (path.len() + 1), H256(hash));
            }
            _ if path.is_empty() => {}
            Edit::Replace(index, hash) => {
                let at = at(index);
                path[at] = H256(hash);
            }
            Edit::Flip(index, byte, bit) => {
                let at = at(index);
                path[at].0[usize::from(byte) % 32] ^= 1 << (bit % 8);
            }
            Edit::Swap(one, other) => {
                let (one, other) = (at(one), at(other));
                path.swap(one, other);
            }
            Edit::Remove(index) => {
                let at = at(index);
                path.remove(at);
            }
            Edit::Truncate(length) => path.truncate(usize::from(length)),
            Edit::Insert(..) => {}
        }
    }
    path
}

fuzz_target!(|input: Input| {
    let leaves: Vec<H256> = (0..input.leaves % 48).map(|number| TREE.leaf(&[number])).collect();
    let (count, root) = (leaves.len(), TREE.root(&leaves));

    if count > 0 {
        let index = usize::from(input.index) % count;
        let right = TREE.inclusion_path(&leaves, index).expect("there is such a leaf");
        assert!(TREE.proves_inclusion(&root, count as u64, index as u64, &leaves[index], &right));
        let path = edited(right, &input.edits);
        let leaf = input.leaf.map_or(leaves[index], H256);
        let (claimed_count, claimed_index) = match input.keep_place {
            true => (count as u64, index as u64),
            false => (input.claimed_count, input.claimed_index),
        };
        if TREE.proves_inclusion(&root, claimed_count, claimed_index, &leaf, &path) {
            // A proof that holds under another count or index than the true ones could only be of the same shape; the leaf
            // and its siblings are always the true ones.
            let proven = leaves.iter().position(|one| *one == leaf).expect("only a leaf is proven to be one");
            assert_eq!(path, TREE.inclusion_path(&leaves, proven).expect("there is such a leaf"));
            if claimed_count == count as u64 {
                assert_eq!(claimed_index, proven as u64);
            }
        }
    }

    let old = usize::from(input.old) % (count + 1);
    let old_root = TREE.root(&leaves[..old]);
    let right = TREE.consistency_path(&leaves, old).expect("there are as many leaves");
    assert!(TREE.proves_consistency((old as u64, &old_root), (count as u64, &root), &right));
    let path = edited(right.clone(), &input.edits);
    if TREE.proves_consistency((old as u64, &old_root), (count as u64, &root), &path) {
        assert_eq!(path, right);
    }
    // Whatever sizes are claimed, two different roots of one size are never consistent, and nothing panics.
    let _ = TREE.proves_consistency((input.claimed_old, &old_root), (input.claimed_count, &root), &path);
    if let Some(other) = input.leaf.map(H256).filter(|other| *other != root) {
        assert!(!TREE.proves_consistency((count as u64, &other), (count as u64, &root), &path));
        if old > 0 {
            assert!(
                !TREE.proves_consistency((old as u64, &other), (count as u64, &root), &path)
                    || other == old_root
            );
        }
    }
});

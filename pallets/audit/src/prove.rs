//! Proofs from the stored nodes of the tree: for the log as it is, and as it was at any size.

use crate::{Config, Entries, Log, Nodes, Pallet};
use galen_primitives::{
    H256,
    audit::{ConsistencyProof, InclusionProof, LOG, leaf},
};

impl<T: Config> Pallet<T> {
    /// That entry `index` is in the log of the first `size` entries. `None` if it is not, or there are not as
    /// many. Reads at most three nodes per level.
    pub fn inclusion_proof(index: u64, size: u64) -> Option<InclusionProof> {
        let path = Self::within(size)?.stored_inclusion_path(size, index, Self::node)?;
        let root = LOG.root_of_stored(size, Self::node)?;
        Some(InclusionProof { entry: Entries::<T>::get(index)?, count: size, root, path })
    }

    /// That the log of the first `old` entries is the beginning of that of the first `new`. `None` if it is
    /// larger, or there are not as many. Reads at most four nodes per level.
    pub fn consistency_proof(old: u64, new: u64) -> Option<ConsistencyProof> {
        let path = Self::within(new)?.stored_consistency_path(old, new, Self::node)?;
        let old_root = LOG.root_of_stored(old, Self::node)?;
        let new_root = LOG.root_of_stored(new, Self::node)?;
        Some(ConsistencyProof { old, old_root, new, new_root, path })
    }

    // The tree, if it has so many leaves.
    fn within(size: u64) -> Option<galen_primitives::merkle::Tree> {
        (size <= Log::<T>::get().count).then_some(LOG)
    }

    // Leaves are not stored: the entries are.
    fn node(level: u32, index: u64) -> Option<H256> {
        match u8::try_from(level).ok()? {
            0 => Entries::<T>::get(index).map(|entry| leaf(&entry)),
            level => Nodes::<T>::get((level, index)),
        }
    }
}

//! The hashes by which a spec is named.

use super::Spec;
use crate::{Error, runtime_file::Runtime};
use galen_primitives::{BlockNumber, H256};
use serde::Serialize;
use sp_core::storage::{StateVersion, well_known_keys::CODE};
use sp_runtime::{
    generic,
    traits::{BlakeTwo256, Header as _},
};
use sp_trie::{LayoutV0, LayoutV1, TrieConfiguration};

/// What hospitals compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hashes {
    /// BLAKE2b-256 of the file.
    pub file_hash: H256,
    /// BLAKE2b-256 of the runtime code in it.
    pub code_hash: H256,
    /// The hash of the genesis block, by which nodes know the chain.
    pub genesis_hash: H256,
    /// The version of that runtime.
    pub spec_version: u32,
}

/// The first block of a spec.
pub(crate) struct First {
    /// Its header.
    pub(crate) header: generic::Header<BlockNumber, BlakeTwo256>,
    /// The layout of its state.
    pub(crate) layout: StateVersion,
    runtime: Runtime,
}

impl Spec {
    /// The first block; an error if there is no runtime in the spec.
    pub(crate) fn first_block(&self) -> Result<First, Error> {
        let none = || Error::Input("its genesis holds no runtime code".into());
        let runtime = Runtime::new(self.storage.get(CODE).ok_or_else(none)?.clone())?;
        // The runtime says in which layout its state is hashed; the genesis header has no parent and no extrinsics.
        let layout = runtime.version.state_version();
        let root = |entries: &mut dyn Iterator<Item = (&[u8], &[u8])>| match layout {
            StateVersion::V0 => LayoutV0::<BlakeTwo256>::trie_root(entries),
            StateVersion::V1 => LayoutV1::<BlakeTwo256>::trie_root(entries),
        };
        let state = root(&mut self.storage.iter().map(|(key, value)| (key.as_slice(), value.as_slice())));
        let extrinsics = root(&mut std::iter::empty());
        let header = generic::Header::new(0, extrinsics, state, H256::zero(), Default::default());
        Ok(First { header, layout, runtime })
    }

    /// Computes the hashes; an error if there is no runtime in the spec.
    pub fn hashes(&self) -> Result<Hashes, Error> {
        let first = self.first_block()?;
        Ok(Hashes {
            file_hash: self.file_hash,
            code_hash: first.runtime.hash,
            genesis_hash: first.header.hash(),
            spec_version: first.runtime.version.spec_version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime_file::tests::module;

    fn spec(code: Vec<u8>, value: Vec<u8>) -> Spec {
        Spec {
            name: String::new(),
            id: String::new(),
            kind: "Live".into(),
            boot_nodes: Vec::new(),
            file_hash: H256::zero(),
            storage: [(CODE.to_vec(), code), (b"key".to_vec(), value)].into(),
            intrusions: Vec::new(),
        }
    }

    #[test]
    fn the_genesis_hash_is_that_of_the_state_in_the_runtimes_layout() {
        let hash = |spec: Spec| spec.hashes().unwrap().genesis_hash;
        // Values above 32 bytes are what the layouts treat apart.
        let (old, new) = (module(1, 0), module(1, 1));
        assert_ne!(hash(spec(old.clone(), vec![1; 40])), hash(spec(new.clone(), vec![1; 40])));
        assert_ne!(hash(spec(new.clone(), vec![1; 40])), hash(spec(new.clone(), vec![2; 40])));
        assert_eq!(hash(spec(new.clone(), vec![1; 40])), hash(spec(new, vec![1; 40])));
        assert!(spec(b"no code".to_vec(), vec![]).hashes().is_err());
    }
}

//! Read proofs: what stands in the state of a block, shown by the nodes of its trie that lead there.

use super::Bytes;
use codec::DecodeAll;
use galen_primitives::H256;
use serde::{Deserialize, Serialize};
use sp_core::storage::StateVersion;
use sp_runtime::traits::BlakeTwo256;
use sp_trie::{
    LayoutV0, LayoutV1, MemoryDB, StorageProof, TrieLayout, TrieMut, read_trie_value,
    recorder::Recorder,
    trie_types::{TrieDBMutBuilderV0, TrieDBMutBuilderV1},
};
use std::collections::BTreeMap;

/// The nodes of a trie that show some of its entries, or that they are not there. In the form of `state_getReadProof`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReadProof(pub Vec<Bytes>);

impl ReadProof {
    /// What is shown under a state root.
    pub(super) fn under(&self, root: H256) -> ProvenState {
        let proof = StorageProof::new(self.0.iter().map(|node| node.0.clone()));
        ProvenState { nodes: proof.into_memory_db(), root }
    }
}

/// A part of a state whose root is known.
pub(super) struct ProvenState {
    nodes: MemoryDB<BlakeTwo256>,
    root: H256,
}

impl ProvenState {
    /// The value under `key`, wholly read as a `T`; `None` if it is shown that there is none. `what` names it in errors.
    pub(super) fn get<T: DecodeAll>(&self, what: &str, key: &[u8]) -> Result<Option<T>, String> {
        // One layout reads both.
        let bytes = read_trie_value::<LayoutV1<BlakeTwo256>, _>(&self.nodes, &self.root, key, None, None)
            .map_err(|_| format!("the read proof does not lead from the state root to {what}"))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let value = T::decode_all(&mut bytes.as_slice()).map_err(|_| {
            format!("{what} cannot be read: another version of Galen wrote it than this program knows")
        })?;
        Ok(Some(value))
    }

    /// The same for what must be there.
    pub(super) fn expect<T: DecodeAll>(&self, what: &str, key: &[u8]) -> Result<T, String> {
        self.get(what, key)?.ok_or_else(|| format!("the state has no {what}"))
    }
}

/// A whole state as a trie, to make read proofs of.
pub struct Trie {
    nodes: MemoryDB<BlakeTwo256>,
    root: H256,
}

impl Trie {
    /// The trie over `storage`, in the layout of that version.
    pub fn new(storage: &BTreeMap<Vec<u8>, Vec<u8>>, version: StateVersion) -> Result<Self, String> {
        let (mut nodes, mut root) = (MemoryDB::default(), H256::default());
        match version {
            StateVersion::V0 => {
                fill::<LayoutV0<BlakeTwo256>>(storage, TrieDBMutBuilderV0::new(&mut nodes, &mut root).build())
            }
            StateVersion::V1 => {
                fill::<LayoutV1<BlakeTwo256>>(storage, TrieDBMutBuilderV1::new(&mut nodes, &mut root).build())
            }
        }?;
        Ok(Trie { nodes, root })
    }

    /// The state root.
    pub fn root(&self) -> H256 {
        self.root
    }

    /// A read proof of these keys.
    pub fn prove(&self, keys: &[Vec<u8>]) -> Result<ReadProof, String> {
        let recorder = Recorder::<BlakeTwo256>::default();
        for key in keys {
            let mut record = recorder.as_trie_recorder(self.root);
            read_trie_value::<LayoutV1<BlakeTwo256>, _>(
                &self.nodes,
                &self.root,
                key,
                Some(&mut record),
                None,
            )
            .map_err(|why| why.to_string())?;
        }
        Ok(ReadProof(recorder.drain_storage_proof().into_iter_nodes().map(Bytes).collect()))
    }
}

// The root is written when the trie is dropped.
fn fill<L: TrieLayout>(
    storage: &BTreeMap<Vec<u8>, Vec<u8>>,
    mut trie: sp_trie::TrieDBMut<'_, L>,
) -> Result<(), String> {
    for (key, value) in storage {
        trie.insert(key, value).map_err(|why| why.to_string())?;
    }
    Ok(())
}

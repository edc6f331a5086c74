//! Which chain a spec stands for, and whether a database holds that chain.

use crate::client::{Block, Executor, FullBackend};
use galen_runtime::Hash;
use sc_chain_spec::{BuildGenesisBlock, GenesisBlockBuilder};
use sc_client_api::{Backend as _, HeaderBackend as _};
use sc_service::{ChainSpec, Configuration, error::Error};
use sp_core::storage::{Storage, well_known_keys::CODE};
use std::sync::Arc;

/// A consortium compares chain specs by these hashes.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpecHash {
    /// The hash of block 0: what makes the chain this one and no other.
    pub genesis_hash: Hash,
    /// BLAKE2b-256 of the genesis' runtime code, as `System::authorize_upgrade` would name it.
    pub code_hash: Hash,
    /// BLAKE2b-256 of the spec's file; none for a preset, which is not a file.
    pub file_hash: Option<Hash>,
}

/// Computes the hashes of a spec, plain or raw.
pub fn hash(spec: &dyn ChainSpec, executor: Executor) -> Result<SpecHash, String> {
    let storage = storage(spec)?;
    let code = storage.top.get(CODE).ok_or_else(|| no_genesis(spec, "it has no runtime code"))?;
    let code_hash = sp_crypto_hashing::blake2_256(code).into();
    let genesis_hash = block_hash(storage, executor).map_err(|error| no_genesis(spec, error))?;
    Ok(SpecHash { genesis_hash, code_hash, file_hash: None })
}

/// Makes what writes block 0 into an empty database.
///
/// Refuses a database of another chain: the client would take whatever it finds there, and say nothing.
pub fn builder(
    config: &Configuration,
    backend: Arc<FullBackend>,
    executor: Executor,
) -> Result<GenesisBlockBuilder<Block, FullBackend, Executor>, Error> {
    let spec = config.chain_spec.as_ref();
    let storage = storage(spec).map_err(Error::Other)?;
    if let Some(found) = backend.blockchain().hash(0)? {
        let wanted = block_hash(storage.clone(), executor.clone())?;
        if found != wanted {
            let path =
                config.database.path().map_or_else(Default::default, |path| path.display().to_string());
            return Err(Error::Other(format!(
                "the database {path} holds another chain: its genesis is {found:?}, that of the chain spec \
                 `{}` is {wanted:?}. Nothing was changed. Start with the spec that this database was made \
                 from, or give another --base-path, or remove the database with `galen-node purge-chain` \
                 (keys stay)",
                spec.id(),
            )));
        }
    }
    Ok(GenesisBlockBuilder::new_with_storage(storage, !config.no_genesis(), backend, executor)?)
}

fn storage(spec: &dyn ChainSpec) -> Result<Storage, String> {
    spec.as_storage_builder().build_storage().map_err(|error| no_genesis(spec, error))
}

fn no_genesis(spec: &dyn ChainSpec, error: impl std::fmt::Display) -> String {
    format!("the chain spec `{}` builds no genesis: {error}", spec.id())
}

/// The hash of block 0 over a storage. It is built as the client builds it, in memory.
fn block_hash(storage: Storage, executor: Executor) -> Result<Hash, sp_blockchain::Error> {
    let backend = Arc::new(sc_client_api::in_mem::Backend::<Block>::new());
    let (block, _) = GenesisBlockBuilder::<Block, _, _>::new_with_storage(storage, true, backend, executor)?
        .build_genesis_block()?;
    Ok(block.header.hash())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain_spec::{self, ChainSpec as Spec};

    fn hash_of(spec: &Spec) -> SpecHash {
        hash(spec, Executor::builder().build()).unwrap()
    }

    #[test]
    fn plain_and_raw_specs_of_one_chain_have_one_genesis() {
        let plain = chain_spec::load("local").unwrap();
        let raw = Spec::from_json_bytes(plain.as_json(true).unwrap().into_bytes()).unwrap();
        assert_eq!(hash_of(&plain).genesis_hash, hash_of(&raw).genesis_hash);
        assert_eq!(hash_of(&plain).code_hash, hash_of(&raw).code_hash);
    }

    #[test]
    fn chains_differ_by_genesis_and_share_their_code() {
        let (local, dev) = (chain_spec::load("local").unwrap(), chain_spec::load("dev").unwrap());
        assert_ne!(hash_of(&local).genesis_hash, hash_of(&dev).genesis_hash);
        assert_eq!(hash_of(&local).code_hash, hash_of(&dev).code_hash);
    }
}

//! Which chain a spec stands for, and whether a database holds that chain.

use crate::{
    chain_spec,
    client::{Block, Executor, FullBackend},
};
use galen_runtime::{Hash, RuntimeGenesisConfig, WASM_BINARY};
use sc_chain_spec::{BuildGenesisBlock, GenesisBlockBuilder, json_merge};
use sc_client_api::{Backend as _, HeaderBackend as _};
use sc_service::{ChainSpec, Configuration, error::Error};
use serde_json::Value;
use sp_core::storage::{Storage, well_known_keys::CODE};
use sp_runtime::BuildStorage;
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

/// Builds the storage of block 0.
///
/// That of a preset is built natively. The runtime's wasm builds the same, but has to be compiled before, which
/// takes longer than all else that a node does when it starts.
pub fn storage(spec: &dyn ChainSpec) -> Result<Storage, String> {
    let built = match chain_spec::unchanged_patch(spec) {
        Some(patch) => build_natively(patch),
        None => spec.as_storage_builder().build_storage(),
    };
    built.map_err(|error| no_genesis(spec, error))
}

/// Does what the runtime does with a patch of its default genesis.
fn build_natively(patch: Value) -> Result<Storage, String> {
    let mut config =
        serde_json::to_value(RuntimeGenesisConfig::default()).map_err(|error| error.to_string())?;
    json_merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).map_err(|error| error.to_string())?;
    let mut storage = config.build_storage()?;
    let code = WASM_BINARY.ok_or("this node was built without its runtime as wasm")?;
    storage.top.insert(CODE.to_vec(), code.to_vec());
    Ok(storage)
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
    use crate::chain_spec::ChainSpec as Spec;
    use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
    use std::sync::LazyLock;

    /// Hashes with one executor, which compiles the runtime once.
    fn hash_of(spec: &Spec) -> SpecHash {
        static EXECUTOR: LazyLock<Executor> = LazyLock::new(|| Executor::builder().build());
        hash(spec, EXECUTOR.clone()).unwrap()
    }

    #[test]
    fn presets_are_built_natively_as_the_wasm_builds_them() {
        let wasm = GenesisConfigBuilderRuntimeCaller::<()>::new(WASM_BINARY.unwrap());
        for (id, preset) in ["dev", "local", "consortium"].into_iter().zip(galen_runtime::genesis::NAMES) {
            let spec = chain_spec::load(id).unwrap();
            let preset = Some(preset.to_owned());
            let patch = chain_spec::unchanged_patch(&spec).expect("it is a preset");
            assert_eq!(patch, wasm.get_named_preset(preset.as_ref()).unwrap(), "{id}");
            let mut expected = wasm.get_storage_for_named_preset(preset.as_ref()).unwrap();
            expected.top.insert(CODE.to_vec(), WASM_BINARY.unwrap().to_vec());
            let built = storage(&spec).unwrap();
            assert!(built.top == expected.top, "{id}");
            assert_eq!(built.children_default, expected.children_default, "{id}");
        }
    }

    #[test]
    fn a_preset_that_was_changed_is_none() {
        let plain = chain_spec::load("local").unwrap().as_json(false).unwrap();
        let read = |text: String| Spec::from_json_bytes(text.into_bytes()).unwrap();
        assert!(chain_spec::unchanged_patch(&read(plain.clone())).is_some());
        let mut changed: Value = serde_json::from_str(&plain).unwrap();
        changed["genesis"]["runtimeGenesis"]["patch"]["network"]["jobBlocks"] = 7.into();
        assert!(chain_spec::unchanged_patch(&read(changed.to_string())).is_none());
        let mut other: Value = serde_json::from_str(&plain).unwrap();
        other["genesis"]["runtimeGenesis"]["code"] = "0x00".into();
        assert!(chain_spec::unchanged_patch(&read(other.to_string())).is_none());
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

//! Chain specs: the three presets, and what may not be started.

use crate::{client::Block, genesis as block_zero};
use codec::Decode;
use galen_primitives::{money, well_known};
use galen_runtime::{AccountId, WASM_BINARY, genesis};
use sc_chain_spec::{ChainSpecExtension, ChainType, GenericChainSpec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sp_core::storage::Storage;
use std::path::PathBuf;

/// A Galen chain spec has these fields beyond the usual ones.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ChainSpecExtension)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    /// Blocks with known hashes.
    pub fork_blocks: sc_client_api::ForkBlocks<Block>,
    /// Blocks that are known to be bad.
    pub bad_blocks: sc_client_api::BadBlocks<Block>,
    /// A checkpoint for light clients, filled in by `sync_state_genSyncSpec`.
    pub light_sync_state: sc_sync_state_rpc::LightSyncStateExtension,
}

/// A chain spec says what a chain starts from, and how its nodes find each other.
pub type ChainSpec = GenericChainSpec<Extensions>;

/// Storage key of the validators of the first session: `twox128("Session") ++ twox128("Validators")`.
const SESSION_VALIDATORS: [&[u8]; 2] = [b"Session", b"Validators"];

/// Says whether `id` names a preset and not a file.
pub fn is_preset(id: &str) -> bool {
    matches!(id, "dev" | "local" | "consortium")
}

/// Loads the chain spec of a preset, or that of a file.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    match id {
        "dev" => build(genesis::DEVELOPMENT, "Galen Development", "galen_dev", ChainType::Development),
        "local" => build(genesis::LOCAL, "Galen Local", "galen_local", ChainType::Local),
        "consortium" => build(genesis::CONSORTIUM, "Galen Consortium", "galen_consortium", ChainType::Live),
        "" => Err("which chain? Say --dev, --chain local, or --chain FILE with a chain spec's path".into()),
        path => ChainSpec::from_json_file(PathBuf::from(path)),
    }
}

fn build(preset: &str, name: &str, id: &str, kind: ChainType) -> Result<ChainSpec, String> {
    let code = WASM_BINARY.ok_or("this node was built without its runtime as wasm")?;
    let mut properties = sc_chain_spec::Properties::new();
    properties.insert("tokenSymbol".into(), "GLN".into());
    properties.insert("tokenDecimals".into(), money::DECIMALS.into());
    properties.insert("ss58Format".into(), 42.into());
    Ok(ChainSpec::builder(code, Extensions::default())
        .with_name(name)
        .with_id(id)
        .with_protocol_id(id)
        .with_chain_type(kind)
        .with_properties(properties)
        .with_genesis_config_patch(patch(preset)?)
        .build())
}

/// The genesis patch of a preset. The runtime's wasm gives the same, once it is compiled, which takes seconds.
fn patch(preset: &str) -> Result<Value, String> {
    let json =
        genesis::preset(&preset.into()).ok_or_else(|| format!("the runtime has no preset {preset}"))?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

/// Gives the genesis patch of a plain spec, if it is that of a preset, with this node's own runtime.
pub fn unchanged_patch(spec: &dyn sc_service::ChainSpec) -> Option<Value> {
    let mut json: Value = serde_json::from_str(&spec.as_json(false).ok()?).ok()?;
    let genesis = json.pointer_mut("/genesis/runtimeGenesis")?;
    let code = sp_core::bytes::from_hex(genesis.get("code")?.as_str()?).ok()?;
    let found = genesis.get_mut("patch").map(Value::take)?;
    let known = genesis::NAMES.iter().any(|name| patch(name).is_ok_and(|patch| patch == found));
    (known && Some(code.as_slice()) == WASM_BINARY).then_some(found)
}

/// Writes the plain spec as JSON, without the runtime code, which differs from build to build.
pub fn readable(spec: &ChainSpec) -> Result<String, String> {
    let mut json: Value = serde_json::from_str(&spec.as_json(false)?).map_err(|error| error.to_string())?;
    let genesis = json
        .pointer_mut("/genesis/runtimeGenesis")
        .and_then(Value::as_object_mut)
        .ok_or("a raw chain spec has no readable genesis")?;
    genesis.remove("code");
    serde_json::to_string_pretty(&json).map_err(|error| error.to_string())
}

/// Refuses a live chain that nobody could finalise or anybody could control.
pub fn check_startable(spec: &dyn sc_service::ChainSpec) -> Result<(), String> {
    if spec.chain_type() != ChainType::Live {
        return Ok(());
    }
    check_genesis(spec.id(), &block_zero::storage(spec)?)
}

fn check_genesis(id: &str, storage: &Storage) -> Result<(), String> {
    let validators =
        storage.top.get(&session_validators()).map(|value| Vec::<AccountId>::decode(&mut value.as_slice()));
    if !matches!(validators, Some(Ok(validators)) if !validators.is_empty()) {
        return Err(format!(
            "the chain spec `{id}` is a template: its genesis has no validators. Export it with `galen-node \
             export-chain-spec --chain consortium`, fill in balances.balances, staking.stakers, \
             session.keys, consortium.members and council.members (under genesis.runtimeGenesis.patch), and \
             start with that file. chain-specs/local.json shows a filled-in one"
        ));
    }
    if let Some(seed) = well_known::find(&storage.top) {
        return Err(format!(
            "the chain spec `{id}` is live, but its genesis holds the key of the well-known seed `{seed}`: \
             anyone could act with it. Replace it by a key of your own (`galen-node key generate`)"
        ));
    }
    Ok(())
}

fn session_validators() -> Vec<u8> {
    SESSION_VALIDATORS.iter().flat_map(|part| sp_crypto_hashing::twox_128(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use sc_service::ChainSpec as _;
    use sp_core::{Pair, ed25519, sr25519};

    fn key(uri: &str) -> AccountId {
        sr25519::Pair::from_string(uri, None).unwrap().public().into()
    }

    // A genesis with one validator, and `value` somewhere in its storage.
    fn genesis_with(validator: AccountId, value: Vec<u8>) -> Storage {
        let mut storage = Storage::default();
        storage.top.insert(session_validators(), vec![validator].encode());
        storage.top.insert(b"somewhere".to_vec(), value);
        storage
    }

    #[test]
    fn presets_for_development_start() {
        for id in ["dev", "local"] {
            check_startable(&load(id).unwrap()).unwrap();
        }
    }

    #[test]
    fn the_template_says_what_to_fill_in() {
        let error = check_startable(&load("consortium").unwrap()).unwrap_err();
        for word in ["template", "session.keys", "consortium.members", "council.members"] {
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_live_chain_with_the_keys_of_the_local_one_is_refused() {
        let storage = load("local").unwrap().as_storage_builder().build_storage().unwrap();
        assert!(check_genesis("local", &storage).unwrap_err().contains("well-known seed `//"));
    }

    #[test]
    fn one_well_known_key_anywhere_is_enough_to_refuse() {
        let own = key("//a seed of our own");
        check_genesis("own", &genesis_with(own.clone(), own.encode())).unwrap();
        for uri in ["//Eve", "//Two", "//Alice//stash", "//Dave//worker"] {
            let sr = key(uri).encode();
            let ed = ed25519::Pair::from_string(uri, None).unwrap().public().0.to_vec();
            for bytes in [sr, ed] {
                let inside = [b"xyz".to_vec(), bytes.clone(), b"z".to_vec()].concat();
                let error = check_genesis("own", &genesis_with(own.clone(), inside)).unwrap_err();
                assert!(error.contains(&format!("`{uri}`")), "{error}");
                let mut as_key = genesis_with(own.clone(), Vec::new());
                as_key.top.insert([b"map".to_vec(), bytes].concat(), Vec::new());
                assert!(check_genesis("own", &as_key).is_err());
            }
        }
        assert!(check_genesis("own", &genesis_with(key("//Bob"), Vec::new())).is_err());
    }

    #[test]
    fn the_readable_form_has_no_code() {
        let text = readable(&load("local").unwrap()).unwrap();
        assert!(!text.contains("\"code\""));
        assert!(text.contains("\"tokenSymbol\": \"GLN\"") && text.contains("Alice General"));
    }
}

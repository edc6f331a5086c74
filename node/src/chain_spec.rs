//! Chain specs: the three presets, and what may not be started.

use codec::Decode;
use galen_runtime::{AccountId, Block, WASM_BINARY, genesis};
use sc_chain_spec::{ChainSpecExtension, ChainType, GenericChainSpec};
use serde::{Deserialize, Serialize};
use sp_core::{Pair, ed25519, sr25519};
use std::{collections::BTreeMap, path::PathBuf};

/// Chain spec fields beyond the usual ones.
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

/// A Galen chain spec.
pub type ChainSpec = GenericChainSpec<Extensions>;

/// Storage key of the validators of the first session: `twox128("Session") ++ twox128("Validators")`.
const SESSION_VALIDATORS: [&[u8]; 2] = [b"Session", b"Validators"];
/// Seeds that anyone knows.
const KNOWN_SEEDS: [&str; 8] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two"];
/// Paths under them that networks for development use.
const KNOWN_PATHS: [&str; 3] = ["", "//stash", "//worker"];

/// The chain spec of a preset, or that of a file.
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
    properties.insert("tokenDecimals".into(), 12.into());
    properties.insert("ss58Format".into(), 42.into());
    Ok(ChainSpec::builder(code, Extensions::default())
        .with_name(name)
        .with_id(id)
        .with_protocol_id(id)
        .with_chain_type(kind)
        .with_properties(properties)
        .with_genesis_config_preset_name(preset)
        .build())
}

/// The plain spec as JSON without the runtime code, which differs from build to build.
pub fn readable(spec: &ChainSpec) -> Result<String, String> {
    let mut json: serde_json::Value =
        serde_json::from_str(&spec.as_json(false)?).map_err(|error| error.to_string())?;
    let genesis = json
        .pointer_mut("/genesis/runtimeGenesis")
        .and_then(serde_json::Value::as_object_mut)
        .ok_or("a raw chain spec has no readable genesis")?;
    genesis.remove("code");
    serde_json::to_string_pretty(&json).map_err(|error| error.to_string())
}

/// Refuses a live chain that nobody could finalise or anybody could control.
pub fn check_startable(spec: &dyn sc_service::ChainSpec) -> Result<(), String> {
    if spec.chain_type() != ChainType::Live {
        return Ok(());
    }
    let storage = spec.as_storage_builder().build_storage()?;
    let key: Vec<u8> = SESSION_VALIDATORS.iter().flat_map(|part| sp_crypto_hashing::twox_128(part)).collect();
    let validators = storage.top.get(&key).map(|value| Vec::<AccountId>::decode(&mut value.as_slice()));
    if !matches!(validators, Some(Ok(validators)) if !validators.is_empty()) {
        return Err(format!(
            "the chain spec `{}` is a template: its genesis has no validators. Export it with `galen-node \
             export-chain-spec --chain consortium`, fill in balances.balances, staking.stakers, session.keys, \
             consortium.members and council.members (under genesis.runtimeGenesis.patch), and start with that file. \
             chain-specs/local.json shows a filled-in one",
            spec.id()
        ));
    }
    let known = well_known_keys();
    for (key, value) in storage.top.iter().filter(|(key, _)| !key.starts_with(b":")) {
        let found = key.windows(32).chain(value.windows(32)).find_map(|bytes| known.get(bytes));
        if let Some(seed) = found {
            return Err(format!(
                "the chain spec `{}` is live, but its genesis holds the key of the well-known seed `{seed}`: anyone \
                 could act with it. Replace it by a key of your own (`galen-node key generate`)",
                spec.id()
            ));
        }
    }
    Ok(())
}

fn well_known_keys() -> BTreeMap<Vec<u8>, String> {
    let uris =
        KNOWN_SEEDS.iter().flat_map(|seed| KNOWN_PATHS.iter().map(move |path| format!("//{seed}{path}")));
    uris.flat_map(|uri| {
        let sr = sr25519::Pair::from_string(&uri, None).map(|pair| pair.public().0.to_vec());
        let ed = ed25519::Pair::from_string(&uri, None).map(|pair| pair.public().0.to_vec());
        [sr, ed].into_iter().flatten().map(move |key| (key, uri.clone())).collect::<Vec<_>>()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn live(patch: Value) -> ChainSpec {
        let mut json: Value =
            serde_json::from_str(&load("consortium").unwrap().as_json(false).unwrap()).unwrap();
        json["genesis"]["runtimeGenesis"]["patch"] = patch;
        ChainSpec::from_json_bytes(serde_json::to_vec(&json).unwrap()).unwrap()
    }

    fn patch_of(id: &str) -> Value {
        let json: Value = serde_json::from_str(&load(id).unwrap().as_json(false).unwrap()).unwrap();
        json["genesis"]["runtimeGenesis"]["patch"].clone()
    }

    // The local preset with every well-known key replaced by a derived one that nobody knows.
    fn own_keys() -> Value {
        let mut text = patch_of("local").to_string();
        for seed in KNOWN_SEEDS {
            for path in KNOWN_PATHS {
                let known = format!("//{seed}{path}");
                let own = format!("//a seed of our own//{seed}{path}");
                let sr = |uri: &str| sr25519::Pair::from_string(uri, None).unwrap().public();
                let ed = |uri: &str| ed25519::Pair::from_string(uri, None).unwrap().public();
                text = text.replace(&sr(&known).to_string(), &sr(&own).to_string());
                text = text.replace(&ed(&known).to_string(), &ed(&own).to_string());
                text = text.replace(&hex::encode(sr(&known)), &hex::encode(sr(&own)));
            }
        }
        serde_json::from_str(&text).unwrap()
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
    fn a_live_chain_with_well_known_keys_is_refused() {
        let spec = live(patch_of("local"));
        assert!(check_startable(&spec).unwrap_err().contains("well-known seed `//"));
        let raw = ChainSpec::from_json_bytes(spec.as_json(true).unwrap().into_bytes()).unwrap();
        assert!(check_startable(&raw).unwrap_err().contains("well-known seed `//"));
    }

    #[test]
    fn one_well_known_council_key_is_enough_to_refuse() {
        let mut patch = own_keys();
        patch["council"]["members"][0] =
            json!(AccountId::from(sr25519::Pair::from_string("//Eve", None).unwrap().public()));
        assert!(check_startable(&live(patch)).unwrap_err().contains("`//Eve`"));
    }

    #[test]
    fn a_live_chain_with_its_own_keys_starts() {
        check_startable(&live(own_keys())).unwrap();
    }

    #[test]
    fn the_readable_form_has_no_code() {
        for id in ["dev", "local", "consortium"] {
            let text = readable(&load(id).unwrap()).unwrap();
            assert!(!text.contains("\"code\""));
            assert!(text.contains("\"tokenSymbol\": \"GLN\""));
        }
    }
}

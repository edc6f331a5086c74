//! A raw chain spec as a file.

use crate::Error;
use galen_primitives::H256;
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// Storage at genesis.
pub type Storage = BTreeMap<Vec<u8>, Vec<u8>>;

/// A raw chain spec.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The chain's name.
    pub name: String,
    /// Its id, which names the folder of its database.
    pub id: String,
    /// `Live`, `Local`, `Development`, or a name of its own.
    pub kind: String,
    /// Where new nodes ask first.
    pub boot_nodes: Vec<String>,
    /// BLAKE2b-256 of the file.
    pub file_hash: H256,
    /// The storage of the genesis block, runtime code included.
    pub storage: Storage,
    /// What no published spec may have: fields that change what nodes run or accept, named.
    pub intrusions: Vec<&'static str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    name: String,
    id: String,
    #[serde(default)]
    chain_type: Value,
    #[serde(default)]
    boot_nodes: Vec<String>,
    #[serde(default)]
    telemetry_endpoints: Value,
    #[serde(default)]
    code_substitutes: Value,
    #[serde(default)]
    fork_blocks: Value,
    #[serde(default)]
    bad_blocks: Value,
    #[serde(default)]
    light_sync_state: Value,
    genesis: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    top: BTreeMap<String, String>,
    #[serde(default)]
    children_default: BTreeMap<String, Value>,
}

impl Spec {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path)
            .map_err(|why| Error::Input(format!("cannot read {}: {why}", path.display())))?;
        Spec::parse(&bytes).map_err(|why| Error::Input(format!("{}: {why}", path.display())))
    }

    /// Reads the bytes of a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let file: File =
            serde_json::from_slice(bytes).map_err(|why| Error::Input(format!("not a chain spec: {why}")))?;
        let raw = file.genesis.get("raw").ok_or_else(|| {
            Error::Input(
                "a plain chain spec: only a raw one fixes the genesis (galen-node export-chain-spec --chain FILE --raw)"
                    .into(),
            )
        })?;
        let raw = Raw::deserialize(raw)
            .map_err(|why| Error::Input(format!("its raw genesis cannot be read: {why}")))?;
        let storage = raw
            .top
            .iter()
            .map(|(key, value)| Some((unhex(key)?, unhex(value)?)))
            .collect::<Option<Storage>>()
            .ok_or_else(|| Error::Input("its raw genesis holds what is not hexadecimal".into()))?;
        if storage.len() != raw.top.len() {
            return Err(Error::Input("its raw genesis holds one key twice".into()));
        }

        let mut intrusions = Vec::new();
        for (name, value) in [
            ("codeSubstitutes", &file.code_substitutes),
            ("forkBlocks", &file.fork_blocks),
            ("badBlocks", &file.bad_blocks),
            ("lightSyncState", &file.light_sync_state),
            ("telemetryEndpoints", &file.telemetry_endpoints),
        ] {
            let empty = match value {
                Value::Null => true,
                Value::Array(list) => list.is_empty(),
                Value::Object(fields) => fields.is_empty(),
                _ => false,
            };
            if !empty {
                intrusions.push(name);
            }
        }
        if !raw.children_default.is_empty() {
            intrusions.push("childrenDefault");
        }
        Ok(Spec {
            name: file.name,
            id: file.id,
            kind: file.chain_type.as_str().map_or_else(|| file.chain_type.to_string(), str::to_owned),
            boot_nodes: file.boot_nodes,
            file_hash: H256(sp_crypto_hashing::blake2_256(bytes)),
            storage,
            intrusions,
        })
    }

    /// Whether it says that it is a network in earnest.
    pub fn is_live(&self) -> bool {
        self.kind == "Live"
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file(genesis: Value, more: Value) -> Vec<u8> {
        let mut file = json!({ "name": "N", "id": "n", "chainType": "Live", "genesis": genesis });
        file.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::to_vec(&file).unwrap()
    }

    #[test]
    fn a_raw_spec_is_read() {
        let bytes = file(json!({ "raw": { "top": { "0x01": "0x0203" } } }), json!({}));
        let spec = Spec::parse(&bytes).unwrap();
        assert_eq!(spec.storage, Storage::from([(vec![1], vec![2, 3])]));
        assert!(spec.is_live() && spec.intrusions.is_empty());
        assert_eq!(spec.file_hash.as_bytes(), sp_crypto_hashing::blake2_256(&bytes));
    }

    #[test]
    fn what_is_not_raw_is_refused() {
        let plain = file(json!({ "runtimeGenesis": { "patch": {} } }), json!({}));
        assert!(Spec::parse(&plain).unwrap_err().to_string().contains("--raw"));
        for top in [json!({ "01": "0x" }), json!({ "0x0": "0x" }), json!({ "0xaa": "0x", "0xAA": "0x" })] {
            assert!(Spec::parse(&file(json!({ "raw": { "top": top } }), json!({}))).is_err());
        }
        assert!(Spec::parse(b"{}").is_err() && Spec::parse(b"no").is_err());
    }

    #[test]
    fn fields_that_change_what_nodes_run_are_named() {
        let raw = json!({ "raw": { "top": {}, "childrenDefault": { "0x01": {} } } });
        let more = json!({
            "codeSubstitutes": { "1": "0x00" }, "forkBlocks": null, "badBlocks": [], "telemetryEndpoints": [["x", 0]],
        });
        let spec = Spec::parse(&file(raw, more)).unwrap();
        assert_eq!(spec.intrusions, ["codeSubstitutes", "telemetryEndpoints", "childrenDefault"]);
    }
}

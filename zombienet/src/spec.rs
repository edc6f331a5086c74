//! Chain specs of a run: the node's `local` preset, with other hospitals, lengths and seats, made raw by the node itself.

use crate::{
    ensure,
    error::{Context, Error, Result},
    hospital::Hospital,
};
use serde_json::{Value, json};
use sp_core::crypto::Ss58Codec;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{process::Command, sync::Mutex};

/// The smallest units in a GLN: twelve decimals, so that stakes stay far below what zombienet's numbers hold (1.8e19).
pub const GLN: u128 = 1_000_000_000_000;
/// What a hospital of genesis has bonded if it has a seat: as much as the treasury gives to one that is admitted later.
pub const STAKE: u128 = 100_000 * GLN;
/// What it has beside that.
pub const POCKET: u128 = 10_000 * GLN;
/// What the treasury has.
pub const TREASURY: u128 = 10_000_000 * GLN;

/// The treasury's account: that of pallet id `gln/trea`.
pub fn treasury() -> galen_primitives::AccountId {
    let mut account = [0; 32];
    account[..12].copy_from_slice(b"modlgln/trea");
    account.into()
}

/// What a network starts from.
#[derive(Clone, Debug)]
pub struct Genesis {
    /// Hospitals with a validator's seat; also the council.
    pub validators: Vec<Hospital>,
    /// Members with money and without a seat.
    pub members: Vec<Hospital>,
    /// Outsiders with as much.
    pub outsiders: Vec<Hospital>,
    /// Seats that elections fill; as many as there are validators, if none are named.
    pub seats: Option<u32>,
    /// Slots of a session.
    pub epoch_blocks: u32,
    /// Sessions of an era.
    pub sessions_per_era: u32,
    /// Blocks in which a summary must be answered.
    pub job_blocks: u32,
    /// What else differs, as a JSON merge patch (RFC 7386) of the genesis patch.
    pub more: Value,
}

impl Genesis {
    /// Validators of these names, sessions of 10 slots (20 s) and eras of two: what happens once in an era can be waited for.
    pub fn of(validators: &[&str]) -> Self {
        Genesis {
            validators: validators.iter().map(|name| Hospital::of(name)).collect(),
            members: Vec::new(),
            outsiders: Vec::new(),
            seats: None,
            epoch_blocks: 10,
            sessions_per_era: 2,
            job_blocks: 60,
            more: json!({}),
        }
    }

    /// The plain spec: `template` with this genesis.
    pub fn plain(&self, template: Value) -> Result<Value> {
        let mut spec = template;
        let patch = spec
            .pointer_mut("/genesis/runtimeGenesis/patch")
            .context(|| "the node's local chain spec has no genesis patch to change")?;
        for path in [
            "/balances/balances",
            "/consortium/members",
            "/council/members",
            "/session/keys",
            "/staking/stakers",
        ] {
            ensure!(
                patch.pointer(path).is_some(),
                "the node's local chain spec has no {path}: is it another Galen's?"
            );
        }
        let members = || self.validators.iter().chain(&self.members);
        let mut balances: Vec<Value> =
            self.validators.iter().map(|h| json!([h.address(), STAKE + POCKET])).collect();
        balances
            .extend(self.members.iter().chain(&self.outsiders).map(|h| json!([h.address(), STAKE + POCKET])));
        balances.push(json!([treasury().to_ss58check(), TREASURY]));
        let change = json!({
            "network": {
                "epochBlocks": self.epoch_blocks,
                "sessionsPerEra": self.sessions_per_era,
                "jobBlocks": self.job_blocks,
            },
            "balances": { "balances": balances },
            "consortium": {
                "members": members().map(|h| json!([h.address(), h.name(), h.worker_key()])).collect::<Vec<_>>(),
            },
            "council": { "members": self.validators.iter().map(Hospital::address).collect::<Vec<_>>() },
            "session": {
                "keys": self.validators.iter()
                    .map(|h| json!([h.address(), h.address(), h.session_keys()])).collect::<Vec<_>>(),
            },
            "staking": {
                "stakers": self.validators.iter()
                    .map(|h| json!([h.address(), h.address(), STAKE, "Validator"])).collect::<Vec<_>>(),
                "validatorCount": self.seats.unwrap_or(u32::try_from(self.validators.len()).unwrap_or(u32::MAX)),
            },
        });
        merge(patch, &change);
        merge(patch, &self.more);
        Ok(spec)
    }
}

/// Raw specs, each made once: making one takes the node seconds, and many tests start from the same.
pub struct Specs {
    node: PathBuf,
    folder: PathBuf,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    template: Option<Value>,
    raw: BTreeMap<String, PathBuf>,
}

impl Specs {
    /// Made by `node`, in `folder`.
    pub fn new(node: &Path, folder: &Path) -> Self {
        Specs { node: node.to_owned(), folder: folder.to_owned(), made: Mutex::default() }
    }

    /// The path of the raw spec, code included, of a genesis.
    pub async fn raw(&self, genesis: &Genesis) -> Result<PathBuf> {
        let mut made = self.made.lock().await;
        let template = match &made.template {
            Some(template) => template.clone(),
            None => {
                let template: Value =
                    serde_json::from_slice(&export(&self.node, &["--chain", "local"]).await?)?;
                made.template.insert(template).clone()
            }
        };
        let spec = genesis.plain(template)?;
        let patch = spec.pointer("/genesis/runtimeGenesis/patch").map(Value::to_string).unwrap_or_default();
        if let Some(raw) = made.raw.get(&patch) {
            return Ok(raw.clone());
        }
        let plain = self.folder.join(format!("spec-{}.plain.json", made.raw.len()));
        let raw = self.folder.join(format!("spec-{}.raw.json", made.raw.len()));
        std::fs::write(&plain, serde_json::to_vec(&spec)?).context(|| plain.display().to_string())?;
        let bytes = export(&self.node, &["--raw", "--chain", &plain.display().to_string()]).await?;
        std::fs::write(&raw, bytes).context(|| raw.display().to_string())?;
        made.raw.insert(patch, raw.clone());
        Ok(raw)
    }
}

async fn export(node: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new(node).arg("export-chain-spec").args(args).stdin(Stdio::null()).output();
    let output = output.await.context(|| node.display().to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new(format!("galen-node export-chain-spec {}: {}", args.join(" "), said.trim())));
    }
    Ok(output.stdout)
}

// A JSON merge patch: objects are merged, null removes, anything else replaces.
fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    into.remove(name);
                } else {
                    merge(into.entry(name.clone()).or_insert(Value::Null), value);
                }
            }
        }
        (into, Value::Object(patch)) => {
            *into = json!({});
            merge(into, &Value::Object(patch.clone()));
        }
        (into, value) => *into = value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: &str = include_str!("../../chain-specs/local.json");

    fn patched(genesis: &Genesis) -> Value {
        let spec = genesis.plain(serde_json::from_str(LOCAL).unwrap()).unwrap();
        spec.pointer("/genesis/runtimeGenesis/patch").unwrap().clone()
    }

    #[test]
    fn a_genesis_has_its_hospitals_and_no_others() {
        let mut genesis = Genesis::of(&["eve", "ferdie"]);
        genesis.members.push(Hospital::of("one"));
        genesis.outsiders.push(Hospital::of("two"));
        let patch = patched(&genesis);
        let eve = Hospital::of("eve").address();
        assert_eq!(patch["staking"]["stakers"][0], json!([eve, eve, STAKE, "Validator"]));
        assert_eq!(patch["staking"]["stakers"].as_array().unwrap().len(), 2);
        assert_eq!(patch["staking"]["validatorCount"], 2);
        assert_eq!(patch["consortium"]["members"].as_array().unwrap().len(), 3);
        assert_eq!(patch["council"]["members"].as_array().unwrap().len(), 2);
        assert_eq!(patch["session"]["keys"].as_array().unwrap().len(), 2);
        assert_eq!(patch["balances"]["balances"].as_array().unwrap().len(), 5);
        // What is not ours to say stays as the preset says it.
        assert_eq!(patch["staking"]["minimumValidatorCount"], 1);
        assert_eq!(patch["consortium"]["quotas"]["openJobs"], 64);
    }

    #[test]
    fn the_treasury_is_the_presets() {
        let local: Value = serde_json::from_str(LOCAL).unwrap();
        let balances = local.pointer("/genesis/runtimeGenesis/patch/balances/balances").unwrap();
        let address = treasury().to_ss58check();
        assert!(balances.as_array().unwrap().iter().any(|entry| entry[0] == json!(address)));
    }

    #[test]
    fn more_is_merged_in_last() {
        let mut genesis = Genesis::of(&["alice"]);
        genesis.more =
            json!({ "network": { "jobBlocks": 7 }, "consortium": { "quotas": null, "nodes": [1] } });
        let patch = patched(&genesis);
        assert_eq!(patch["network"]["jobBlocks"], 7);
        assert_eq!(patch["network"]["epochBlocks"], 10);
        assert!(patch["consortium"].get("quotas").is_none());
        assert_eq!(patch["consortium"]["nodes"], json!([1]));
    }

    #[test]
    fn another_chains_spec_is_refused() {
        let why = Genesis::of(&["alice"]).plain(json!({ "genesis": { "raw": {} } })).unwrap_err().to_string();
        assert!(why.contains("no genesis patch"), "{why}");
        let empty = json!({ "genesis": { "runtimeGenesis": { "patch": {} } } });
        assert!(Genesis::of(&["alice"]).plain(empty).unwrap_err().to_string().contains("/balances/balances"));
    }
}

//! What the node refuses to start with, each with a message that says what to do.

use super::{node, raw_spec, text};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Output,
};
use tempfile::TempDir;

/// The preset `local` in a file, changed.
fn spec(folder: &TempDir, name: &str, change: impl FnOnce(&mut Value)) -> PathBuf {
    let mut spec = serde_json::from_slice(&raw_spec("local")).unwrap();
    change(&mut spec);
    let path = folder.path().join(name);
    std::fs::write(&path, spec.to_string()).unwrap();
    path
}

/// Opens (or makes) the database in `base` with a spec, and exports block 0 from it.
fn open(spec: &Path, base: &Path) -> Output {
    let (spec, base) = (spec.to_str().unwrap(), base.to_str().unwrap());
    node(&["export-blocks", "--chain", spec, "--base-path", base, "--from", "0", "--to", "0", "/dev/null"])
}

fn hashes(spec: &Path) -> Value {
    let output = node(&["spec-hash", spec.to_str().unwrap()]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

#[test]
fn another_chains_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ours = spec(&folder, "ours.json", |_| ());
    let theirs = spec(&folder, "theirs.json", |spec| {
        spec["genesis"]["raw"]["top"]["0x1234"] = "0x56".into();
    });
    let base = folder.path().join("base");
    let made = open(&ours, &base);
    assert!(made.status.success(), "{}", text(&made.stderr));

    // Both specs have the same id, and so name the same database.
    let run = ["--chain", theirs.to_str().unwrap(), "--base-path", base.to_str().unwrap(), "--no-prometheus"];
    for refused in [open(&theirs, &base), node(&run)] {
        let error = text(&refused.stderr);
        assert!(!refused.status.success());
        for part in [
            hashes(&ours)["genesisHash"].as_str().unwrap(),
            hashes(&theirs)["genesisHash"].as_str().unwrap(),
            "holds another chain",
            "purge-chain",
        ] {
            assert!(error.contains(part), "{part} is missing from: {error}");
        }
    }
    assert!(open(&ours, &base).status.success(), "the database is as it was");
}

#[test]
fn a_template_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().to_str().unwrap();
    let refused = node(&["--chain", "consortium", "--base-path", base]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("is a template"), "{}", text(&refused.stderr));
}

#[test]
fn a_live_chain_with_well_known_keys_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let live = spec(&folder, "live.json", |spec| spec["chainType"] = "Live".into());
    let refused = node(&["--chain", live.to_str().unwrap(), "--base-path", folder.path().to_str().unwrap()]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("well-known seed"), "{}", text(&refused.stderr));
}

#[test]
fn a_specs_hashes_are_those_of_the_chain_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let raw = hashes(&spec(&folder, "raw.json", |_| ()));
    let other = hashes(&spec(&folder, "other.json", |spec| spec["name"] = "Another name".into()));
    assert_eq!((&raw["genesisHash"], &raw["codeHash"]), (&other["genesisHash"], &other["codeHash"]));
    assert_ne!(raw["fileHash"], other["fileHash"]);

    // The preset is the plain form of the same chain.
    let preset: Value = serde_json::from_slice(&node(&["spec-hash", "local"]).stdout).unwrap();
    assert_eq!((&preset["genesisHash"], &preset["codeHash"]), (&raw["genesisHash"], &raw["codeHash"]));
    assert_eq!(preset["fileHash"], Value::Null);
}

#[test]
fn what_is_no_spec_has_no_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spec.json");
    for bad in ["", "{}", "not json"] {
        std::fs::write(&path, bad).unwrap();
        let refused = node(&["spec-hash", path.to_str().unwrap()]);
        assert!(!refused.status.success(), "{bad:?}");
        assert!(!refused.stderr.is_empty());
    }
    assert!(!node(&["spec-hash", "no-such-file.json"]).status.success());
}

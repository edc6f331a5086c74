//! The dry run with real programs: against a running node, which it finds in GALEN_BIN or among the programs
//! that were built, and against the runtime that the node was built with.
#![cfg(feature = "try-runtime")]

use galen_runtime::Runtime;
use galen_upgrade_check::{state, upgrade};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// A chain of one hospital, which ends with the test.
struct Node {
    process: Child,
    uri: String,
}

fn galen_node() -> Command {
    // The test lies in target/release/deps, the node in target/release.
    let built = || std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned();
    let folder = std::env::var_os("GALEN_BIN").map_or_else(built, PathBuf::from);
    Command::new(folder.join("galen-node"))
}

impl Node {
    fn start() -> Self {
        let mut process = galen_node()
            .args(["--dev", "--tmp", "--rpc-port", "0", "--port", "0", "--no-prometheus"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("galen-node is built, or GALEN_BIN says where it is");
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let address = line.split("JSON-RPC server: addr=").nth(1)?.split(',').next()?.to_owned();
                address.rsplit(':').next().map(str::to_owned)
            })
            .expect("the node says where its RPC is");
        // Read on, or the node would wait for somebody to.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { process, uri: format!("ws://127.0.0.1:{port}") }
    }

    fn state(&self) -> state::State {
        tokio::runtime::Runtime::new().unwrap().block_on(state::fetch(&self.uri)).unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

// The version of the node's runtime is this checkout's, unless the rehearsed upgrade is tried.
fn others(report: &upgrade::Report) -> Vec<&String> {
    let equal = report.from.spec_version == report.to.spec_version;
    report
        .problems
        .iter()
        .filter(|problem| !(equal && problem.contains("SpecVersionNeedsToIncrease")))
        .collect()
}

#[test]
fn the_state_of_a_running_node_passes_and_a_planted_fault_in_it_does_not() {
    let node = Node::start();
    let mut sound = node.state();
    let report = upgrade::dry_run(&mut sound.storage).unwrap();
    assert_eq!(others(&report), [] as [&String; 0], "{}", sound.of);

    let mut faulty = node.state();
    faulty.storage.execute_with(|| pallet_audit::Log::<Runtime>::mutate(|log| log.count += 1));
    let report = upgrade::dry_run(&mut faulty.storage).unwrap();
    assert!(others(&report)[0].ends_with("audit: a number without an entry"), "{:?}", report.problems);
}

#[test]
fn the_command_refuses_a_runtime_of_the_same_version() {
    if cfg!(feature = "upgrade-rehearsal") {
        return;
    }
    let node = Node::start();
    let output = Command::new(env!("CARGO_BIN_EXE_galen-upgrade-check")).arg(&node.uri).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("SpecVersionNeedsToIncrease"));
}

#[test]
fn the_genesis_of_an_earlier_runtime_passes() {
    let spec = galen_node().args(["export-chain-spec", "--chain", "local", "--raw"]).output().unwrap();
    let spec: serde_json::Value = serde_json::from_slice(&spec.stdout).unwrap();
    let code = spec["genesis"]["raw"]["top"]["0x3a636f6465"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.wasm");
    std::fs::write(&file, hex::decode(code.trim_start_matches("0x")).unwrap()).unwrap();

    let mut state = state::genesis_of(&file).unwrap();
    let report = upgrade::dry_run(&mut state.storage).unwrap();
    assert_eq!(others(&report), [] as [&String; 0], "{}", state.of);
    assert_eq!(report.from.spec_name, report.to.spec_name);

    std::fs::write(&file, b"no wasm").unwrap();
    assert!(state::genesis_of(&file).err().unwrap().contains("old.wasm"));
}

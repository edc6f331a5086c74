//! A node that is told to stop does so, and tells of no failure.

use super::{Node, node, raw_spec, text};

#[test]
fn a_clean_stop_tells_of_no_failure() {
    let mut node = Node::start(&["--rpc-port", "0", "--port", "0", "--no-prometheus"]);
    node.told("galen-node: listening on ");
    let status = node.stop();
    let log = node.log();
    assert!(status.success(), "{log}");
    assert!(!log.contains("Essential task") && !log.contains("still running"), "{log}");
}

#[test]
fn a_subcommand_tells_of_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec.json");
    std::fs::write(&spec, raw_spec("dev")).unwrap();
    let (spec, base) = (spec.to_str().unwrap(), folder.path().to_str().unwrap());
    let output = node(&[
        "export-blocks",
        "--chain",
        spec,
        "--base-path",
        base,
        "--from",
        "0",
        "--to",
        "0",
        "/dev/null",
    ]);
    let log = text(&output.stderr);
    assert!(output.status.success(), "{log}");
    assert!(!log.contains("Essential task"), "{log}");
}

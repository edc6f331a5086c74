use crate::common::{NOTE, call, client, code, hash, layout, patient, token};
use galen_primitives::{H256, commitment::Scheme};
use galen_worker::vault::Vault;
use galen_worker_api::Code;
use serde_json::json;
use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

fn worker(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galen-worker"));
    command.args(args).current_dir(std::env::temp_dir());
    command
}

fn done(args: &[&str]) -> Output {
    worker(args).output().unwrap()
}

fn init() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let made = done(&["init", "--dir", directory.path().to_str().unwrap()]);
    assert!(made.status.success(), "{made:?}");
    directory
}

/// Starts it where no node listens; the address is the one it prints.
fn run(directory: &Path, more: &[&str]) -> (Child, SocketAddr) {
    let directory = directory.to_str().unwrap();
    let args = ["run", "--dir", directory, "--listen", "127.0.0.1:0", "--node", "ws://127.0.0.1:9"];
    let mut child =
        worker(&[&args, more].concat()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next().expect("it says where it listens").unwrap();
    let address = line.strip_prefix("galen-worker: listening on http://").unwrap().parse().unwrap();
    (child, address)
}

/// Puts a note into the vault of a directory.
fn with_a_note(directory: &Path) -> H256 {
    let vault = Vault::open(layout(directory).vault()).unwrap();
    vault.put(&patient(), Scheme::Text, NOTE.as_bytes()).unwrap()
}

#[test]
fn init_makes_private_files_once() {
    let directory = init();
    for file in
        ["master.key", "credentials.toml", "tokens/node", "tokens/app", "tokens/clinician", "tokens/operator"]
    {
        let mode = fs::metadata(directory.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert_eq!(fs::metadata(directory.path().join("master.key")).unwrap().len(), 32);
    let before = fs::read(directory.path().join("master.key")).unwrap();
    let again = done(&["init", "--dir", directory.path().to_str().unwrap()]);
    assert!(!again.status.success());
    assert_eq!(fs::read(directory.path().join("master.key")).unwrap(), before);
}

#[test]
fn logs_to_be_continued_are_named() {
    let directory = init();
    let (mut child, _) = run(directory.path(), &["--continue", "disclosures", "--continue", "readings"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let path = directory.path().to_str().unwrap();
    let refused = done(&["run", "--dir", path, "--continue", "summaries"]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("it is disclosures or readings"), "{said}");
}

#[test]
fn an_address_of_the_network_must_be_asked_for_in_so_many_words() {
    let directory = init();
    let path = directory.path().to_str().unwrap();
    let refused = done(&["run", "--dir", path, "--listen", "0.0.0.0:0"]);
    assert!(!refused.status.success());
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("--i-understand-the-worker-will-be-reachable-from-the-network"), "{words}");
    let (mut child, address) =
        run(directory.path(), &["--i-understand-the-worker-will-be-reachable-from-the-network"]);
    assert!(address.ip().is_loopback());
    child.kill().unwrap();
}

#[tokio::test]
async fn without_a_node_it_takes_jobs_shows_nothing_and_stops() {
    let directory = init();
    let record = with_a_note(directory.path());
    let (mut child, address) = run(directory.path(), &[]);
    let app = client(address, &token(directory.path(), "app"));
    let got = call(&app, "vault_get", json!({ "record": record })).await;
    assert_eq!(code(got), Code::Starting, "nobody knows what was erased meanwhile");
    let node = client(address, &token(directory.path(), "node"));
    assert_eq!(call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap(), "accepted");
    // The node's token is no other's.
    assert!(call(&node, "vault_get", json!({ "record": record })).await.is_err());
    let second = done(&["run", "--dir", directory.path().to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(
        String::from_utf8_lossy(&second.stderr).contains("is another galen-worker running"),
        "{second:?}"
    );

    let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let output = tokio::task::spawn_blocking(move || {
        let status = child.wait().unwrap();
        let log: Vec<String> =
            BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect();
        (status, log.join("\n"))
    });
    let (status, log) = tokio::time::timeout(Duration::from_secs(20), output).await.unwrap().unwrap();
    assert!(status.success(), "{log}");
    for secret in [NOTE, "chest pain", &token(directory.path(), "app"), &token(directory.path(), "node")] {
        assert!(!log.contains(secret), "{log}");
    }
    assert!(log.contains(&format!("{:?}", hash(1))), "job ids are logged: {log}");

    let (mut child, address) = run(directory.path(), &[]);
    let node = client(address, &token(directory.path(), "node"));
    assert_eq!(call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap(), "known");
    child.kill().unwrap();
}

#[test]
fn a_backup_of_a_worker_that_runs_or_not() {
    let directory = init();
    let record = with_a_note(directory.path());
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).display().to_string();
    let dir = directory.path().to_str().unwrap();
    let off = done(&["backup", "--dir", dir, "--out", &path("off"), "--keys-out", &path("off.keys")]);
    assert!(off.status.success(), "{off:?}");
    let (mut child, address) = run(directory.path(), &[]);
    let at = address.to_string();
    let args =
        ["backup", "--dir", dir, "--out", &path("on"), "--keys-out", &path("on.keys"), "--worker", &at];
    let on = done(&args);
    assert!(on.status.success(), "{on:?}");
    let again = done(&args);
    assert!(String::from_utf8_lossy(&again.stderr).contains("overwrites nothing"), "{again:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    for name in ["off", "on"] {
        let (out, keys) = (place.path().join(name), place.path().join(format!("{name}.keys")));
        for file in ["keys.redb", "master.key"] {
            fs::copy(keys.join(file), out.join(file)).unwrap();
        }
        let vault = Vault::open(layout(&out).vault()).unwrap();
        assert_eq!(&**vault.get(&record).unwrap().unwrap().original, NOTE.as_bytes());
    }
}

#[test]
fn what_cannot_work_is_said_at_the_start() {
    let directory = init();
    let path = directory.path().to_str().unwrap();
    let fails = |args: &[&str], words: &str| {
        let output = done(args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(words), "{args:?}: {text}");
    };
    let not_gguf = directory.path().join("not.gguf");
    fs::write(&not_gguf, b"this is not a model").unwrap();
    let not_gguf = not_gguf.to_str().unwrap();
    fails(&["run", "--dir", path, "--listen", "127.0.0.1:0", "--model", not_gguf], "not a GGUF");
    fails(&["run", "--dir", path, "--listen", "127.0.0.1:0", "--model", "/nowhere.gguf"], "/nowhere.gguf");
    fails(&["run", "--dir", "/nowhere"], "/nowhere");
    fails(&["run", "--dir", path, "--node", "http://x"], "ws://");
    fs::set_permissions(directory.path().join("master.key"), fs::Permissions::from_mode(0o644)).unwrap();
    fails(&["run", "--dir", path, "--listen", "127.0.0.1:0"], "chmod 600");
    fs::remove_file(directory.path().join("master.key")).unwrap();
    fails(&["run", "--dir", path, "--listen", "127.0.0.1:0"], "no master key");
    fs::write(directory.path().join("config.toml"), "listne = 3").unwrap();
    fails(&["run", "--dir", path], "listne");
}

#[test]
fn credentials_can_be_added() {
    let directory = init();
    let path = directory.path().to_str().unwrap();
    let added = done(&["credential", "--dir", path, "--name", "dr-x", "--role", "clinician"]);
    assert!(added.status.success());
    assert_eq!(token(directory.path(), "dr-x").len(), 64);
    assert!(!done(&["credential", "--dir", path, "--name", "dr-x", "--role", "app"]).status.success());
}

#[test]
fn version_is_printed() {
    let version = String::from_utf8(done(&["version"]).stdout).unwrap();
    assert_eq!(version, format!("galen-worker {}\n", env!("CARGO_PKG_VERSION")));
}

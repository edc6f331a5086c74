//! The node as a program: what it refuses to start with, where it listens, how it stops.

mod bad_input;
mod ports;
mod stop;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a test waits for what takes a second or two on an idle machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs the node until it ends.
fn node(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_galen-node")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The raw spec of a preset, exported once: a node starts sooner with it than with the preset, whose genesis it would build.
fn raw_spec(preset: &str) -> Vec<u8> {
    static SPECS: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut specs = SPECS.lock().unwrap();
    let export = || {
        let output = node(&["export-chain-spec", "--chain", preset, "--raw"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        output.stdout
    };
    specs.entry(preset.to_owned()).or_insert_with(export).clone()
}

/// A node of a development chain in a folder of its own. It is killed when this is dropped.
struct Node {
    process: Child,
    stdout: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Node {
    /// Starts it, with further arguments.
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let spec = folder.path().join("spec.json");
        std::fs::write(&spec, raw_spec("dev")).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_galen-node"))
            .args(["--alice", "--force-authoring", "--unsafe-force-node-key-generation"])
            .args(["--chain".as_ref(), spec.as_os_str(), "--base-path".as_ref(), folder.path().as_os_str()])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        Self { process, stdout, folder }
    }

    /// The next line on standard output that begins with `what`, without it.
    fn told(&mut self, what: &str) -> String {
        let mut line = String::new();
        while self.stdout.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.trim_end().strip_prefix(what) {
                return rest.to_owned();
            }
            line.clear();
        }
        panic!("the node ended and did not say `{what}`: {}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Asks it to stop, as `systemctl stop` does, and waits until it has.
    fn stop(&mut self) -> ExitStatus {
        let kill = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(kill.success());
        eventually(|| self.process.try_wait().unwrap())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Looks until there is something.
fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited too long");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The answer to a GET request, head and body.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Whether a database was begun in a folder.
fn has_database(base: &Path) -> bool {
    base.join("chains").exists()
}

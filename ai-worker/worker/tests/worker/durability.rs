//! kill -9 of a real process. The process is this test binary, told by its environment to be a worker with a
//! stand-in for chain and engine, so that it can be killed at a known moment.

use crate::common::*;
use galen_primitives::{H256, summary::Outcome};
use galen_worker::{
    jobs::Summariser,
    service::{self, Environment},
    shutdown,
    vault::Vault,
};
use galen_worker_api::Role;
use serde_json::json;
use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

const DIRECTORY: &str = "GALEN_TEST_DIRECTORY";
const DELAY: &str = "GALEN_TEST_DELAY_MS";

/// Not a test by itself: the body of the child process.
#[test]
fn child() {
    let Ok(directory) = std::env::var(DIRECTORY) else { return };
    let delay = Duration::from_millis(std::env::var(DELAY).unwrap().parse().unwrap());
    let directory = Path::new(&directory);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let chain = FakeChain::new();
        chain.set(|says| says.file = Some(directory.join("chain.txt")));
        let engine: Arc<dyn Summariser> = Arc::new(FakeEngine { announce: true, ..FakeEngine::plain(delay) });
        let (_trigger, stop) = shutdown::channel();
        let clock = chain.clock();
        let environment = Environment { chain, summariser: Some(engine), clock };
        let running =
            service::start(&crate::audit::eager(), &layout(directory), environment, stop).await.unwrap();
        running.opened().await;
        println!("listening on {}", running.address);
        running.until_stopped().await;
    });
}

pub struct Process {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
}

impl Process {
    fn spawn(directory: &Path, delay: u64) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["durability::child", "--exact", "--nocapture", "--test-threads=1"])
            .env(DIRECTORY, directory)
            .env(DELAY, delay.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Kills it `after` it was started, wherever it is then.
    pub fn start_and_kill(directory: &Path, after: Duration) {
        let mut child = Self::spawn(directory, 0);
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn start(directory: &Path, delay: u64) -> Self {
        let mut child = Self::spawn(directory, delay);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the child ended").unwrap();
            if let Some((_, address)) = line.split_once("listening on ") {
                break address.parse().unwrap();
            }
        };
        Process { child, lines, address }
    }

    fn until_summarising(&mut self) {
        while !self.lines.next().expect("the child ended").unwrap().contains("summarising") {}
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A directory with a record, and these jobs of it on the stand-in's chain.
async fn prepared(jobs: &[H256]) -> tempfile::TempDir {
    let directory = directory();
    let process = Process::start(directory.path(), 0);
    let app = client(process.address, &token(directory.path(), "app"));
    let stored = call(&app, "vault_put", json!({ "patient": patient(), "text": NOTE })).await.unwrap();
    process.kill();
    let mut file = fs::File::create(directory.path().join("chain.txt")).unwrap();
    for job in jobs {
        writeln!(file, "{job:?} {}", stored["record"].as_str().unwrap()).unwrap();
    }
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_survives_kill_9_in_its_middle_and_is_answered_once() {
    let directory = prepared(&[hash(1)]).await;
    let mut process = Process::start(directory.path(), 60_000);
    let node = client(process.address, &token(directory.path(), Role::Node.name()));
    assert_eq!(call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap(), "accepted");
    process.until_summarising();
    assert_eq!(call(&node, "node_collect", json!({ "job": hash(1) })).await.unwrap()["state"], "pending");
    process.kill();

    let process = Process::start(directory.path(), 0);
    let node = client(process.address, &token(directory.path(), Role::Node.name()));
    assert_eq!(call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap(), "known");
    let outcome = collected(&node, hash(1)).await;
    process.kill();

    for _ in 0..2 {
        let process = Process::start(directory.path(), 0);
        let node = client(process.address, &token(directory.path(), Role::Node.name()));
        assert_eq!(call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap(), "known");
        assert_eq!(collected(&node, hash(1)).await, outcome);
        process.kill();
    }
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    assert_eq!(vault.len().unwrap(), 2, "one record, one summary");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_every_job_is_answered_once() {
    let jobs: Vec<H256> = (1..=6).map(hash).collect();
    let directory = prepared(&jobs).await;
    let mut seen: HashMap<H256, String> = HashMap::new();
    for round in 0..12u64 {
        let process = Process::start(directory.path(), 15);
        let node = client(process.address, &token(directory.path(), Role::Node.name()));
        for job in &jobs {
            let handed = call(&node, "node_handOver", json!({ "job": job })).await.unwrap();
            assert_eq!(handed, if round == 0 { "accepted" } else { "known" });
        }
        tokio::time::sleep(Duration::from_millis(7 * (round % 5))).await;
        for job in &jobs {
            let state = call(&node, "node_collect", json!({ "job": job })).await.unwrap();
            match (state["outcome"].as_str(), seen.get(job)) {
                (Some(outcome), Some(before)) => assert_eq!(outcome, before),
                (Some(outcome), None) => drop(seen.insert(*job, outcome.to_owned())),
                (None, before) => assert_eq!((before, &state["state"]), (None, &json!("pending"))),
            }
        }
        process.kill();
    }
    let process = Process::start(directory.path(), 0);
    let node = client(process.address, &token(directory.path(), Role::Node.name()));
    let mut outputs = std::collections::BTreeSet::new();
    for job in &jobs {
        let outcome = collected(&node, *job).await;
        assert!(seen.get(job).is_none_or(|before| before == &outcome));
        let bytes = hex::decode(&outcome[2..]).unwrap();
        match codec::Decode::decode(&mut &*bytes).unwrap() {
            Outcome::Done(receipt) => outputs.insert(receipt.output),
            failed => panic!("{failed:?}"),
        };
    }
    process.kill();
    assert_eq!(outputs.len(), jobs.len());
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    // A kill between key and ciphertext leaves a key that opens nothing; every summary that is there is
    // anchored.
    for job in &jobs {
        assert!(outputs.contains(&vault.summary_of(job).unwrap().unwrap().id));
    }
}

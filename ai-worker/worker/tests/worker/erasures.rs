//! Erasures that the chain knows of come before documents.

use crate::{common::*, durability::Process};
use galen_primitives::{H256, commitment::Scheme};
use galen_worker::{config::Config, vault::Vault};
use galen_worker_api::{Account, Code, Role};
use serde_json::{Value, json};
use std::{fs, io::Write, sync::Arc, time::Duration};
use tempfile::TempDir;

/// A directory that holds these notes, as a backup from before the erasure would bring it back; and their
/// ids.
fn holding(notes: &[&str]) -> (TempDir, Vec<H256>) {
    let directory = directory();
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    let ids = notes.iter().map(|note| vault.put(&patient(), Scheme::Text, note.as_bytes()).unwrap());
    let ids = ids.collect();
    (directory, ids)
}

async fn get(worker: &Worker, record: H256) -> Result<Value, Code> {
    let got = call(&worker.client(Role::App), "vault_get", json!({ "record": record })).await;
    got.map_err(|error| code::<Value>(Err(error)))
}

async fn health(worker: &Worker) -> Value {
    call(&worker.client(Role::Operator), "worker_health", json!({})).await.unwrap()
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1_500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

#[tokio::test]
async fn what_was_erased_while_the_worker_was_off_is_gone_before_it_opens() {
    let (directory, ids) = holding(&["one", "two", "three", "four", "five", "six"]);
    let chain = FakeChain::new();
    // More than a page; some were never here.
    chain.set(|says| {
        let erased = [ids[0], hash(1), ids[2], hash(2), ids[3], hash(3), ids[5]];
        says.erased = erased.map(|id| (hospital(), id)).into();
    });
    let worker = Worker::start_in(Arc::new(directory), chain, None, config()).await;
    for (place, id) in ids.iter().enumerate() {
        let gone = [0, 2, 3, 5].contains(&place);
        assert_eq!(get(&worker, *id).await.map(|_| ()), if gone { Err(Code::NotFound) } else { Ok(()) });
    }
    assert_eq!(health(&worker).await["erasures"], "carried out");
    let (directory, _) = worker.stop().await;
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    assert_eq!((vault.len().unwrap(), vault.seen().unwrap().unwrap().next), (2, 7));
}

#[tokio::test]
async fn summaries_go_with_their_record() {
    let engine = FakeEngine::new(Duration::ZERO);
    let worker = Worker::start(Some(engine)).await;
    let record = worker.prepare(hash(1)).await;
    worker.answer(hash(1)).await;
    let (directory, chain) = worker.stop().await;
    chain.set(|says| says.erased = vec![(hospital(), record)]);
    let worker = Worker::start_in(directory, chain, None, config()).await;
    let clinician = worker.client(Role::Clinician);
    let shown = call(&clinician, "summaries_get", json!({ "job": hash(1), "purpose": "TREAT" }));
    assert_eq!(code(shown.await), Code::NotFound);
    let (directory, _) = worker.stop().await;
    assert!(Vault::open(layout(directory.path()).vault()).unwrap().is_empty().unwrap());
}

#[tokio::test]
async fn without_the_chain_it_stays_closed() {
    let (directory, ids) = holding(&["one", "two"]);
    let chain = FakeChain::new();
    chain.set(|says| {
        says.down = true;
        says.erased = vec![(hospital(), ids[0])];
    });
    let worker = Worker::start_closed(Arc::new(directory), chain, config()).await;
    let report = async || health(&worker).await["erasures"].as_str().unwrap().to_owned();
    until("it says that the chain is missing", async || report().await.contains("is the node running")).await;
    assert_eq!(health(&worker).await["status"], "starting");
    for id in &ids {
        assert_eq!(get(&worker, *id).await.unwrap_err(), Code::Starting);
    }
    let app = worker.client(Role::App);
    let put = call(&app, "vault_put", json!({ "patient": patient(), "text": NOTE })).await;
    assert_eq!(code(put), Code::Starting);
    let clinician = worker.client(Role::Clinician);
    let shown = call(&clinician, "summaries_get", json!({ "job": hash(1), "purpose": "TREAT" })).await;
    assert_eq!(code(shown), Code::Starting);
    // What shows nobody anything goes on: the node's jobs are kept, and the operator may erase.
    let handed = call(&worker.client(Role::Node), "node_handOver", json!({ "job": hash(1) })).await;
    assert_eq!(handed.unwrap(), "accepted");

    // A node that is syncing answers, but of before the erasure.
    worker.chain.set(|says| {
        says.down = false;
        says.age = 60;
        says.erased.clear();
    });
    until("it says that the block is old", async || report().await.contains("syncing")).await;
    assert_eq!(get(&worker, ids[0]).await.unwrap_err(), Code::Starting);
    worker.chain.set(|says| {
        says.age = 0;
        says.erased = vec![(hospital(), ids[0])];
    });
    worker.opened().await;
    assert_eq!(get(&worker, ids[0]).await.unwrap_err(), Code::NotFound);
    assert_eq!(get(&worker, ids[1]).await.unwrap()["text"], "two");
    assert_eq!(health(&worker).await["status"], "ok");
}

#[tokio::test]
async fn a_slow_clock_is_not_trusted_to_tell_what_was_made_after_the_start() {
    let (directory, ids) = holding(&["one"]);
    let chain = FakeChain::new();
    chain.set(|says| says.age = -3_600);
    let worker = Worker::start_closed(Arc::new(directory), chain, config()).await;
    until("it says why", async || {
        health(&worker).await["erasures"].as_str().unwrap().contains("a clock is wrong")
    })
    .await;
    assert_eq!(get(&worker, ids[0]).await.unwrap_err(), Code::Starting);
}

#[tokio::test]
async fn while_it_runs_it_follows() {
    let worker = Worker::start(None).await;
    let record = worker.prepare(hash(1)).await;
    worker.chain.set(|says| says.erased.push((hospital(), record)));
    until("the record is gone", async || get(&worker, record).await == Err(Code::NotFound)).await;
    // A chain that is away does not close a worker that was open.
    worker.chain.set(|says| says.down = true);
    let other =
        call(&worker.client(Role::App), "vault_put", json!({ "patient": patient(), "text": NOTE })).await;
    assert!(other.is_ok());
}

#[tokio::test]
async fn another_hospital_erases_nothing_here() {
    let (directory, ids) = holding(&["one", "two"]);
    let chain = FakeChain::new();
    chain.set(|says| says.erased = vec![(account(7), ids[0]), (hospital(), ids[1])]);
    let config = Config { hospital: Some(Account(hospital())), ..config() };
    let worker = Worker::start_in(Arc::new(directory), chain, None, config).await;
    assert_eq!(get(&worker, ids[0]).await.unwrap()["text"], "one");
    assert_eq!(get(&worker, ids[1]).await.unwrap_err(), Code::NotFound);
}

#[tokio::test]
async fn where_the_hospital_is_not_known_the_patient_must_be_the_same() {
    let directory = directory();
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    let mine = vault.put(&patient(), Scheme::Text, b"one").unwrap();
    let of_another = vault.put(&account(0x12), Scheme::Text, b"two").unwrap();
    drop(vault);
    let chain = FakeChain::new();
    chain.set(|says| says.erased = vec![(account(7), mine), (account(7), of_another)]);
    let worker = Worker::start_in(Arc::new(directory), chain, None, config()).await;
    assert_eq!(get(&worker, mine).await.unwrap_err(), Code::NotFound);
    assert_eq!(get(&worker, of_another).await.unwrap()["text"], "two");
}

#[tokio::test]
async fn leaves_that_were_erased_unrevealed_are_gone_as_well() {
    let (directory, ids) = holding(&["one", "two", "three", "four"]);
    let chain = FakeChain::new();
    chain.set(|says| {
        says.erased = vec![(hospital(), ids[0])];
        says.erased_leaves = vec![(hospital(), ids[1]), (account(7), ids[2]), (hospital(), hash(1))];
    });
    let config = Config { hospital: Some(Account(hospital())), ..config() };
    let worker = Worker::start_in(Arc::new(directory), chain, None, config).await;
    for (id, gone) in ids.iter().zip([true, true, false, false]) {
        assert_eq!(get(&worker, *id).await.map(|_| ()), if gone { Err(Code::NotFound) } else { Ok(()) });
    }
}

#[tokio::test]
async fn where_the_hospital_is_not_known_an_erased_leaf_is_neither_shown_nor_destroyed() {
    let (directory, ids) = holding(&["one", "two"]);
    let chain = FakeChain::new();
    // Some were never here: those do not matter.
    chain.set(|says| says.erased_leaves = vec![(hospital(), hash(1)), (account(7), ids[0])]);
    let worker = Worker::start_closed(Arc::new(directory), chain, config()).await;
    until("it says what to do", async || {
        health(&worker).await["erasures"].as_str().unwrap().contains("--hospital")
    })
    .await;
    assert_eq!(get(&worker, ids[0]).await.unwrap_err(), Code::Starting);
    let (directory, chain) = worker.stop().await;
    let config = Config { hospital: Some(Account(hospital())), ..config() };
    let worker = Worker::start_in(directory, chain, None, config).await;
    assert_eq!(get(&worker, ids[0]).await.unwrap()["text"], "one");
}

#[tokio::test]
async fn it_reads_on_where_it_stopped_and_of_another_chain_only_when_told() {
    let chain = FakeChain::new();
    chain.set(|says| says.erased = (0..7).map(|n| (hospital(), hash(n))).collect());
    let worker = Worker::start_in(Arc::new(directory()), chain, None, config()).await;
    let (directory, chain) = worker.stop().await;
    assert_eq!(chain.set(|says| says.pages), (3, 6));
    chain.set(|says| says.number = 11);
    let worker = Worker::start_in(directory, chain, None, config()).await;
    let (directory, chain) = worker.stop().await;
    assert_eq!(chain.set(|says| says.pages), (4, 7), "from where it stopped");

    // A chain that was begun anew, with an erasure among its first entries; shorter than the one before, then
    // longer.
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    let record = vault.put(&patient(), Scheme::Text, b"one").unwrap();
    drop(vault);
    chain.set(|says| {
        says.genesis = 1;
        says.number = 3;
        says.erased = vec![(hospital(), record)];
    });
    let mut worker = Worker::start_closed(directory, chain, config()).await;
    for number in [3, 30] {
        worker.chain.set(|says| says.number = number);
        let why = async || health(&worker).await["erasures"].as_str().unwrap().to_owned();
        until("it says that the chain is another", async || why().await.contains("--another-chain")).await;
        assert_eq!(get(&worker, record).await.unwrap_err(), Code::Starting);
        let (directory, chain) = worker.stop().await;
        worker = Worker::start_closed(directory, chain, config()).await;
    }
    let (directory, chain) = worker.stop().await;
    chain.set(|says| says.number = 3);
    let told = Config { another_chain: true, ..config() };
    let worker = Worker::start_in(directory, chain, None, told).await;
    assert_eq!(get(&worker, record).await.unwrap_err(), Code::NotFound);
    let (directory, chain) = worker.stop().await;
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    let seen = vault.seen().unwrap().unwrap();
    assert_eq!((seen.next, seen.number, seen.hash.0[0]), (1, 3, 1), "from now on of the new chain");
    drop(vault);

    // One that is behind what was read is not taken for another while it catches up.
    chain.set(|says| {
        says.number = 2;
        says.age = 60;
        says.pages = (0, 0);
    });
    let worker = Worker::start_closed(directory, chain, config()).await;
    until("it waits", async || health(&worker).await["erasures"].as_str().unwrap().contains("syncing")).await;
    assert_eq!(worker.chain.set(|says| says.pages.0), 0);
}

#[tokio::test]
async fn a_chain_that_goes_away_in_the_middle_is_waited_for() {
    let (directory, ids) = holding(&["one", "two", "three", "four", "five"]);
    let chain = FakeChain::new();
    chain.set(|says| {
        says.erased = ids.iter().map(|id| (hospital(), *id)).collect();
        says.pages_left = Some(1);
    });
    let worker = Worker::start_closed(Arc::new(directory), chain, config()).await;
    until("the chain goes down", async || worker.chain.set(|says| says.down)).await;
    assert_eq!(get(&worker, ids[4]).await.unwrap_err(), Code::Starting);
    worker.chain.set(|says| {
        says.down = false;
        says.pages_left = None;
    });
    worker.opened().await;
    for id in ids {
        assert_eq!(get(&worker, id).await.unwrap_err(), Code::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_replays_it_begins_again_and_serves_nothing_before() {
    let notes: Vec<String> = (0..8).map(|n| format!("note {n}")).collect();
    let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
    let (directory, ids) = holding(&notes);
    let mut file = fs::File::create(directory.path().join("chain.txt")).unwrap();
    ids[..7].iter().for_each(|id| writeln!(file, "erased {id:?}").unwrap());
    for round in 0..25 {
        // At any moment of its start, the making of its stores included.
        Process::start_and_kill(directory.path(), Duration::from_millis(2 * round));
    }
    let process = Process::start(directory.path(), 0);
    let app = client(process.address(), &token(directory.path(), "app"));
    for id in &ids[..7] {
        let got = call(&app, "vault_get", json!({ "record": id })).await;
        assert_eq!(code(got), Code::NotFound);
    }
    let got = call(&app, "vault_get", json!({ "record": ids[7] })).await.unwrap();
    assert_eq!(got["text"], notes[7]);
    process.kill();
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    assert_eq!((vault.len().unwrap(), vault.unfinished()), (1, false));
}

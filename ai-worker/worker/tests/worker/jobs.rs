use crate::common::*;
use codec::Decode;
use galen_primitives::{
    H256,
    commitment::{Scheme, commit},
    consent::Reason,
    summary::{Failure, JobStatus, Outcome, Receipt},
};
use galen_worker::{
    clock::Clock,
    jobs::{Queue, QueueError, State},
    store::file_opener,
    vault::Vault,
};
use galen_worker_api::{Role, node::Handed};
use serde_json::json;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

fn outcome(hex: &str) -> Outcome {
    Outcome::decode(&mut &*hex::decode(&hex[2..]).unwrap()).unwrap()
}

fn done(hex: &str) -> Receipt {
    match outcome(hex) {
        Outcome::Done(receipt) => receipt,
        other => panic!("{other:?}"),
    }
}

const QUICK: Duration = Duration::from_millis(5);

#[tokio::test]
async fn a_job_is_answered_with_a_receipt_of_a_stored_summary() {
    let worker = Worker::start(Some(FakeEngine::new(QUICK))).await;
    let record = worker.prepare(hash(1)).await;
    let receipt = done(&worker.answer(hash(1)).await);
    assert_eq!((receipt.input, receipt.model, receipt.consent), (record, model().model, Some(4)));
    assert_eq!((receipt.prompt_tokens, receipt.output_tokens, receipt.unsupported), (20, 10, 1));
    let clinician = worker.client(Role::Clinician);
    let released = call(&clinician, "summaries_get", json!({ "job": hash(1), "purpose": "TREAT" }));
    let released = released.await.unwrap();
    let salt: H256 = serde_json::from_value(released["salt"].clone()).unwrap();
    let bytes = serde_json_canonicalizer::to_vec(&released["summary"]).unwrap();
    assert_eq!(commit(Scheme::Jcs, &salt.0, &bytes), receipt.output);
    assert_eq!(released["summary"]["meta"]["security"][0]["code"], "AIAST");
    assert_eq!(released["summary"]["record"], json!(record));
    assert_eq!(released["summary"]["device"]["model"], json!(model().model));
    assert_eq!(serde_json::from_value::<Receipt>(released["receipt"].clone()).unwrap(), receipt);
}

#[tokio::test]
async fn what_cannot_be_summarised_fails_with_its_code() {
    let engine = Arc::new(FakeEngine { fails: true, ..FakeEngine::plain(QUICK) });
    let worker = Worker::start(Some(engine.clone())).await;
    let record = worker.prepare(hash(1)).await;
    let cases = [
        (hash(1), job(record), Failure::EngineFailed),
        (hash(2), job(hash(9)), Failure::DocumentMissing),
        (hash(3), galen_primitives::summary::Job { model: hash(8), ..job(record) }, Failure::ModelMismatch),
        (hash(4), galen_primitives::summary::Job { deadline: 9, ..job(record) }, Failure::WorkerTooSlow),
    ];
    for (id, job, failure) in cases {
        worker.chain.set(|says| says.jobs.insert(id, job));
        assert_eq!(outcome(&worker.answer(id).await), Outcome::Failed(failure));
    }
    assert_eq!(engine.started.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn without_consent_nothing_is_decoded() {
    let engine = FakeEngine::new(QUICK);
    let worker = Worker::start(Some(engine.clone())).await;
    worker.prepare(hash(1)).await;
    worker.chain.set(|says| says.refuses = Some(Reason::Revoked));
    assert_eq!(outcome(&worker.answer(hash(1)).await), Outcome::Failed(Failure::ConsentRefused));
    assert_eq!(engine.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn consent_revoked_while_decoding_releases_nothing() {
    let engine = FakeEngine::new(Duration::from_millis(300));
    let worker = Worker::start(Some(engine.clone())).await;
    worker.prepare(hash(1)).await;
    let node = worker.client(Role::Node);
    call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap();
    while engine.started.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(QUICK).await;
    }
    worker.chain.set(|says| says.refuses = Some(Reason::Revoked));
    assert_eq!(outcome(&collected(&node, hash(1)).await), Outcome::Failed(Failure::ConsentRefused));
    let (directory, _) = worker.stop().await;
    let vault = Vault::open(layout(directory.path()).vault()).unwrap();
    assert_eq!(vault.len().unwrap(), 1, "the summary was not kept");
}

#[tokio::test]
async fn a_deadline_that_passes_while_decoding_ends_the_job() {
    let engine = FakeEngine::new(Duration::from_secs(60));
    let worker = Worker::start(Some(engine.clone())).await;
    worker.prepare(hash(1)).await;
    let node = worker.client(Role::Node);
    call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap();
    while engine.started.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(QUICK).await;
    }
    worker.chain.set(|says| says.number = 101);
    assert_eq!(outcome(&collected(&node, hash(1)).await), Outcome::Failed(Failure::WorkerTooSlow));
}

#[tokio::test]
async fn an_unreachable_chain_is_waited_for() {
    let engine = FakeEngine::new(QUICK);
    let worker = Worker::start(Some(engine.clone())).await;
    worker.prepare(hash(1)).await;
    worker.chain.set(|says| says.down = true);
    let node = worker.client(Role::Node);
    call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(call(&node, "node_collect", json!({ "job": hash(1) })).await.unwrap()["state"], "pending");
    assert_eq!(engine.started.load(Ordering::SeqCst), 0);
    worker.chain.set(|says| says.down = false);
    done(&collected(&node, hash(1)).await);
}

#[tokio::test]
async fn a_job_that_is_not_finalized_yet_does_not_hold_up_others() {
    let worker = Worker::start(Some(FakeEngine::new(QUICK))).await;
    let record = worker.prepare(hash(2)).await;
    let node = worker.client(Role::Node);
    call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap();
    done(&worker.answer(hash(2)).await);
    assert_eq!(call(&node, "node_collect", json!({ "job": hash(1) })).await.unwrap()["state"], "pending");
    worker.chain.set(|says| says.jobs.insert(hash(1), job(record)));
    done(&collected(&node, hash(1)).await);
}

#[tokio::test]
async fn jobs_of_others_and_settled_jobs_are_forgotten() {
    let config =
        galen_worker::config::Config { hospital: Some(galen_worker_api::Account(hospital())), ..config() };
    let engine = FakeEngine::new(QUICK);
    let worker =
        Worker::start_in(Arc::new(directory()), FakeChain::new(), Some(engine.clone()), config).await;
    let record = worker.prepare(hash(1)).await;
    let node = worker.client(Role::Node);
    let foreign = [
        galen_primitives::summary::Job { hospital: account(1), ..job(record) },
        galen_primitives::summary::Job {
            status: JobStatus::Failed { failure: Failure::EngineFailed, at: 5 },
            ..job(record)
        },
    ];
    for (n, job) in foreign.into_iter().enumerate() {
        let id = hash(100 + n as u8);
        worker.chain.set(|says| says.jobs.insert(id, job));
        call(&node, "node_handOver", json!({ "job": id })).await.unwrap();
        for _ in 0..500 {
            if call(&node, "node_collect", json!({ "job": id })).await.unwrap()["state"] == "unknown" {
                break;
            }
            tokio::time::sleep(QUICK).await;
        }
        assert_eq!(call(&node, "node_collect", json!({ "job": id })).await.unwrap()["state"], "unknown");
    }
    assert_eq!(engine.started.load(Ordering::SeqCst), 0);
    done(&worker.answer(hash(1)).await);
}

#[tokio::test]
async fn a_summary_stored_before_a_crash_is_used_again() {
    // As it is when the worker dies between storing the summary and answering the job.
    let worker = Worker::start(None).await;
    let record = worker.prepare(hash(1)).await;
    let (directory, chain) = worker.stop().await;
    let stored = {
        let vault = Vault::open(layout(directory.path()).vault()).unwrap();
        let receipt = |output| Receipt {
            input: record,
            output,
            model: model().model,
            adapter: None,
            template: hash(1),
            parameters: hash(2),
            engine: hash(3),
            consent: Some(4),
            access: None,
            prompt_tokens: 1,
            output_tokens: 1,
            unsupported: 0,
            millis: 1,
        };
        vault.put_summary(&hash(1), &record, br#"{"a":1}"#, receipt).unwrap()
    };
    let engine = FakeEngine::new(QUICK);
    let worker = Worker::start_in(directory, chain, Some(engine.clone()), config()).await;
    assert_eq!(done(&worker.answer(hash(1)).await), stored);
    assert_eq!(engine.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_summary_stored_before_a_crash_is_discarded_if_consent_is_gone() {
    let worker = Worker::start(Some(FakeEngine::new(QUICK))).await;
    worker.prepare(hash(1)).await;
    done(&worker.answer(hash(1)).await);
    let (directory, chain) = worker.stop().await;
    // The answer is lost, the summary is there.
    std::fs::remove_file(layout(directory.path()).jobs()).unwrap();
    chain.set(|says| says.refuses = Some(Reason::Revoked));
    let worker = Worker::start_in(directory, chain, Some(FakeEngine::new(QUICK)), config()).await;
    assert_eq!(outcome(&worker.answer(hash(1)).await), Outcome::Failed(Failure::ConsentRefused));
    let (directory, _) = worker.stop().await;
    assert_eq!(Vault::open(layout(directory.path()).vault()).unwrap().len().unwrap(), 1);
}

#[test]
fn the_queue_is_bounded_and_answers_never_change() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("jobs.redb");
    let queue = Queue::open(&path, file_opener(), 2, Clock::default()).unwrap();
    assert_eq!(queue.hand_over(hash(1)).unwrap(), Handed::Accepted);
    assert_eq!(queue.hand_over(hash(1)).unwrap(), Handed::Known);
    assert_eq!(queue.hand_over(hash(2)).unwrap(), Handed::Accepted);
    assert!(matches!(queue.hand_over(hash(3)), Err(QueueError::Busy)));
    assert_eq!(queue.hand_over(hash(2)).unwrap(), Handed::Known, "what is known is known, busy or not");
    let first = queue.answer(&hash(1), &Outcome::Failed(Failure::EngineFailed)).unwrap();
    assert_eq!(queue.answer(&hash(1), &Outcome::Failed(Failure::DocumentMissing)).unwrap(), first);
    queue.forget(&hash(1)).unwrap();
    assert_eq!(
        queue.collect(&hash(1)).unwrap(),
        State::Answered(first.clone()),
        "an answer is not forgotten"
    );
    assert_eq!(queue.hand_over(hash(3)).unwrap(), Handed::Accepted);
    queue.forget(&hash(2)).unwrap();
    assert_eq!(queue.state(&hash(2)).unwrap(), State::Unknown);
    drop(queue);
    let queue = Queue::open(&path, file_opener(), 2, Clock::default()).unwrap();
    assert_eq!(queue.pending().iter().map(|pending| pending.job).collect::<Vec<_>>(), [hash(3)]);
    assert_eq!(queue.state(&hash(1)).unwrap(), State::Answered(first));
    assert_eq!(queue.hand_over(hash(1)).unwrap(), Handed::Known);
    assert_eq!(queue.prune(30).unwrap(), 0);
}

#[test]
fn jobs_keep_their_order_over_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("jobs.redb");
    let ids: Vec<H256> = [9, 3, 7, 1, 8].map(hash).into();
    for id in &ids {
        Queue::open(&path, file_opener(), 9, Clock::default()).unwrap().hand_over(*id).unwrap();
    }
    let queue = Queue::open(&path, file_opener(), 9, Clock::default()).unwrap();
    assert_eq!(queue.pending().iter().map(|pending| pending.job).collect::<Vec<_>>(), ids);
}

#[test]
fn answers_are_kept_for_as_long_as_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::default();
    let queue = Queue::open(&directory.path().join("jobs.redb"), file_opener(), 9, clock.clone()).unwrap();
    for id in [1, 2, 3].map(hash) {
        queue.hand_over(id).unwrap();
    }
    for id in [1, 2].map(hash) {
        queue.answer(&id, &Outcome::Failed(Failure::EngineFailed)).unwrap();
    }
    queue.collect(&hash(1)).unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    clock.advance(29 * day);
    assert_eq!(queue.prune(30).unwrap(), 0);
    clock.advance(2 * day);
    assert_eq!(queue.prune(30).unwrap(), 1);
    assert_eq!(queue.state(&hash(1)).unwrap(), State::Unknown);
    clock.advance(90 * day);
    assert_eq!(queue.prune(30).unwrap(), 1, "nobody ever collected it");
    assert_eq!(queue.state(&hash(2)).unwrap(), State::Unknown);
    assert_eq!(queue.state(&hash(3)).unwrap(), State::Pending, "what waits is never dropped");
}

#[tokio::test]
async fn a_job_that_no_block_knows_is_forgotten_in_time() {
    let worker = Worker::start(Some(FakeEngine::new(QUICK))).await;
    let node = worker.client(Role::Node);
    call(&node, "node_handOver", json!({ "job": hash(1) })).await.unwrap();
    let state = async || call(&node, "node_collect", json!({ "job": hash(1) })).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(state().await, json!({ "state": "pending" }));
    worker.chain.clock().advance(Duration::from_secs(16 * 60));
    for _ in 0..200 {
        if state().await == json!({ "state": "unknown" }) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never forgotten");
}

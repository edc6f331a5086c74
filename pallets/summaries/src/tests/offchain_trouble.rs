//! The offchain worker when the worker is down, slow, or says nonsense. `Lab::block` checks that no round waits longer
//! than one call may.

use super::lab::*;
use crate::{mock::*, *};
use alloc::collections::BTreeMap;
use galen_primitives::{
    audit::Kind,
    summary::{Failure, JobStatus, Outcome},
};

// The last block in which a job of block 1 can be settled is `1 + DEADLINE`; it is given up some blocks before.
const GIVEN_UP: u32 = 1 + DEADLINE - ocw::GIVE_UP_BLOCKS;

/// A worker that is like this from the start: the job fails with `failure`, and on chain it says so.
fn gives_up(behaviour: Behaviour, failure: Failure) {
    let mut lab = Lab::new();
    lab.worker().behaviour = behaviour.clone();
    let id = lab.opened(10);
    let (number, sent) = lab.blocks(2, 60).unwrap();
    assert_eq!((number, only(&sent)), (GIVEN_UP, (id, Outcome::Failed(failure))), "{behaviour:?}");
    lab.include(sent[0].clone());
    let status = lab.chain(|| Summaries::job(id).unwrap().status);
    assert_eq!(status, JobStatus::Failed { failure, at: GIVEN_UP });
    assert_eq!(lab.chain(|| audited(Kind::SummaryFailed, id)), 1);
    assert_eq!(lab.blocks(GIVEN_UP + 1, 60), None);
}

/// A worker that is like this for a while: the job is answered afterwards.
fn recovers(behaviour: Behaviour) {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.worker().behaviour = behaviour.clone();
    assert_eq!(lab.blocks(2, 5), None);
    lab.worker().behaviour = Behaviour::Answers;
    assert_eq!(lab.blocks(6, 7), None);
    lab.worker().behaviour = behaviour.clone();
    assert_eq!(lab.blocks(8, 10), None);
    lab.worker().behaviour = Behaviour::Answers;
    let outcome = lab.chain(|| done(id));
    lab.worker_answers(id, outcome.clone());
    assert_eq!(only(&lab.block(11)), (id, outcome), "{behaviour:?}");
}

fn trouble(behaviour: Behaviour, failure: Failure) {
    gives_up(behaviour.clone(), failure);
    recovers(behaviour);
}

fn error(code: i32) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":{code},"message":"in words"}}}}"#).into_bytes()
}

#[test]
fn a_worker_that_is_down() {
    trouble(Behaviour::Down, Failure::WorkerUnreachable);
}

#[test]
fn a_worker_that_hangs() {
    trouble(Behaviour::Hangs, Failure::WorkerTooSlow);
    trouble(Behaviour::HangsInBody, Failure::WorkerTooSlow);
}

#[test]
fn a_worker_that_is_busy() {
    trouble(Behaviour::Status(429), Failure::WorkerTooSlow);
    trouble(Behaviour::Status(503), Failure::WorkerTooSlow);
    for code in [-32042, -32045, -32047, -32049, -32009] {
        trouble(Behaviour::Body(error(code)), Failure::WorkerTooSlow);
    }
}

#[test]
fn a_worker_that_refuses_the_token() {
    trouble(Behaviour::Status(401), Failure::WorkerUnauthorized);
    trouble(Behaviour::Status(403), Failure::WorkerUnauthorized);
    trouble(Behaviour::Body(error(-32040)), Failure::WorkerUnauthorized);

    let mut lab = Lab::new();
    lab.worker().token = "another".into();
    let id = lab.opened(10);
    let (_, sent) = lab.blocks(2, 60).unwrap();
    assert_eq!(only(&sent), (id, Outcome::Failed(Failure::WorkerUnauthorized)));
}

#[test]
fn a_worker_that_talks_nonsense() {
    let answers: [&[u8]; 13] = [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"{}",
        br#"{"jsonrpc":"2.0","id":1}"#,
        br#"{"jsonrpc":"1.0","id":1,"result":"accepted"}"#,
        br#"{"jsonrpc":"2.0","id":1,"result":"perhaps"}"#,
        br#"{"jsonrpc":"2.0","id":1,"result":{"state":"lost"}}"#,
        br#"{"jsonrpc":"2.0","id":1,"result":{"state":"answered"}}"#,
        br#"{"jsonrpc":"2.0","id":1,"result":{"state":"answered","outcome":"0xzz"}}"#,
        br#"{"jsonrpc":"2.0","id":1,"result":{"state":"answered","outcome":"0x0100ff"}}"#,
    ];
    for answer in answers {
        trouble(Behaviour::Body(answer.to_vec()), Failure::WorkerGarbage);
    }
    trouble(Behaviour::Status(500), Failure::WorkerGarbage);
    trouble(Behaviour::Body(error(-32601)), Failure::WorkerGarbage);
    trouble(Behaviour::Body(vec![b'['; 100_000]), Failure::WorkerGarbage);
}

#[test]
fn an_answer_that_is_too_long_is_not_read_even_if_it_makes_sense() {
    let fits = br#"{"jsonrpc":"2.0","id":1,"result":"accepted"}"#.to_vec();
    let mut lab = Lab::new();
    lab.opened(10);
    let padded = |length: usize| [fits.clone(), vec![b' '; length - fits.len()]].concat();
    lab.worker().behaviour = Behaviour::Body(padded(ocw::MAX_ANSWER + 1));
    lab.block(2);
    lab.block(3);
    assert_eq!(lab.count("node_handOver"), 2);
    lab.worker().behaviour = Behaviour::Body(padded(ocw::MAX_ANSWER));
    lab.block(4);
    lab.block(5);
    assert_eq!((lab.count("node_handOver"), lab.count("node_collect")), (3, 1));
}

#[test]
fn a_worker_that_does_not_finish() {
    gives_up(Behaviour::Answers, Failure::WorkerTooSlow);
}

#[test]
fn an_answer_in_the_last_blocks_still_counts() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    assert_eq!(lab.blocks(2, GIVEN_UP - 1), None);
    let outcome = lab.chain(|| done(id));
    lab.worker_answers(id, outcome.clone());
    assert_eq!(only(&lab.block(GIVEN_UP)), (id, outcome));
}

#[test]
fn with_more_jobs_due_than_calls_each_is_asked_about_before_it_is_given_up() {
    let mut lab = Lab::new();
    lab.chain(|| FakeConsortium::set_open_jobs(&hospital(1), MAX_OPEN));
    let ids: Vec<_> = (0..MAX_OPEN).map(|_| lab.opened(10)).collect();
    assert_eq!(lab.blocks(2, GIVEN_UP - 1), None);
    // All are answered in the last moment, and a block has four calls.
    for id in &ids {
        let outcome = lab.chain(|| done(*id));
        lab.worker_answers(*id, outcome);
    }
    let mut sent = lab.block(GIVEN_UP);
    sent.extend(lab.block(GIVEN_UP + 1));
    assert_eq!(sent.len(), ids.len());
    for call in &sent {
        assert!(matches!(only(std::slice::from_ref(call)).1, Outcome::Done(_)));
    }
}

#[test]
fn a_receipt_for_something_else_is_not_submitted() {
    let mut lab = Lab::new();
    let (id, other) = (lab.opened(10), lab.opened(11));
    lab.block(2);
    let wrong = lab.chain(|| done(other));
    lab.worker_answers(id, wrong);
    let (_, sent) = lab.blocks(3, 60).unwrap();
    assert_eq!(sent.len(), 2);
    for call in sent {
        let (job, outcome) = only(std::slice::from_ref(&call));
        let expected = if job == id { Failure::WorkerGarbage } else { Failure::WorkerTooSlow };
        assert_eq!(outcome, Outcome::Failed(expected));
    }
}

#[test]
fn the_reason_is_the_last_trouble_seen() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.worker().behaviour = Behaviour::Body(b"nonsense".to_vec());
    assert_eq!(lab.blocks(2, 10), None);
    lab.worker().behaviour = Behaviour::Down;
    let (_, sent) = lab.blocks(11, 60).unwrap();
    assert_eq!(only(&sent), (id, Outcome::Failed(Failure::WorkerUnreachable)));

    // Once it was well again, earlier trouble is no reason.
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.worker().behaviour = Behaviour::Down;
    assert_eq!(lab.blocks(2, 10), None);
    lab.worker().behaviour = Behaviour::Answers;
    let (_, sent) = lab.blocks(11, 60).unwrap();
    assert_eq!(only(&sent), (id, Outcome::Failed(Failure::WorkerTooSlow)));
}

#[test]
fn with_a_dead_worker_every_job_is_given_up_in_time() {
    let mut lab = Lab::new();
    lab.chain(|| FakeConsortium::set_open_jobs(&hospital(1), MAX_OPEN));
    for _ in 0..MAX_OPEN {
        lab.opened(10);
    }
    lab.worker().behaviour = Behaviour::Hangs;
    let (number, sent) = lab.blocks(2, 60).unwrap();
    assert_eq!((number, sent.len()), (GIVEN_UP, usize::try_from(MAX_OPEN).unwrap()));
}

#[test]
fn a_job_that_was_not_asked_about_is_given_up_for_what_is_wrong_with_the_worker() {
    let mut lab = Lab::new();
    let mut ids = vec![lab.opened(10), lab.opened(11)];
    assert_eq!(lab.blocks(2, GIVEN_UP - 1), None);
    lab.worker().behaviour = Behaviour::Status(401);
    let calls = lab.calls().len();
    let sent = lab.block(GIVEN_UP);
    assert_eq!(lab.calls().len(), calls + 1);
    let sent: BTreeMap<_, _> = sent.iter().map(|call| only(std::slice::from_ref(call))).collect();
    ids.sort();
    assert_eq!(sent.keys().copied().collect::<Vec<_>>(), ids);
    assert!(sent.values().all(|outcome| *outcome == Outcome::Failed(Failure::WorkerUnauthorized)));
}

#[test]
fn a_round_asks_a_dead_worker_once() {
    let mut lab = Lab::new();
    lab.opened(10);
    lab.opened(11);
    lab.worker().behaviour = Behaviour::Status(401);
    lab.block(2);
    assert_eq!(lab.calls().len(), 1);
    // Nonsense may be about one job only: the others get their turn.
    lab.worker().behaviour = Behaviour::Status(500);
    lab.block(3);
    assert_eq!(lab.calls().len(), 3);
}

//! The offchain worker when all goes well, and when node or worker start again.

use super::lab::*;
use crate::{mock::*, *};
use codec::Encode;
use galen_primitives::{
    H256,
    audit::Kind,
    summary::JobStatus,
    worker::{OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL},
};
use sp_core::offchain::Timestamp;

const MEMORY: &[u8] = b"galen::summaries::jobs";
const LOCK: &[u8] = b"galen::summaries::lock";

fn status(lab: &mut Lab, id: H256) -> JobStatus {
    lab.chain(|| Summaries::job(id).unwrap().status)
}

#[test]
fn a_job_goes_to_the_worker_and_comes_back_as_a_receipt() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    assert!(lab.block(2).is_empty());
    assert_eq!(lab.calls(), vec![("node_handOver".into(), id)]);
    assert!(lab.block(3).is_empty());
    assert_eq!(lab.calls().last(), Some(&("node_collect".into(), id)));

    let outcome = lab.chain(|| done(id));
    lab.worker_answers(id, outcome.clone());
    let sent = lab.block(4);
    assert_eq!(only(&sent), (id, outcome));
    lab.include(sent[0].clone());
    assert!(matches!(status(&mut lab, id), JobStatus::Done { at: 4, .. }));
    assert_eq!(lab.chain(|| audited(Kind::SummaryAnchored, id)), 1);

    // Nothing is left to do, and nothing to remember.
    let calls = lab.calls().len();
    assert_eq!(lab.blocks(5, 60), None);
    assert_eq!(lab.calls().len(), calls);
    let empty = (None::<u8>, Vec::<u8>::new()).encode();
    assert_eq!(lab.stored(MEMORY), Some(empty));
}

#[test]
fn only_finalized_requests_are_handed_over() {
    let mut lab = Lab::new();
    lab.block(4);
    let id = lab.opened(10);
    lab.finalize(3);
    lab.block(5);
    assert!(lab.calls().is_empty());
    lab.finalize(4);
    lab.block(6);
    assert_eq!(lab.calls(), vec![("node_handOver".into(), id)]);
}

#[test]
fn a_job_that_never_was_final_is_left_to_expire() {
    let mut lab = Lab::new();
    lab.block(4);
    lab.opened(10);
    assert_eq!(lab.blocks(5, 6 + DEADLINE), None);
    assert!(lab.calls().is_empty());
}

#[test]
fn what_the_worker_gives_up_is_submitted_too() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.block(2);
    lab.worker_answers(id, failed());
    let sent = lab.block(3);
    assert_eq!(only(&sent), (id, failed()));
    lab.include(sent[0].clone());
    assert!(matches!(status(&mut lab, id), JobStatus::Failed { .. }));
}

#[test]
fn an_outcome_is_submitted_once_and_again_only_when_the_pool_must_have_dropped_it() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.block(2);
    lab.worker_answers(id, failed());
    assert_eq!(lab.block(3).len(), 1);
    let calls = lab.calls().len();
    assert_eq!(lab.blocks(4, 3 + LONGEVITY), None);
    // A sibling of an earlier block does not bring it back either.
    assert!(lab.block(2).is_empty());
    assert_eq!(lab.calls().len(), calls);
    let again = lab.block(4 + LONGEVITY);
    assert_eq!(only(&again), (id, failed()));
    lab.include(again[0].clone());
    assert_eq!(lab.blocks(5 + LONGEVITY, 60), None);
}

#[test]
fn without_settings_key_or_finality_nothing_is_done() {
    let mut lab = Lab::new();
    lab.opened(10);
    lab.store(OFFCHAIN_WORKER_TOKEN, b"");
    assert_eq!(lab.blocks(2, 5), None);
    assert!(lab.calls().is_empty());

    let mut lab = Lab::without_settings();
    lab.opened(10);
    assert_eq!(lab.blocks(2, 5), None);
    lab.store(OFFCHAIN_WORKER_URL, URL.as_bytes());
    lab.store(OFFCHAIN_WORKER_TOKEN, TOKEN.as_bytes());
    assert_eq!(lab.blocks(6, 8), None);
    lab.finalize(5);
    assert_eq!(lab.blocks(9, 50), None);
    assert!(lab.calls().is_empty());
}

#[test]
fn an_address_off_this_machine_is_refused() {
    let mut lab = Lab::new();
    lab.opened(10);
    lab.store(OFFCHAIN_WORKER_URL, b"http://worker.example:7070");
    assert_eq!(lab.blocks(2, 5), None);
    assert!(lab.calls().is_empty());
    lab.store(OFFCHAIN_WORKER_URL, URL.as_bytes());
    lab.block(6);
    assert_eq!(lab.count("node_handOver"), 1);
}

#[test]
fn jobs_take_turns_and_a_block_s_calls_are_bounded() {
    let mut lab = Lab::new();
    lab.chain(|| FakeConsortium::set_open_jobs(&hospital(1), MAX_OPEN));
    let ids: Vec<H256> = (0..MAX_OPEN).map(|_| lab.opened(10)).collect();
    // `Lab::block` checks the bound of each block.
    lab.block(2);
    assert_eq!(lab.count("node_handOver"), 4);
    assert_eq!(lab.blocks(3, 8), None);
    assert_eq!(lab.count("node_handOver"), ids.len());
    for id in &ids {
        lab.worker_answers(*id, failed());
    }
    let mut settled = Vec::new();
    for number in 9..14 {
        for call in lab.block(number) {
            settled.push(only(std::slice::from_ref(&call)).0);
            lab.include(call);
        }
    }
    settled.sort();
    let mut all = ids;
    all.sort();
    assert_eq!(settled, all);
}

#[test]
fn a_node_that_starts_again_goes_on_where_it_was() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.block(2);
    // The pool is lost with the node; storage and state are not.
    lab.pool().sent.clear();
    lab.worker_answers(id, failed());
    assert_eq!(only(&lab.block(3)), (id, failed()));
    assert_eq!(lab.count("node_handOver"), 1);
    lab.pool().sent.clear();
    let (number, again) = lab.blocks(4, 40).unwrap();
    assert_eq!((number, only(&again)), (4 + LONGEVITY, (id, failed())));
}

#[test]
fn a_node_that_lost_its_memory_hands_over_again() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.block(2);
    lab.store(MEMORY, b"\xff\xff not readable");
    lab.block(3);
    assert_eq!(lab.count("node_handOver"), 2);
    lab.worker_answers(id, failed());
    assert_eq!(only(&lab.block(4)), (id, failed()));
}

#[test]
fn a_worker_that_lost_its_jobs_gets_them_again() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.block(2);
    lab.worker().answers.0.clear();
    lab.block(3);
    lab.block(4);
    assert_eq!(lab.count("node_handOver"), 2);
    lab.worker_answers(id, failed());
    assert_eq!(only(&lab.block(5)), (id, failed()));
}

#[test]
fn what_the_pool_refuses_is_tried_again() {
    let mut lab = Lab::new();
    let id = lab.opened(10);
    lab.block(2);
    lab.worker_answers(id, failed());
    lab.pool().refuses = true;
    assert_eq!(lab.blocks(3, 6), None);
    lab.pool().refuses = false;
    assert_eq!(only(&lab.block(7)), (id, failed()));
}

#[test]
fn rounds_do_not_overlap_but_a_dead_one_is_outlived() {
    let mut lab = Lab::new();
    lab.opened(10);
    // As a round that was killed in block 2 leaves it.
    lab.store(LOCK, &Timestamp::from_unix_millis(8_000).encode());
    assert_eq!(lab.blocks(2, 4), None);
    assert!(lab.calls().is_empty());
    lab.block(5);
    assert_eq!(lab.count("node_handOver"), 1);
    assert_eq!(lab.stored(LOCK), None);
}

#[test]
fn a_rotation_loses_no_job() {
    let mut lab = Lab::new();
    let (first, second) = (lab.opened(10), lab.opened(11));
    lab.block(2);
    lab.block(3);
    lab.worker_answers(first, failed());
    // The old key signs this one; rotated away before the block, it is dropped by the pool.
    let sent = lab.blocks(4, 5).unwrap().1;
    assert_eq!(only(&sent), (first, failed()));
    lab.chain(|| FakeConsortium::set_worker_key(&hospital(1), Some(worker_key(9))));
    assert!(lab.chain(|| validate(&sent[0])).is_err());
    // Without the new key in its keystore this node is not the hospital's any more.
    let calls = lab.calls().len();
    assert_eq!(lab.blocks(6, 8), None);
    assert_eq!(lab.calls().len(), calls);
    lab.insert_key(9);
    lab.worker_answers(second, failed());
    let mut settled = Vec::new();
    for number in 9..14 {
        for call in lab.block(number) {
            settled.push(only(std::slice::from_ref(&call)).0);
            lab.include(call);
        }
    }
    settled.sort();
    let mut all = [first, second];
    all.sort();
    assert_eq!(settled, all);
}

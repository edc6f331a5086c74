//! The offchain worker, block by block, beside a worker of which each question is expected.

use crate::{Call, mock::*};
use galen_offchain::reports::{self, LONGEVITY};
use galen_primitives::{
    H256,
    audit::disclosure::{DisclosureBatch, Site},
    worker::OFFCHAIN_WORKER_URL,
};
use galen_testing::lab::{self, ExpectedCalls};

type Lab = lab::Lab<Test, Audit, ExpectedCalls>;

/// Hospital 1's node.
fn node() -> Lab {
    Lab::new(new_ext(), Audit::do_try_state, ExpectedCalls::default())
}

/// How many batches the chain has of hospital 1, and what the next follows.
fn next_site(lab: &mut Lab) -> Site {
    lab.chain(|| Audit::site(&account(1)))
}

/// What hospital 1's worker is asked.
fn question(site: Site) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"node_disclosures","params":["0x{}",{},"{:?}"]}}"#,
        hex::encode([1; 32]),
        site.next,
        site.head
    )
}

fn batch(site: Site, count: u32) -> DisclosureBatch {
    DisclosureBatch { first: site.next, count, root: H256([5; 32]), previous: site.head }
}

fn only(calls: &[RuntimeCall]) -> DisclosureBatch {
    match calls {
        [RuntimeCall::Audit(Call::report { batch, .. })] => *batch,
        other => panic!("not one report: {other:?}"),
    }
}

#[test]
fn batches_are_taken_from_the_worker_and_reported_one_after_the_other() {
    let mut lab = node();
    let mut number = 10;
    for count in [3, 1, 70] {
        let site = next_site(&mut lab);
        lab.expect_scale(question(site), batch(site, count));
        let sent = lab.block(number);
        assert_eq!(only(&sent), batch(site, count));
        lab.include(sent[0].clone());
        lab.rests(number + 1..number + reports::PAUSE);
        number += reports::PAUSE;
    }
    assert_eq!(next_site(&mut lab).next, 74);
    let site = next_site(&mut lab);
    lab.expect_result(question(site), "null");
    lab.rests(number..number + reports::PAUSE);
}

#[test]
fn a_batch_is_sent_once_and_again_only_when_the_pool_must_have_dropped_it() {
    let mut lab = node();
    let site = Site::default();
    let offered = batch(site, 3);
    lab.expect_scale(question(site), offered);
    assert_eq!(only(&lab.block(10)), offered);
    for number in (10 + reports::PAUSE..=10 + LONGEVITY).step_by(reports::PAUSE as usize) {
        lab.expect_scale(question(site), offered);
        assert!(lab.block(number).is_empty(), "{number}");
    }
    let again = 10 + LONGEVITY + reports::PAUSE;
    lab.expect_scale(question(site), offered);
    let sent = lab.block(again);
    assert_eq!(only(&sent), offered);
    lab.include(sent[0].clone());
}

#[test]
fn a_batch_that_the_pool_refused_is_sent_again() {
    let mut lab = node();
    let site = Site::default();
    lab.pool().refuses = true;
    lab.expect_scale(question(site), batch(site, 3));
    assert!(lab.block(10).is_empty());
    lab.pool().refuses = false;
    lab.expect_scale(question(site), batch(site, 3));
    assert_eq!(only(&lab.block(10 + reports::PAUSE)), batch(site, 3));
}

#[test]
fn a_rotated_key_signs_what_the_one_before_had_sent() {
    let mut lab = node();
    let site = Site::default();
    lab.expect_scale(question(site), batch(site, 3));
    let before = lab.block(10);
    lab.insert_key(9);
    FakeConsortium::set_worker_key(&account(1), Some(worker_key(9)));
    lab.expect_scale(question(site), batch(site, 3));
    let after = lab.block(10 + reports::PAUSE);
    lab.chain(|| {
        assert!(galen_testing::validate::<Test>(before[0].clone()).is_err());
        assert!(galen_testing::validate::<Test>(after[0].clone()).is_ok());
    });
}

#[test]
fn what_does_not_follow_is_not_sent() {
    let mut lab = node();
    let site = Site::default();
    let next = batch(site, 3);
    let mut number = 10;
    for wrong in [
        DisclosureBatch { first: 1, ..next },
        DisclosureBatch { previous: H256([1; 32]), ..next },
        DisclosureBatch { count: 0, ..next },
    ] {
        lab.expect_scale(question(site), wrong);
        lab.rests(number..number + reports::PAUSE_AFTER_FAILURE);
        number += reports::PAUSE_AFTER_FAILURE;
    }
}

#[test]
fn a_worker_that_cannot_answer_is_asked_again_later() {
    let mut lab = node();
    let site = Site::default();
    let mut number = 10;
    for answer in [
        "",
        "nonsense",
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":7}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":"0x00"}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":"00"}"#,
    ] {
        lab.expect(question(site), answer);
        lab.rests(number..number + reports::PAUSE_AFTER_FAILURE);
        number += reports::PAUSE_AFTER_FAILURE;
    }
    lab.expect_scale(question(site), batch(site, 3));
    assert_eq!(only(&lab.block(number)), batch(site, 3));
}

#[test]
fn a_chain_that_was_begun_anew_is_reported_to_from_the_start() {
    let mut lab = node();
    let site = Site::default();
    lab.expect_scale(question(site), batch(site, 3));
    assert_eq!(only(&lab.block(1_000)), batch(site, 3));
    lab.expect_scale(question(site), batch(site, 3));
    assert_eq!(only(&lab.block(5)), batch(site, 3));
}

#[test]
fn without_a_key_in_force_or_a_worker_nothing_is_asked() {
    let mut lab = node();
    FakeConsortium::evict(&account(1));
    lab.rests(10..30);
    let mut lab = node();
    lab.store(OFFCHAIN_WORKER_URL, b"http://10.0.0.1:80");
    lab.rests(10..30);
}

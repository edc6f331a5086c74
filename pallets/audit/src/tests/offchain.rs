//! The offchain worker, with a worker that answers as it is told, a keystore, a pool and blocks.

use crate::{Call, LONGEVITY, mock::*};
use codec::{Decode, Encode};
use frame_support::traits::Hooks;
use galen_offchain::reports;
use galen_primitives::{
    H256,
    audit::disclosure::{DisclosureBatch, Site},
    worker::{OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL, WORKER_KEY_TYPE},
};
use sp_core::offchain::{
    OffchainDbExt, OffchainWorkerExt, StorageKind, TransactionPool, TransactionPoolExt,
    testing::{PendingRequest, TestOffchainExt},
};
use sp_keystore::{Keystore, KeystoreExt, testing::MemoryKeystore};
use std::sync::{Arc, Mutex};

const URL: &str = "http://127.0.0.1:7070";

#[derive(Clone, Default)]
struct Pool(Arc<Mutex<(Vec<Vec<u8>>, bool)>>);

impl TransactionPool for Pool {
    fn submit_transaction(&mut self, extrinsic: Vec<u8>) -> Result<(), ()> {
        let mut pool = self.0.lock().unwrap();
        if pool.1 {
            return Err(());
        }
        pool.0.push(extrinsic);
        Ok(())
    }
}

/// Hospital 1's node.
struct Lab {
    ext: sp_io::TestExternalities,
    worker: TestOffchainExt,
    pool: Pool,
    keystore: Arc<MemoryKeystore>,
}

impl Lab {
    fn new() -> Self {
        let (worker, _) = TestOffchainExt::new();
        let (pool, keystore) = (Pool::default(), Arc::new(MemoryKeystore::new()));
        let mut ext = new_ext();
        ext.register_extension(OffchainDbExt::new(worker.clone()));
        ext.register_extension(OffchainWorkerExt::new(worker.clone()));
        ext.register_extension(TransactionPoolExt::new(pool.clone()));
        ext.register_extension(KeystoreExt::from(keystore.clone()));
        let mut lab = Lab { ext, worker, pool, keystore };
        lab.insert_key(1);
        lab.store(OFFCHAIN_WORKER_URL, URL.as_bytes());
        lab.store(OFFCHAIN_WORKER_TOKEN, b"token");
        lab
    }

    fn insert_key(&mut self, seed: u8) {
        let text = format!("0x{}", hex::encode([seed; 32]));
        self.keystore.insert(WORKER_KEY_TYPE, &text, &worker_key(seed).0).unwrap();
    }

    fn store(&mut self, key: &[u8], value: &[u8]) {
        self.ext.execute_with(|| sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, key, value));
    }

    fn chain<R>(&mut self, act: impl FnOnce() -> R) -> R {
        self.ext.execute_with(|| {
            let result = act();
            Audit::do_try_state().unwrap();
            result
        })
    }

    /// The worker is asked about this, and answers so.
    fn expect(&mut self, hospital: u8, site: Site, answer: &str) {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"node_disclosures","params":["0x{}",{},"{:?}"]}}"#,
            hex::encode([hospital; 32]),
            site.next,
            site.head
        );
        let headers = [("content-type", "application/json"), ("authorization", "Bearer token")];
        self.worker.0.write().expect_request(PendingRequest {
            method: "POST".into(),
            uri: URL.into(),
            headers: headers.map(|(name, value)| (name.into(), value.into())).into(),
            body: body.into_bytes(),
            sent: true,
            response: Some(answer.into()),
            ..Default::default()
        });
    }

    fn expect_result(&mut self, site: Site, result: &str) {
        self.expect(1, site, &format!(r#"{{"jsonrpc":"2.0","id":1,"result":{result}}}"#));
    }

    fn expect_batch(&mut self, site: Site, batch: DisclosureBatch) {
        self.expect_result(site, &format!(r#""0x{}""#, hex::encode(batch.encode())));
    }

    /// A round after block `number`; gives what was sent in it. A call that was not expected, or not made, panics.
    fn block(&mut self, number: u32) -> Vec<Call<Test>> {
        let before = self.pool.0.lock().unwrap().0.len();
        self.chain(|| {
            System::set_block_number(number);
            Audit::offchain_worker(number);
        });
        let call = |extrinsic: &Vec<u8>| match Extrinsic::decode(&mut extrinsic.as_slice()).unwrap().function
        {
            RuntimeCall::Audit(call) => call,
            other => panic!("{other:?}"),
        };
        self.pool.0.lock().unwrap().0[before..].iter().map(call).collect()
    }

    /// No round of these blocks asks or sends anything: a question that is not expected panics.
    fn rests(&mut self, blocks: std::ops::Range<u32>) {
        for number in blocks {
            assert!(self.block(number).is_empty());
        }
    }

    fn include(&mut self, call: Call<Test>) {
        self.chain(|| include(call).unwrap().unwrap());
    }

    fn site(&mut self) -> Site {
        self.chain(|| Audit::site(&account(1)))
    }
}

fn batch(site: Site, count: u32) -> DisclosureBatch {
    DisclosureBatch { first: site.next, count, root: H256([5; 32]), previous: site.head }
}

fn only(calls: &[Call<Test>]) -> DisclosureBatch {
    match calls {
        [Call::report { batch, .. }] => *batch,
        other => panic!("not one report: {other:?}"),
    }
}

#[test]
fn batches_are_taken_from_the_worker_and_reported_one_after_the_other() {
    let mut lab = Lab::new();
    let mut number = 10;
    for count in [3, 1, 70] {
        let site = lab.site();
        lab.expect_batch(site, batch(site, count));
        let sent = lab.block(number);
        assert_eq!(only(&sent), batch(site, count));
        lab.include(sent[0].clone());
        lab.rests(number + 1..number + reports::PAUSE);
        number += reports::PAUSE;
    }
    assert_eq!(lab.site().next, 74);
    let site = lab.site();
    lab.expect_result(site, "null");
    lab.rests(number..number + reports::PAUSE);
}

#[test]
fn a_batch_is_sent_once_and_again_only_when_the_pool_must_have_dropped_it() {
    let mut lab = Lab::new();
    let site = Site::default();
    let offered = batch(site, 3);
    lab.expect_batch(site, offered);
    assert_eq!(only(&lab.block(10)), offered);
    for number in (10 + reports::PAUSE..=10 + LONGEVITY).step_by(reports::PAUSE as usize) {
        lab.expect_batch(site, offered);
        assert!(lab.block(number).is_empty(), "{number}");
    }
    let again = 10 + LONGEVITY + reports::PAUSE;
    lab.expect_batch(site, offered);
    let sent = lab.block(again);
    assert_eq!(only(&sent), offered);
    lab.include(sent[0].clone());
}

#[test]
fn a_batch_that_the_pool_refused_is_sent_again() {
    let mut lab = Lab::new();
    let site = Site::default();
    lab.pool.0.lock().unwrap().1 = true;
    lab.expect_batch(site, batch(site, 3));
    assert!(lab.block(10).is_empty());
    lab.pool.0.lock().unwrap().1 = false;
    lab.expect_batch(site, batch(site, 3));
    assert_eq!(only(&lab.block(10 + reports::PAUSE)), batch(site, 3));
}

#[test]
fn a_rotated_key_signs_what_the_one_before_had_sent() {
    let mut lab = Lab::new();
    let site = Site::default();
    lab.expect_batch(site, batch(site, 3));
    let before = lab.block(10);
    lab.insert_key(9);
    Keys::mutate(|keys| keys.insert(account(1), worker_key(9)));
    lab.expect_batch(site, batch(site, 3));
    let after = lab.block(10 + reports::PAUSE);
    lab.chain(|| {
        assert!(validate(&before[0]).is_err());
        assert!(validate(&after[0]).is_ok());
    });
}

#[test]
fn what_does_not_follow_is_not_sent() {
    let mut lab = Lab::new();
    let site = Site::default();
    let next = batch(site, 3);
    let mut number = 10;
    for wrong in [
        DisclosureBatch { first: 1, ..next },
        DisclosureBatch { previous: H256([1; 32]), ..next },
        DisclosureBatch { count: 0, ..next },
    ] {
        lab.expect_batch(site, wrong);
        lab.rests(number..number + reports::PAUSE_AFTER_FAILURE);
        number += reports::PAUSE_AFTER_FAILURE;
    }
}

#[test]
fn a_worker_that_cannot_answer_is_asked_again_later() {
    let mut lab = Lab::new();
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
        lab.expect(1, site, answer);
        lab.rests(number..number + reports::PAUSE_AFTER_FAILURE);
        number += reports::PAUSE_AFTER_FAILURE;
    }
    lab.expect_batch(site, batch(site, 3));
    assert_eq!(only(&lab.block(number)), batch(site, 3));
}

#[test]
fn a_chain_that_was_begun_anew_is_reported_to_from_the_start() {
    let mut lab = Lab::new();
    let site = Site::default();
    lab.expect_batch(site, batch(site, 3));
    assert_eq!(only(&lab.block(1_000)), batch(site, 3));
    lab.expect_batch(site, batch(site, 3));
    assert_eq!(only(&lab.block(5)), batch(site, 3));
}

#[test]
fn without_a_key_in_force_or_a_worker_nothing_is_asked() {
    let mut lab = Lab::new();
    Keys::mutate(|keys| keys.remove(&account(1)));
    lab.rests(10..30);
    let mut lab = Lab::new();
    lab.store(OFFCHAIN_WORKER_URL, b"http://10.0.0.1:80");
    lab.rests(10..30);
}

//! A worker made of paper, and a laboratory with it, a keystore, a pool and blocks.

use crate::{mock::*, *};
use codec::Encode;
use frame_support::traits::Hooks;
use galen_primitives::{
    H256,
    summary::Outcome,
    worker::{OFFCHAIN_FINALIZED, OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL, WORKER_KEY_TYPE},
};
use serde_json::{Value, json};
use sp_core::{
    Pair,
    offchain::{
        Externalities, HttpError, HttpRequestId, HttpRequestStatus, OffchainDbExt, OffchainWorkerExt,
        OpaqueNetworkState, StorageKind, Timestamp, TransactionPool, TransactionPoolExt,
        testing::TestOffchainExt,
    },
};
use sp_keystore::{Keystore, KeystoreExt, testing::MemoryKeystore};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

pub const URL: &str = "http://127.0.0.1:7070";
pub const TOKEN: &str = "node-token";

/// How the worker behaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Mood {
    /// As it should.
    Well,
    /// Nobody listens.
    Down,
    /// Takes the request and says nothing.
    Hanging,
    /// Sends its answer's head and then nothing.
    HangingInBody,
    /// Answers with this HTTP status.
    Status(u16),
    /// Answers with these bytes.
    Says(Vec<u8>),
}

#[derive(Default)]
struct Exchange {
    body: Vec<u8>,
    headers: Vec<(String, String)>,
    answer: Option<(u16, Vec<u8>)>,
    read: usize,
}

/// The worker's side.
pub struct Desk {
    pub mood: Mood,
    pub token: String,
    pub jobs: BTreeMap<H256, Option<Outcome>>,
    pub calls: Vec<(String, H256)>,
    exchanges: Vec<Exchange>,
}

impl Desk {
    fn answer(&mut self, exchange: usize) -> (u16, Vec<u8>) {
        let Exchange { body, headers, .. } = &self.exchanges[exchange];
        let request: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(request["jsonrpc"], "2.0");
        assert!(headers.contains(&("content-type".into(), "application/json".into())));
        let id = request["params"][0].as_str().unwrap().strip_prefix("0x").unwrap();
        let id = H256::from_slice(&hex::decode(id).unwrap());
        let method = request["method"].as_str().unwrap().to_string();
        self.calls.push((method.clone(), id));
        match &self.mood {
            Mood::Status(code) => return (*code, Vec::new()),
            Mood::Says(bytes) => return (200, bytes.clone()),
            _ => {}
        }
        if !headers.contains(&("authorization".into(), format!("Bearer {}", self.token))) {
            return (401, Vec::new());
        }
        let result = match (method.as_str(), self.jobs.get(&id)) {
            ("node_handOver", Some(_)) => json!("known"),
            ("node_handOver", None) => {
                self.jobs.insert(id, None);
                json!("accepted")
            }
            ("node_collect", None) => json!({"state": "unknown"}),
            ("node_collect", Some(None)) => json!({"state": "pending"}),
            ("node_collect", Some(Some(outcome))) => {
                json!({"state": "answered", "outcome": format!("0x{}", hex::encode(outcome.encode()))})
            }
            _ => panic!("the node may not call {method}"),
        };
        (200, json!({"jsonrpc": "2.0", "id": request["id"], "result": result}).to_string().into_bytes())
    }
}

/// The node's HTTP client, wired to the desk. A clock that only moves when somebody waits shows what a round costs.
#[derive(Clone)]
struct Wire {
    clock: TestOffchainExt,
    desk: Arc<Mutex<Desk>>,
}

impl Wire {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    fn checked(&mut self, deadline: Option<Timestamp>) -> Timestamp {
        let deadline = deadline.expect("every call has a deadline");
        assert!(deadline.unix_millis() <= self.timestamp().unix_millis() + ocw::CALL_MILLIS);
        deadline
    }
}

impl Externalities for Wire {
    fn is_validator(&self) -> bool {
        true
    }
    fn network_state(&self) -> Result<OpaqueNetworkState, ()> {
        Err(())
    }
    fn timestamp(&mut self) -> Timestamp {
        self.clock.timestamp()
    }
    fn sleep_until(&mut self, deadline: Timestamp) {
        self.clock.sleep_until(deadline)
    }
    fn random_seed(&mut self) -> [u8; 32] {
        [0; 32]
    }
    fn http_request_start(&mut self, method: &str, uri: &str, _: &[u8]) -> Result<HttpRequestId, ()> {
        assert_eq!((method, uri), ("POST", URL));
        let mut desk = self.desk();
        desk.exchanges.push(Exchange::default());
        Ok(HttpRequestId(u16::try_from(desk.exchanges.len() - 1).unwrap()))
    }
    fn http_request_add_header(&mut self, id: HttpRequestId, name: &str, value: &str) -> Result<(), ()> {
        self.desk().exchanges[usize::from(id.0)].headers.push((name.into(), value.into()));
        Ok(())
    }
    fn http_request_write_body(
        &mut self,
        id: HttpRequestId,
        chunk: &[u8],
        deadline: Option<Timestamp>,
    ) -> Result<(), HttpError> {
        self.checked(deadline);
        let mut desk = self.desk();
        let id = usize::from(id.0);
        if desk.mood == Mood::Down {
            return Err(HttpError::IoError);
        }
        desk.exchanges[id].body.extend(chunk);
        if chunk.is_empty() {
            let answer = desk.answer(id);
            desk.exchanges[id].answer = Some(answer);
        }
        Ok(())
    }
    fn http_response_wait(
        &mut self,
        ids: &[HttpRequestId],
        deadline: Option<Timestamp>,
    ) -> Vec<HttpRequestStatus> {
        let deadline = self.checked(deadline);
        if self.desk().mood == Mood::Hanging {
            self.sleep_until(deadline);
            return vec![HttpRequestStatus::DeadlineReached; ids.len()];
        }
        let desk = self.desk();
        let code = |id: &HttpRequestId| desk.exchanges[usize::from(id.0)].answer.as_ref().unwrap().0;
        ids.iter().map(|id| HttpRequestStatus::Finished(code(id))).collect()
    }
    fn http_response_headers(&mut self, _: HttpRequestId) -> Vec<(Vec<u8>, Vec<u8>)> {
        Vec::new()
    }
    fn http_response_read_body(
        &mut self,
        id: HttpRequestId,
        buffer: &mut [u8],
        deadline: Option<Timestamp>,
    ) -> Result<usize, HttpError> {
        let deadline = self.checked(deadline);
        if self.desk().mood == Mood::HangingInBody {
            self.sleep_until(deadline);
            return Err(HttpError::DeadlineReached);
        }
        let mut desk = self.desk();
        let exchange = &mut desk.exchanges[usize::from(id.0)];
        let left = &exchange.answer.as_ref().unwrap().1[exchange.read..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        exchange.read += count;
        Ok(count)
    }
    fn set_authorized_nodes(&mut self, _: Vec<sp_core::OpaquePeerId>, _: bool) {}
}

/// What the node sent to its pool, and whether the pool takes anything.
#[derive(Default)]
pub struct Pool {
    pub sent: Vec<Vec<u8>>,
    pub refuses: bool,
}

struct PoolWire(Arc<Mutex<Pool>>);

impl TransactionPool for PoolWire {
    fn submit_transaction(&mut self, extrinsic: Vec<u8>) -> Result<(), ()> {
        let mut pool = self.0.lock().unwrap();
        if pool.refuses {
            return Err(());
        }
        pool.sent.push(extrinsic);
        Ok(())
    }
}

/// Hospital 1's node with its worker.
pub struct Lab {
    ext: sp_io::TestExternalities,
    clock: TestOffchainExt,
    desk: Arc<Mutex<Desk>>,
    keystore: Arc<MemoryKeystore>,
    pub pool: Arc<Mutex<Pool>>,
}

impl Lab {
    /// With the worker's address and token known, its key in the keystore, and block 1 finalized.
    pub fn new() -> Self {
        let mut lab = Lab::without_settings();
        lab.insert_key(1);
        lab.store(OFFCHAIN_WORKER_URL, URL.as_bytes());
        lab.store(OFFCHAIN_WORKER_TOKEN, TOKEN.as_bytes());
        lab.finalize(1);
        lab
    }

    pub fn insert_key(&mut self, number: u8) {
        let seed = format!("0x{}", hex::encode([number; 32]));
        self.keystore.insert(WORKER_KEY_TYPE, &seed, &worker_pair(number).public().0).unwrap();
    }

    pub fn without_settings() -> Self {
        let keystore = Arc::new(MemoryKeystore::new());
        let (clock, _) = TestOffchainExt::new();
        let desk = Arc::new(Mutex::new(Desk {
            mood: Mood::Well,
            token: TOKEN.into(),
            jobs: BTreeMap::new(),
            calls: Vec::new(),
            exchanges: Vec::new(),
        }));
        let pool = Arc::new(Mutex::new(Pool::default()));
        let mut ext = new_ext();
        ext.register_extension(OffchainDbExt::new(clock.clone()));
        ext.register_extension(OffchainWorkerExt::new(Wire { clock: clock.clone(), desk: desk.clone() }));
        ext.register_extension(TransactionPoolExt::new(PoolWire(pool.clone())));
        ext.register_extension(KeystoreExt::from(keystore.clone()));
        Lab { ext, clock, desk, pool, keystore }
    }

    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    /// Does something on chain, and checks the state afterwards.
    pub fn chain<R>(&mut self, act: impl FnOnce() -> R) -> R {
        self.ext.execute_with(|| {
            let result = act();
            Summaries::do_try_state().unwrap();
            result
        })
    }

    pub fn store(&mut self, key: &[u8], value: &[u8]) {
        self.ext.execute_with(|| sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, key, value));
    }

    pub fn stored(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.ext.execute_with(|| sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, key))
    }

    pub fn finalize(&mut self, number: u32) {
        self.store(OFFCHAIN_FINALIZED, &number.encode());
    }

    /// Block `number`, two seconds after the one before, with a round after it; gives what was submitted in it.
    pub fn block(&mut self, number: u32) -> Vec<Call<Test>> {
        let start = u64::from(number) * 2_000;
        self.clock.0.write().timestamp = Timestamp::from_unix_millis(start);
        let (calls, sent) = (self.desk().calls.len(), self.pool.lock().unwrap().sent.len());
        self.chain(|| {
            System::set_block_number(number);
            Summaries::offchain_worker(number);
        });
        let calls = self.desk().calls.len() - calls;
        assert!(calls <= usize::try_from(ocw::HTTP_CALLS).unwrap());
        let spent = self.clock.0.read().timestamp.unix_millis() - start;
        assert!(spent <= ocw::CALL_MILLIS, "a round took {spent} ms");
        self.pool.lock().unwrap().sent[sent..].iter().map(|extrinsic| call_of(extrinsic)).collect()
    }

    /// Blocks from `first` to `last`; gives the first block in which something was submitted, and what.
    pub fn blocks(&mut self, first: u32, last: u32) -> Option<(u32, Vec<Call<Test>>)> {
        (first..=last).map(|number| (number, self.block(number))).find(|(_, sent)| !sent.is_empty())
    }

    pub fn opened(&mut self, record: u8) -> H256 {
        self.chain(|| opened(1, record_id(record)))
    }

    /// What the worker answers for the job from now on.
    pub fn worker_answers(&mut self, id: H256, outcome: Outcome) {
        self.desk().jobs.insert(id, Some(outcome));
    }

    pub fn include(&mut self, call: Call<Test>) {
        self.chain(|| include(call).unwrap().unwrap());
    }

    pub fn count(&self, method: &str) -> usize {
        self.desk().calls.iter().filter(|(name, _)| name == method).count()
    }
}

/// The one outcome that was submitted, and for which job.
pub fn only(calls: &[Call<Test>]) -> (H256, Outcome) {
    match calls {
        [Call::submit { job, outcome, .. }] => (*job, outcome.clone()),
        other => panic!("not one submission: {}", other.len()),
    }
}

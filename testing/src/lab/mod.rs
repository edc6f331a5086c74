//! A laboratory for offchain workers: a hospital's node with its pool, its keystore and a fake worker, block
//! by block.

mod http;
mod worker;

pub use worker::{Answers, Behaviour, ExpectedCalls, FakeWorker, TOKEN, URL};

use crate::{Extrinsic, TryState, include, worker_key};
use codec::{Decode, Encode};
use frame_support::traits::Hooks;
use frame_system::{Config, Pallet as System, pallet_prelude::BlockNumberFor};
use galen_primitives::worker::{
    OFFCHAIN_FINALIZED, OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL, WORKER_KEY_TYPE,
};
use sp_core::offchain::{
    OffchainDbExt, OffchainWorkerExt, StorageKind, Timestamp, TransactionPool, TransactionPoolExt,
    testing::TestOffchainExt,
};
use sp_io::TestExternalities;
use sp_keystore::{Keystore, KeystoreExt, testing::MemoryKeystore};
use std::{
    marker::PhantomData,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard},
};

/// Milliseconds between two blocks.
const BLOCK_MILLIS: u64 = 2_000;

/// The pool of the node.
#[derive(Default)]
pub struct FakePool {
    /// What was sent to it and taken, oldest first.
    pub sent: Vec<Vec<u8>>,
    /// Whether it refuses what it is sent.
    pub refuses: bool,
}

struct PoolHandle(Arc<Mutex<FakePool>>);

impl TransactionPool for PoolHandle {
    fn submit_transaction(&mut self, extrinsic: Vec<u8>) -> Result<(), ()> {
        let mut pool = self.0.lock().unwrap();
        if pool.refuses {
            return Err(());
        }
        pool.sent.push(extrinsic);
        Ok(())
    }
}

/// A node of runtime `T`, in which the offchain worker of pallet `P` runs beside a fake worker that answers
/// with `A`.
pub struct Lab<T, P, A> {
    chain: TestExternalities,
    try_state: TryState,
    offchain: TestOffchainExt,
    worker: Arc<Mutex<FakeWorker<A>>>,
    pool: Arc<Mutex<FakePool>>,
    keystore: Arc<MemoryKeystore>,
    marker: PhantomData<(T, P)>,
}

impl<T, P, A> Lab<T, P, A>
where
    T: Config,
    T::RuntimeCall: Decode,
    P: Hooks<BlockNumberFor<T>>,
    A: Answers,
{
    /// A node of hospital 1: it has the worker's address and token, and the hospital's worker key; block 1 is
    /// final.
    pub fn new(chain: TestExternalities, try_state: TryState, answers: A) -> Self {
        let mut lab = Self::without_settings(chain, try_state, answers);
        lab.insert_key(1);
        lab.store(OFFCHAIN_WORKER_URL, URL.as_bytes());
        lab.store(OFFCHAIN_WORKER_TOKEN, TOKEN.as_bytes());
        lab.finalize(1);
        lab
    }

    /// A node that knows neither a worker nor a key, and no final block.
    pub fn without_settings(mut chain: TestExternalities, try_state: TryState, answers: A) -> Self {
        let (offchain, _) = TestOffchainExt::new();
        let worker = Arc::new(Mutex::new(FakeWorker::new(answers)));
        let pool = Arc::new(Mutex::new(FakePool::default()));
        let keystore = Arc::new(MemoryKeystore::new());
        chain.register_extension(OffchainDbExt::new(offchain.clone()));
        chain.register_extension(OffchainWorkerExt::new(http::HttpClient::new(&offchain, &worker)));
        chain.register_extension(TransactionPoolExt::new(PoolHandle(pool.clone())));
        chain.register_extension(KeystoreExt::from(keystore.clone()));
        Lab { chain, try_state, offchain, worker, pool, keystore, marker: PhantomData }
    }

    /// Puts the worker key of hospital number `n` into the keystore.
    pub fn insert_key(&mut self, n: u8) {
        let seed = format!("0x{}", hex::encode([n; 32]));
        self.keystore.insert(WORKER_KEY_TYPE, &seed, &worker_key(n).0).unwrap();
    }

    /// Does something on chain, and panics if the invariants do not hold after it.
    pub fn chain<R>(&mut self, act: impl FnOnce() -> R) -> R {
        self.chain.execute_with(|| {
            let result = act();
            (self.try_state)().expect("the invariants hold");
            result
        })
    }

    /// Writes to the node's PERSISTENT offchain storage.
    pub fn store(&mut self, key: &[u8], value: &[u8]) {
        self.chain.execute_with(|| sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, key, value));
    }

    /// Reads the node's PERSISTENT offchain storage.
    pub fn stored(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.chain.execute_with(|| sp_io::offchain::local_storage_get(StorageKind::PERSISTENT, key))
    }

    /// Notes block `number` as the last final one.
    pub fn finalize(&mut self, number: u32) {
        self.store(OFFCHAIN_FINALIZED, &number.encode());
    }

    /// The fake worker.
    pub fn worker(&self) -> MutexGuard<'_, FakeWorker<A>> {
        self.worker.lock().unwrap()
    }

    /// The pool.
    pub fn pool(&self) -> MutexGuard<'_, FakePool> {
        self.pool.lock().unwrap()
    }

    /// Block `number`, with a round of the offchain worker after it; gives the calls that were sent in it.
    /// Panics if the round waited for longer than one call may take.
    pub fn block(&mut self, number: u32) -> Vec<T::RuntimeCall> {
        let start = u64::from(number) * BLOCK_MILLIS;
        self.offchain.0.write().timestamp = Timestamp::from_unix_millis(start);
        let before = self.pool().sent.len();
        self.chain(|| {
            System::<T>::set_block_number(number.into());
            P::offchain_worker(number.into());
        });
        let waited = self.offchain.0.read().timestamp.unix_millis() - start;
        assert!(waited <= galen_offchain::CALL_MILLIS, "a round took {waited} ms");
        self.worker().answers.after_round();
        let call = |bytes: &Vec<u8>| {
            let extrinsic = Extrinsic::<T::RuntimeCall, T>::decode(&mut bytes.as_slice());
            extrinsic.expect("an extrinsic is sent").function
        };
        self.pool().sent[before..].iter().map(call).collect()
    }

    /// The blocks of `numbers`, in which nothing may be sent.
    pub fn rests(&mut self, numbers: Range<u32>) {
        for number in numbers {
            assert!(self.block(number).is_empty(), "something was sent after block {number}");
        }
    }

    /// Brings a call that was sent on chain, where it must succeed.
    pub fn include(&mut self, call: impl Into<T::RuntimeCall>) {
        self.chain(|| include::<T>(call).unwrap().unwrap());
    }
}

impl<T, P> Lab<T, P, ExpectedCalls> {
    /// Expects in the next round that the worker is asked exactly this, and answers so.
    pub fn expect(&mut self, question: impl Into<String>, answer: impl Into<String>) {
        self.worker.lock().unwrap().answers.expect(question.into(), answer.into());
    }

    /// Expects the question; the answer is this JSON as the result of the call.
    pub fn expect_result(&mut self, question: impl Into<String>, result: &str) {
        self.expect(question, format!(r#"{{"jsonrpc":"2.0","id":1,"result":{result}}}"#));
    }

    /// Expects the question; the answer is the value's SCALE bytes as the result of the call.
    pub fn expect_scale(&mut self, question: impl Into<String>, value: impl Encode) {
        self.expect_result(question, &format!(r#""0x{}""#, hex::encode(value.encode())));
    }
}

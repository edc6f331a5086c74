//! A third log, of which no pallet knows: who held which shift. It supplies what a log must supply, and
//! nothing else, and comes from this worker through its node onto a chain.

use super::*;
use crate::store::{Store, failed, file_opener};
use codec::{Decode, Encode};
use galen_offchain::reports::{self, FORK, GAP, LONGEVITY, PAUSE, PAUSE_AFTER_FAILURE, PRIORITY, Reports};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    commitment::tagged_hash,
    member::{MemberName, Quotas},
    merkle::Tree,
    reports::Position,
    traits::Consortium,
    worker::{OFFCHAIN_WORKER_TOKEN, OFFCHAIN_WORKER_URL, WORKER_KEY_TYPE},
};
use prometheus::IntGauge;
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use serde_json::{Value, json};
use sp_core::{
    Pair,
    offchain::{
        OffchainDbExt, OffchainWorkerExt, StorageKind,
        testing::{PendingRequest, TestOffchainExt},
    },
    sr25519,
};
use sp_keystore::{Keystore, KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{
    DispatchError, DispatchResult,
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
    },
};
use std::{
    cell::RefCell,
    ops::Range,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

// 1. The batch, as primitives would have it.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
struct Shifts {
    first: u64,
    count: u32,
    root: H256,
    previous: H256,
}

impl LogBatch for Shifts {
    const NAME: &'static str = "shifts";
    const METHOD: &'static str = "node_shifts";
    const TREE: Tree = Tree(b"test:shifts");
    const HEAD_TAG: &'static [u8] = b"test:shifts-head";
    const PAYLOAD_TAG: &'static [u8] = b"test:shifts-report";

    fn first(&self) -> u64 {
        self.first
    }
    fn count(&self) -> u32 {
        self.count
    }
    fn root(&self) -> H256 {
        self.root
    }
    fn previous(&self) -> H256 {
        self.previous
    }
}

// 2. What its pallet would supply.

#[derive(Default)]
struct Chain {
    block: BlockNumber,
    position: Position,
    taken: Vec<Shifts>,
    pool: Vec<(Shifts, sr25519::Signature)>,
}

thread_local! {
    static CHAIN: RefCell<Chain> = RefCell::default();
}

fn chain<R>(act: impl FnOnce(&mut Chain) -> R) -> R {
    CHAIN.with_borrow_mut(act)
}

struct ShiftReports;

impl Reports for ShiftReports {
    type Batch = Shifts;
    type Consortium = OneHospital;
    const LOG: &'static str = "test::shifts";
    const TAG: &'static str = "TestShifts";
    const MEMORY: &'static [u8] = b"test::shifts";
    const LOCK: &'static [u8] = b"test::shifts::lock";

    fn genesis_hash() -> H256 {
        H256([7; 32])
    }
    fn block() -> BlockNumber {
        chain(|chain| chain.block)
    }
    fn position(_: &AccountId) -> Position {
        chain(|chain| chain.position)
    }
    fn submit(_: AccountId, batch: Shifts, signature: sr25519::Signature) -> Result<(), ()> {
        chain(|chain| chain.pool.push((batch, signature)));
        Ok(())
    }
}

fn hospital() -> AccountId {
    AccountId::new([1; 32])
}

fn worker_key() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[1; 32])
}

struct OneHospital;

impl Consortium for OneHospital {
    fn is_member(account: &AccountId) -> bool {
        *account == hospital()
    }
    fn name(_: &AccountId) -> Option<MemberName> {
        None
    }
    fn worker_key(account: &AccountId) -> Option<H256> {
        Self::is_member(account).then(|| H256(worker_key().public().0))
    }
    fn member_of_worker_key(key: &H256) -> Option<AccountId> {
        (key.0 == worker_key().public().0).then(hospital)
    }
    fn quotas(_: &AccountId) -> Option<Quotas> {
        None
    }
    fn charge_grant(_: &AccountId) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

fn authorize(
    batch: &Shifts,
    signature: &sr25519::Signature,
) -> Result<ValidTransaction, TransactionValidityError> {
    reports::authorize::<ShiftReports>(TransactionSource::External, &hospital(), batch, signature)
        .map(|(validity, _)| validity)
}

// 3. The log, as this worker would have it: a line of text and when it was written.

const LINES: TableDefinition<u64, (u64, &str)> = TableDefinition::new("lines");
const LOST: TableDefinition<u64, [u8; 32]> = TableDefinition::new("lost");

struct ShiftLog(Mutex<Store>);

fn hash(line: &str) -> H256 {
    tagged_hash(b"test:shift", &[line.as_bytes()])
}

impl ShiftLog {
    fn open(path: &Path) -> Arc<Self> {
        let mut store = Store::open(path, file_opener()).unwrap();
        store
            .write(|transaction| {
                transaction.open_table(LINES).map_err(failed)?;
                transaction.open_table(LOST).map_err(failed)?;
                transaction.open_table(Self::BATCHES).map_err(failed)?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        Arc::new(ShiftLog(Mutex::new(store)))
    }

    fn append(&self, line: &str, at: UnixSeconds) {
        let mut store = self.store();
        let number = store.read(Self::next_number).unwrap();
        let write = |transaction: &WriteTransaction| {
            transaction.open_table(LINES).map_err(failed)?.insert(number, (at, line)).map_err(failed)?;
            Ok::<_, StoreError>(())
        };
        store.write(write).unwrap();
    }
}

impl ReportLog for ShiftLog {
    type Batch = Shifts;
    type Mark = ();
    const BATCHES: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new("batches");

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_number(transaction: &ReadTransaction) -> Result<u64, StoreError> {
        let lines = transaction.open_table(LINES).map_err(failed)?;
        let after_last = lines.last().map_err(failed)?.map_or(0, |(number, _)| number.value() + 1);
        Ok(after_last.max(Self::sealed(transaction)?.position.next))
    }

    fn leaves(transaction: &ReadTransaction, numbers: Range<u64>) -> Result<Vec<H256>, StoreError> {
        let lines = transaction.open_table(LINES).map_err(failed)?;
        let mut leaves = Vec::new();
        for line in lines.range(numbers).map_err(failed)? {
            leaves.push(Shifts::leaf(&hash(line.map_err(failed)?.1.value().1)));
        }
        Ok(leaves)
    }

    fn make(
        store: &mut Store,
        sealed: &Sealed<()>,
        due: &Due,
        now: UnixSeconds,
    ) -> Result<Option<Shifts>, StoreError> {
        store.read(|transaction| {
            let Position { next: first, head: previous, .. } = sealed.position;
            let lines = transaction.open_table(LINES).map_err(failed)?;
            let oldest = lines.range(first..).map_err(failed)?.next().transpose().map_err(failed)?;
            let Some((_, oldest)) = oldest else { return Ok(None) };
            let waiting = Self::next_number(transaction)? - first;
            if !due.is_due(waiting, oldest.value().0, now) {
                return Ok(None);
            }
            let count = waiting.min(due.entries.into()) as u32;
            let root = Shifts::TREE.root(&Self::leaves(transaction, first..first + u64::from(count))?);
            Ok(Some(Shifts { first, count, root, previous }))
        })
    }

    fn last_loss(transaction: &ReadTransaction) -> Result<Option<Sealed<()>>, StoreError> {
        let lost = transaction.open_table(LOST).map_err(failed)?;
        let last = lost.last().map_err(failed)?;
        Ok(last.map(|(next, head)| Sealed {
            position: Position::of_entries(next.value(), H256(head.value())),
            mark: (),
        }))
    }

    fn write_loss(
        transaction: &WriteTransaction,
        _: &Sealed<()>,
        chain: &Position,
    ) -> Result<(), StoreError> {
        transaction.open_table(LOST).map_err(failed)?.insert(chain.next, chain.head.0).map_err(failed)?;
        Ok(())
    }

    fn renumber(transaction: &WriteTransaction, from: u64, to: u64) -> Result<(), StoreError> {
        let mut lines = transaction.open_table(LINES).map_err(failed)?;
        let line = lines.remove(from).map_err(failed)?.map(|line| {
            let (at, line) = line.value();
            (at, line.to_owned())
        });
        let (at, line) = line.ok_or_else(|| StoreError::Damaged("shifts".into()))?;
        lines.insert(to, (at, line.as_str())).map_err(failed)?;
        Ok(())
    }
}

// The node, and all three together.

const URL: &str = "http://127.0.0.1:7070";
const DUE: Due = Due { entries: 3, seconds: 60, silence: None };

struct Lab {
    ext: sp_io::TestExternalities,
    http: TestOffchainExt,
    reporter: Reporter<ShiftLog>,
    diverged: IntGauge,
}

impl Lab {
    fn new(log: Arc<ShiftLog>, resume: bool, position: Position) -> Self {
        chain(|chain| *chain = Chain { position, ..Chain::default() });
        let (http, _) = TestOffchainExt::new();
        let keystore = MemoryKeystore::new();
        let seed = format!("0x{}", hex::encode([1; 32]));
        keystore.insert(WORKER_KEY_TYPE, &seed, &worker_key().public().0).unwrap();
        let mut ext = sp_io::TestExternalities::default();
        ext.register_extension(OffchainDbExt::new(http.clone()));
        ext.register_extension(OffchainWorkerExt::new(http.clone()));
        ext.register_extension(KeystoreExt::new(keystore));
        ext.execute_with(|| {
            let store = |key, value| sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, key, value);
            store(OFFCHAIN_WORKER_URL, URL.as_bytes());
            store(OFFCHAIN_WORKER_TOKEN, b"token");
        });
        let diverged = IntGauge::new("diverged", "of the test").unwrap();
        Lab { ext, http, reporter: Reporter::new(log, DUE, resume, diverged.clone()), diverged }
    }

    /// The worker's answer to a question, as its method would give it.
    fn answer(&self, question: &str, now: UnixSeconds) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        assert_eq!(question["method"], Shifts::METHOD);
        let params = question["params"].as_array().unwrap();
        assert_eq!(params[0], json!(format!("0x{}", hex::encode(hospital()))));
        let head = serde_json::from_value(params[2].clone()).unwrap();
        let position = Position::of_entries(params[1].as_u64().unwrap(), head);
        match self.reporter.next_batch(&position, now) {
            Ok(batch) => {
                let batch = batch.map(|batch| format!("0x{}", hex::encode(batch.encode())));
                json!({ "jsonrpc": "2.0", "id": 1, "result": batch }).to_string()
            }
            Err(why) => {
                let error = json!({ "code": -32048, "message": why.to_string() });
                json!({ "jsonrpc": "2.0", "id": 1, "error": error }).to_string()
            }
        }
    }

    /// The node asks after block `number`, and the worker answers at second `now`.
    fn asks(&mut self, number: BlockNumber, now: UnixSeconds) {
        let body = reports::question::<Shifts>(&hospital(), &chain(|chain| chain.position));
        let response = self.answer(&body, now);
        let headers = [("content-type", "application/json"), ("authorization", "Bearer token")];
        self.http.0.write().expect_request(PendingRequest {
            method: "POST".into(),
            uri: URL.into(),
            headers: headers.map(|(name, value)| (name.into(), value.into())).into(),
            body: body.into_bytes(),
            sent: true,
            response: Some(response.into()),
            ..Default::default()
        });
        self.round(number);
    }

    /// The offchain worker runs after block `number`. A question that is not expected panics.
    fn round(&mut self, number: BlockNumber) {
        chain(|chain| chain.block = number);
        self.ext.execute_with(|| reports::run::<ShiftReports>(number));
    }
}

/// The next block: takes what is in the pool.
fn include() -> Vec<ValidTransaction> {
    let take = |(batch, signature): (Shifts, sr25519::Signature)| {
        let validity = authorize(&batch, &signature).unwrap();
        chain(|chain| {
            chain.position = batch.follows(&chain.position).unwrap();
            chain.taken.push(batch);
        });
        validity
    };
    chain(|chain| std::mem::take(&mut chain.pool)).into_iter().map(take).collect()
}

#[test]
fn a_third_log_comes_from_the_worker_onto_the_chain_entry_by_entry() {
    let dir = tempfile::tempdir().unwrap();
    let log = ShiftLog::open(&dir.path().join("shifts.redb"));
    let mut lab = Lab::new(log.clone(), false, Position::default());
    let lines: Vec<String> = (0..8).map(|number| format!("shift {number}")).collect();
    for line in &lines {
        log.append(line, 100);
    }
    assert_eq!(log.waiting().unwrap(), 8);
    let mut number = 10;
    for (at, count) in [(100, 3), (100, 3), (160, 2)] {
        lab.asks(number, at);
        let validity = include().pop().expect("a report was sent");
        assert_eq!((validity.priority, validity.longevity), (PRIORITY, LONGEVITY.into()));
        assert_eq!(chain(|chain| chain.taken.last().unwrap().count), count);
        (1..PAUSE).for_each(|later| lab.round(number + later));
        number += PAUSE;
    }
    // Nothing waits, and nothing is sent.
    lab.asks(number, 999);
    assert!(include().is_empty());
    assert_eq!((log.waiting().unwrap(), chain(|chain| chain.position.next)), (0, 8));
    for (entry, line) in (0..).zip(&lines) {
        let proven = log.prove(entry).unwrap().unwrap();
        assert!(proven.batch.proves(entry, &hash(line), &proven.path));
        assert!(!proven.batch.proves(entry, &hash("another"), &proven.path));
        assert!(chain(|chain| chain.taken.contains(&proven.batch)));
        assert_eq!(log.batch_of(entry).unwrap(), Some(proven.batch));
    }
    assert_eq!(log.prove(8).unwrap(), None);
}

#[test]
fn only_the_next_batch_with_the_workers_signature_is_authorized() {
    let position = Position::of_entries(5, H256([4; 32]));
    chain(|chain| *chain = Chain { position, ..Chain::default() });
    let next = Shifts { first: 5, count: 1, root: H256([3; 32]), previous: position.head };
    let signed = |batch: &Shifts, by: &sr25519::Pair| {
        by.sign(&batch.payload(&ShiftReports::genesis_hash(), &hospital()))
    };
    let refused = |batch: Shifts| authorize(&batch, &signed(&batch, &worker_key())).unwrap_err();
    assert!(authorize(&next, &signed(&next, &worker_key())).is_ok());
    assert_eq!(refused(Shifts { count: 0, ..next }), InvalidTransaction::Call.into());
    assert_eq!(refused(Shifts { first: 4, ..next }), InvalidTransaction::Stale.into());
    assert_eq!(refused(Shifts { first: 6, ..next }), InvalidTransaction::Custom(GAP).into());
    assert_eq!(refused(Shifts { previous: H256::zero(), ..next }), InvalidTransaction::Custom(FORK).into());
    let stranger = sr25519::Pair::from_seed(&[2; 32]);
    let forged = authorize(&next, &signed(&next, &stranger));
    assert_eq!(forged.unwrap_err(), InvalidTransaction::BadProof.into());
    let other = Shifts { root: H256([9; 32]), ..next };
    let changed = authorize(&other, &signed(&next, &worker_key()));
    assert_eq!(changed.unwrap_err(), InvalidTransaction::BadProof.into());
    let signature = signed(&next, &worker_key());
    let source = TransactionSource::External;
    let outsider = reports::authorize::<ShiftReports>(source, &AccountId::new([2; 32]), &next, &signature);
    assert_eq!(outsider.unwrap_err(), InvalidTransaction::BadSigner.into());
}

#[test]
fn a_third_log_that_was_restored_is_noticed_and_continued_when_the_operator_says() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shifts.redb");
    let log = ShiftLog::open(&path);
    log.append("restored", 100);
    // The chain has seen seven entries, of which the restored log knows none.
    let seen = Position::of_entries(7, H256([9; 32]));
    let mut lab = Lab::new(log.clone(), false, seen);
    lab.asks(10, 999);
    assert!(include().is_empty());
    assert_eq!(lab.diverged.get(), 1);
    let why = lab.reporter.next_batch(&seen, 999).unwrap_err();
    assert!(why.to_string().contains("--continue shifts"), "{why}");

    let mut lab = Lab::new(log.clone(), true, seen);
    lab.asks(10 + PAUSE_AFTER_FAILURE, 999);
    assert_eq!((include().len(), lab.diverged.get()), (1, 0));
    let proven = log.prove(7).unwrap().unwrap();
    assert!(proven.batch.proves(7, &hash("restored"), &proven.path));
    assert_eq!((proven.batch.first, proven.batch.previous), (7, seen.head));
    assert_eq!(log.batch_of(0).unwrap(), None);
}

#[test]
fn a_shown_batch_never_changes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shifts.redb");
    let log = ShiftLog::open(&path);
    log.append("first", 100);
    let start = Position::default();
    assert_eq!(log.collect(&start, &DUE, 159).unwrap(), None);
    let shown = log.collect(&start, &DUE, 160).unwrap().unwrap();
    log.append("second", 100);
    drop(log);
    let log = ShiftLog::open(&path);
    assert_eq!(log.collect(&start, &DUE, 999).unwrap(), Some(shown));
    let fork = Position { head: H256([1; 32]), ..start };
    assert!(matches!(log.collect(&fork, &DUE, 999), Err(CollectError::Diverged(_))));
    // A clock that was set back does not keep entries from the chain.
    let next = log.collect(&shown.position_after().unwrap(), &DUE, 0).unwrap().unwrap();
    assert_eq!((next.first, next.count, next.previous), (1, 1, shown.head()));
}

#[test]
fn kinds_are_known_by_the_names_of_their_entries() {
    assert_eq!("disclosures".parse(), Ok(Kind::Disclosures));
    assert_eq!("readings".parse(), Ok(Kind::Readings));
    assert_eq!("Readings".parse::<Kind>(), Err("it is disclosures or readings".into()));
}

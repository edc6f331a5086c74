//! A chain that says what it is told to, an engine that takes its time, and a worker between them.

use futures::future::BoxFuture;
use galen_engine::{CancelFlag, note::Note};
use galen_primitives::{
    AccountId, H256,
    audit::disclosure::{DisclosureBatch, ReportedBatch},
    consent::{Basis, Confidentiality, Decision, Outcome, Part, Purpose, Question, Reason},
    devices::Device,
    emergency::Ruling,
    records::{Record, RecordAttributes, RecordFacts, Voided, batch::ErasedLeaf},
    reports::LogBatch,
    summary::{Job, JobStatus},
};
use galen_worker::{
    chain::{ChainError, ChainView, ErasedPage, Finalized, Overdue},
    clock::Clock,
    config::Config,
    credentials::{self, token_path},
    jobs::{Made, Model, NotMade, Summariser},
    service::{self, Environment, Running},
    shutdown::{self, Shutdown, Trigger},
    stores::Layout,
};
use galen_worker_api::{Code, Role};
use jsonrpsee::{
    core::{ClientError, client::ClientT, params::ObjectParams},
    http_client::{HeaderMap, HttpClient, HttpClientBuilder},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

pub const NOTE: &str = "The patient denies chest pain. Takes metformin 500 mg twice daily.";

pub fn hash(byte: u8) -> H256 {
    H256([byte; 32])
}

pub fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 32])
}

/// The hospital that every job is of.
pub fn hospital() -> AccountId {
    account(0xAA)
}

/// The patient that every record is about.
pub fn patient() -> AccountId {
    account(0x11)
}

/// An open job.
pub fn job(record: H256) -> Job {
    Job {
        record,
        model: model().model,
        purpose: Purpose::Treat,
        hospital: hospital(),
        worker_key: hash(0xBB),
        consent: Some(3),
        access: None,
        requested_at: 1,
        deadline: 100,
        status: JobStatus::Open,
    }
}

pub fn model() -> Model {
    Model {
        name: "test model".into(),
        model: hash(0xC0),
        template: hash(0xC1),
        parameters: hash(0xC2),
        engine: hash(0xC3),
        engine_build: "test".into(),
    }
}

/// What the chain says.
pub struct Says {
    pub number: u32,
    pub jobs: HashMap<H256, Job>,
    pub refuses: Option<Reason>,
    /// The access of an emergency that is open.
    pub access: Option<H256>,
    /// What the hospital is late with.
    pub overdue: Overdue,
    pub down: bool,
    /// Lines of `job record` in hex, `erased record`, or `device id JSON`: the chain of another process.
    pub file: Option<PathBuf>,
    pub asked: Vec<Question>,
    /// By how many seconds the newest finalized block is old.
    pub age: i64,
    /// Tells this chain from others.
    pub genesis: u8,
    /// The audit log: who erased which record. What is erased is anchored, for [`patient`].
    pub erased: Vec<(AccountId, H256)>,
    /// After those, who erased which leaf of a batch that was never revealed, so that it is no record.
    pub erased_leaves: Vec<(AccountId, H256)>,
    /// Whether records that are anchored were entered in error.
    pub voided: Option<Voided>,
    /// How many pages of the log were asked for, and from which entry the last one.
    pub pages: (u32, u64),
    /// The batches of disclosures that the hospital reported.
    pub reported: Vec<DisclosureBatch>,
    /// Registered devices.
    pub devices: HashMap<H256, Device>,
    /// The chain goes down after so many more pages.
    pub pages_left: Option<u32>,
    /// The time, here and at the worker.
    pub clock: Clock,
}

/// Entries of a page, fewer than on a real chain so that tests need several.
pub const PAGE: usize = 3;

pub struct FakeChain(pub Mutex<Says>);

impl FakeChain {
    pub fn new() -> Arc<Self> {
        Arc::new(FakeChain(Mutex::new(Says {
            number: 10,
            jobs: HashMap::new(),
            refuses: None,
            access: None,
            overdue: Overdue::default(),
            down: false,
            file: None,
            asked: Vec::new(),
            age: 0,
            genesis: 0,
            erased: Vec::new(),
            erased_leaves: Vec::new(),
            voided: None,
            pages: (0, 0),
            reported: Vec::new(),
            devices: HashMap::new(),
            pages_left: None,
            clock: Clock::default(),
        })))
    }

    pub fn clock(&self) -> Clock {
        self.set(|says| says.clock.clone())
    }

    pub fn set<T>(&self, change: impl FnOnce(&mut Says) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    fn say<T: Send + 'static>(
        &self,
        answer: impl FnOnce(&mut Says) -> T,
    ) -> BoxFuture<'static, Result<T, ChainError>> {
        let said = self.set(|says| {
            if let Some(file) = says.file.as_ref().and_then(|file| fs::read_to_string(file).ok()) {
                says.erased.clear();
                for line in file.lines() {
                    let (what, record) = line.split_once(' ').unwrap();
                    if what == "device" {
                        let (id, device) = record.split_once(' ').unwrap();
                        says.devices.insert(id.parse().unwrap(), serde_json::from_str(device).unwrap());
                        continue;
                    }
                    let record = record.parse().unwrap();
                    match what {
                        "erased" => says.erased.push((hospital(), record)),
                        id => drop(says.jobs.entry(id.parse().unwrap()).or_insert_with(|| job(record))),
                    }
                }
            }
            (!says.down).then(|| answer(says)).ok_or_else(|| ChainError("down".into()))
        });
        Box::pin(async move { said })
    }

    fn ruling(says: &Says) -> Ruling {
        let decision = match says.refuses {
            Some(reason) => Decision::refuse(reason),
            None => Decision {
                outcome: Outcome::Permit,
                basis: Some(Basis { consent: 4, part: Part::Root }),
                ..Decision::refuse(Reason::Root)
            },
        };
        Ruling { decision, access: says.access }
    }
}

/// The hash of a block, of this chain and no other.
fn block(says: &Says, number: u32) -> H256 {
    let mut hash = H256::from_low_u64_be(number.into());
    hash.0[0] = says.genesis;
    hash
}

impl ChainView for FakeChain {
    fn finalized(&self) -> BoxFuture<'_, Result<Finalized, ChainError>> {
        self.say(|says| Finalized { hash: block(says, says.number), number: says.number })
    }
    fn job(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Job>, ChainError>> {
        self.say(|says| says.jobs.get(&id).cloned())
    }
    fn check(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Ruling>, ChainError>> {
        self.say(|says| says.jobs.contains_key(&id).then(|| Self::ruling(says)))
    }
    fn record(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Record>, ChainError>> {
        self.say(|says| {
            let eraser = says.erased.iter().find(|(_, record)| *record == id).map(|(who, _)| who.clone());
            (eraser.is_some() || says.jobs.values().any(|job| job.record == id)).then(|| {
                let facts = RecordFacts { level: Confidentiality::R, ..Default::default() };
                let attributes = RecordAttributes { patient: patient(), facts };
                let erased_at = eraser.is_some().then_some(2);
                let custodian = eraser.unwrap_or_else(hospital);
                Record { erased_at, voided: says.voided.clone(), ..Record::new(custodian, attributes, 1) }
            })
        })
    }
    fn erased_leaf(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<ErasedLeaf>, ChainError>> {
        self.say(|says| {
            let eraser = says.erased_leaves.iter().find(|(_, record)| *record == id);
            eraser.map(|(who, _)| ErasedLeaf { custodian: who.clone(), batch: hash(0xBA), erased_at: 2 })
        })
    }
    fn rule(&self, question: Question, _: H256, _: H256) -> BoxFuture<'_, Result<Ruling, ChainError>> {
        self.say(|says| {
            says.asked.push(question);
            Self::ruling(says)
        })
    }
    fn overdue(&self, of: AccountId, _: H256) -> BoxFuture<'_, Result<Overdue, ChainError>> {
        self.say(|says| if of == hospital() { says.overdue } else { Overdue::default() })
    }
    fn time(&self, _: H256) -> BoxFuture<'_, Result<u64, ChainError>> {
        self.say(|says| says.clock.seconds().saturating_add_signed(-says.age))
    }
    fn block_hash(&self, number: u32) -> BoxFuture<'_, Result<Option<H256>, ChainError>> {
        self.say(move |says| (number <= says.number).then(|| block(says, number)))
    }
    fn erasures(
        &self,
        hospital: Option<AccountId>,
        from: u64,
        _: H256,
    ) -> BoxFuture<'_, Result<ErasedPage, ChainError>> {
        self.say(move |says| {
            says.pages = (says.pages.0 + 1, from);
            let from = from as usize;
            let log: Vec<_> = says.erased.iter().chain(&says.erased_leaves).cloned().collect();
            let end = log.len().min(from + PAGE);
            let page = log.get(from..end).unwrap_or_default();
            let of = |who: &AccountId| hospital.as_ref().is_none_or(|hospital| hospital == who);
            let records = page.iter().filter(|(who, _)| of(who)).map(|(_, record)| *record).collect();
            if let Some(left) = says.pages_left.as_mut() {
                *left -= 1;
                says.down = *left == 0;
            }
            ErasedPage { records, next: end as u64, more: end < log.len() }
        })
    }
    fn disclosure_batches(
        &self,
        of: AccountId,
        from: u64,
        _: H256,
    ) -> BoxFuture<'_, Result<Vec<ReportedBatch>, ChainError>> {
        self.say(move |says| {
            let batches = says.reported.iter().zip(0..).filter(|_| of == hospital());
            let reported = batches
                .filter(|(batch, _)| batch.end().unwrap() > from)
                .map(|(batch, entry)| ReportedBatch { batch: *batch, block: 5, entry, key: hash(0xBB) });
            reported.collect()
        })
    }
    fn device(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Device>, ChainError>> {
        self.say(move |says| says.devices.get(&id).cloned())
    }
    fn last_answer(&self) -> Option<u64> {
        self.set(|says| (!says.down).then(|| says.clock.seconds()))
    }
}

/// An engine that counts what it is asked and takes its time.
pub struct FakeEngine {
    pub model: Model,
    pub delay: Mutex<Duration>,
    pub started: AtomicU32,
    pub finished: AtomicU32,
    pub fails: bool,
    pub announce: bool,
}

impl FakeEngine {
    pub fn new(delay: Duration) -> Arc<Self> {
        Arc::new(Self::plain(delay))
    }

    pub fn plain(delay: Duration) -> Self {
        FakeEngine {
            model: model(),
            delay: Mutex::new(delay),
            started: AtomicU32::new(0),
            finished: AtomicU32::new(0),
            fails: false,
            announce: false,
        }
    }
}

impl Summariser for FakeEngine {
    fn model(&self) -> &Model {
        &self.model
    }

    fn summarise<'a>(&'a self, note: &'a Note, cancel: CancelFlag) -> BoxFuture<'a, Result<Made, NotMade>> {
        Box::pin(async move {
            self.started.fetch_add(1, Ordering::SeqCst);
            if self.announce {
                println!("summarising");
            }
            let until = tokio::time::Instant::now() + *self.delay.lock().unwrap();
            while tokio::time::Instant::now() < until {
                if cancel.is_cancelled() {
                    return Err(NotMade::Cancelled);
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            if self.fails {
                return Err(NotMade::Failed("as told".into()));
            }
            self.finished.fetch_add(1, Ordering::SeqCst);
            Ok(Made {
                summary: json!({ "length": note.text().len() }),
                unsupported: 1,
                prompt_tokens: 20,
                output_tokens: 10,
                millis: 5,
            })
        })
    }
}

/// A worker's directory as `init` makes it.
pub fn directory() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let layout = layout(directory.path());
    layout.vault().create_master().unwrap();
    for role in Role::ALL {
        credentials::add(&layout.credentials(), role.name(), role).unwrap();
    }
    directory
}

pub fn layout(directory: &Path) -> Layout {
    Layout::new(directory, &directory.join("master.key"))
}

/// A worker in this process.
pub struct Worker {
    pub address: SocketAddr,
    pub chain: Arc<FakeChain>,
    pub directory: Arc<TempDir>,
    trigger: Trigger,
    running: Running,
}

pub fn config() -> Config {
    // Readings are due at once.
    let readings = galen_worker::config::Readings { anchor_seconds: 0, ..Default::default() };
    // A fast machine asks more often than an app may: only the test of that limit is to meet it.
    let limits = galen_worker::config::Limits { calls_per_second: 1_000_000, ..Default::default() };
    Config { listen: "127.0.0.1:0".parse().unwrap(), limits, readings, ..Config::default() }
}

impl Worker {
    pub async fn start(engine: Option<Arc<FakeEngine>>) -> Self {
        Self::start_in(Arc::new(directory()), FakeChain::new(), engine, config()).await
    }

    pub async fn start_in(
        directory: Arc<TempDir>,
        chain: Arc<FakeChain>,
        engine: Option<Arc<FakeEngine>>,
        config: Config,
    ) -> Self {
        let (trigger, stop): (Trigger, Shutdown) = shutdown::channel();
        let layout = layout(directory.path());
        let summariser = engine.map(|engine| engine as Arc<dyn Summariser>);
        let environment = Environment { chain: chain.clone(), summariser, clock: chain.clock() };
        let running = service::start(&config, &layout, environment, stop).await.unwrap();
        assert!(running.opened().await);
        Worker { address: running.address, chain, directory, trigger, running }
    }

    /// Starts it without waiting until it is open.
    pub async fn start_closed(directory: Arc<TempDir>, chain: Arc<FakeChain>, config: Config) -> Self {
        let (trigger, stop): (Trigger, Shutdown) = shutdown::channel();
        let layout = layout(directory.path());
        let environment = Environment { chain: chain.clone(), summariser: None, clock: chain.clock() };
        let running = service::start(&config, &layout, environment, stop).await.unwrap();
        Worker { address: running.address, chain, directory, trigger, running }
    }

    /// Waits until documents are served.
    pub async fn opened(&self) {
        let opened = tokio::time::timeout(Duration::from_secs(20), self.running.opened());
        assert!(opened.await.expect("it opens"));
    }

    /// Stops it; what is on disk and on the chain stays.
    pub async fn stop(self) -> (Arc<TempDir>, Arc<FakeChain>) {
        self.trigger.stop();
        self.running.until_stopped().await;
        (self.directory, self.chain)
    }

    pub fn token(&self, name: &str) -> String {
        token(self.directory.path(), name)
    }

    pub fn client(&self, role: Role) -> HttpClient {
        client(self.address, &self.token(role.name()))
    }

    /// Puts the note, and an open job for it on the chain.
    pub async fn prepare(&self, id: H256) -> H256 {
        let stored =
            call(&self.client(Role::App), "vault_put", json!({ "patient": patient(), "text": NOTE })).await;
        let record: H256 = serde_json::from_value(stored.unwrap()["record"].clone()).unwrap();
        self.chain.set(|says| says.jobs.insert(id, job(record)));
        record
    }

    /// Hands a job over and waits for its outcome in hex.
    pub async fn answer(&self, id: H256) -> String {
        let node = self.client(Role::Node);
        call(&node, "node_handOver", json!({ "job": id })).await.unwrap();
        collected(&node, id).await
    }
}

pub fn token(directory: &Path, name: &str) -> String {
    let path = token_path(&layout(directory).credentials(), name);
    fs::read_to_string(path).unwrap().trim().to_owned()
}

pub fn client(address: SocketAddr, token: &str) -> HttpClient {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    HttpClientBuilder::default().set_headers(headers).build(format!("http://{address}")).unwrap()
}

/// Calls with named parameters.
pub async fn call(client: &HttpClient, method: &str, params: Value) -> Result<Value, ClientError> {
    let mut named = ObjectParams::new();
    for (name, value) in params.as_object().unwrap() {
        named.insert(name, value).unwrap();
    }
    client.request(method, named).await
}

/// The code of a call's error.
pub fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Code {
    let number = number(result);
    Code::of(number).unwrap_or_else(|| panic!("{number} is no code of the worker"))
}

/// The number of a call's error.
pub fn number<T: std::fmt::Debug>(result: Result<T, ClientError>) -> i32 {
    match result.unwrap_err() {
        ClientError::Call(error) => error.code(),
        other => panic!("{other:?}"),
    }
}

/// Waits until a job is answered.
pub async fn collected(node: &HttpClient, id: H256) -> String {
    for _ in 0..2000 {
        let state = call(node, "node_collect", json!({ "job": id })).await.unwrap();
        if state["state"] == "answered" {
            return state["outcome"].as_str().unwrap().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never answered");
}

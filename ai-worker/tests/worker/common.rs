//! A chain that says what it is told to, an engine that takes its time, and a worker between them.

use futures::future::BoxFuture;
use galen_primitives::{
    AccountId, H256,
    consent::{Confidentiality, Decision, Purpose, Question, Reason},
    record::{Record, RecordAttributes},
    summary::{Job, JobStatus},
};
use galen_worker::{
    chain::{ChainError, ChainView, Finalized, now},
    config::Config,
    credentials::{self, Role, token_path},
    engine::CancelFlag,
    fhir::Note,
    jobs::{Made, Model, NotMade, Summariser},
    service::{self, Layout, Running},
    shutdown::{self, Shutdown, Trigger},
};
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
        consent: 3,
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
        build: "test".into(),
    }
}

/// What the chain says.
pub struct Says {
    pub number: u32,
    pub jobs: HashMap<H256, Job>,
    pub refuses: Option<Reason>,
    pub down: bool,
    /// Lines of `job record` in hex: jobs of another process.
    pub file: Option<PathBuf>,
    pub asked: Vec<Question>,
}

pub struct FakeChain(pub Mutex<Says>);

impl FakeChain {
    pub fn new() -> Arc<Self> {
        Arc::new(FakeChain(Mutex::new(Says {
            number: 10,
            jobs: HashMap::new(),
            refuses: None,
            down: false,
            file: None,
            asked: Vec::new(),
        })))
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
                for line in file.lines() {
                    let (id, record) = line.split_once(' ').unwrap();
                    says.jobs.entry(id.parse().unwrap()).or_insert_with(|| job(record.parse().unwrap()));
                }
            }
            (!says.down).then(|| answer(says)).ok_or_else(|| ChainError("down".into()))
        });
        Box::pin(async move { said })
    }

    fn decision(says: &Says) -> Decision {
        match says.refuses {
            Some(reason) => Decision::refuse(reason),
            None => Decision { permitted: true, reason: Reason::Covered, consent: Some(4) },
        }
    }
}

impl ChainView for FakeChain {
    fn finalized(&self) -> BoxFuture<'_, Result<Finalized, ChainError>> {
        self.say(|says| Finalized { hash: H256::from_low_u64_be(says.number.into()), number: says.number })
    }
    fn job(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Job>, ChainError>> {
        self.say(|says| says.jobs.get(&id).cloned())
    }
    fn check(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Decision>, ChainError>> {
        self.say(|says| says.jobs.contains_key(&id).then(|| Self::decision(says)))
    }
    fn record(&self, id: H256, _: H256) -> BoxFuture<'_, Result<Option<Record>, ChainError>> {
        self.say(|says| {
            says.jobs.values().any(|job| job.record == id).then(|| Record {
                custodian: hospital(),
                attributes: RecordAttributes {
                    patient: patient(),
                    level: Confidentiality::R,
                    labels: Default::default(),
                    authored: None,
                    author: None,
                },
                anchored_at: 1,
                supersedes: None,
                superseded_by: None,
            })
        })
    }
    fn decide(&self, question: Question, _: H256) -> BoxFuture<'_, Result<Decision, ChainError>> {
        self.say(|says| {
            says.asked.push(question);
            Self::decision(says)
        })
    }
    fn last_answer(&self) -> Option<u64> {
        self.set(|says| (!says.down).then(now))
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
    Config { listen: "127.0.0.1:0".parse().unwrap(), ..Config::default() }
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
        let running = service::start(&config, &layout, chain.clone(), summariser, stop).await.unwrap();
        Worker { address: running.address, chain, directory, trigger, running }
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
pub fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> i32 {
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

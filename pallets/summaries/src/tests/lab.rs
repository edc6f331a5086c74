//! The laboratory of this pallet's offchain worker: a worker that takes jobs and gives the outcomes that
//! tests set.

use crate::{mock::*, *};
use codec::Encode;
use galen_primitives::{H256, summary::Outcome};
use galen_testing::lab::{self, Answers};
pub use galen_testing::lab::{Behaviour, TOKEN, URL};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};

/// The jobs of a worker, each with its outcome once there is one.
#[derive(Default)]
pub struct WorkerJobs(pub BTreeMap<H256, Option<Outcome>>);

impl Answers for WorkerJobs {
    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let (method, id) = call(request);
        let result = match (method.as_str(), self.0.get(&id)) {
            ("node_handOver", Some(_)) => json!("known"),
            ("node_handOver", None) => {
                self.0.insert(id, None);
                json!("accepted")
            }
            ("node_collect", None) => json!({"state": "unknown"}),
            ("node_collect", Some(None)) => json!({"state": "pending"}),
            ("node_collect", Some(Some(outcome))) => {
                json!({"state": "answered", "outcome": format!("0x{}", hex::encode(outcome.encode()))})
            }
            _ => panic!("the node may not call {method}"),
        };
        let request: Value = serde_json::from_slice(request).unwrap();
        json!({"jsonrpc": "2.0", "id": request["id"], "result": result}).to_string().into_bytes()
    }
}

/// The method of a request and the job that it is about.
fn call(request: &[u8]) -> (String, H256) {
    let request: Value = serde_json::from_slice(request).unwrap();
    assert_eq!(request["jsonrpc"], "2.0");
    let id = request["params"][0].as_str().unwrap().strip_prefix("0x").unwrap();
    (request["method"].as_str().unwrap().into(), H256::from_slice(&hex::decode(id).unwrap()))
}

type Node = lab::Lab<Test, Summaries, WorkerJobs>;

/// Hospital 1's node with its worker.
pub struct Lab(Node);

impl Deref for Lab {
    type Target = Node;
    fn deref(&self) -> &Node {
        &self.0
    }
}

impl DerefMut for Lab {
    fn deref_mut(&mut self) -> &mut Node {
        &mut self.0
    }
}

impl Lab {
    pub fn new() -> Self {
        Lab(Node::new(new_ext(), Summaries::do_try_state, WorkerJobs::default()))
    }

    pub fn without_settings() -> Self {
        Lab(Node::without_settings(new_ext(), Summaries::do_try_state, WorkerJobs::default()))
    }

    /// The calls that reached the worker: method and job.
    pub fn calls(&self) -> Vec<(String, H256)> {
        self.worker().requests.iter().map(|request| call(request)).collect()
    }

    pub fn count(&self, method: &str) -> usize {
        self.calls().iter().filter(|(name, _)| name == method).count()
    }

    /// Block `number` with a round after it, which may make so many calls; gives what was submitted in it.
    pub fn block(&mut self, number: u32) -> Vec<Call<Test>> {
        let before = self.worker().requests.len();
        let sent = self.0.block(number);
        let calls = self.worker().requests.len() - before;
        assert!(calls <= usize::try_from(ocw::HTTP_CALLS).unwrap());
        let of_this_pallet = |call| match call {
            RuntimeCall::Summaries(call) => call,
            other => panic!("not a call of this pallet: {other:?}"),
        };
        sent.into_iter().map(of_this_pallet).collect()
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
        self.worker().answers.0.insert(id, Some(outcome));
    }
}

/// The one outcome that was submitted, and for which job.
pub fn only(calls: &[Call<Test>]) -> (H256, Outcome) {
    match calls {
        [Call::submit { job, outcome, .. }] => (*job, outcome.clone()),
        other => panic!("not one submission: {}", other.len()),
    }
}

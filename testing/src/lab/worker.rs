//! The fake of a hospital's `galen-worker`, seen from its node.

use std::collections::VecDeque;

/// Where the fake worker listens.
pub const URL: &str = "http://127.0.0.1:7070";
/// The token that it takes at the beginning.
pub const TOKEN: &str = "node-token";

/// How a worker behaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// It answers as it should.
    Answers,
    /// Nobody listens.
    Down,
    /// It takes the request and says nothing.
    Hangs,
    /// It sends the head of its answer and then nothing.
    HangsInBody,
    /// It answers with this HTTP status and no body.
    Status(u16),
    /// It answers with this body.
    Body(Vec<u8>),
}

/// What a worker says that behaves as it should.
pub trait Answers: Send + 'static {
    /// The body that answers a request with this body.
    fn answer(&mut self, request: &[u8]) -> Vec<u8>;

    /// Is called after each round of the offchain worker.
    fn after_round(&mut self) {}
}

/// One call to the worker.
#[derive(Default)]
pub(crate) struct Exchange {
    pub body: Vec<u8>,
    pub headers: Vec<(String, String)>,
    /// Status and body, once the request has arrived.
    pub answer: Option<(u16, Vec<u8>)>,
    /// How many bytes of the answer were read.
    pub read: usize,
}

/// A worker that answers the node's calls.
pub struct FakeWorker<A> {
    /// How it behaves from here on.
    pub behaviour: Behaviour,
    /// The token that it takes.
    pub token: String,
    /// What it says when it behaves as it should.
    pub answers: A,
    /// The bodies of the requests that arrived, oldest first.
    pub requests: Vec<Vec<u8>>,
    pub(crate) exchanges: Vec<Exchange>,
}

impl<A: Answers> FakeWorker<A> {
    pub(crate) fn new(answers: A) -> Self {
        let (behaviour, token) = (Behaviour::Answers, TOKEN.into());
        FakeWorker { behaviour, token, answers, requests: Vec::new(), exchanges: Vec::new() }
    }

    /// Takes the request of this exchange, which is complete, and makes the answer to it.
    pub(crate) fn take_request(&mut self, exchange: usize) {
        let Exchange { body, headers, .. } = &self.exchanges[exchange];
        assert!(headers.contains(&("content-type".into(), "application/json".into())));
        self.requests.push(body.clone());
        let authorized = headers.contains(&("authorization".into(), format!("Bearer {}", self.token)));
        let answer = match &self.behaviour {
            Behaviour::Status(code) => (*code, Vec::new()),
            Behaviour::Body(bytes) => (200, bytes.clone()),
            _ if !authorized => (401, Vec::new()),
            _ => (200, self.answers.answer(body)),
        };
        self.exchanges[exchange].answer = Some(answer);
    }
}

/// Questions that a test expects and the answers to them. A question that is not expected, or not asked in
/// the round for which it is expected, panics.
#[derive(Default)]
pub struct ExpectedCalls(VecDeque<(String, String)>);

impl ExpectedCalls {
    pub(crate) fn expect(&mut self, question: String, answer: String) {
        self.0.push_back((question, answer));
    }
}

impl Answers for ExpectedCalls {
    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let request = String::from_utf8_lossy(request);
        let (question, answer) = self.0.pop_front().unwrap_or_else(|| panic!("not expected: {request}"));
        assert_eq!(request, question);
        answer.into_bytes()
    }

    fn after_round(&mut self) {
        assert!(self.0.is_empty(), "not asked: {:?}", self.0);
    }
}

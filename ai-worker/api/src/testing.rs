//! A worker for tests: it answers what it is told, and tells what it was asked.
//!
//! Tokens, roles, names, parameters and answers are the real ones; there is no vault, no chain and no model
//! behind them.

use crate::{
    Code, Method, MethodError, Role,
    server::{Answer, Methods},
};
use futures::future::BoxFuture;
use jsonrpsee::server::{HttpBody, HttpRequest, HttpResponse, Server, ServerHandle};
use serde_json::{Value, json};
use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};
use tempfile::TempDir;
use tower::{Layer, Service};

/// A call that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The role of the credential that made it.
    pub role: Role,
    /// The method.
    pub method: &'static str,
    /// Its parameters, by name.
    pub params: Value,
}

type Calls = Arc<Mutex<Vec<Call>>>;

/// What a worker is to answer. A method that is not told of is not there: its answer is JSON-RPC's -32601.
pub struct Script {
    methods: Methods<Calls>,
    calls: Calls,
}

impl Default for Script {
    fn default() -> Self {
        Self::new()
    }
}

impl Script {
    /// Answers nothing yet.
    pub fn new() -> Self {
        let calls = Calls::default();
        Script { methods: Methods::new(calls.clone()), calls }
    }

    /// Answers the method whose parameters `answer` takes. A role that the method does not allow is refused
    /// before.
    ///
    /// # Panics
    /// If the method is answered already.
    pub fn on<M: Method>(mut self, answer: impl Fn(M) -> Answer<M> + Send + Sync + 'static) -> Self {
        let answer = Arc::new(answer);
        let act = move |calls: Arc<Calls>, role: Role, params: M| {
            let answer = answer.clone();
            async move {
                if !M::ROLES.contains(&role) {
                    return Err(MethodError::new(
                        Code::Forbidden,
                        format!("a credential of role {role} does not allow {}", M::NAME),
                    ));
                }
                let call = Call { role, method: M::NAME, params: json!(params) };
                calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
                answer(params)
            }
        };
        self.methods.serve::<M, Role, _, _>(act).expect("a method is answered once");
        self
    }

    /// Starts answering on a free port of this machine.
    ///
    /// # Panics
    /// If there is no port or no directory for the tokens.
    pub async fn start(self) -> FakeWorker {
        let server = Server::builder()
            .set_http_middleware(tower::ServiceBuilder::new().layer(TokenLayer))
            .build(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .expect("a free port");
        let address = server.local_addr().expect("it listens");
        let tokens = tempfile::tempdir().expect("a directory for tokens");
        for role in Role::ALL {
            fs::write(tokens.path().join(role.name()), format!("{}\n", token(role))).expect("a token");
        }
        let handle = server.start(self.methods.into_module());
        FakeWorker { url: format!("http://{address}"), tokens, calls: self.calls, handle }
    }
}

/// A worker that answers what it was told, until it is dropped.
pub struct FakeWorker {
    url: String,
    tokens: TempDir,
    calls: Calls,
    handle: ServerHandle,
}

impl FakeWorker {
    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file that holds the token of a role.
    pub fn token_file(&self, role: Role) -> PathBuf {
        self.tokens.path().join(role.name())
    }

    /// The token of a role.
    pub fn token(&self, role: Role) -> String {
        token(role)
    }

    /// What was asked so far, in order, without what was refused.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for FakeWorker {
    fn drop(&mut self) {
        // Fails only if it was stopped already.
        let _ = self.handle.stop();
    }
}

fn token(role: Role) -> String {
    format!("token-of-the-{role}")
}

/// Marks each request with the role of its token, and answers 401 to one without a known token.
#[derive(Clone)]
struct TokenLayer;

#[derive(Clone)]
struct Tokens<S>(S);

impl<S> Layer<S> for TokenLayer {
    type Service = Tokens<S>;

    fn layer(&self, inner: S) -> Tokens<S> {
        Tokens(inner)
    }
}

impl<S> Service<HttpRequest> for Tokens<S>
where
    S: Service<HttpRequest, Response = HttpResponse>,
    S::Error: 'static,
    S::Future: Send + 'static,
{
    type Response = HttpResponse;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<HttpResponse, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: HttpRequest) -> Self::Future {
        let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        let role = header.and_then(|header| {
            let given = header.strip_prefix("Bearer ")?;
            Role::ALL.into_iter().find(|role| token(*role) == given)
        });
        match role {
            Some(role) => {
                request.extensions_mut().insert(role);
                Box::pin(self.0.call(request))
            }
            None => {
                let mut response = HttpResponse::new(HttpBody::from("a known bearer token is needed"));
                if let Ok(status) = 401.try_into() {
                    *response.status_mut() = status;
                }
                Box::pin(async move { Ok(response) })
            }
        }
    }
}

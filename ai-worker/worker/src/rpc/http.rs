//! What stands before JSON-RPC on the same port: `/health`, `/metrics`, and the bearer token of everything
//! else.

use super::{guard::Bucket, health::Health};
use crate::{credentials::Credentials, metrics::Metrics};
use futures::future::BoxFuture;
use galen_worker_api::worker::Status;
use jsonrpsee::server::{HttpBody, HttpRequest, HttpResponse};
use serde_json::json;
use std::{
    sync::Arc,
    task::{Context, Poll},
};
use tower::{Layer, Service};

/// Requests without a known token, per second, after which such requests are answered without being looked
/// at.
const GUESSES: u32 = 20;

/// What the layer knows.
pub struct Gate {
    credentials: Credentials,
    health: Arc<Health>,
    metrics: Metrics,
    guesses: Bucket,
}

impl Gate {
    /// A gate for these credentials.
    pub fn new(credentials: Credentials, health: Arc<Health>, metrics: Metrics) -> Self {
        Gate { credentials, health, metrics, guesses: Bucket::new(GUESSES) }
    }

    /// What needs no token; blocks for as long as a store is busy.
    fn public(&self, page: Page) -> HttpResponse {
        match page {
            Page::Health => {
                let report = self.health.report();
                let status = if report.status == Status::Ok { 200 } else { 503 };
                answer(status, "application/json", json!(report).to_string())
            }
            Page::Metrics => {
                self.health.refresh();
                answer(200, "text/plain; version=0.0.4", self.metrics.text())
            }
        }
    }

    /// Marks a request with its caller, or answers one that has no known token.
    fn pass(&self, request: &mut HttpRequest) -> Option<HttpResponse> {
        let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        match token.and_then(|token| self.credentials.find(token)) {
            Some(caller) => {
                // Nothing behind this line needs the token, and what is not there cannot be logged.
                request.headers_mut().remove("authorization");
                request.extensions_mut().insert(caller);
                None
            }
            None => {
                self.metrics.unauthorized.inc();
                if !self.guesses.take() {
                    return Some(answer(429, "application/json", r#"{"error":"too many attempts"}"#.into()));
                }
                let mut refused =
                    answer(401, "application/json", r#"{"error":"a known bearer token is needed"}"#.into());
                if let Ok(value) = "Bearer".parse() {
                    refused.headers_mut().insert("www-authenticate", value);
                }
                Some(refused)
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Page {
    Health,
    Metrics,
}

fn answer(status: u16, kind: &'static str, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::from(body));
    if let Ok(status) = status.try_into() {
        *response.status_mut() = status;
    }
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert("content-type", kind);
    }
    if let Ok(value) = "no-store".parse() {
        response.headers_mut().insert("cache-control", value);
    }
    response
}

/// Puts a [`Gate`] before the server.
#[derive(Clone)]
pub struct GateLayer(pub Arc<Gate>);

/// A service behind a gate.
#[derive(Clone)]
pub struct Gated<S> {
    gate: Arc<Gate>,
    inner: S,
}

impl<S> Layer<S> for GateLayer {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated { gate: self.0.clone(), inner }
    }
}

impl<S> Service<HttpRequest> for Gated<S>
where
    S: Service<HttpRequest, Response = HttpResponse>,
    S::Error: 'static,
    S::Future: Send + 'static,
{
    type Response = HttpResponse;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<HttpResponse, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: HttpRequest) -> Self::Future {
        let page = match (request.method() == "GET", request.uri().path()) {
            (true, "/health") => Some(Page::Health),
            (true, "/metrics") => Some(Page::Metrics),
            _ => None,
        };
        if let Some(page) = page {
            let gate = self.gate.clone();
            return Box::pin(async move {
                let made = tokio::task::spawn_blocking(move || gate.public(page)).await;
                Ok(made.unwrap_or_else(|_| answer(500, "text/plain", String::new())))
            });
        }
        match self.gate.pass(&mut request) {
            Some(response) => Box::pin(async move { Ok(response) }),
            None => Box::pin(self.inner.call(request)),
        }
    }
}

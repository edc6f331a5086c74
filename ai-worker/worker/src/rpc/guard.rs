//! What stands before the methods: whether the caller's role may call this one, and how often; for every call
//! of a batch or a WebSocket.

use super::errors::error;
use crate::{credentials::Caller, metrics::Metrics};
use futures::{FutureExt, future::BoxFuture};
use galen_worker_api::{Code, MethodError, find};
use jsonrpsee::{
    MethodResponse,
    server::middleware::rpc::RpcServiceT,
    types::{ErrorObjectOwned, Request},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use tower::Layer;

/// A bucket of tokens: `rate` per second, at most one second's worth saved.
pub struct Bucket {
    rate: f64,
    state: Mutex<(f64, Instant)>,
}

impl Bucket {
    /// A full bucket.
    pub fn new(rate: u32) -> Self {
        let rate = f64::from(rate.max(1));
        Bucket { rate, state: Mutex::new((rate, Instant::now())) }
    }

    /// Takes a token, if one is left.
    pub fn take(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let left = (state.0 + now.duration_since(state.1).as_secs_f64() * self.rate).min(self.rate);
        let taken = left >= 1.0;
        *state = (if taken { left - 1.0 } else { left }, now);
        taken
    }
}

/// Checks rights and rates.
pub struct Guard {
    rate: u32,
    buckets: Mutex<HashMap<Arc<str>, Arc<Bucket>>>,
    metrics: Metrics,
}

impl Guard {
    /// At most `rate` calls per second and credential.
    pub fn new(rate: u32, metrics: Metrics) -> Self {
        Guard { rate, buckets: Mutex::default(), metrics }
    }

    /// The name under which the call is counted, and the error it gets, if any.
    fn judge(&self, request: &Request<'_>) -> (&'static str, &'static str, Option<MethodError>) {
        let known = find(request.method_name());
        let name = known.map_or("unknown", |method| method.name);
        let Some(caller) = request.extensions().get::<Caller>() else {
            // The HTTP layer lets nobody through without a credential.
            return (name, "none", Some(error(Code::Forbidden, "no credential")));
        };
        let role = caller.role.name();
        let bucket = {
            let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.entry(caller.name.clone()).or_insert_with(|| Arc::new(Bucket::new(self.rate))).clone()
        };
        if !bucket.take() {
            return (name, role, Some(error(Code::Limited, "too many calls: try again in a second")));
        }
        match known {
            Some(method) if !method.allows(caller.role) => {
                let message = format!("a credential of role {role} does not allow {name}");
                (name, role, Some(error(Code::Forbidden, message)))
            }
            // An unknown method is answered as such by the server.
            _ => (name, role, None),
        }
    }
}

/// Puts a [`Guard`] before the methods.
#[derive(Clone)]
pub struct GuardLayer(pub Arc<Guard>);

/// A service behind a guard.
#[derive(Clone)]
pub struct Guarded<S> {
    guard: Arc<Guard>,
    inner: S,
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { guard: self.0.clone(), inner }
    }
}

impl<'a, S> RpcServiceT<'a> for Guarded<S>
where
    S: RpcServiceT<'a> + Clone + Send + Sync + 'static,
{
    type Future = BoxFuture<'a, MethodResponse>;

    fn call(&self, request: Request<'a>) -> Self::Future {
        let (inner, calls) = (self.inner.clone(), self.guard.metrics.calls.clone());
        let (method, role, refused) = self.guard.judge(&request);
        async move {
            if let Some(refused) = refused {
                let outcome = if refused.code == Code::Limited { "limited" } else { "denied" };
                calls.with_label_values(&[method, role, outcome]).inc();
                return MethodResponse::error(request.id, ErrorObjectOwned::from(refused));
            }
            let response = inner.call(request).await;
            let outcome = if response.is_success() { "ok" } else { "error" };
            calls.with_label_values(&[method, role, outcome]).inc();
            response
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_holds_a_second() {
        let bucket = Bucket::new(5);
        assert_eq!((0..20).filter(|_| bucket.take()).count(), 5);
        std::thread::sleep(Duration::from_millis(450));
        assert!((1..=3).contains(&(0..20).filter(|_| bucket.take()).count()));
    }
}

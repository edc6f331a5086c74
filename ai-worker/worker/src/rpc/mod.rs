//! JSON-RPC over HTTP and WebSocket on one port, with `/health` and `/metrics` beside it.
//!
//! Every request but those two carries `Authorization: Bearer TOKEN` (a WebSocket in its upgrade request); without a
//! known token the answer is HTTP 401. Which methods there are, who may call them, what they take and answer is declared in
//! [`galen_worker_api`]; there is a file here for each of its namespaces, and in it a function for each method. [`guard`]
//! looks at the rights before. Parameters are named (`{"job": "0x.."}`) or in the same order by position.

mod audit;
pub mod context;
mod disclosures;
pub mod errors;
pub mod guard;
pub mod health;
pub mod http;
mod node;
mod readings;
mod summaries;
mod vault;
mod worker;

use crate::{credentials::Credentials, metrics::Metrics};
use context::Context;
use galen_worker_api::server::Methods;
use guard::{Guard, GuardLayer};
use health::Health;
use http::{Gate, GateLayer};
use jsonrpsee::{
    RpcModule,
    core::RegisterMethodError,
    server::{BatchRequestConfig, PingConfig, RpcServiceBuilder, Server, ServerHandle},
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};

/// The most calls in one batch.
const BATCH: u32 = 32;

/// What the server is told.
pub struct ServerSettings {
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// The largest request, in bytes.
    pub request_bytes: u32,
    /// Connections at once.
    pub connections: u32,
    /// Calls per second and credential.
    pub calls_per_second: u32,
}

/// Starts serving; returns where, and the handle that stops it.
pub async fn serve(
    settings: ServerSettings,
    module: RpcModule<Context>,
    health: Arc<Health>,
    credentials: Credentials,
    metrics: Metrics,
) -> io::Result<(SocketAddr, ServerHandle)> {
    let gate = Arc::new(Gate::new(credentials, health, metrics.clone()));
    let guard = Arc::new(Guard::new(settings.calls_per_second, metrics));
    let pings =
        PingConfig::new().ping_interval(Duration::from_secs(30)).inactive_limit(Duration::from_secs(120));
    let server = Server::builder()
        .max_request_body_size(settings.request_bytes)
        // An answer may hold a document twice: parsed and as it came.
        .max_response_body_size(settings.request_bytes.saturating_mul(3))
        .max_connections(settings.connections)
        .max_subscriptions_per_connection(0)
        .set_batch_request_config(BatchRequestConfig::Limit(BATCH))
        .enable_ws_ping(pings)
        .set_http_middleware(tower::ServiceBuilder::new().layer(GateLayer(gate)))
        .set_rpc_middleware(RpcServiceBuilder::new().layer(GuardLayer(guard)))
        .build(settings.listen)
        .await?;
    let address = server.local_addr()?;
    Ok((address, server.start(module)))
}

/// All methods.
pub fn module(context: Context) -> Result<RpcModule<Context>, RegisterMethodError> {
    let mut methods = Methods::new(context);
    node::serve(&mut methods)?;
    vault::serve(&mut methods)?;
    summaries::serve(&mut methods)?;
    readings::serve(&mut methods)?;
    disclosures::serve(&mut methods)?;
    audit::serve(&mut methods)?;
    worker::serve(&mut methods)?;
    Ok(methods.into_module())
}

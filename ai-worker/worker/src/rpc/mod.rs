//! JSON-RPC over HTTP and WebSocket on one port, with `/health` and `/metrics` beside it.
//!
//! Every request but those two carries `Authorization: Bearer TOKEN` (a WebSocket in its upgrade request); without a
//! known token the answer is HTTP 401. What a credential may call follows from its role ([`rights::METHODS`]); errors
//! have stable codes ([`errors::TABLE`]). Parameters are named (`{"job": "0x.."}`) or in the same order by position.
//!
//! | method | role | parameters | answer |
//! |---|---|---|---|
//! | `node_handOver` | node | job | `"accepted"` or `"known"` |
//! | `node_collect` | node | job | `{state: "unknown" \| "pending" \| "answered", outcome?}`, outcome the SCALE bytes in hex |
//! | `node_disclosures` | node | hospital, next, head | the next batch of disclosures, its SCALE bytes in hex, or `null` |
//! | `node_readings` | node | hospital, batches, next, head | the next batch of readings, its SCALE bytes in hex, or `null` |
//! | `vault_put` | app | patient, document or text | `{record, scheme, bytes}` |
//! | `vault_get` | app, clinician | record, purpose? | `{record, patient, scheme, bytes, salt, document and original, or text}` |
//! | `vault_leaves` | app | records: at most 1024 of {record, attributes} | `{leaves: [{record, salt, digest, leaf}]}`, for a batch |
//! | `summaries_status` | app, clinician | job | `{job, state: "unknown" \| "pending" \| "done" \| "failed", receipt?, failure?}` |
//! | `summaries_get` | clinician | job, purpose | `{job, summary, salt, output, receipt}`, once the chain permits it |
//! | `readings_submit` | app, device | patient, readings | `{taken, refused, readings: [{record} \| {refused: reason}]}`, in their order |
//! | `readings_proof` | app, clinician | record, purpose? | the reading with its salt, its batch and its path |
//! | `readings_refused` | operator | from?, limit? | `{refusals, next}` |
//! | `vault_erase` | operator | record | `{documents, summaries}` |
//! | `vault_erasePatient` | operator | patient | `{documents, summaries}` |
//! | `disclosures_list` | operator | patient?, from?, limit? | `{entries, next}` |
//! | `disclosures_open` | operator | index | the entry with its salt, its batch and its path |
//! | `audit_accounting` | operator | patient, from, to, format? | an accounting of disclosures; as CSV, a string; as FHIR, a Bundle |
//! | `audit_import` | app, operator | events, patients? | `{first, taken, known}` |
//! | `audit_export` | operator | patient?, from?, limit? | `{bundle, next}` |
//! | `worker_backup` | operator | to, keysTo? | `{bytes, keys}`, once the copies are on disk |
//! | `worker_health` | operator | | as `/health` |
//! | `worker_version` | all | | `{version, model}` |

mod audit;
pub mod context;
mod disclosures;
pub mod errors;
pub mod health;
pub mod http;
mod node;
pub mod params;
mod readings;
pub mod rights;
mod summaries;
mod vault;
mod worker;

use crate::{
    credentials::{Caller, Credentials},
    metrics::Metrics,
};
use context::Context;
use errors::{INTERNAL, INVALID_PARAMS, error};
use health::Health;
use http::{Gate, GateLayer};
use jsonrpsee::{
    Extensions, RpcModule,
    core::RegisterMethodError,
    server::{BatchRequestConfig, PingConfig, RpcServiceBuilder, Server, ServerHandle},
    types::{ErrorObjectOwned, Params},
};
use rights::{Guard, GuardLayer};
use serde::de::DeserializeOwned;
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
    let mut module = RpcModule::new(context);
    macro_rules! methods {
        ($($name:literal => $act:path),* $(,)?) => {
            $(module.register_async_method($name, |params, context, extensions| async move {
                let caller = caller(&extensions)?;
                let params = parse($name, &params)?;
                $act(context, caller, params).await.map_err(ErrorObjectOwned::from)
            })?;)*
        };
    }
    methods! {
        "node_handOver" => node::hand_over,
        "node_collect" => node::collect,
        "node_disclosures" => node::node_disclosures,
        "node_readings" => node::node_readings,
        "vault_put" => vault::put,
        "vault_get" => vault::get,
        "vault_leaves" => vault::leaves,
        "vault_erase" => vault::erase,
        "vault_erasePatient" => vault::erase_patient,
        "summaries_status" => summaries::status,
        "summaries_get" => summaries::get,
        "readings_submit" => readings::submit,
        "readings_proof" => readings::proof,
        "readings_refused" => readings::refused,
        "disclosures_list" => disclosures::list,
        "disclosures_open" => disclosures::open,
        "audit_accounting" => audit::accounting,
        "audit_import" => audit::import,
        "audit_export" => audit::export,
        "worker_backup" => worker::back_up,
        "worker_health" => worker::health,
        "worker_version" => worker::version,
    }
    Ok(module)
}

fn caller(extensions: &Extensions) -> Result<Caller, ErrorObjectOwned> {
    extensions.get::<Caller>().cloned().ok_or_else(|| error(INTERNAL, "no caller").into())
}

/// The parameters, none at all counting as an empty object; an error tells what is expected and not what came, which
/// may be a patient's text.
fn parse<T: DeserializeOwned>(method: &str, params: &Params<'_>) -> Result<T, ErrorObjectOwned> {
    let parsed = serde_json::from_str(params.as_str().unwrap_or("{}"));
    parsed.map_err(|_| error(INVALID_PARAMS, params::expected(method)).into())
}

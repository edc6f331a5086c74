//! The methods. Each parses its parameters, asks what it must, and acts; rights were checked before.

use super::{
    audit,
    errors::{
        CONSENT_REFUSED, Failure, INTERNAL, INVALID_DOCUMENT, INVALID_PARAMS, NOT_FOUND, NOT_READY, error,
        error_with,
    },
    health::Health,
    leaves,
    params::{Backup, Collect, Erase, ErasePatient, Get, HandOver, Put, Status, SummaryGet},
};
use crate::{
    backup,
    chain::ChainView,
    credentials::Caller,
    disclosures::{Disclosure, Disclosures, Due, What},
    erasures::Erasures,
    jobs::{Handed, Model, Queue, State},
    metrics::Metrics,
    readings::{self, Devices, Readings},
    vault::{Kind, Vault},
};
use codec::Decode;
use galen_engine::note::Note;
use galen_primitives::{
    AccountId, H256,
    commitment::Scheme,
    consent::Reason,
    summary::{JobStatus, Outcome},
};
use jsonrpsee::{
    Extensions, RpcModule,
    core::RegisterMethodError,
    types::{ErrorObjectOwned, Params},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json, value::RawValue};
use std::sync::{Arc, OnceLock};
use tokio::task::spawn_blocking;

/// What the methods work on.
pub struct Context {
    pub vault: Arc<Vault>,
    pub queue: Arc<Queue>,
    pub chain: Arc<dyn ChainView>,
    pub disclosures: Arc<Disclosures>,
    pub readings: Arc<Readings>,
    pub devices: Devices,
    pub erasures: Arc<Erasures>,
    pub backups: backup::Source,
    pub health: Arc<Health>,
    pub model: Option<Model>,
    pub hospital: Option<AccountId>,
    /// The hospital for which the node asks, where `hospital` is not set.
    pub told_hospital: OnceLock<AccountId>,
    /// When a batch of disclosures is due.
    pub due: Due,
    /// Go on where the chain stands if it has disclosures that are not here.
    pub continue_disclosures: bool,
    /// When a batch of readings is due.
    pub readings_due: readings::Due,
    /// Go on where the chain stands if it has batches of readings that are not here.
    pub continue_readings: bool,
    pub metrics: Metrics,
}

impl Context {
    /// This hospital's account, if it is known.
    pub fn hospital(&self) -> Option<&AccountId> {
        self.hospital.as_ref().or_else(|| self.told_hospital.get())
    }
}

pub(super) type Answer = Result<Value, Failure>;

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
        "node_handOver" => hand_over,
        "node_collect" => collect,
        "node_disclosures" => audit::node_disclosures,
        "node_readings" => super::readings::node_readings,
        "vault_put" => put,
        "vault_get" => get,
        "vault_leaves" => leaves::leaves,
        "vault_erase" => erase,
        "vault_erasePatient" => erase_patient,
        "summaries_status" => status,
        "summaries_get" => summary,
        "readings_submit" => super::readings::submit,
        "readings_proof" => super::readings::proof,
        "readings_refused" => super::readings::refused,
        "disclosures_list" => audit::list,
        "disclosures_open" => audit::open,
        "audit_accounting" => audit::accounting,
        "audit_import" => audit::import,
        "audit_export" => audit::export,
        "worker_backup" => back_up,
    }
    module.register_async_method("worker_health", |_, context, _| async move {
        let health = context.health.clone();
        blocking(move || Ok(health.report().1)).await.map_err(ErrorObjectOwned::from)
    })?;
    module.register_async_method("worker_version", |_, context, _| async move {
        Ok::<_, ErrorObjectOwned>(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "model": context.model.as_ref().map(|model| json!({
                "name": model.name,
                "model": model.model,
                "template": model.template,
                "parameters": model.parameters,
                "engine": model.engine,
                "engineBuild": model.build,
            })),
        }))
    })?;
    Ok(module)
}

fn caller(extensions: &Extensions) -> Result<Caller, ErrorObjectOwned> {
    extensions.get::<Caller>().cloned().ok_or_else(|| error(INTERNAL, "no caller").into())
}

/// The parameters, none at all counting as an empty object; an error tells what is expected and not what came, which
/// may be a patient's text.
fn parse<T: DeserializeOwned>(method: &str, params: &Params<'_>) -> Result<T, ErrorObjectOwned> {
    let parsed = serde_json::from_str(params.as_str().unwrap_or("{}"));
    parsed.map_err(|_| error(INVALID_PARAMS, super::params::expected(method)).into())
}

/// Runs what waits for a disk on a thread that may.
pub(super) async fn blocking(act: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    spawn_blocking(act).await.unwrap_or_else(|_| Err(error(INTERNAL, "a task panicked")))
}

async fn hand_over(context: Arc<Context>, _: Caller, HandOver { job }: HandOver) -> Answer {
    let queue = context.queue.clone();
    let metrics = context.metrics.clone();
    blocking(move || {
        Ok(match queue.hand_over(job)? {
            Handed::Accepted => {
                tracing::info!(?job, "accepted");
                metrics.jobs_accepted.inc();
                "accepted".into()
            }
            Handed::Known => "known".into(),
        })
    })
    .await
}

async fn collect(context: Arc<Context>, _: Caller, Collect { job }: Collect) -> Answer {
    let queue = context.queue.clone();
    blocking(move || {
        Ok(match queue.collect(&job)? {
            State::Unknown => json!({ "state": "unknown" }),
            State::Pending => json!({ "state": "pending" }),
            State::Answered(outcome) => {
                json!({ "state": "answered", "outcome": format!("0x{}", hex::encode(outcome)) })
            }
        })
    })
    .await
}

async fn put(context: Arc<Context>, _: Caller, Put { patient, document, text }: Put) -> Answer {
    context.erasures.state()?;
    blocking(move || {
        let (scheme, original) = match (&document, &text) {
            (Some(document), None) => (Scheme::Jcs, document.get().as_bytes()),
            (None, Some(text)) => (Scheme::Text, text.as_bytes()),
            _ => return Err(error(INVALID_PARAMS, super::params::expected("vault_put"))),
        };
        // What no note can be read from could never be summarised: better said now than when a job fails.
        Note::from_bytes(original).map_err(|why| error(INVALID_DOCUMENT, why.to_string()))?;
        let record = context.vault.put(&patient.0, scheme, original)?;
        Ok(json!({ "record": record, "scheme": scheme_name(scheme), "bytes": original.len() }))
    })
    .await
}

fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Text => "text",
        Scheme::Jcs => "jcs",
    }
}

async fn get(context: Arc<Context>, caller: Caller, Get { record, purpose }: Get) -> Answer {
    context.erasures.state()?;
    blocking(move || {
        let found = context.vault.get(&record)?;
        // Summaries are disclosed by `summaries_get` alone, on a decision of the chain.
        let document = found.filter(|found| matches!(found.kind, Kind::Document(_)));
        let document =
            document.ok_or_else(|| error(NOT_FOUND, "the vault holds no document under this id"))?;
        let original = std::str::from_utf8(&document.original)
            .map_err(|_| error(INTERNAL, "a document is not UTF-8"))?
            .to_owned();
        let scheme = document.kind.scheme();
        let mut answer = json!({
            "record": record,
            "patient": document.patient,
            "scheme": scheme_name(scheme),
            "bytes": original.len(),
            "salt": H256(*document.salt),
        });
        match scheme {
            Scheme::Text => answer["text"] = original.into(),
            Scheme::Jcs => {
                let parsed = serde_json::from_str(&original);
                answer["document"] = parsed.map_err(|_| error(INTERNAL, "a document is not JSON"))?;
                answer["original"] = original.into();
            }
        }
        record_disclosure(
            &context,
            Disclosure {
                subject: Some(record),
                patient: Some(document.patient),
                purpose,
                ..Disclosure::now(&caller.name, What::Document)
            },
        )?;
        Ok(answer)
    })
    .await
}

/// Nothing is disclosed that could not be written down first. Gives the number of the entry.
pub(super) fn record_disclosure(context: &Context, disclosure: Disclosure) -> Result<u64, Failure> {
    let index = context.disclosures.append(&disclosure)?;
    context.metrics.disclosures.inc();
    Ok(index)
}

async fn erase(context: Arc<Context>, _: Caller, Erase { record }: Erase) -> Answer {
    blocking(move || {
        let erased = context.vault.erase(&record)?;
        tracing::info!(?record, "erased");
        context.metrics.erasures.inc();
        Ok(json!({ "documents": erased.documents, "summaries": erased.summaries }))
    })
    .await
}

async fn erase_patient(context: Arc<Context>, _: Caller, ErasePatient { patient }: ErasePatient) -> Answer {
    blocking(move || {
        let erased = context.vault.erase_patient(&patient.0)?;
        tracing::info!(
            documents = erased.documents,
            summaries = erased.summaries,
            "erased a patient's records"
        );
        context.metrics.erasures.inc();
        Ok(json!({ "documents": erased.documents, "summaries": erased.summaries }))
    })
    .await
}

async fn back_up(context: Arc<Context>, _: Caller, Backup { to, keys_to }: Backup) -> Answer {
    blocking(move || {
        let bytes = context.backups.take(&to, keys_to.as_deref())?;
        tracing::info!(bytes, keys = keys_to.is_some(), "backed up");
        Ok(json!({ "bytes": bytes, "keys": keys_to.is_some() }))
    })
    .await
}

/// The outcome of a job, or where it stands.
fn outcome(queue: &Queue, job: &H256) -> Result<Result<Outcome, &'static str>, Failure> {
    Ok(match queue.state(job)? {
        State::Unknown => Err("unknown"),
        State::Pending => Err("pending"),
        State::Answered(bytes) => {
            Ok(Outcome::decode(&mut &*bytes).map_err(|_| error(INTERNAL, "an outcome does not decode"))?)
        }
    })
}

async fn status(context: Arc<Context>, _: Caller, Status { job }: Status) -> Answer {
    blocking(move || {
        Ok(match outcome(&context.queue, &job)? {
            Err(state) => json!({ "job": job, "state": state }),
            Ok(Outcome::Done(receipt)) => json!({ "job": job, "state": "done", "receipt": receipt }),
            Ok(Outcome::Failed(failure)) => json!({ "job": job, "state": "failed", "failure": failure }),
        })
    })
    .await
}

/// Whether a summary may be shown, decided by the chain at a finalized block; then the summary, written down first.
async fn summary(
    context: Arc<Context>,
    caller: Caller,
    SummaryGet { job: id, purpose }: SummaryGet,
) -> Answer {
    context.erasures.state()?;
    let not_ready = |state: &str| error_with(NOT_READY, "the job has no summary", json!({ "state": state }));
    let queue = context.queue.clone();
    let answered = spawn_blocking(move || outcome(&queue, &id)).await;
    let receipt = match answered.map_err(|_| error(INTERNAL, "a task panicked"))?? {
        Ok(Outcome::Done(receipt)) => receipt,
        Ok(Outcome::Failed(_)) => return Err(not_ready("failed")),
        Err(state) => return Err(not_ready(state)),
    };
    let at = context.chain.finalized().await?;
    let job = context.chain.job(id, at.hash).await?.ok_or_else(|| not_ready("notFinalized"))?;
    if context.hospital.as_ref().is_some_and(|hospital| hospital != &job.hospital) {
        return Err(error(NOT_FOUND, "the job is another hospital's"));
    }
    match job.status_at(at.number) {
        // Not anchored yet; what is decided is consent, and that is asked below.
        JobStatus::Open => {}
        JobStatus::Done { receipt: anchored, .. } if anchored == receipt => {}
        JobStatus::Done { .. } => {
            return Err(error(NOT_FOUND, "the chain holds another receipt for this job"));
        }
        JobStatus::Failed { .. } => return Err(not_ready("failed")),
        JobStatus::Refused { .. } => return Err(not_ready("refused")),
        JobStatus::Expired => return Err(not_ready("expired")),
    }
    let record = context.chain.record(job.record, at.hash).await?;
    let record = record.ok_or_else(|| error(NOT_FOUND, "the chain does not know the record"))?;
    match record.closed() {
        None => {}
        Some(Reason::RecordVoided) => return Err(error(NOT_FOUND, "the record was entered in error")),
        Some(Reason::RecordTransferred) => {
            return Err(error(NOT_FOUND, "the record is in another hospital's custody"));
        }
        Some(_) => return Err(error(NOT_FOUND, "the record was erased")),
    }
    let question = record.question(job.hospital, purpose);
    let ruling = context.chain.rule(question, job.record, at.hash).await?;
    if !ruling.permitted() {
        let data = json!({ "reason": ruling.reason(), "block": at.hash });
        return Err(error_with(CONSENT_REFUSED, "the patient's consent does not permit this", data));
    }
    blocking(move || {
        let found = context.vault.summary_of(&id)?;
        let gone = || error(NOT_FOUND, "the vault holds no summary for this job: it was erased");
        let document = found.ok_or_else(gone)?;
        if document.id != receipt.output || document.patient != record.attributes.patient {
            return Err(gone());
        }
        let summary: Value = serde_json::from_slice(&document.original)
            .map_err(|_| error(INTERNAL, "a summary is not JSON"))?;
        record_disclosure(
            &context,
            Disclosure {
                subject: Some(document.id),
                job: Some(id),
                patient: Some(document.patient),
                purpose: Some(purpose),
                block: Some(at.hash),
                consent: ruling.consent(),
                access: ruling.access,
                ..Disclosure::now(&caller.name, What::Summary)
            },
        )?;
        Ok(json!({
            "job": id,
            "summary": summary,
            "salt": H256(*document.salt),
            "output": document.id,
            "receipt": receipt,
        }))
    })
    .await
}

/// A document's bytes as they came, JSON inside JSON.
pub type Raw = Box<RawValue>;

//! `summaries_*`: where a job stands, and its summary on the chain's word.

use super::{
    context::{Context, blocking},
    errors::error,
};
use crate::{
    chain::Finalized,
    credentials::Caller,
    disclosures::{Disclosure, What},
    jobs::{self, Queue},
};
use codec::Decode;
use galen_primitives::{
    H256,
    consent::{Purpose, Reason},
    emergency::Ruling,
    records::Record,
    summary::{Job, JobStatus, Outcome, Receipt},
};
use galen_worker_api::{
    Code, MethodError,
    server::{Answer, Methods},
    summaries::{Get, GetStatus, Released, Standing, State},
};
use jsonrpsee::core::RegisterMethodError;
use serde_json::json;
use std::sync::Arc;

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(status)?;
    methods.serve(get)
}

async fn status(context: Arc<Context>, _: Caller, GetStatus { job }: GetStatus) -> Answer<GetStatus> {
    blocking(move || Ok(Standing { job, state: state(&context.stores.queue, &job)? })).await
}

/// Where a job stands here.
fn state(queue: &Queue, job: &H256) -> Result<State, MethodError> {
    Ok(match queue.state(job)? {
        jobs::State::Unknown => State::Unknown,
        jobs::State::Pending => State::Pending,
        jobs::State::Answered(bytes) => {
            let outcome = Outcome::decode(&mut &*bytes);
            match outcome.map_err(|_| error(Code::Internal, "an outcome does not decode"))? {
                Outcome::Done(receipt) => State::Done { receipt },
                Outcome::Failed(failure) => State::Failed { failure },
            }
        }
    })
}

/// Whether a summary may be shown, decided by the chain at a finalized block; then the summary, written down
/// first.
async fn get(context: Arc<Context>, caller: Caller, Get { job: id, purpose }: Get) -> Answer<Get> {
    context.erasures.state()?;
    let receipt = receipt(context.clone(), id).await?;
    let at = context.chain.finalized().await?;
    let job = standing_job(&context, id, &receipt, at).await?;
    let record = open_record(&context, job.record, at).await?;
    let ruling = permission(&context, &job, &record, purpose, at).await?;
    blocking(move || {
        let disclosure = Disclosure {
            job: Some(id),
            purpose: Some(purpose),
            block: Some(at.hash),
            consent: ruling.consent(),
            access: ruling.access,
            ..context.disclosure(&caller, What::Summary)
        };
        release(&context, id, receipt, &record, disclosure)
    })
    .await
}

fn not_ready(state: &str) -> MethodError {
    MethodError::with_data(Code::NotReady, "the job has no summary", json!({ "state": state }))
}

/// What this worker answered the job with, if that is a summary.
async fn receipt(context: Arc<Context>, job: H256) -> Result<Receipt, MethodError> {
    match blocking(move || state(&context.stores.queue, &job)).await? {
        State::Done { receipt } => Ok(receipt),
        State::Failed { .. } => Err(not_ready("failed")),
        State::Unknown => Err(not_ready("unknown")),
        State::Pending => Err(not_ready("pending")),
    }
}

/// The job as the chain has it, if it is this hospital's and did not end otherwise than with this receipt.
async fn standing_job(
    context: &Context,
    id: H256,
    receipt: &Receipt,
    at: Finalized,
) -> Result<Job, MethodError> {
    let job = context.chain.job(id, at.hash).await?.ok_or_else(|| not_ready("notFinalized"))?;
    if context.hospital.as_ref().is_some_and(|hospital| hospital != &job.hospital) {
        return Err(error(Code::NotFound, "the job is another hospital's"));
    }
    match job.status_at(at.number) {
        // Not anchored yet; what is decided is consent, and that is asked afterwards.
        JobStatus::Open => Ok(job),
        JobStatus::Done { receipt: anchored, .. } if anchored == *receipt => Ok(job),
        JobStatus::Done { .. } => Err(error(Code::NotFound, "the chain holds another receipt for this job")),
        JobStatus::Failed { .. } => Err(not_ready("failed")),
        JobStatus::Refused { .. } => Err(not_ready("refused")),
        JobStatus::Expired => Err(not_ready("expired")),
    }
}

/// A record as the chain has it, if something may be made of it.
async fn open_record(context: &Context, id: H256, at: Finalized) -> Result<Record, MethodError> {
    let record = context.chain.record(id, at.hash).await?;
    let record = record.ok_or_else(|| error(Code::NotFound, "the chain does not know the record"))?;
    let why = match record.closed() {
        None => return Ok(record),
        Some(Reason::RecordVoided) => "the record was entered in error",
        Some(Reason::RecordTransferred) => "the record is in another hospital's custody",
        Some(_) => "the record was erased",
    };
    Err(error(Code::NotFound, why))
}

/// The chain's decision on showing a summary of this record, if it permits it.
async fn permission(
    context: &Context,
    job: &Job,
    record: &Record,
    purpose: Purpose,
    at: Finalized,
) -> Result<Ruling, MethodError> {
    let question = record.question(job.hospital.clone(), purpose);
    let ruling = context.chain.rule(question, job.record, at.hash).await?;
    if !ruling.permitted() {
        let data = json!({ "reason": ruling.reason(), "block": at.hash });
        let message = "the patient's consent does not permit this";
        return Err(MethodError::with_data(Code::ConsentRefused, message, data));
    }
    Ok(ruling)
}

/// The summary of a job, once the disclosure is written down.
fn release(
    context: &Context,
    job: H256,
    receipt: Receipt,
    record: &Record,
    disclosure: Disclosure,
) -> Answer<Get> {
    let gone = || error(Code::NotFound, "the vault holds no summary for this job: it was erased");
    let document = context.stores.vault.summary_of(&job)?.ok_or_else(gone)?;
    if document.id != receipt.output || document.patient != record.attributes.patient {
        return Err(gone());
    }
    let summary = serde_json::from_slice(&document.original)
        .map_err(|_| error(Code::Internal, "a summary is not JSON"))?;
    context.write_down(&Disclosure {
        subject: Some(document.id),
        patient: Some(document.patient),
        ..disclosure
    })?;
    Ok(Released { job, summary, salt: H256(*document.salt), output: document.id, receipt })
}

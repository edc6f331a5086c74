//! `summaries_*`: where a job stands, and its summary on the chain's word.

use super::{
    context::{Answer, Context, blocking, record_disclosure},
    errors::{CONSENT_REFUSED, Failure, INTERNAL, NOT_FOUND, NOT_READY, error, error_with},
    params::{Status, SummaryGet},
};
use crate::{
    credentials::Caller,
    disclosures::{Disclosure, What},
    jobs::{Queue, State},
};
use codec::Decode;
use galen_primitives::{
    H256,
    consent::{Question, Reason},
    summary::{JobStatus, Outcome},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::spawn_blocking;

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

pub(super) async fn status(context: Arc<Context>, _: Caller, Status { job }: Status) -> Answer {
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
pub(super) async fn get(
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
    let question = Question {
        patient: record.attributes.patient.clone(),
        custodian: record.custodian,
        requester: job.hospital,
        actors: Default::default(),
        purpose,
        record: Some(record.attributes.facts),
    };
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

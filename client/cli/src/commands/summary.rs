//! `galen summary`.

use super::{Context, hash, purpose, record::batch};
use galen_client::{Error, calls};
use galen_primitives::{
    H256,
    consent::Purpose,
    summary::{Job, JobStatus},
};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

/// Summaries by the hospital's model.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Ask for a summary of a record; prints the job's id.
    Request(Request),
    /// Wait until a job has ended in finalized state; the exit status tells whether a summary was anchored.
    Watch {
        /// The job.
        #[arg(value_parser = hash)]
        job: H256,
    },
    /// Where a job stands in finalized state.
    Status {
        /// The job.
        #[arg(value_parser = hash)]
        job: H256,
    },
    /// Where a job stands at the hospital's worker.
    WorkerStatus {
        /// The job.
        #[arg(value_parser = hash)]
        job: H256,
    },
    /// Read a summary through the worker, which checks consent and records the disclosure (clinician).
    Get {
        /// The job.
        #[arg(value_parser = hash)]
        job: H256,
        /// Purpose of use.
        #[arg(long, value_parser = purpose)]
        purpose: Purpose,
    },
}

/// Of which record, by which model, what for.
#[derive(clap::Args)]
pub struct Request {
    /// The record's commitment.
    #[arg(value_parser = hash)]
    record: H256,
    /// The approved model's hash.
    #[arg(long, value_parser = hash)]
    model: H256,
    /// Purpose of use, as TREAT.
    #[arg(long, value_parser = purpose)]
    purpose: Purpose,
    /// Reveal the record out of the batch with this file first, in the same transaction.
    #[arg(long)]
    reveal: Option<PathBuf>,
    /// The salt of the record's attributes; the worker is asked if it is not given.
    #[arg(long, value_parser = hash, requires = "reveal")]
    salt: Option<H256>,
    /// The hospital's key: a file or a development seed.
    #[arg(long)]
    key: String,
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Request(asked) => request(context, asked).await,
        Command::Watch { job } => watch(context, job).await,
        Command::Status { job } => {
            let found = context.chain().await?.job(job, None).await?;
            let found = found.ok_or_else(|| Error::Input(format!("no job {job:?} in finalized state")))?;
            show(context, job, &found);
            Ok(true)
        }
        Command::WorkerStatus { job } => {
            let status = context.worker()?.status(job).await?;
            context.out.answer(&status, &status);
            Ok(true)
        }
        Command::Get { job, purpose } => {
            let released = context.worker()?.summary(job, purpose).await?;
            context.out.answer(&json!(released), readable(&released.summary));
            Ok(true)
        }
    }
}

async fn request(context: &Context, asked: Request) -> Result<bool, Error> {
    let Request { record, model, purpose, reveal, salt, key } = asked;
    let chain = context.chain().await?;
    let mut call = calls::request(record, model, purpose);
    if let Some(file) = reveal {
        let (opened, proof) = batch::opened(context, &file, record, salt).await?;
        let reveal = calls::reveal(record, &opened.attributes, opened.salt, &proof);
        call = chain.all_of(&[reveal, call]).await?;
    }
    let included = context.submit(&chain, &call, &key).await?;
    let job: H256 = included
        .event("Summaries.Requested")
        .ok_or_else(|| Error::Node("the request was accepted but its event is missing".into()))?;
    context.out.answer(&json!({ "job": job, "block": included.block }), format!("job {job:?}"));
    Ok(true)
}

/// Waits until the job has ended; whether a summary was anchored.
async fn watch(context: &Context, job: H256) -> Result<bool, Error> {
    let chain = context.chain().await?;
    loop {
        let (head, _) = chain.finalized().await?;
        match chain.job(job, Some(head)).await? {
            Some(found) if found.status != JobStatus::Open => return Ok(show(context, job, &found)),
            _ => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}

fn show(context: &Context, job: H256, found: &Job) -> bool {
    let text = match &found.status {
        JobStatus::Open => format!("open, to be answered by block {}", found.deadline),
        JobStatus::Done { receipt, at } => {
            format!("receipt anchored in block {at}, summary {:?}", receipt.output)
        }
        JobStatus::Failed { failure, at } => format!("failed in block {at}: {failure:?}"),
        JobStatus::Refused { reason, at } => {
            format!("refused in block {at}: {reason:?}; nothing was anchored")
        }
        JobStatus::Expired => format!("expired: nobody answered by block {}", found.deadline),
    };
    context.out.answer(&json!({ "job": job, "state": found }), text);
    matches!(found.status, JobStatus::Done { .. })
}

/// A summary for people: its narrative, then its facts with their status and the words of the source.
fn readable(summary: &Value) -> String {
    let mut text = String::new();
    for sentence in summary["narrative"].as_array().into_iter().flatten() {
        text += sentence["text"].as_str().unwrap_or_default();
        text.push('\n');
    }
    for field in ["problems", "medications", "allergies", "procedures", "follow_up"] {
        for fact in summary[field].as_array().into_iter().flatten() {
            let status = fact["status"].as_str().unwrap_or_default();
            text +=
                &format!("  {field:<12} {status:<8} \"{}\"\n", fact["quote"].as_str().unwrap_or_default());
        }
    }
    text.trim_end().to_owned()
}

//! What a bundle shows in the state of its last block.
//!
//! A further kind is a further variant here: the storage keys that it needs, and a check of what stands there.

use super::{Bytes, Report, keys, leaf as batched, report::Broken, state::ProvenState};
use crate::{
    batch::LeafProof,
    checks::{doubt, in_doubt, record_history},
};
use codec::DecodeAll;
use galen_primitives::{
    BlockNumber, H256,
    audit::{Entry, LOG, LogState, leaf},
    member::WorkerKeyUse,
    records::{Record, batch::Batch},
    summary::{Job, JobStatus, Receipt},
};
use serde::{Deserialize, Serialize};

/// What a bundle shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Subject {
    /// A record, by its commitment.
    Record(H256),
    /// A record in a batch, by its path to the batch's root; its attributes are told only if the path's file told them.
    BatchedRecord(LeafProof),
    /// A job with its receipt, its record and the key that signed it.
    #[serde(rename_all = "camelCase")]
    Job {
        /// The job.
        job: H256,
        /// Its record, which the job in the state must name too.
        record: H256,
        /// The worker key, likewise.
        worker_key: H256,
    },
    /// An entry of the audit log.
    AuditEntry {
        /// The entry, SCALE.
        entry: Bytes,
        /// Its path in the log's tree, from the bottom up.
        path: Vec<H256>,
    },
}

/// What was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Proven {
    /// A record.
    Record {
        /// Its commitment.
        id: H256,
        /// What the chain says of it.
        record: Record,
    },
    /// A record in a batch.
    BatchedRecord {
        /// The leaf and its path.
        leaf: LeafProof,
        /// What the chain says of the batch.
        batch: Batch,
        /// What it says of the record, if it was revealed.
        record: Option<Record>,
    },
    /// A job.
    Job {
        /// Its id.
        id: H256,
        /// What the chain says of it.
        job: Job,
        /// Its record.
        record: Record,
    },
    /// An entry of the audit log.
    AuditEntry {
        /// The entry.
        entry: Entry,
        /// The state of the log.
        log: LogState,
    },
}

impl Proven {
    /// The receipt, if it is a job's.
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Proven::Job { job: Job { status: JobStatus::Done { receipt, .. }, .. }, .. } => Some(receipt),
            _ => None,
        }
    }

    /// The commitment of the record, if there is one.
    pub fn commitment(&self) -> Option<H256> {
        match self {
            Proven::Record { id, .. } => Some(*id),
            Proven::BatchedRecord { leaf, .. } => Some(leaf.commitment),
            Proven::Job { job, .. } => Some(job.record),
            Proven::AuditEntry { .. } => None,
        }
    }
}

impl Subject {
    /// The storage keys whose values the read proof must show: what the subject needs, and the time of the block.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        let mut wanted = match self {
            Subject::Record(id) => vec![keys::record(id)],
            Subject::BatchedRecord(leaf) => batched::wanted(leaf),
            Subject::Job { job, record, worker_key } => {
                vec![keys::job(job), keys::record(record), keys::worker_key(worker_key)]
            }
            Subject::AuditEntry { .. } => vec![keys::log()],
        };
        wanted.push(keys::time());
        wanted
    }

    /// Checks it in the state of block `number`.
    pub(super) fn check(
        &self,
        state: &ProvenState,
        number: BlockNumber,
        report: &mut Report,
    ) -> Result<Proven, Broken> {
        match self {
            Subject::Record(id) => {
                let record = report.link("record", record(state, id, number))?;
                Ok(Proven::Record { id: *id, record })
            }
            Subject::BatchedRecord(leaf) => {
                let batch = report.link("batch", batched::batch(state, leaf, number))?;
                let record = report.link("record", batched::since(state, leaf))?;
                Ok(Proven::BatchedRecord { leaf: leaf.clone(), batch, record })
            }
            Subject::Job { job: id, record: record_id, worker_key } => {
                let job = report.link("job", job(state, id, (record_id, worker_key), number))?;
                let record = report.link("record", record(state, record_id, number))?;
                report.link("receipt", receipt(&job, &record))?;
                report.link("worker key", signer(state, &job))?;
                Ok(Proven::Job { id: *id, job, record })
            }
            Subject::AuditEntry { entry, path } => {
                let (entry, log) = report.link("audit entry", audit_entry(state, entry, path, number))?;
                Ok(Proven::AuditEntry { entry, log })
            }
        }
    }
}

/// A link: what was found, and words for it; or why it does not hold.
type Link<T> = Result<(T, String), String>;

fn record(state: &ProvenState, id: &H256, number: BlockNumber) -> Link<Record> {
    let record: Record = state.expect("record", &keys::record(id))?;
    if record.anchored_at > number {
        return Err(format!(
            "the record says that it was anchored in block {}, later than this",
            record.anchored_at
        ));
    }
    let seen = format!(
        "{id:?}, anchored in block {} by {}{}",
        record.anchored_at,
        record.custodian,
        record_history(&record)
    );
    Ok((record, seen))
}

fn job(
    state: &ProvenState,
    id: &H256,
    (record, worker_key): (&H256, &H256),
    number: BlockNumber,
) -> Link<Job> {
    let job: Job = state.expect("job", &keys::job(id))?;
    let JobStatus::Done { at, .. } = job.status else {
        return Err(format!("the job has no receipt: {:?}", job.status_at(number)));
    };
    if job.record != *record || job.worker_key != *worker_key {
        return Err("the job is of another record or worker key than the bundle says".into());
    }
    if at > number {
        return Err(format!("the job says that its receipt was anchored in block {at}, later than this"));
    }
    let seen = format!("{id:?} of {}, receipt anchored in block {at}", job.hospital);
    Ok((job, seen))
}

// What `galen verify JOB` asks of receipt, job and record, but for the consent: the chain decided that in the block of the
// receipt, and no state that is still there says at what time.
fn receipt(job: &Job, record: &Record) -> Link<()> {
    let JobStatus::Done { receipt, at } = &job.status else {
        return Err("the job has none".into());
    };
    if receipt.input != job.record || receipt.model != job.model {
        return Err("it speaks of another record or model than its job".into());
    }
    if record.custodian != job.hospital || record.anchored_at > *at {
        return Err("its record was not in the keeping of the hospital that asked".into());
    }
    let basis = match (receipt.consent, receipt.access) {
        (Some(consent), None) => format!("consent {consent}"),
        (Some(consent), Some(access)) => format!("consent {consent}, access {access:?}"),
        (None, Some(access)) => format!("access {access:?}"),
        (None, None) => "no basis".into(),
    };
    Ok(((), format!("summary {:?}, model {:?}, {basis}", receipt.output, receipt.model)))
}

fn signer(state: &ProvenState, job: &Job) -> Link<()> {
    let JobStatus::Done { at, .. } = job.status else {
        return Err("the job has no receipt".into());
    };
    let used: WorkerKeyUse = state.expect("worker key", &keys::worker_key(&job.worker_key))?;
    if used.hospital != job.hospital {
        return Err(format!("the key of {}", used.hospital));
    }
    match used.suspect_from {
        Some(from) if in_doubt(used.suspect_from, at) => Err(doubt(&job.worker_key, from, at)),
        _ => Ok(((), format!("{:?}", job.worker_key))),
    }
}

fn audit_entry(
    state: &ProvenState,
    entry: &Bytes,
    path: &[H256],
    number: BlockNumber,
) -> Link<(Entry, LogState)> {
    let entry =
        Entry::decode_all(&mut entry.0.as_slice()).map_err(|_| "the entry cannot be read".to_owned())?;
    let log: LogState = state.expect("audit log", &keys::log())?;
    if !LOG.proves_inclusion(&log.root(), log.count, entry.index, &leaf(&entry), path) {
        return Err(format!("the path does not lead from entry {} to the log's root", entry.index));
    }
    if entry.block > number {
        return Err(format!("the entry says that it was written in block {}, later than this", entry.block));
    }
    let seen = format!(
        "{} of {}: {:?} in block {} of {:?}",
        entry.index, log.count, entry.kind, entry.block, entry.subject
    );
    Ok(((entry, log), seen))
}

//! Walks a receipt back: block and finality, job, worker key, input record, model, the consent or the access of an emergency in
//! force at that block, audit entry and, where the summary itself is at hand, its commitment.
//!
//! Everything is read from the finalized state of a node that the caller trusts to be honest about it.

use crate::{Error, chain::Chain, worker::Released};
use codec::{Compact, Decode};
use galen_primitives::{
    BlockNumber, H256,
    api::MAX_PAGE,
    audit::{Filter, Kind},
    records::Record,
    summary::{Job, JobStatus, Receipt},
};
use galen_proofs::{
    basis::{self, Basis},
    checks::{Check, doubt, in_doubt, record_history},
    commitments::output,
};
use serde::Serialize;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Whether every check holds.
    pub verified: bool,
    /// The job.
    pub job: H256,
    /// The receipt on chain, if there is one.
    pub receipt: Option<Receipt>,
    /// The number of the block in which it was anchored.
    pub block: Option<BlockNumber>,
    /// The checks, in order; the first that fails may leave later ones out.
    pub checks: Vec<Check>,
}

/// Verifies the receipt of `job`; with `released`, also that this summary is the one that was anchored.
pub async fn verify(chain: &Chain, job: H256, released: Option<&Released>) -> Result<Verification, Error> {
    let mut found = Verification { verified: false, job, receipt: None, block: None, checks: Vec::new() };
    let (head, finalized) = chain.finalized().await?;
    let Some(entry) = chain.job(job, Some(head)).await? else {
        found.checks.push(Check::new("job", false, "no such job in finalized state"));
        return Ok(found);
    };
    let JobStatus::Done { receipt, at } = entry.status.clone() else {
        let seen = format!("the job has none: {:?}", entry.status);
        found.checks.push(Check::new("receipt", false, seen));
        return Ok(found);
    };
    found.receipt = Some(receipt.clone());
    found.block = Some(at);
    let done = Done { chain, head, id: job, job: entry, receipt, at };
    found.checks.extend(done.by_itself(finalized));
    found.checks.push(done.model().await?);
    found.checks.push(done.worker_key().await?);
    let Some(record) = chain.record(done.receipt.input, Some(head)).await? else {
        found.checks.push(Check::new("record", false, "not anchored"));
        return Ok(found);
    };
    found.checks.extend(done.record(&record));
    found.checks.push(done.consent(&record).await?);
    found.checks.push(done.audit(&record).await?);
    if let Some(released) = released {
        found.checks.push(output(&done.receipt, &released.summary, &released.salt)?);
    }
    found.verified = found.checks.iter().all(|check| check.holds);
    Ok(found)
}

/// A job that has its receipt, in the state of the finalized block `head`.
struct Done<'a> {
    chain: &'a Chain,
    head: H256,
    id: H256,
    job: Job,
    receipt: Receipt,
    /// The block in which the receipt was anchored.
    at: BlockNumber,
}

impl Done<'_> {
    /// What job and receipt say of each other.
    fn by_itself(&self, finalized: BlockNumber) -> [Check; 3] {
        let Done { job, receipt, at, .. } = self;
        [
            Check::new(
                "finality",
                *at <= finalized,
                format!("anchored in block {at}, finalized up to {finalized}"),
            ),
            Check::new("input", receipt.input == job.record, format!("record {:?}", receipt.input)),
            Check::new("model", receipt.model == job.model, format!("model {:?}", receipt.model)),
        ]
    }

    async fn model(&self) -> Result<Check, Error> {
        let model = self.chain.model(self.receipt.model, Some(self.head)).await?;
        Ok(Check::new("model registered", model.is_some(), "in the federated registry"))
    }

    /// Whether the key that signed is the hospital's, and not in doubt. A receipt of a key in doubt was anchored all the same, since
    /// the chain learns of the doubt later.
    async fn worker_key(&self) -> Result<Check, Error> {
        let key = self.job.worker_key;
        let (trusted, seen) = match self.chain.worker_key_use(key, self.head).await? {
            None => (false, "the chain knows no hospital with this key".to_owned()),
            Some(used) if used.hospital != self.job.hospital => {
                (false, format!("the key of {}", used.hospital))
            }
            Some(used) => match used.suspect_from.filter(|_| in_doubt(used.suspect_from, self.at)) {
                None => (true, format!("{key:?}")),
                Some(from) => (false, doubt(&key, from, self.at)),
            },
        };
        Ok(Check::new("worker key", trusted, seen))
    }

    /// Whether the record was anchored by then, and in the keeping of the hospital that asked.
    fn record(&self, record: &Record) -> [Check; 2] {
        let seen = format!("anchored in block {}{}", record.anchored_at, record_history(record));
        [
            Check::new("record", record.anchored_at <= self.at, seen),
            Check::new("custodian", record.custodian == self.job.hospital, record.custodian.to_string()),
        ]
    }

    /// Whether what the receipt names permitted the use in its block.
    async fn consent(&self, record: &Record) -> Result<Check, Error> {
        let access = match self.receipt.access {
            None => None,
            Some(id) => match self.chain.access(id, Some(self.head)).await? {
                Some(listed) => Some(listed.access),
                None => {
                    return Ok(Check::new("consent", false, format!("the chain knows no access {id:?}")));
                }
            },
        };
        let question = record.question(self.job.hospital.clone(), self.job.purpose);
        let now = block_time(self.chain, self.at).await?;
        let versions = self.chain.consents(&question.patient, Some(self.head)).await?;
        let basis = Basis { consent: self.receipt.consent, access: access.as_ref(), versions: &versions };
        let permits = basis.permits(&self.receipt.input, question, (self.at, now));
        Ok(Check::new("consent", permits, basis::claim(&self.receipt, self.at)))
    }

    /// Whether the audit log has the entry of the receipt.
    async fn audit(&self, record: &Record) -> Result<Check, Error> {
        let filter = Filter {
            hospital: Some(self.job.hospital.clone()),
            kind: Some(Kind::SummaryAnchored),
            patient: Some(record.attributes.patient.clone()),
        };
        let mut from = Some(0);
        while let Some(index) = from {
            let page = self.chain.audit_entries(&filter, index, MAX_PAGE, Some(self.head)).await?;
            let entry = page.entries.iter().find(|e| e.subject == self.id && e.block == self.at);
            if let Some(entry) = entry {
                return Ok(Check::new("audit", true, format!("entry {}", entry.index)));
            }
            from = page.next;
        }
        Ok(Check::new("audit", false, "entry missing"))
    }
}

/// The time of a block in seconds, from its body (state of old blocks is pruned, bodies are kept): the first extrinsic is
/// the bare `Timestamp.set`, whose argument is a compact number of milliseconds.
async fn block_time(chain: &Chain, number: BlockNumber) -> Result<u64, Error> {
    let extrinsics = chain.block_body(number).await?;
    let first = extrinsics.first().ok_or_else(|| Error::Node(format!("block {number} has no body")))?;
    let mut bytes = first.get(3..).ok_or(Error::Undecodable("block body"))?;
    let Compact(millis) = Compact::<u64>::decode(&mut bytes).map_err(|_| Error::Undecodable("block body"))?;
    Ok(millis / 1000)
}

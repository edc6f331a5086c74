//! Walks a receipt back: block and finality, job, worker key, input record, model, the consent or the access of an emergency in
//! force at that block, audit entry and, where the summary itself is at hand, its commitment.
//!
//! Everything is read from the finalized state of a node that the caller trusts to be honest about it.

use crate::{Error, chain::Chain, worker::Released};
use codec::{Compact, Decode};
use galen_primitives::{
    BlockNumber, H256, UnixSeconds,
    audit::{Filter, Kind},
    consent::Question,
    summary::{JobStatus, Receipt},
};
use galen_proofs::{
    basis::{self, Basis},
    checks::{Check, became, in_doubt},
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
        found.note("job", false, "no such job in finalized state");
        return Ok(found);
    };
    let JobStatus::Done { receipt, at } = entry.status.clone() else {
        found.note("receipt", false, format!("the job has none: {:?}", entry.status));
        return Ok(found);
    };
    found.receipt = Some(receipt.clone());
    found.block = Some(at);
    found.note("finality", at <= finalized, format!("anchored in block {at}, finalized up to {finalized}"));
    found.note("input", receipt.input == entry.record, format!("record {:?}", receipt.input));
    found.note("model", receipt.model == entry.model, format!("model {:?}", receipt.model));
    let model = chain.model(receipt.model, Some(head)).await?;
    found.note("model registered", model.is_some(), "in the federated registry");

    // Anchored all the same, since the chain learns of the doubt later than of the receipt.
    let (trusted, seen) = match chain.worker_key_use(entry.worker_key, head).await? {
        None => (false, "the chain knows no hospital with this key".to_owned()),
        Some(used) if used.hospital != entry.hospital => (false, format!("the key of {}", used.hospital)),
        Some(used) => match used.suspect_from.filter(|_| in_doubt(used.suspect_from, at)) {
            None => (true, format!("{:?}", entry.worker_key)),
            Some(from) => (
                false,
                format!(
                    "{:?} was marked suspect from block {from} on and signed this in block {at}: ask the hospital for a \
                     new summary",
                    entry.worker_key
                ),
            ),
        },
    };
    found.note("worker key", trusted, seen);

    let Some(record) = chain.record(receipt.input, Some(head)).await? else {
        found.note("record", false, "not anchored");
        return Ok(found);
    };
    let seen = format!("anchored in block {}{}", record.anchored_at, became(&record));
    found.note("record", record.anchored_at <= at, seen);
    found.note("custodian", record.custodian == entry.hospital, format!("{}", record.custodian));

    let question = record.question(entry.hospital.clone(), entry.purpose);
    let now = block_time(chain, at).await?;
    let (permits, seen) = consent(chain, head, &receipt, question, (at, now)).await?;
    found.note("consent", permits, seen);

    let filter = Filter {
        hospital: Some(entry.hospital.clone()),
        kind: Some(Kind::SummaryAnchored),
        patient: Some(record.attributes.patient.clone()),
    };
    let mut audited = None;
    let mut from = Some(0);
    while let (Some(index), None) = (from, audited) {
        let page = chain.audit_entries(&filter, index, 256, Some(head)).await?;
        audited = page.entries.iter().find(|e| e.subject == job && e.block == at).map(|e| e.index);
        from = page.next;
    }
    found.note(
        "audit",
        audited.is_some(),
        format!("entry {}", audited.map_or("missing".into(), |i| i.to_string())),
    );

    if let Some(released) = released {
        found.checks.push(output(&receipt, &released.summary, &released.salt)?);
    }
    found.verified = found.checks.iter().all(|check| check.holds);
    Ok(found)
}

/// Whether what the receipt names permitted the use in block `at`, and what was seen.
async fn consent(
    chain: &Chain,
    head: H256,
    receipt: &Receipt,
    question: Question,
    (at, now): (BlockNumber, UnixSeconds),
) -> Result<(bool, String), Error> {
    let access = match receipt.access {
        None => None,
        Some(id) => match chain.access(id, Some(head)).await? {
            Some(listed) => Some(listed.access),
            None => return Ok((false, format!("the chain knows no access {id:?}"))),
        },
    };
    let versions = chain.consents(&question.patient, Some(head)).await?;
    let basis = Basis { consent: receipt.consent, access: access.as_ref(), versions: &versions };
    Ok((basis.permits(&receipt.input, question, (at, now)), basis::claim(receipt, at)))
}

impl Verification {
    fn note(&mut self, name: &'static str, holds: bool, seen: impl Into<String>) {
        self.checks.push(Check { name, holds, seen: seen.into() });
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

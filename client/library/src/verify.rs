//! Walks a receipt back: block and finality, job, worker key, input record, model, the consent or the access of an emergency in
//! force at that block, audit entry and, where the summary itself is at hand, its commitment.
//!
//! Everything is read from the finalized state of a node that the caller trusts to be honest about it.

mod basis;

use crate::{
    Error,
    chain::Chain,
    checks::{Check, became, in_doubt},
    worker::Released,
};
use codec::{Compact, Decode};
use galen_primitives::{
    BlockNumber, H256,
    audit::{Filter, Kind},
    commitment::{Scheme, commit},
    summary::{JobStatus, Receipt},
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
    let (permits, seen) = basis::basis(chain, head, &receipt, question, (at, now)).await?;
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
        found.checks.push(output(&receipt, released)?);
    }
    found.verified = found.checks.iter().all(|check| check.holds);
    Ok(found)
}

/// Whether a released summary is the one that a receipt commits to.
pub fn output(receipt: &Receipt, released: &Released) -> Result<Check, Error> {
    let bytes = serde_json_canonicalizer::to_vec(&released.summary)
        .map_err(|why| Error::Input(format!("the summary has no canonical form: {why}")))?;
    let output = commit(Scheme::Jcs, &released.salt.0, &bytes);
    Ok(Check { name: "output", holds: output == receipt.output, seen: format!("commitment {output:?}") })
}

/// Whether `commitment` is to this document under `salt`, as plain text or as canonical JSON.
pub fn document(commitment: H256, bytes: &[u8], salt: &H256) -> Check {
    let json = serde_json::from_slice::<serde_json::Value>(bytes).ok();
    let canonical = json.and_then(|value| serde_json_canonicalizer::to_vec(&value).ok());
    let seen = if commit(Scheme::Text, &salt.0, bytes) == commitment {
        Some("plain text")
    } else if canonical.is_some_and(|bytes| commit(Scheme::Jcs, &salt.0, &bytes) == commitment) {
        Some("canonical JSON")
    } else {
        None
    };
    Check {
        name: "document",
        holds: seen.is_some(),
        seen: match seen {
            Some(form) => format!("as {form} it is what {commitment:?} commits to"),
            None => format!("document and salt do not give {commitment:?}"),
        },
    }
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

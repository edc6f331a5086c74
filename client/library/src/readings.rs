//! Proofs of device readings ([`galen_proofs::reading`]) against a chain.
//!
//! The device's key and the batch are looked up in the finalized state of a node that the caller trusts to be honest about it.

use crate::{Error, chain::Chain};
use galen_primitives::{
    BlockNumber, H256,
    devices::{Device, reading::AnchoredReadings},
};
use galen_proofs::{
    checks::{Check, in_doubt},
    reading::ReadingProof,
};
use serde::Serialize;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whether every check holds.
    pub verified: bool,
    /// The checks, in order; the first that fails may leave later ones out.
    pub checks: Vec<Check>,
}

/// Checks everything that a proof shows, against the finalized state of a chain.
pub async fn verify(chain: &Chain, proof: &ReadingProof) -> Result<Verified, Error> {
    let mut checks = proof.check_offline();
    let complete = on_chain(chain, proof, &mut checks).await?;
    Ok(Verified { verified: complete && checks.iter().all(|check| check.holds), checks })
}

/// Whether the chain could be asked everything.
async fn on_chain(chain: &Chain, proof: &ReadingProof, checks: &mut Vec<Check>) -> Result<bool, Error> {
    let (head, finalized) = chain.finalized().await?;
    let Some(device) = chain.device(proof.reading.device, Some(head)).await? else {
        checks.push(Check::new("device", false, "no such device in finalized state"));
        return Ok(false);
    };
    let seen = format!("registered by {} in block {}", device.hospital, device.registered_at);
    checks.push(Check::new("device", true, seen));

    // With the one before it, if there is one.
    let from = proof.batch.index.saturating_sub(1);
    let batches = chain.reading_batches(&device.hospital, from, 2, Some(head)).await?;
    let Some(anchored) = batches.iter().find(|anchored| anchored.batch == proof.batch) else {
        checks.push(Check::new("anchored", false, "the device's hospital has not anchored this batch"));
        return Ok(false);
    };
    let block = anchored.block;
    checks.push(Check::new("anchored", true, format!("in block {block}, finalized up to {finalized}")));
    let before = batches.iter().find(|other| other.batch.index < proof.batch.index);
    let (holds, seen) = proof.signature(&chain.genesis(), &device, anchored, before)?;
    checks.push(Check::new("signature", holds, seen));
    checks.push(device_in_doubt(&device, block));
    checks.push(worker_key(chain, head, anchored, &device).await?);
    Ok(true)
}

fn device_in_doubt(device: &Device, block: BlockNumber) -> Check {
    let seen = match device.suspect_from {
        Some(from) => format!("marked suspect from block {from} on"),
        None => "never marked suspect".into(),
    };
    Check::new("device in doubt", !in_doubt(device.suspect_from, block), seen)
}

async fn worker_key(
    chain: &Chain,
    head: H256,
    anchored: &AnchoredReadings,
    device: &Device,
) -> Result<Check, Error> {
    let (holds, seen) = match chain.worker_key_use(anchored.key, head).await? {
        None => (false, "the chain knows no hospital with this key".to_owned()),
        Some(used) if used.hospital != device.hospital => (false, format!("the key of {}", used.hospital)),
        Some(used) => (!in_doubt(used.suspect_from, anchored.block), format!("{:?}", anchored.key)),
    };
    Ok(Check::new("worker key", holds, seen))
}

//! Proofs of device readings ([`galen_proofs::reading`]) against a chain.
//!
//! The device's key and the batch are looked up in the finalized state of a node that the caller trusts to be honest about it.

use crate::{Error, chain::Chain};
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

impl Verified {
    fn note(&mut self, name: &'static str, holds: bool, seen: impl Into<String>) {
        self.checks.push(Check { name, holds, seen: seen.into() });
    }

    fn done(mut self) -> Self {
        self.verified = self.checks.iter().all(|check| check.holds);
        self
    }
}

/// Checks everything that a proof shows, against the finalized state of a chain.
pub async fn verify(chain: &Chain, proof: &ReadingProof) -> Result<Verified, Error> {
    let mut found = Verified { verified: false, checks: proof.check_offline() };
    let (head, finalized) = chain.finalized().await?;
    let Some(device) = chain.device(proof.reading.device, Some(head)).await? else {
        found.note("device", false, "no such device in finalized state");
        return Ok(found);
    };
    found.note(
        "device",
        true,
        format!("registered by {} in block {}", device.hospital, device.registered_at),
    );
    // With the one before it, if there is one.
    let from = proof.batch.index.saturating_sub(1);
    let batches = chain.reading_batches(&device.hospital, from, 2, Some(head)).await?;
    let Some(anchored) = batches.iter().find(|anchored| anchored.batch == proof.batch) else {
        found.note("anchored", false, "the device's hospital has not anchored this batch");
        return Ok(found);
    };
    let block = anchored.block;
    found.note("anchored", true, format!("in block {block}, finalized up to {finalized}"));
    let before = batches.iter().find(|other| other.batch.index < proof.batch.index);
    let (holds, seen) = proof.signature(&chain.genesis(), &device, anchored, before)?;
    found.note("signature", holds, seen);
    let trusted = !in_doubt(device.suspect_from, block);
    found.note(
        "device in doubt",
        trusted,
        match device.suspect_from {
            Some(from) => format!("marked suspect from block {from} on"),
            None => "never marked suspect".into(),
        },
    );
    let used = chain.worker_key_use(anchored.key, head).await?;
    let (holds, seen) = match used {
        None => (false, "the chain knows no hospital with this key".to_owned()),
        Some(used) if used.hospital != device.hospital => (false, format!("the key of {}", used.hospital)),
        Some(used) => (!in_doubt(used.suspect_from, block), format!("{:?}", anchored.key)),
    };
    found.note("worker key", holds, seen);
    Ok(found.done())
}

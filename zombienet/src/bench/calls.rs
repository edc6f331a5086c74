//! The calls that are measured, made ready beforehand.

use super::Bench;
use crate::{
    error::{Context, Result},
    grant::grant,
    submit::{Call, Signed, address},
};
use codec::{Compact, Encode};
use galen_client::{calls, keys::PatientKey};
use galen_primitives::{
    audit::LogState,
    commitment::tagged_hash,
    consent::{Confidentiality, Purpose},
    records::{RecordAttributes, RecordFacts},
};
use galen_proofs::storage_key::blake2;

/// What is transferred: the smallest amount that the account that gets it may hold.
const TRANSFER: u128 = 1_000_000_000_000;

/// A kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `Balances.transfer_keep_alive`: what the others are compared to.
    Transfer,
    /// `Records.anchor`.
    Anchor,
    /// `Records.anchor_batch` of a million records each.
    Batch,
    /// `Consent.grant`, each by another patient.
    Grant,
}

impl Kind {
    pub(super) const ALL: [Kind; 4] = [Kind::Transfer, Kind::Anchor, Kind::Batch, Kind::Grant];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Transfer => "transfer",
            Kind::Anchor => "anchor",
            Kind::Batch => "batch",
            Kind::Grant => "grant",
        }
    }

    /// By how much one call moves the marker of its kind.
    pub(super) fn marks(self) -> u128 {
        if self == Kind::Transfer { TRANSFER } else { 1 }
    }
}

impl Bench {
    /// Signed calls of a kind, with what each needs done before.
    pub(super) async fn prepare(&self, kind: Kind, count: u32) -> Result<Vec<Signed>> {
        let mut calls = Vec::new();
        let mut patients = Vec::new();
        match kind {
            Kind::Transfer | Kind::Batch => {}
            Kind::Anchor => {
                let patient = PatientKey::read("//bench//records")?;
                self.enrol(&patient).await?;
                patients.push(patient);
            }
            Kind::Grant => {
                for number in 0..count {
                    let patient = PatientKey::read(&format!("//bench//{number}"))?;
                    let call = calls::enrol(&patient.account());
                    // The last is waited for, and with it all before.
                    if number + 1 < count {
                        let signed = self.desk.sign(&call, &self.hospital, None).await?;
                        self.send(&signed).await?;
                    } else {
                        self.desk.finalize(&call, &self.hospital).await?;
                    }
                    patients.push(patient);
                }
            }
        }
        for number in 0..count {
            let hash = tagged_hash(b"galen:bench:v1", &[&number.encode()]);
            let call = match kind {
                Kind::Transfer => {
                    let to = PatientKey::read("//bench//receiver")?.account();
                    Call::new("Balances", "transfer_keep_alive", (address(&to), Compact(TRANSFER)))
                }
                Kind::Anchor => {
                    let patient = patients.first().context(|| "no patient")?.account();
                    let facts = RecordFacts { level: Confidentiality::N, ..Default::default() };
                    calls::anchor(hash, &RecordAttributes { patient, facts })
                }
                Kind::Batch => calls::anchor_batch(hash, 1 << 20),
                Kind::Grant => {
                    let patient = patients.get(number as usize).context(|| "no patient")?;
                    self.grant(patient, &[Purpose::Treat]).await?
                }
            };
            calls.push(self.desk.sign(&call, &self.hospital, None).await?);
        }
        Ok(calls)
    }

    /// What only calls of this kind move: the receiver's balance, or the length of the audit log.
    pub(super) async fn marker(&self, kind: Kind) -> Result<u128> {
        let (_, at) = self.rpc.best().await?;
        if kind != Kind::Transfer {
            let log: LogState = self.rpc.call("AuditApi_state", &[], at).await?;
            return Ok(log.count.into());
        }
        let receiver = PatientKey::read("//bench//receiver")?.account();
        let key = blake2("System", "Account", receiver.as_ref());
        // Nonce, consumers, providers, sufficients, and then what is free.
        let account: Option<(u32, u32, u32, u32, u128)> = self.rpc.storage(&key, at).await?;
        Ok(account.map_or(0, |account| account.4))
    }

    pub(super) async fn enrol(&self, patient: &PatientKey) -> Result<()> {
        self.desk.submit(&calls::enrol(&patient.account()), &self.hospital).await.map(drop)
    }

    /// A grant, signed by the patient for the key's present number.
    pub(super) async fn grant(&self, patient: &PatientKey, purposes: &[Purpose]) -> Result<Call> {
        let hospital = self.hospital.account();
        grant(&self.rpc, patient, hospital.clone(), &hospital, purposes).await
    }
}

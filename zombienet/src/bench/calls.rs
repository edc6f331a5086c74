//! The calls that are measured, made ready beforehand.

use super::Bench;
use crate::{
    error::{Context, Error, Result},
    submit::{Call, Signed, address},
};
use codec::{Compact, Encode};
use galen_client::{calls, keys::PatientKey, storage_key::blake2};
use galen_primitives::{
    H256,
    audit::LogState,
    commitment::tagged_hash,
    consent::{Confidentiality, ConsentTerms, Effect, Provision, Purpose, decision::id},
    record::{RecordAttributes, RecordFacts},
};
use std::time::{SystemTime, UNIX_EPOCH};

/// For so long, in seconds, what a patient signs can be relayed.
const VALID_FOR: u64 = 3_600;
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
        let few = |what: &str| Error::new(format!("too many {what}"));
        let terms = ConsentTerms {
            patient: patient.account(),
            custodian: hospital.clone(),
            policy: Default::default(),
            root: Provision {
                purposes: purposes.to_vec().try_into().map_err(|_| few("purposes"))?,
                actors: vec![id(&hospital)].try_into().map_err(|_| few("actors"))?,
                levels: vec![Confidentiality::N].try_into().map_err(|_| few("levels"))?,
                ..Provision::all(Effect::Permit)
            },
            exceptions: Default::default(),
            duo: Default::default(),
            supersedes: None,
            form: H256([7; 32]),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context(|| "the clock")?.as_secs();
        let valid_until = now + VALID_FOR;
        let (_, best) = self.rpc.best().await?;
        let asked = (&terms, &terms.patient, valid_until).encode();
        let text: Option<Vec<u8>> = self.rpc.call("ConsentApi_grant_text", &asked, best).await?;
        let text = text.context(|| "the chain makes no text of this consent")?;
        Ok(calls::grant(&terms, &terms.patient, valid_until, &patient.sign(&text)))
    }
}

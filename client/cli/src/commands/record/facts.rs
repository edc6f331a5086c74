//! What a custodian fixes about a record.

use crate::commands::{account, blind, blinding, hash, level};
use galen_client::Error;
use galen_primitives::{
    AccountId, H256,
    consent::Confidentiality,
    records::{RecordAttributes, RecordFacts},
};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;
use std::path::PathBuf;

/// What a custodian fixes about a record.
#[derive(clap::Args)]
pub struct Attributes {
    /// The patient's key with this hospital.
    #[arg(long, value_parser = account)]
    patient: AccountId,
    #[command(flatten)]
    facts: Facts,
}

impl Attributes {
    /// Reads them; blinds what must not be told.
    pub fn read(self) -> Result<RecordAttributes, Error> {
        Ok(RecordAttributes { patient: self.patient, facts: self.facts.read()? })
    }
}

/// What decisions need to know of a record, or of several.
#[derive(clap::Args)]
pub struct Facts {
    /// HL7 confidentiality: U, L, M, N, R or V.
    #[arg(long, value_parser = level, default_value = "N")]
    level: Confidentiality,
    /// Sensitivity labels (ETH, ETHUD, OPIOIDUD, PSY, SDV, HIV), blinded before they leave this machine.
    #[arg(long, value_delimiter = ',')]
    labels: Vec<String>,
    /// File with the secret that labels of this patient and custodian are blinded under.
    #[arg(long)]
    label_secret: Option<PathBuf>,
    /// When the record was written, in seconds since 1970.
    #[arg(long)]
    authored: Option<u64>,
    /// An author's random id, as the hospital issued it; up to four.
    #[arg(long, value_parser = hash, value_delimiter = ',')]
    author: Vec<H256>,
    /// The name by which consents may single the record out, as DocumentReference/x; blinded before it leaves this machine.
    #[arg(long)]
    name: Option<String>,
    /// An encounter or plan that it belongs to, as Encounter/e; blinded before it leaves this machine. Up to four.
    #[arg(long, value_delimiter = ',')]
    related: Vec<String>,
}

fn bounded<const N: u32>(items: Vec<H256>, what: &str) -> Result<BoundedVec<H256, ConstU32<N>>, Error> {
    items.try_into().map_err(|_| Error::Input(format!("a record names {N} {what} at most")))
}

impl Facts {
    /// Blinds what must not be told.
    pub fn read(self) -> Result<RecordFacts, Error> {
        let named = |name: &String| blinding(self.label_secret.as_deref()).map(|secret| secret.name(name));
        Ok(RecordFacts {
            labels: blind(&self.labels, self.label_secret.as_deref())?,
            level: self.level,
            authored: self.authored,
            name: self.name.as_ref().map(named).transpose()?,
            related: bounded(
                self.related.iter().map(named).collect::<Result<_, _>>()?,
                "encounters and plans",
            )?,
            authors: bounded(self.author, "authors")?,
        })
    }
}

//! `galen record`: commitments on chain.

use super::{Context, account, blind, blinding, hash, level};
use galen_client::{Error, calls};
use galen_primitives::{
    AccountId, H256,
    consent::Confidentiality,
    record::{RecordAttributes, RecordFacts},
};
use serde_json::json;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;
use std::path::PathBuf;

/// Commitments on chain.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Anchor the commitment of a document that this hospital keeps.
    Anchor {
        /// The commitment, as `galen document put` printed it.
        #[arg(value_parser = hash)]
        record: H256,
        #[command(flatten)]
        attributes: Attributes,
        /// The custodian's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// Replace an anchored record by a newer one.
    Supersede {
        /// The record to replace.
        #[arg(value_parser = hash)]
        old: H256,
        /// The new commitment.
        #[arg(value_parser = hash)]
        new: H256,
        #[command(flatten)]
        attributes: Attributes,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Write on chain that key and salt of a record were destroyed (`galen document erase` does that at the worker).
    Erase {
        /// The record's commitment.
        #[arg(value_parser = hash)]
        record: H256,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Show an anchored record.
    Show {
        /// Its commitment.
        #[arg(value_parser = hash)]
        record: H256,
    },
}

/// What a custodian fixes about a record.
#[derive(clap::Args)]
pub struct Attributes {
    /// The patient's key with this hospital.
    #[arg(long, value_parser = account)]
    patient: AccountId,
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

fn few<const N: u32>(items: Vec<H256>, what: &str) -> Result<BoundedVec<H256, ConstU32<N>>, Error> {
    items.try_into().map_err(|_| Error::Input(format!("a record names {N} {what} at most")))
}

impl Attributes {
    fn read(self) -> Result<RecordAttributes, Error> {
        Ok(RecordAttributes {
            patient: self.patient,
            facts: RecordFacts {
                labels: blind(&self.labels, self.label_secret.as_deref())?,
                level: self.level,
                authored: self.authored,
                authors: few(self.author, "authors")?,
                name: self
                    .name
                    .map(|name| blinding(self.label_secret.as_deref()).map(|secret| secret.name(&name)))
                    .transpose()?,
                related: few(
                    self.related
                        .iter()
                        .map(|name| blinding(self.label_secret.as_deref()).map(|secret| secret.name(name)))
                        .collect::<Result<_, _>>()?,
                    "encounters and plans",
                )?,
            },
        })
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Command::Anchor { record, attributes, key } => {
            let at = context.submit(&chain, &calls::anchor(record, &attributes.read()?), &key).await?.block;
            context.out.answer(
                &json!({ "record": record, "block": at }),
                format!("anchored {record:?} in block {at:?}"),
            );
        }
        Command::Supersede { old, new, attributes, key } => {
            let at =
                context.submit(&chain, &calls::supersede(old, new, &attributes.read()?), &key).await?.block;
            context.out.answer(
                &json!({ "record": new, "supersedes": old, "block": at }),
                format!("{new:?} replaces {old:?} since block {at:?}"),
            );
        }
        Command::Erase { record, key } => {
            let at = context.submit(&chain, &calls::erase(record), &key).await?.block;
            context.out.answer(
                &json!({ "record": record, "block": at }),
                format!("the erasure of {record:?} stands in block {at:?}"),
            );
        }
        Command::Show { record } => {
            let Some(found) = chain.record(record, None).await? else {
                return Err(Error::Input(format!("{record:?} is not anchored in finalized state")));
            };
            context.out.answer(&json!(found), format!("{found:#?}"));
        }
    }
    Ok(true)
}

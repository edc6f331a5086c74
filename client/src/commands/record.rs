//! `galen record`: commitments on chain.

use super::{Context, account, blind, hash, level};
use galen_client::{Error, calls};
use galen_primitives::{AccountId, H256, consent::Confidentiality, record::RecordAttributes};
use serde_json::json;
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
    /// The author's random id, as the hospital issued it.
    #[arg(long, value_parser = hash)]
    author: Option<H256>,
}

impl Attributes {
    fn read(self) -> Result<RecordAttributes, Error> {
        Ok(RecordAttributes {
            labels: blind(&self.labels, self.label_secret.as_deref())?,
            patient: self.patient,
            level: self.level,
            authored: self.authored,
            author: self.author,
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

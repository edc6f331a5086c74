//! `galen record`: commitments on chain.

use super::{Context, account, batch, blind, blinding, file_hash, hash, level};
use galen_client::{Error, calls, keys};
use galen_primitives::{
    AccountId, H256,
    consent::Confidentiality,
    records::{RecordAttributes, RecordFacts, transfer_link},
};
use serde_json::json;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;
use std::path::PathBuf;

/// Commitments on chain.
#[derive(clap::Subcommand)]
pub enum Command {
    #[command(flatten)]
    Single(Single),
    #[command(flatten)]
    Batch(batch::Command),
}

/// One record by itself.
#[derive(clap::Subcommand)]
pub enum Single {
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
    /// Say that a record was entered in error: nothing may be made of it any more.
    Void {
        /// The record's commitment.
        #[arg(value_parser = hash)]
        record: H256,
        /// The file that says why; its fingerprint stands on chain.
        #[arg(long)]
        reason: PathBuf,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Say that a record is in another hospital's custody, which has anchored its own copy of it.
    Transfer {
        /// The record here.
        #[arg(value_parser = hash)]
        record: H256,
        /// The record there, under the patient's key with that hospital.
        #[arg(long, value_parser = hash)]
        to: H256,
        /// File with the secret that hides which record that is from all but those who have it; made if it is not there.
        #[arg(long)]
        secret: PathBuf,
        /// The custodian's key.
        #[arg(long)]
        key: String,
    },
    /// Whether a record went over into another one; the exit status tells.
    VerifyTransfer {
        /// The record at the old custodian.
        #[arg(value_parser = hash)]
        record: H256,
        /// The record at the new one.
        #[arg(long, value_parser = hash)]
        to: H256,
        /// File with the secret that `transfer` used.
        #[arg(long)]
        secret: PathBuf,
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
    #[command(flatten)]
    facts: Facts,
}

impl Attributes {
    fn read(self) -> Result<RecordAttributes, Error> {
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

fn few<const N: u32>(items: Vec<H256>, what: &str) -> Result<BoundedVec<H256, ConstU32<N>>, Error> {
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
            related: few(self.related.iter().map(named).collect::<Result<_, _>>()?, "encounters and plans")?,
            authors: few(self.author, "authors")?,
        })
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Single(command) => single(context, command).await,
        Command::Batch(command) => batch::run(context, command).await,
    }
}

async fn single(context: &Context, command: Single) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Single::Anchor { record, attributes, key } => {
            let at = context.submit(&chain, &calls::anchor(record, &attributes.read()?), &key).await?.block;
            context.out.answer(
                &json!({ "record": record, "block": at }),
                format!("anchored {record:?} in block {at:?}"),
            );
        }
        Single::Supersede { old, new, attributes, key } => {
            let at =
                context.submit(&chain, &calls::supersede(old, new, &attributes.read()?), &key).await?.block;
            context.out.answer(
                &json!({ "record": new, "supersedes": old, "block": at }),
                format!("{new:?} replaces {old:?} since block {at:?}"),
            );
        }
        Single::Erase { record, key } => {
            let at = context.submit(&chain, &calls::erase(record), &key).await?.block;
            context.out.answer(
                &json!({ "record": record, "block": at }),
                format!("the erasure of {record:?} stands in block {at:?}"),
            );
        }
        Single::Void { record, reason, key } => {
            let call = calls::void(record, file_hash(b"galen:void-reason:v1", &reason)?);
            let at = context.submit(&chain, &call, &key).await?.block;
            context.out.answer(
                &json!({ "record": record, "block": at }),
                format!("{record:?} is void since block {at:?}"),
            );
        }
        Single::Transfer { record, to, secret, key } => {
            if chain.record(to, None).await?.is_none() {
                return Err(Error::Input(format!(
                    "{to:?} is not anchored in finalized state: its new custodian anchors its copy first"
                )));
            }
            let link = transfer_link(&*keys::secret_bytes(&secret, true)?, &record, &to);
            let at = context.submit(&chain, &calls::transfer(record, link), &key).await?.block;
            context.out.answer(
                &json!({ "record": record, "to": to, "link": link, "block": at }),
                format!("{record:?} is in another custody since block {at:?}; hand the secret on with it"),
            );
        }
        Single::VerifyTransfer { record, to, secret } => {
            let (head, _) = chain.finalized().await?;
            let link = transfer_link(&*keys::secret_bytes(&secret, false)?, &record, &to);
            let old = chain.record(record, Some(head)).await?.and_then(|record| record.transferred);
            let new = chain.record(to, Some(head)).await?;
            let holds = old.as_ref().is_some_and(|old| {
                old.link == link && new.as_ref().is_some_and(|new| new.anchored_at <= old.at)
            });
            context.out.answer(
                &json!({ "holds": holds, "record": record, "to": to, "transferred": old }),
                if holds { "the one went over into the other" } else { "NOT shown by the chain" },
            );
            return Ok(holds);
        }
        Single::Show { record } => {
            let Some(found) = chain.record(record, None).await? else {
                return Err(Error::Input(format!("{record:?} is not anchored in finalized state")));
            };
            context.out.answer(&json!(found), format!("{found:#?}"));
        }
    }
    Ok(true)
}

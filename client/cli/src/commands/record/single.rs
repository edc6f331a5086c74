//! `galen record` of one record by itself.

use super::facts::Attributes;
use crate::commands::{Context, file_hash, hash};
use galen_client::{Error, calls, chain::Chain, keys};
use galen_primitives::{H256, records::transfer_link};
use serde_json::json;
use std::path::{Path, PathBuf};

/// One record by itself.
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

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Command::Anchor { record, attributes, key } => {
            anchor(context, &chain, record, attributes, &key).await
        }
        Command::Supersede { old, new, attributes, key } => {
            supersede(context, &chain, old, new, attributes, &key).await
        }
        Command::Erase { record, key } => erase(context, &chain, record, &key).await,
        Command::Void { record, reason, key } => void(context, &chain, record, &reason, &key).await,
        Command::Transfer { record, to, secret, key } => {
            transfer(context, &chain, record, to, &secret, &key).await
        }
        Command::VerifyTransfer { record, to, secret } => {
            verify_transfer(context, &chain, record, to, &secret).await
        }
        Command::Show { record } => show(context, &chain, record).await,
    }
}

async fn anchor(
    context: &Context,
    chain: &Chain,
    record: H256,
    attributes: Attributes,
    key: &str,
) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::anchor(record, &attributes.read()?), key).await?.block;
    context
        .out
        .answer(&json!({ "record": record, "block": at }), format!("anchored {record:?} in block {at:?}"));
    Ok(true)
}

async fn supersede(
    context: &Context,
    chain: &Chain,
    old: H256,
    new: H256,
    attributes: Attributes,
    key: &str,
) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::supersede(old, new, &attributes.read()?), key).await?.block;
    context.out.answer(
        &json!({ "record": new, "supersedes": old, "block": at }),
        format!("{new:?} replaces {old:?} since block {at:?}"),
    );
    Ok(true)
}

async fn erase(context: &Context, chain: &Chain, record: H256, key: &str) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::erase(record), key).await?.block;
    context.out.answer(
        &json!({ "record": record, "block": at }),
        format!("the erasure of {record:?} stands in block {at:?}"),
    );
    Ok(true)
}

async fn void(
    context: &Context,
    chain: &Chain,
    record: H256,
    reason: &Path,
    key: &str,
) -> Result<bool, Error> {
    let call = calls::void(record, file_hash(b"galen:void-reason:v1", reason)?);
    let at = context.submit(chain, &call, key).await?.block;
    context
        .out
        .answer(&json!({ "record": record, "block": at }), format!("{record:?} is void since block {at:?}"));
    Ok(true)
}

async fn transfer(
    context: &Context,
    chain: &Chain,
    record: H256,
    to: H256,
    secret: &Path,
    key: &str,
) -> Result<bool, Error> {
    if chain.record(to, None).await?.is_none() {
        return Err(Error::Input(format!(
            "{to:?} is not anchored in finalized state: its new custodian anchors its copy first"
        )));
    }
    let link = transfer_link(&*keys::secret_bytes(secret, true)?, &record, &to);
    let at = context.submit(chain, &calls::transfer(record, link), key).await?.block;
    context.out.answer(
        &json!({ "record": record, "to": to, "link": link, "block": at }),
        format!("{record:?} is in another custody since block {at:?}; hand the secret on with it"),
    );
    Ok(true)
}

async fn verify_transfer(
    context: &Context,
    chain: &Chain,
    record: H256,
    to: H256,
    secret: &Path,
) -> Result<bool, Error> {
    let (head, _) = chain.finalized().await?;
    let link = transfer_link(&*keys::secret_bytes(secret, false)?, &record, &to);
    let old = chain.record(record, Some(head)).await?.and_then(|record| record.transferred);
    let new = chain.record(to, Some(head)).await?;
    let holds = old
        .as_ref()
        .is_some_and(|old| old.link == link && new.as_ref().is_some_and(|new| new.anchored_at <= old.at));
    context.out.answer(
        &json!({ "holds": holds, "record": record, "to": to, "transferred": old }),
        if holds { "the one went over into the other" } else { "NOT shown by the chain" },
    );
    Ok(holds)
}

async fn show(context: &Context, chain: &Chain, record: H256) -> Result<bool, Error> {
    let Some(found) = chain.record(record, None).await? else {
        return Err(Error::Input(format!("{record:?} is not anchored in finalized state")));
    };
    context.out.answer(&json!(found), format!("{found:#?}"));
    Ok(true)
}

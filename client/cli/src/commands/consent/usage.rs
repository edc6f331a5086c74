//! `galen consent uses`: who read under a consent, and what they owe since it has ended.

use crate::commands::{Context, account, file_hash, hospitals};
use galen_client::{Error, calls, chain::Chain};
use galen_primitives::{
    AccountId,
    consent::{Owed, Settlement, text::utc},
};
use serde_json::json;
use std::path::PathBuf;

/// Readings, and what is owed when a consent ends.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Say that a hospital read under a consent: the reader itself, or the custodian that showed it something.
    Report {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
        /// The number of the consent.
        consent: u32,
        /// The hospital that read.
        #[arg(long, value_parser = account)]
        reader: AccountId,
        /// The reader's or the custodian's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// The hospitals that read under a consent.
    List {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
        /// The number of the consent.
        consent: u32,
    },
    /// What a hospital owes since consents under which it read have ended. The exit status tells whether nothing is overdue.
    Owed {
        /// The hospital; all members if left out.
        #[arg(value_parser = account)]
        hospital: Option<AccountId>,
        /// Only what is overdue.
        #[arg(long)]
        overdue: bool,
    },
    /// Say how this hospital met its obligation.
    Settle {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
        /// The number of the consent.
        consent: u32,
        /// What was held is deleted: the receipt, whose fingerprint stands on chain.
        #[arg(long, required_unless_present = "acknowledged", conflicts_with = "acknowledged")]
        deleted: Option<PathBuf>,
        /// The use has stopped, and what a law obliges to keep is kept: the notice that says so.
        #[arg(long)]
        acknowledged: Option<PathBuf>,
        /// The hospital's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Command::Report { patient, consent, reader, key } => {
            report(context, &chain, &patient, consent, &reader, &key).await
        }
        Command::List { patient, consent } => list(context, &chain, &patient, consent).await,
        Command::Owed { hospital, overdue } => owed(context, &chain, hospital, overdue).await,
        Command::Settle { patient, consent, deleted, acknowledged, key } => {
            let how = settlement(deleted, acknowledged)?;
            settle(context, &chain, &patient, consent, how, &key).await
        }
    }
}

async fn report(
    context: &Context,
    chain: &Chain,
    patient: &AccountId,
    consent: u32,
    reader: &AccountId,
    key: &str,
) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::report_use(patient, consent, reader), key).await?.block;
    context.out.answer(
        &json!({ "patient": patient, "consent": consent, "reader": reader, "block": at }),
        format!("{reader} read under consent {consent} of {patient}"),
    );
    Ok(true)
}

async fn list(context: &Context, chain: &Chain, patient: &AccountId, consent: u32) -> Result<bool, Error> {
    let uses = chain.uses(patient, consent, None).await?;
    let text: Vec<_> =
        uses.iter().map(|(reader, used)| format!("{reader}  since block {}", used.since)).collect();
    let value: Vec<_> =
        uses.iter().map(|(reader, used)| json!({ "hospital": reader, "use": used })).collect();
    context.out.answer(&json!(value), text.join("\n"));
    Ok(true)
}

async fn owed(
    context: &Context,
    chain: &Chain,
    hospital: Option<AccountId>,
    overdue_only: bool,
) -> Result<bool, Error> {
    let (head, _) = chain.finalized().await?;
    let mut owed = Vec::new();
    for hospital in hospitals(chain, hospital, head).await? {
        owed.extend(chain.owed(&hospital, head).await?);
    }
    let late = owed.iter().any(|owed| owed.overdue);
    owed.retain(|owed| !overdue_only || owed.overdue);
    let text: Vec<_> = owed.iter().map(line).collect();
    let text = if text.is_empty() { "nothing".into() } else { text.join("\n") };
    context.out.answer(&json!(owed), text);
    Ok(!late)
}

fn line(owed: &Owed) -> String {
    let state = match (&owed.settled, owed.overdue) {
        (Some((how, block)), _) => format!("{how:?} in block {block}"),
        (None, true) => "OVERDUE".into(),
        (None, false) => "open".into(),
    };
    format!("{}  consent {} of {}: due {}, {state}", owed.hospital, owed.consent, owed.patient, utc(owed.due))
}

fn settlement(deleted: Option<PathBuf>, acknowledged: Option<PathBuf>) -> Result<Settlement, Error> {
    match (deleted, acknowledged) {
        (Some(receipt), _) => Ok(Settlement::Deleted(file_hash(b"galen:receipt:v1", &receipt)?)),
        (None, Some(notice)) => Ok(Settlement::Acknowledged(file_hash(b"galen:notice:v1", &notice)?)),
        (None, None) => Err(Error::Input("give --deleted or --acknowledged".into())),
    }
}

async fn settle(
    context: &Context,
    chain: &Chain,
    patient: &AccountId,
    consent: u32,
    how: Settlement,
    key: &str,
) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::settle(patient, consent, how), key).await?.block;
    context.out.answer(
        &json!({ "patient": patient, "consent": consent, "settlement": how, "block": at }),
        format!("settled in block {at:?}"),
    );
    Ok(true)
}

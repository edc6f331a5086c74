//! `galen consent uses`: who read under a consent, and what they owe since it has ended.

use crate::commands::{Context, account, file_hash};
use galen_client::{Error, calls};
use galen_primitives::{AccountId, consent::Settlement};
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
            let call = calls::report_use(&patient, consent, &reader);
            let at = context.submit(&chain, &call, &key).await?.block;
            context.out.answer(
                &json!({ "patient": patient, "consent": consent, "reader": reader, "block": at }),
                format!("{reader} read under consent {consent} of {patient}"),
            );
            Ok(true)
        }
        Command::List { patient, consent } => {
            let uses = chain.uses(&patient, consent, None).await?;
            let text: Vec<_> =
                uses.iter().map(|(reader, used)| format!("{reader}  since block {}", used.since)).collect();
            let value: Vec<_> =
                uses.iter().map(|(reader, used)| json!({ "hospital": reader, "use": used })).collect();
            context.out.answer(&json!(value), text.join("\n"));
            Ok(true)
        }
        Command::Owed { hospital, overdue } => {
            let (head, _) = chain.finalized().await?;
            let hospitals = match hospital {
                Some(hospital) => vec![hospital],
                None => chain.members(Some(head)).await?.into_iter().map(|(account, _)| account).collect(),
            };
            let mut owed = Vec::new();
            for hospital in &hospitals {
                owed.extend(chain.owed(hospital, head).await?);
            }
            let late = owed.iter().any(|owed| owed.overdue);
            owed.retain(|owed| !overdue || owed.overdue);
            let text: Vec<_> = owed
                .iter()
                .map(|owed| {
                    let state = match (&owed.settled, owed.overdue) {
                        (Some((how, block)), _) => format!("{how:?} in block {block}"),
                        (None, true) => "OVERDUE".into(),
                        (None, false) => "open".into(),
                    };
                    format!(
                        "{}  consent {} of {}: due {}, {state}",
                        owed.hospital,
                        owed.consent,
                        owed.patient,
                        galen_primitives::consent::text::utc(owed.due)
                    )
                })
                .collect();
            let text = if text.is_empty() { "nothing".into() } else { text.join("\n") };
            context.out.answer(&json!(owed), text);
            Ok(!late)
        }
        Command::Settle { patient, consent, deleted, acknowledged, key } => {
            let how = match (deleted, acknowledged) {
                (Some(receipt), _) => Settlement::Deleted(file_hash(b"galen:receipt:v1", &receipt)?),
                (None, Some(notice)) => Settlement::Acknowledged(file_hash(b"galen:notice:v1", &notice)?),
                (None, None) => return Err(Error::Input("give --deleted or --acknowledged".into())),
            };
            let at = context.submit(&chain, &calls::settle(&patient, consent, how), &key).await?.block;
            context.out.answer(
                &json!({ "patient": patient, "consent": consent, "settlement": how, "block": at }),
                format!("settled in block {at:?}"),
            );
            Ok(true)
        }
    }
}

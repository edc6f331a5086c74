//! `galen document`: the worker's vault.

use super::{Context, account, hash};
use galen_client::{Error, worker::Document};
use galen_primitives::{AccountId, H256};
use serde_json::json;
use std::path::PathBuf;

/// Documents in the worker's vault.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Store a FHIR document or a plain text; prints its commitment.
    Put {
        /// The file.
        file: PathBuf,
        /// The patient's key with this hospital.
        #[arg(long, value_parser = account)]
        patient: AccountId,
    },
    /// Show a stored document.
    Get {
        /// Its commitment.
        #[arg(value_parser = hash)]
        record: H256,
    },
    /// Destroy a record's key and salt (operator).
    Erase {
        /// Its commitment.
        #[arg(value_parser = hash)]
        record: H256,
    },
    /// Destroy everything of a patient (operator).
    ErasePatient {
        /// The patient's key with this hospital.
        #[arg(value_parser = account)]
        patient: AccountId,
    },
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let worker = context.worker()?;
    match command {
        Command::Put { file, patient } => {
            let stored = worker.put(&patient, &Document::read(&file)?).await?;
            context.out.answer(
                &json!(stored),
                format!("stored {} bytes as record {:?}", stored.bytes, stored.record),
            );
        }
        Command::Get { record } => {
            let document = worker.get(record).await?;
            let text = match document.get("text").and_then(|t| t.as_str()) {
                Some(text) => text.to_owned(),
                None => serde_json::to_string_pretty(document.get("document").unwrap_or(&document))
                    .unwrap_or_default(),
            };
            context.out.answer(&document, text);
        }
        Command::Erase { record } => {
            let answer = worker.erase(record).await?;
            context.out.answer(&answer, format!("erased record {record:?}: key and salt are destroyed"));
        }
        Command::ErasePatient { patient } => {
            let answer = worker.erase_patient(&patient).await?;
            context.out.answer(&answer, "erased: the patient's keys and salts are destroyed");
        }
    }
    Ok(true)
}

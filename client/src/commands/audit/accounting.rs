//! `galen audit accounting` and `open`: what the hospital's worker says of its disclosures, with its operator's credential.

use super::super::{Context, account};
use galen_client::{Error, worker::AccountingFormat};
use galen_primitives::AccountId;
use serde_json::Value;

/// Of whom, when, and how it is printed.
#[derive(clap::Args)]
pub struct Accounting {
    /// The patient's key.
    #[arg(long, value_parser = account)]
    patient: AccountId,
    /// The first day, as 2026-05-04, in UTC.
    #[arg(long)]
    from: String,
    /// The last day.
    #[arg(long)]
    to: String,
    /// As an object, a table for a spreadsheet, or a Bundle of AuditEvents.
    #[arg(long, value_enum, default_value = "json")]
    format: AccountingFormat,
}

pub async fn accounting(context: &Context, asked: Accounting) -> Result<bool, Error> {
    let Accounting { patient, from, to, format } = asked;
    let answer = context.worker()?.accounting(&patient, &from, &to, format).await?;
    match answer {
        // A table ends its lines itself.
        Value::String(table) => print!("{table}"),
        other => println!("{other}"),
    }
    Ok(true)
}

pub async fn open(context: &Context, index: u64) -> Result<bool, Error> {
    println!("{}", context.worker()?.open_disclosure(index).await?);
    Ok(true)
}

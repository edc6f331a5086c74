//! `galen audit accounting`, `open`, `import` and `export`: the log of disclosures of the hospital's worker.

use crate::commands::{Context, account};
use galen_client::{Error, worker::AccountingFormat};
use galen_primitives::AccountId;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

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
    format: Format,
}

/// In which form it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// An object.
    Json,
    /// A table as one string (RFC 4180).
    Csv,
    /// A FHIR R4 Bundle of AuditEvents.
    Fhir,
}

impl From<Format> for AccountingFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Csv => Self::Csv,
            Format::Fhir => Self::Fhir,
        }
    }
}

pub async fn accounting(context: &Context, asked: Accounting) -> Result<bool, Error> {
    let Accounting { patient, from, to, format } = asked;
    let answer = context.worker()?.accounting(&patient, &from, &to, format.into()).await?;
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

/// Which events, and whose.
#[derive(clap::Args)]
pub struct Import {
    /// File with FHIR R4 AuditEvents of IHE BALP: one, an array of them or a Bundle.
    file: PathBuf,
    /// File with the patients' keys: a JSON object from references, as the events have them, to keys.
    #[arg(long)]
    patients: Option<PathBuf>,
}

/// Which slice.
#[derive(clap::Args)]
pub struct Export {
    /// Only about this patient key.
    #[arg(long, value_parser = account)]
    patient: Option<AccountId>,
    /// From this number on.
    #[arg(long, default_value_t = 0)]
    from: u64,
}

pub async fn import(context: &Context, Import { file, patients }: Import) -> Result<bool, Error> {
    let events = json_of(&file)?;
    let patients = patients.as_deref().map_or(Ok(json!({})), json_of)?;
    let taken = context.worker()?.import_events(&events, &patients).await?;
    let text = format!("{} taken, {} known already", taken["taken"], taken["known"]);
    context.out.answer(&taken, text);
    Ok(true)
}

/// Prints one Bundle, however many pages the worker makes of it.
pub async fn export(context: &Context, Export { patient, from }: Export) -> Result<bool, Error> {
    let worker = context.worker()?;
    let (mut next, mut entries) = (Some(from), Vec::new());
    // What is appended while it is read, the reading itself included, is not waited for.
    let mut pages = 0u32;
    while let Some(from) = next.filter(|_| pages < MAX_PAGES) {
        let page = worker.export_events(patient.as_ref(), from).await?;
        entries.extend(page["bundle"]["entry"].as_array().into_iter().flatten().cloned());
        next = page["next"].as_u64();
        pages += 1;
    }
    if let Some(next) = next {
        return Err(Error::Input(format!(
            "more than one Bundle should hold: the next begins with --from {next}"
        )));
    }
    let mut bundle = json!({ "resourceType": "Bundle", "type": "collection" });
    if !entries.is_empty() {
        bundle["entry"] = Value::Array(entries);
    }
    println!("{bundle}");
    Ok(true)
}

/// Pages of 256 entries that are put into one Bundle.
const MAX_PAGES: u32 = 4096;

fn json_of(file: &Path) -> Result<Value, Error> {
    let cannot = |why: String| Error::Input(format!("cannot read {}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|why| cannot(why.to_string()))?;
    galen_fhir::json::read(&bytes, &galen_fhir::json::RESOURCES).map_err(|why| cannot(why.to_string()))
}

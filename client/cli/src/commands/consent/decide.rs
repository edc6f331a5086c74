//! `galen consent decide`: the decision, on chain or offline.

use crate::commands::{Context, account, blind, hash, level, purpose};
use galen_client::Error;
use galen_fhir::{self as fhir, json};
use galen_primitives::{
    AccountId, H256,
    consent::{Confidentiality, Purpose, Question},
    records::RecordFacts,
};
use serde_json::{Value, json};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// What is asked: the chain, at its finalized block (the exit status tells whether it permits), or with --consents and
/// --request the files alone (the exit status tells whether they could be read).
#[derive(clap::Args)]
pub struct Decide {
    /// File with FHIR R4 consents: a Consent, an array of them or a Bundle. No node is asked.
    #[arg(long, requires = "request", conflicts_with_all = ["patient", "custodian", "requester", "purpose"])]
    consents: Option<PathBuf>,
    /// File with the request as JSON: patientId, actor, purposeOfUse, date, and optionally record and custodian.
    #[arg(long, requires = "consents")]
    request: Option<PathBuf>,
    /// The patient's key.
    #[arg(long, value_parser = account, required_unless_present = "consents")]
    patient: Option<AccountId>,
    /// The hospital that keeps the record.
    #[arg(long, value_parser = account, required_unless_present = "consents")]
    custodian: Option<AccountId>,
    /// The hospital that asks.
    #[arg(long, value_parser = account, required_unless_present = "consents")]
    requester: Option<AccountId>,
    /// Purpose of use, as TREAT.
    #[arg(long, value_parser = purpose, required_unless_present = "consents")]
    purpose: Option<Purpose>,
    /// Who asks at that hospital: random ids of practitioner, role and groups.
    #[arg(long, value_parser = hash, value_delimiter = ',', conflicts_with = "consents")]
    actor: Vec<H256>,
    /// The record's confidentiality.
    #[arg(long, value_parser = level, default_value = "N", conflicts_with = "consents")]
    level: Confidentiality,
    /// The record's sensitivity labels.
    #[arg(long, value_delimiter = ',', conflicts_with = "consents")]
    labels: Vec<String>,
    /// File with the secret that labels are blinded under.
    #[arg(long, conflicts_with = "consents")]
    label_secret: Option<PathBuf>,
}

pub async fn run(context: &Context, asked: Decide) -> Result<bool, Error> {
    match asked {
        Decide { consents: Some(consents), request: Some(request), .. } => {
            offline(context, &consents, &request)?;
            Ok(true)
        }
        Decide {
            patient: Some(patient),
            custodian: Some(custodian),
            requester: Some(requester),
            purpose: Some(purpose),
            actor,
            level,
            labels,
            label_secret,
            ..
        } => {
            let labels = blind(&labels, label_secret.as_deref())?;
            let actors = actor.try_into().map_err(|_| Error::Input("name eight actors at most".into()))?;
            let record = Some(RecordFacts { level, labels, ..Default::default() });
            let question = Question { patient, custodian, requester, actors, purpose, record };
            let decision = context.chain().await?.decide(&question, None).await?;
            let word = if decision.permitted() { "permitted" } else { "refused" };
            context.out.answer(&json!(decision), format!("{word}: {:?}", decision.reason));
            Ok(decision.permitted())
        }
        _ => Err(Error::Input(
            "give --consents and --request, or the question to the chain (see --help)".into(),
        )),
    }
}

fn offline(context: &Context, consents: &Path, request: &Path) -> Result<(), Error> {
    let wrong = |file: &Path, why: fhir::Malformed| Error::Input(format!("{}: {why}", file.display()));
    let read = fhir::read_consents(&json_of(consents)?).map_err(|why| wrong(consents, why))?;
    let asked = fhir::read_request(&json_of(request)?).map_err(|why| wrong(request, why))?;
    let answer = fhir::answer(&read.decide(&asked), &read);
    let mut text = format!("{}: {}", word(&answer["decision"]), word(&answer["reason"]));
    if let Some(name) = answer["basis"]["consent"].as_str() {
        text += &format!("\nby {name}, {}", word(&answer["basis"]["part"]));
    }
    for obligation in answer["obligations"].as_array().into_iter().flatten() {
        text += &format!("\nobligation: {}", word(obligation));
    }
    context.out.answer(&answer, text);
    Ok(())
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The bytes of a file; of a longer one, one more than `limit`, for the reader to refuse.
fn read_at_most(file: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub fn json_of(file: &Path) -> Result<Value, Error> {
    let cannot = |why: String| Error::Input(format!("cannot read {}: {why}", file.display()));
    let bytes = read_at_most(file, json::RESOURCES.bytes).map_err(|why| cannot(why.to_string()))?;
    json::read(&bytes, &json::RESOURCES).map_err(|why| cannot(why.to_string()))
}

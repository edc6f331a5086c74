//! `galen consent`: enrolment, grants and denials, withdrawals, decisions.

mod decide;
mod fhir;
mod grant;
mod mandate;
mod signer;
mod usage;

use self::signer::SignerArgs;
use super::{
    Context, account,
    council::{self, Mover},
    file_hash,
};
use galen_client::{
    Error,
    calls::{self, Motion},
    keys::PatientKey,
};
use galen_primitives::{
    AccountId,
    consent::{ConsentVersion, Effect, Ending},
};
use serde_json::json;
use std::path::PathBuf;

/// Patients' consents.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Enrol a patient's key with this hospital.
    Enrol {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
        /// The custodian's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// The account of a patient's secret.
    Key {
        /// The patient's secret: a file or a development seed, `ed25519:` or `ethereum:` before it for that scheme.
        #[arg(long)]
        patient_key: String,
    },
    /// Show the text that the patient, or who signs for them, would sign for a grant.
    Text(Box<grant::Text>),
    /// Sign a grant or a denial and relay it.
    Grant(Box<grant::Grant>),
    /// Sign a withdrawal and relay it.
    Revoke {
        /// The number of the consent.
        id: u32,
        #[command(flatten)]
        signer: SignerArgs,
        /// The patient, if another signs for them.
        #[arg(long, value_parser = account)]
        patient: Option<AccountId>,
        /// The relaying member's key.
        #[arg(long)]
        key: String,
    },
    /// Move in the council to end a consent, as a court has ordered.
    Order {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
        /// The number of the consent.
        id: u32,
        /// The court's order; its fingerprint stands on chain.
        #[arg(long)]
        order: PathBuf,
        #[command(flatten)]
        mover: Mover,
    },
    /// All versions of a patient's consents.
    List {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
    },
    /// Guardians and delegates.
    #[command(subcommand)]
    Mandate(mandate::Command),
    /// Who read under a consent, and what they owe since it has ended.
    #[command(subcommand)]
    Uses(usage::Command),
    /// Read a FHIR R4 Consent as terms to be signed, and say what they leave out. No node is asked.
    Import(Box<fhir::Import>),
    /// Write a consent of the chain as a FHIR R4 Consent.
    Export(Box<fhir::Export>),
    /// Decide whether a use is permitted: by the chain's consents, or offline by FHIR consents in a file.
    Decide(Box<decide::Decide>),
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Key { patient_key } => {
            let patient = PatientKey::read(&patient_key)?.account();
            context.out.answer(&json!({ "patient": patient }), &patient);
            Ok(true)
        }
        Command::Decide(question) => decide::run(context, *question).await,
        Command::Import(asked) => fhir::import(context, *asked),
        Command::Export(asked) => fhir::export(context, *asked).await,
        Command::Text(text) => grant::text(context, *text).await,
        Command::Grant(wanted) => grant::grant(context, *wanted).await,
        Command::Mandate(command) => mandate::run(context, command).await,
        Command::Uses(command) => usage::run(context, command).await,
        Command::Order { patient, id, order, mover } => {
            let order = file_hash(b"galen:order:v1", &order)?;
            council::propose(context, &Motion::EndConsent(patient, id, order), &mover).await
        }
        Command::Enrol { patient, key } => enrol(context, &patient, &key).await,
        Command::Revoke { id, signer, patient, key } => revoke(context, id, &signer, patient, &key).await,
        Command::List { patient } => {
            let versions = context.chain().await?.consents(&patient, None).await?;
            let text: Vec<_> = versions.iter().map(line).collect();
            context.out.answer(&json!(versions), text.join("\n"));
            Ok(true)
        }
    }
}

async fn enrol(context: &Context, patient: &AccountId, key: &str) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::enrol(patient), key).await?.block;
    context.out.answer(&json!({ "patient": patient, "block": at }), format!("enrolled {patient}"));
    Ok(true)
}

async fn revoke(
    context: &Context,
    id: u32,
    signer: &SignerArgs,
    patient: Option<AccountId>,
    key: &str,
) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let signer = signer.read()?;
    let patient = patient.unwrap_or_else(|| signer.account());
    let valid_until = signer.valid_until();
    let text = chain.revoke_text(&patient, id, &signer.account(), valid_until).await?;
    let call = calls::revoke(&patient, id, &signer.account(), valid_until, &signer.sign(&text));
    let at = context.submit(&chain, &call, key).await?.block;
    context.out.answer(
        &json!({ "consent": id, "patient": patient, "block": at }),
        format!("consent {id} of {patient} withdrawn in block {at:?}"),
    );
    Ok(true)
}

fn line(version: &ConsentVersion) -> String {
    let effect = match version.terms.root.effect {
        Effect::Permit => "permits",
        Effect::Deny => "denies",
    };
    let purposes: Vec<_> = version.terms.root.purposes.iter().map(|purpose| purpose.code()).collect();
    let purposes = if purposes.is_empty() { "any purpose".into() } else { purposes.join(",") };
    let exceptions = match version.terms.exceptions.len() {
        0 => String::new(),
        count => format!(" with {count} exceptions"),
    };
    let state = match &version.ended {
        None if version.listed_from.is_none() => "waits: everything is denied".into(),
        None => "in force".into(),
        Some(ended) => {
            let why = match &ended.why {
                Ending::Revoked(_) => "withdrawn".into(),
                Ending::Superseded(id) => format!("replaced by {id}"),
                Ending::Ordered(_) => "ended by a court".into(),
            };
            format!("{why} in block {}", ended.block)
        }
    };
    format!("{} {effect} {purposes}{exceptions} since block {}, {state}", version.id, version.from_block)
}

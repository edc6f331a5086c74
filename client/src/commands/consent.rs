//! `galen consent`: enrolment, grants, revocations, decisions.

use super::{Context, account, blind, decide, file_hash, hash, level, now, purpose};
use galen_client::{Error, calls, chain::Chain, keys::PatientKey};
use galen_primitives::{
    AccountId, H256,
    consent::{Confidentiality, ConsentTerms, Purpose},
};
use serde_json::json;
use std::path::PathBuf;

/// Seconds for which a text signed here is accepted.
const VALID_FOR: u64 = 600;

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
    /// Show the text that the patient would sign for a grant.
    Text {
        /// The patient's key.
        #[arg(long, value_parser = account)]
        patient: AccountId,
        #[command(flatten)]
        terms: Terms,
    },
    /// Sign a grant with the patient's key and relay it.
    Grant {
        /// The patient's secret: a file or a development seed, `ed25519:` or `ethereum:` before it for that scheme.
        #[arg(long)]
        patient_key: String,
        #[command(flatten)]
        terms: Terms,
        /// The relaying member's key.
        #[arg(long)]
        key: String,
    },
    /// Sign a revocation with the patient's key and relay it.
    Revoke {
        /// The number of the consent.
        id: u32,
        /// The patient's secret.
        #[arg(long)]
        patient_key: String,
        /// The relaying member's key.
        #[arg(long)]
        key: String,
    },
    /// All versions of a patient's consents.
    List {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
    },
    /// Decide whether a use is permitted: by the chain's consents, or offline by FHIR consents in a file.
    Decide(Box<decide::Decide>),
}

/// What a patient allows.
#[derive(clap::Args)]
pub struct Terms {
    /// The hospital that keeps the records.
    #[arg(long, value_parser = account)]
    custodian: AccountId,
    /// The hospital that may use them.
    #[arg(long, value_parser = account)]
    grantee: AccountId,
    /// Purposes of use, as TREAT,HRESCH.
    #[arg(long, value_parser = purpose, value_delimiter = ',', required = true)]
    purpose: Vec<Purpose>,
    /// Highest confidentiality that is covered.
    #[arg(long, value_parser = level, default_value = "N")]
    level: Confidentiality,
    /// Sensitivity labels that are covered.
    #[arg(long, value_delimiter = ',')]
    labels: Vec<String>,
    /// File with the secret that labels are blinded under.
    #[arg(long)]
    label_secret: Option<PathBuf>,
    /// First second at which it holds.
    #[arg(long)]
    start: Option<u64>,
    /// Last second at which it holds.
    #[arg(long)]
    end: Option<u64>,
    /// The full form that the patient was shown; its fingerprint is signed.
    #[arg(long, conflicts_with = "form_hash")]
    form: Option<PathBuf>,
    /// The fingerprint of the form, where the form itself is elsewhere.
    #[arg(long, value_parser = hash)]
    form_hash: Option<H256>,
}

impl Terms {
    fn read(self, patient: AccountId) -> Result<ConsentTerms, Error> {
        let form = match (&self.form, self.form_hash) {
            (Some(file), _) => file_hash(b"galen:form:v1", file)?,
            (None, Some(hash)) => hash,
            (None, None) => {
                return Err(Error::Input(
                    "give --form (the form shown to the patient) or --form-hash".into(),
                ));
            }
        };
        Ok(ConsentTerms {
            patient,
            custodian: self.custodian,
            grantee: self.grantee,
            purposes: self.purpose.try_into().map_err(|_| Error::Input("too many purposes".into()))?,
            level: self.level,
            labels: blind(&self.labels, self.label_secret.as_deref())?,
            start: self.start,
            end: self.end,
            form,
        })
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    if let Command::Key { patient_key } = &command {
        let patient = PatientKey::read(patient_key)?.account();
        context.out.answer(&json!({ "patient": patient }), &patient);
        return Ok(true);
    }
    if let Command::Decide(question) = command {
        return decide::run(context, *question).await;
    }
    let chain = context.chain().await?;
    match command {
        Command::Key { .. } | Command::Decide(_) => {}
        Command::Enrol { patient, key } => {
            let at = context.submit(&chain, &calls::enrol(&patient), &key).await?.block;
            context.out.answer(&json!({ "patient": patient, "block": at }), format!("enrolled {patient}"));
        }
        Command::Text { patient, terms } => {
            let text = chain.grant_text(&terms.read(patient)?, now() + VALID_FOR).await?;
            let text = String::from_utf8_lossy(&text).into_owned();
            context.out.answer(&json!({ "text": text }), &text);
        }
        Command::Grant { patient_key, terms, key } => {
            let patient = PatientKey::read(&patient_key)?;
            let terms = terms.read(patient.account())?;
            let valid_until = now() + VALID_FOR;
            let text = chain.grant_text(&terms, valid_until).await?;
            let call = calls::grant(&terms, valid_until, &patient.sign(&text));
            let at = context.submit(&chain, &call, &key).await?.block;
            let id = newest(&chain, &terms.patient, at).await?;
            let text = String::from_utf8_lossy(&text).into_owned();
            context.out.answer(
                &json!({ "consent": id, "patient": terms.patient, "block": at, "text": text }),
                format!("{text}\nconsent {id} of {} granted in block {at:?}", terms.patient),
            );
        }
        Command::Revoke { id, patient_key, key } => {
            let patient = PatientKey::read(&patient_key)?;
            let account = patient.account();
            let valid_until = now() + VALID_FOR;
            let text = chain.revoke_text(&account, id, valid_until).await?;
            let call = calls::revoke(&account, id, valid_until, &patient.sign(&text));
            let at = context.submit(&chain, &call, &key).await?.block;
            context.out.answer(
                &json!({ "consent": id, "patient": account, "block": at }),
                format!("consent {id} of {account} revoked in block {at:?}"),
            );
        }
        Command::List { patient } => {
            let versions = chain.consents(&patient, None).await?;
            let mut text = String::new();
            for v in &versions {
                let purposes: Vec<_> = v.terms.purposes.iter().map(|p| p.code()).collect();
                let until = v.until_block.map_or("in force".into(), |b| format!("revoked in block {b}"));
                text += &format!(
                    "{} for {} by {} since block {}, {until}\n",
                    v.id,
                    purposes.join(","),
                    v.terms.grantee,
                    v.from_block
                );
            }
            context.out.answer(&json!(versions), text.trim_end());
        }
    }
    Ok(true)
}

/// The id of the version that the grant in block `at` added.
async fn newest(chain: &Chain, patient: &AccountId, at: H256) -> Result<u32, Error> {
    let versions = chain.consents(patient, Some(at)).await?;
    versions.last().map(|v| v.id).ok_or(Error::Undecodable("ConsentApi_consents"))
}

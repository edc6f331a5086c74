//! `galen consent grant` and `text`.

use super::signer::{SignerArgs, VALID_FOR};
use crate::commands::{Context, account, blind, file_hash, hash, level, now, purpose, read_json};
use galen_client::{Error, calls, chain::Chain};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    consent::{Confidentiality, ConsentTerms, Effect, Period, Provision, Purpose, decision::id},
};
use serde_json::json;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;
use std::path::PathBuf;

/// What would be signed.
#[derive(clap::Args)]
pub struct Text {
    /// The patient's key.
    #[arg(long, value_parser = account)]
    patient: AccountId,
    /// Who would sign, if not the patient.
    #[arg(long, value_parser = account)]
    signer: Option<AccountId>,
    /// The last second (Unix time) at which the text is to be accepted; ten minutes from now if left out.
    #[arg(long)]
    valid_until: Option<UnixSeconds>,
    #[command(flatten)]
    terms: Terms,
}

/// What is signed, by whom, and who relays it.
#[derive(clap::Args)]
pub struct Grant {
    #[command(flatten)]
    signer: SignerArgs,
    /// The patient, if another signs for them.
    #[arg(long, value_parser = account)]
    patient: Option<AccountId>,
    #[command(flatten)]
    terms: Terms,
    /// The relaying member's key.
    #[arg(long)]
    key: String,
}

/// What a patient allows or refuses: one provision by these options, or any terms from a file.
#[derive(clap::Args)]
pub struct Terms {
    /// The terms as JSON, with every element that the chain holds (`galen consent list --output json` shows some). The patient
    /// in it is replaced by the one who signs.
    #[arg(long, conflicts_with_all = ["custodian", "grantee", "purpose", "labels", "start", "end", "deny"])]
    terms: Option<PathBuf>,
    /// The hospital that keeps the records.
    #[arg(long, value_parser = account, required_unless_present = "terms")]
    custodian: Option<AccountId>,
    /// Whom it is about: hospitals by their accounts, practitioners and groups by their random ids; anybody if left out.
    #[arg(long, value_parser = account, value_delimiter = ',')]
    grantee: Vec<AccountId>,
    /// Purposes of use, as TREAT,HRESCH; any if left out.
    #[arg(long, value_parser = purpose, value_delimiter = ',')]
    purpose: Vec<Purpose>,
    /// Refuse instead of allowing.
    #[arg(long)]
    deny: bool,
    /// Allowing: the highest confidentiality that is covered, N if left out. Refusing: the lowest that is hit.
    #[arg(long, value_parser = level)]
    level: Option<Confidentiality>,
    /// Sensitivity labels that are covered, or hit.
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
    /// The number of the patient's consent that ends when this one begins.
    #[arg(long)]
    supersedes: Option<u32>,
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
            (Some(file), _) => Some(file_hash(b"galen:form:v1", file)?),
            (None, hash) => hash,
        };
        if let Some(file) = &self.terms {
            let mut terms: ConsentTerms = read_json("terms", file)?;
            terms.patient = patient;
            terms.form = form.unwrap_or(terms.form);
            terms.supersedes = self.supersedes.or(terms.supersedes);
            return Ok(terms);
        }
        let custodian = self.custodian.ok_or_else(|| Error::Input("give --custodian".into()))?;
        let form = form.ok_or_else(|| {
            Error::Input("give --form (the form shown to the patient) or --form-hash".into())
        })?;
        let effect = if self.deny { Effect::Deny } else { Effect::Permit };
        // A permit covers what is normal unless it says more; a refusal hits everything unless it says less.
        let level = self.level.or((!self.deny).then_some(Confidentiality::N));
        let period = (self.start.is_some() || self.end.is_some())
            .then_some(Period { start: self.start, end: self.end });
        Ok(ConsentTerms {
            patient,
            custodian,
            policy: Default::default(),
            root: Provision {
                period,
                purposes: bounded(self.purpose, "purposes")?,
                actors: bounded(self.grantee.iter().map(id).collect(), "grantees")?,
                levels: bounded(level.into_iter().collect(), "levels")?,
                labels: blind(&self.labels, self.label_secret.as_deref())?,
                ..Provision::all(effect)
            },
            exceptions: Default::default(),
            duo: Default::default(),
            supersedes: self.supersedes,
            form,
        })
    }
}

fn bounded<V, const N: u32>(items: Vec<V>, what: &str) -> Result<BoundedVec<V, ConstU32<N>>, Error> {
    items.try_into().map_err(|_| Error::Input(format!("a provision names {N} {what} at most")))
}

pub async fn text(context: &Context, wanted: Text) -> Result<bool, Error> {
    let terms = wanted.terms.read(wanted.patient)?;
    let signer = wanted.signer.as_ref().unwrap_or(&terms.patient);
    let valid_until = wanted.valid_until.unwrap_or_else(|| now() + VALID_FOR);
    let text = context.chain().await?.grant_text(&terms, signer, valid_until).await?;
    let text = String::from_utf8_lossy(&text).into_owned();
    context.out.answer(&json!({ "text": text, "terms": terms, "validUntil": valid_until }), &text);
    Ok(true)
}

pub async fn grant(context: &Context, wanted: Grant) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let signer = wanted.signer.read()?;
    let terms = wanted.terms.read(wanted.patient.unwrap_or_else(|| signer.account()))?;
    let valid_until = signer.valid_until();
    let text = chain.grant_text(&terms, &signer.account(), valid_until).await?;
    let call = calls::grant(&terms, &signer.account(), valid_until, &signer.sign(&text));
    let at = context.submit(&chain, &call, &wanted.key).await?.block;
    let id = newest(&chain, &terms.patient, at).await?;
    let text = String::from_utf8_lossy(&text).into_owned();
    context.out.answer(
        &json!({ "consent": id, "patient": terms.patient, "block": at, "text": text }),
        format!("{text}\nconsent {id} of {} granted in block {at:?}", terms.patient),
    );
    Ok(true)
}

/// The id of the version that the grant in block `at` added.
async fn newest(chain: &Chain, patient: &AccountId, at: H256) -> Result<u32, Error> {
    let versions = chain.consents(patient, Some(at)).await?;
    versions.last().map(|v| v.id).ok_or(Error::Undecodable("ConsentApi_consents"))
}

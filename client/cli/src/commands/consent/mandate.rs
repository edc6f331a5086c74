//! `galen consent mandate`: who may sign for a patient.

use super::signer::VALID_FOR;
use crate::commands::{Context, account, file_hash, now, purpose};
use galen_client::{Error, calls, chain::Chain, keys::PatientKey};
use galen_primitives::{
    AccountId,
    consent::{Guardianship, Mandate, Purpose, Standing},
};
use serde_json::json;
use std::path::PathBuf;

/// Guardians and delegates.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Let somebody sign for a patient: a guardian on the custodian's word, or with --patient-key a delegate on the patient's.
    Appoint(Appoint),
    /// End a mandate before its time.
    Dismiss {
        #[command(flatten)]
        who: Who,
    },
    /// Who may or might once sign for a patient.
    List {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
    },
}

/// Who is appointed, to what, on which paper.
#[derive(clap::Args)]
pub struct Appoint {
    #[command(flatten)]
    who: Who,
    /// What they may do: grant, withdraw (and refuse), or both.
    #[arg(long, value_delimiter = ',', default_values_t = [Act::Grant, Act::Withdraw])]
    may: Vec<Act>,
    /// Purposes for which they may grant, as TREAT,HRESCH; any if left out.
    #[arg(long, value_parser = purpose, value_delimiter = ',')]
    purpose: Vec<Purpose>,
    /// First second at which it holds.
    #[arg(long)]
    start: Option<u64>,
    /// Last second at which it holds: for a minor's guardian the last before majority.
    #[arg(long)]
    end: Option<u64>,
    /// The paper that says so; its fingerprint stands on chain.
    #[arg(long)]
    paper: PathBuf,
}

/// The two, and who says so.
#[derive(clap::Args)]
pub struct Who {
    /// The guardian's or delegate's account.
    #[arg(value_parser = account)]
    guardian: AccountId,
    /// The patient's key.
    #[arg(long, value_parser = account, required_unless_present = "patient_key", conflicts_with = "patient_key")]
    patient: Option<AccountId>,
    /// The patient's secret, to sign with: a file or a development seed.
    #[arg(long)]
    patient_key: Option<String>,
    /// The relaying member's key; of a guardian the custodian's.
    #[arg(long)]
    key: String,
}

impl Who {
    fn read(&self) -> Result<(AccountId, Option<PatientKey>), Error> {
        let secret = self.patient_key.as_deref().map(PatientKey::read).transpose()?;
        let patient = self.patient.clone().or_else(|| secret.as_ref().map(PatientKey::account));
        Ok((patient.ok_or_else(|| Error::Input("give --patient or --patient-key".into()))?, secret))
    }
}

/// What somebody may do for a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Act {
    /// Grant consents.
    Grant,
    /// Withdraw consents, and refuse.
    Withdraw,
}

impl std::fmt::Display for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Act::Grant => "grant",
            Act::Withdraw => "withdraw",
        })
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Command::Appoint(asked) => appoint(context, &chain, asked).await,
        Command::Dismiss { who } => dismiss(context, &chain, &who).await,
        Command::List { patient } => list(context, &chain, &patient).await,
    }
}

async fn appoint(context: &Context, chain: &Chain, asked: Appoint) -> Result<bool, Error> {
    let Appoint { who, may, purpose, start, end, paper } = asked;
    let (patient, secret) = who.read()?;
    let mandate = Mandate {
        standing: if secret.is_some() { Standing::Delegate } else { Standing::Guardian },
        start,
        end,
        may_grant: may.contains(&Act::Grant),
        may_withdraw: may.contains(&Act::Withdraw),
        purposes: purpose.try_into().map_err(|_| Error::Input("too many purposes".into()))?,
        paper: file_hash(b"galen:paper:v1", &paper)?,
    };
    let signed = match &secret {
        None => None,
        Some(secret) => {
            let valid_until = now() + VALID_FOR;
            let text = chain.appoint_text(&patient, &who.guardian, &mandate, valid_until).await?;
            Some((valid_until, secret.sign(&text)))
        }
    };
    let call = calls::appoint(&patient, &who.guardian, &mandate, signed);
    let at = context.submit(chain, &call, &who.key).await?.block;
    context.out.answer(
        &json!({ "patient": patient, "guardian": who.guardian, "mandate": mandate, "block": at }),
        format!("{} may sign for {patient}", who.guardian),
    );
    Ok(true)
}

async fn dismiss(context: &Context, chain: &Chain, who: &Who) -> Result<bool, Error> {
    let (patient, secret) = who.read()?;
    let signed = match &secret {
        None => None,
        Some(secret) => {
            let valid_until = now() + VALID_FOR;
            let text = chain.dismiss_text(&patient, &who.guardian, valid_until).await?;
            Some((valid_until, secret.sign(&text)))
        }
    };
    let call = calls::dismiss(&patient, &who.guardian, signed);
    let at = context.submit(chain, &call, &who.key).await?.block;
    context.out.answer(
        &json!({ "patient": patient, "guardian": who.guardian, "block": at }),
        format!("{} may sign for {patient} no more", who.guardian),
    );
    Ok(true)
}

async fn list(context: &Context, chain: &Chain, patient: &AccountId) -> Result<bool, Error> {
    let guardians = chain.guardians(patient, None).await?;
    let line = |(guardian, known): &(AccountId, Guardianship)| {
        let state = match known.until_block {
            Some(block) => format!("dismissed in block {block}"),
            None if known.holds(now()) => "holds".into(),
            None => "not now".into(),
        };
        format!("{guardian}  {:?}, {state}", known.mandate.standing)
    };
    let text: Vec<_> = guardians.iter().map(line).collect();
    let value: Vec<_> = guardians
        .iter()
        .map(|(guardian, known)| json!({ "guardian": guardian, "guardianship": known }))
        .collect();
    context.out.answer(&json!(value), text.join("\n"));
    Ok(true)
}

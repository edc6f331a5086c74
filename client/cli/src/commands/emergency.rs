//! `galen emergency`: access in an emergency that no consent covers, and the review that must follow.

use super::{
    Context, account,
    council::{self, Mover},
    file_hash, hash, hospitals,
};
use galen_client::{
    Error,
    calls::{self, Motion},
};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    consent::text::utc,
    emergency::{self, ListedAccess},
};
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf};

/// Emergencies without consent.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Open an access for a time (HL7: break the glass). Prints its id; uses for the purpose BTG rest on it.
    Open(Open),
    /// Review an access, by a second person.
    Review(Review),
    /// One access.
    Show {
        /// The access.
        #[arg(value_parser = hash)]
        access: H256,
    },
    /// The accesses that are open or wait for their review.
    List {
        /// The hospital; all members if left out.
        #[arg(value_parser = account)]
        hospital: Option<AccountId>,
    },
    /// The accesses whose review is overdue. The exit status tells whether there is none.
    Overdue {
        /// The hospital; all members if left out.
        #[arg(value_parser = account)]
        hospital: Option<AccountId>,
    },
}

/// Of whom, by whom and why.
#[derive(clap::Args)]
pub struct Open {
    /// The patient's key.
    #[arg(value_parser = account)]
    patient: AccountId,
    /// Only this record; all that is kept of the patient if left out.
    #[arg(long, value_parser = hash)]
    record: Option<H256>,
    /// The practitioner's random id, issued by the hospital.
    #[arg(long, value_parser = hash)]
    by: H256,
    /// Why nobody was asked.
    #[arg(long, value_enum)]
    reason: Reason,
    /// The written justification, kept by the hospital; its fingerprint stands on chain.
    #[arg(long)]
    note: PathBuf,
    /// The hospital's key: a file or a development seed.
    #[arg(long)]
    key: String,
}

/// Which access, by whom, and what was found.
#[derive(clap::Args)]
pub struct Review {
    /// The access.
    #[arg(value_parser = hash)]
    access: H256,
    /// The reviewer's random id: another than that of who opened the access.
    #[arg(long, value_parser = hash)]
    by: H256,
    /// What was found.
    #[arg(long, value_enum)]
    finding: Found,
    /// The written finding, kept by the hospital; its fingerprint stands on chain.
    #[arg(long)]
    note: PathBuf,
    /// Move it in the council, which may review what is overdue; --key is then a council member's.
    #[arg(long)]
    council: bool,
    #[command(flatten)]
    mover: Mover,
}

/// Why nobody was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Reason {
    /// The patient is not able to consent.
    CannotConsent,
    /// To ask would take time that there is not.
    DangerInDelay,
    /// Neither the patient nor anybody who may sign for them can be reached.
    NotReachable,
    /// A law, or the order of an authority, demands it.
    LegalOrder,
    /// Another reason, which the note gives.
    Other,
}

impl From<Reason> for emergency::Urgency {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::CannotConsent => Self::CannotConsent,
            Reason::DangerInDelay => Self::DangerInDelay,
            Reason::NotReachable => Self::NotReachable,
            Reason::LegalOrder => Self::LegalOrder,
            Reason::Other => Self::Other,
        }
    }
}

/// What a review found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Found {
    /// It was an emergency, and no more was used than it needed.
    Justified,
    /// It was not: a disclosure in breach.
    NotJustified,
}

impl From<Found> for emergency::Finding {
    fn from(found: Found) -> Self {
        match found {
            Found::Justified => Self::Justified,
            Found::NotJustified => Self::NotJustified,
        }
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Open(asked) => open(context, asked).await,
        Command::Review(asked) => review(context, asked).await,
        Command::Show { access } => {
            let found = context.chain().await?.access(access, None).await?;
            let found =
                found.ok_or_else(|| Error::Input(format!("no access {access:?} in finalized state")))?;
            context.out.answer(&json!(found), line(&found));
            Ok(true)
        }
        Command::List { hospital } => list(context, hospital).await,
        Command::Overdue { hospital } => overdue(context, hospital).await,
    }
}

async fn open(context: &Context, asked: Open) -> Result<bool, Error> {
    let Open { patient, record, by, reason, note, key } = asked;
    let note = file_hash(b"galen:justification:v1", &note)?;
    let chain = context.chain().await?;
    let call = calls::open_access(&patient, record, by, reason.into(), note);
    let included = context.submit(&chain, &call, &key).await?;
    let (access, _, _, until, due): (H256, AccountId, AccountId, UnixSeconds, UnixSeconds) = included
        .event("Emergency.AccessOpened")
        .ok_or_else(|| Error::Node("the call was accepted but its event is missing".into()))?;
    context.out.answer(
        &json!({ "access": access, "until": until, "reviewDue": due, "block": included.block }),
        format!(
            "access {access:?} is open until {}; a second person must review it by {}",
            utc(until),
            utc(due)
        ),
    );
    Ok(true)
}

async fn review(context: &Context, asked: Review) -> Result<bool, Error> {
    let Review { access, by, finding, note, council, mover } = asked;
    let note = file_hash(b"galen:finding:v1", &note)?;
    let found = emergency::Finding::from(finding);
    if council {
        return council::propose(context, &Motion::ReviewAccess(access, by, found, note), &mover).await;
    }
    let chain = context.chain().await?;
    let call = calls::review_access(access, by, found, note);
    let at = context.submit(&chain, &call, mover.key()).await?.block;
    let text = match finding {
        Found::Justified => "reviewed: justified",
        Found::NotJustified => "reviewed: NOT justified, a disclosure in breach",
    };
    context.out.answer(&json!({ "access": access, "finding": found, "block": at }), text);
    Ok(true)
}

async fn list(context: &Context, hospital: Option<AccountId>) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, _) = chain.finalized().await?;
    let mut found = BTreeMap::new();
    for hospital in hospitals(&chain, hospital, head).await? {
        for listed in chain.open_accesses(&hospital, head).await? {
            found.insert(listed.id, listed);
        }
        for listed in chain.unreviewed(&hospital, false, head).await? {
            found.insert(listed.id, listed);
        }
    }
    show(context, found.into_values().collect());
    Ok(true)
}

async fn overdue(context: &Context, hospital: Option<AccountId>) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, _) = chain.finalized().await?;
    let mut found = Vec::new();
    for hospital in hospitals(&chain, hospital, head).await? {
        found.extend(chain.unreviewed(&hospital, true, head).await?);
    }
    let none = found.is_empty();
    show(context, found);
    Ok(none)
}

/// The oldest first.
fn show(context: &Context, mut found: Vec<ListedAccess>) {
    found.sort_by_key(|listed| (listed.access.opened_at, listed.id));
    let text: Vec<_> = found.iter().map(line).collect();
    let text = if text.is_empty() { "none".into() } else { text.join("\n") };
    context.out.answer(&json!(found), text);
}

fn line(listed: &ListedAccess) -> String {
    let access = &listed.access;
    let open = match listed.open {
        true => format!("open until {}", utc(access.until)),
        false => "closed".into(),
    };
    let review = match &access.review {
        Some(review) => format!("{:?} in block {}", review.finding, review.block),
        None if listed.overdue => format!("review OVERDUE since {}", utc(access.review_due)),
        None => format!("review due {}", utc(access.review_due)),
    };
    format!(
        "{:?}  {} for {}: {:?}, {open}, {review}",
        listed.id, access.hospital, access.patient, access.reason
    )
}

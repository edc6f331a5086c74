//! `galen council`: who is in it, its open motions, votes.

use super::{Context, hash};
use galen_client::{
    Error,
    calls::{self, Motion},
    chain::Chain,
    council::OpenMotion,
    keys::HospitalKey,
};
use galen_primitives::{AccountId, H256};
use serde_json::json;

/// The council.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Its members.
    Members,
    /// The motions that wait for votes, with who voted how.
    Motions,
    /// Vote for (or against) a motion.
    Vote {
        /// The motion: its number, or its hash.
        motion: String,
        /// Vote against.
        #[arg(long)]
        against: bool,
        /// The council member's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// Close a motion that is decided; one that is carried is executed.
    Close {
        /// The motion: its number, or its hash.
        motion: String,
        /// The key of anyone with GLN for the fee.
        #[arg(long)]
        key: String,
    },
}

/// What every motion is moved with.
#[derive(clap::Args)]
pub struct Mover {
    /// How many votes carry the motion; what its call needs if not given.
    #[arg(long)]
    threshold: Option<u32>,
    /// The council member's key: a file or a development seed.
    #[arg(long)]
    key: String,
}

impl Mover {
    /// The key, as it was named.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The account of the key.
    pub fn hospital(&self) -> Result<AccountId, Error> {
        Ok(HospitalKey::read(&self.key)?.account())
    }
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Command::Members => members(context, &chain).await,
        Command::Motions => motions(context, &chain).await,
        Command::Vote { motion, against, key } => {
            let motion = find(&chain, &motion).await?;
            vote(context, &chain, motion.proposal, motion.index, against, &key).await
        }
        Command::Close { motion, key } => {
            let motion = find(&chain, &motion).await?;
            close(context, &chain, motion.proposal, motion.index, motion.length, &key).await
        }
    }
}

async fn members(context: &Context, chain: &Chain) -> Result<bool, Error> {
    let (head, _) = chain.finalized().await?;
    let council = chain.council(head).await?;
    let names = super::names(chain, head).await?;
    let value: Vec<_> =
        council.iter().map(|seat| json!({ "account": seat, "name": names.get(seat) })).collect();
    let text: Vec<_> = council
        .iter()
        .map(|seat| format!("{seat}  {}", names.get(seat).map_or("no member", String::as_str)))
        .collect();
    context.out.answer(&json!(value), text.join("\n"));
    Ok(true)
}

async fn motions(context: &Context, chain: &Chain) -> Result<bool, Error> {
    let (best, number) = chain.best().await?;
    let seats = chain.council(best).await?.len() as u32;
    let motions = chain.motions(best).await?;
    let names = super::names(chain, best).await?;
    let voters = |accounts: &[AccountId]| {
        let shown: Vec<_> =
            accounts.iter().map(|a| names.get(a).cloned().unwrap_or_else(|| a.to_string())).collect();
        if shown.is_empty() { "nobody".into() } else { shown.join(", ") }
    };
    let line = |m: &OpenMotion| {
        let state = if m.can_close(seats, number) { "can be closed" } else { "open" };
        format!(
            "{}  {} of {} votes, {state}, until block {}\n   {}\n   for: {}; against: {}\n   hash {:?}, length {}",
            m.index,
            m.ayes.len(),
            m.threshold,
            m.end,
            m.call,
            voters(&m.ayes),
            voters(&m.nays),
            m.proposal,
            m.length
        )
    };
    let text: Vec<String> = motions.iter().map(line).collect();
    let text = if text.is_empty() { "no open motions".into() } else { text.join("\n") };
    context.out.answer(&json!({ "block": number, "seats": seats, "motions": motions }), text);
    Ok(true)
}

/// The open motion with that number or hash.
async fn find(chain: &Chain, wanted: &str) -> Result<OpenMotion, Error> {
    let (best, _) = chain.best().await?;
    let found = chain.motions(best).await?.into_iter().find(|motion| match wanted.parse::<u32>() {
        Ok(index) => motion.index == index,
        Err(_) => hash(wanted).is_ok_and(|hash| motion.proposal == hash),
    });
    found.ok_or_else(|| Error::Input(format!("no open motion {wanted}: `galen council motions` lists them")))
}

/// Votes for a motion, or against it.
pub async fn vote(
    context: &Context,
    chain: &Chain,
    proposal: H256,
    index: u32,
    against: bool,
    key: &str,
) -> Result<bool, Error> {
    let at = context.submit(chain, &calls::vote(proposal, index, !against), key).await?.block;
    context.out.answer(&json!({ "proposal": proposal, "block": at }), "voted");
    Ok(true)
}

/// Closes a motion; an error if it was carried and failed.
pub async fn close(
    context: &Context,
    chain: &Chain,
    proposal: H256,
    index: u32,
    length: u32,
    key: &str,
) -> Result<bool, Error> {
    let included = context.submit(chain, &calls::close(proposal, index, length), key).await?;
    let executed = chain.executed(&included).await?;
    context.out.answer(
        &json!({ "proposal": proposal, "executed": executed, "block": included.block }),
        if executed { "closed: carried and done" } else { "closed: not carried" },
    );
    Ok(true)
}

/// Moves in the council. With a threshold of one the motion is executed at once; its own failure is an error here.
///
/// A threshold that could carry the motion and not do what it is for is refused before anything is sent.
pub async fn propose(context: &Context, motion: &Motion, mover: &Mover) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (best, _) = chain.best().await?;
    let seats = chain.council(best).await?.len() as u32;
    let threshold = motion.origin().threshold(seats, mover.threshold)?;
    let proposal = chain.encode_motion(motion).await?;
    let included = context.submit(&chain, &calls::propose(threshold, &proposal), &mover.key).await?;
    if chain.executed(&included).await? {
        context
            .out
            .answer(&json!({ "executed": true, "block": included.block }), "the council has decided: done");
        return Ok(true);
    }
    let (_, index, hash, _): (AccountId, u32, H256, u32) = included
        .event("Council.Proposed")
        .ok_or_else(|| Error::Node("the motion was accepted but its event is missing".into()))?;
    context.out.answer(
        &json!({
            "executed": false, "proposal": hash, "index": index, "length": proposal.len(), "threshold": threshold,
            "block": included.block,
        }),
        format!(
            "motion {index} ({hash:?}) needs {threshold} of {seats} votes (`galen council vote {index}`), then `galen council close \
             {index}`; its length is {}",
            proposal.len()
        ),
    );
    Ok(true)
}

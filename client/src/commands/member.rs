//! `galen member`: hospitals of the consortium, and motions of its council.

use super::{Context, account, hash};
use galen_client::{
    Error,
    calls::{self, Motion},
    keys::HospitalKey,
};
use galen_primitives::{AccountId, H256, member::Quotas};
use serde_json::json;

/// Member hospitals.
#[derive(clap::Subcommand)]
pub enum Command {
    /// All members.
    List,
    /// Move in the council that a hospital be admitted.
    Admit {
        /// Its account.
        #[arg(value_parser = account)]
        account: AccountId,
        /// Its name: printable ASCII, at most 64 characters.
        #[arg(long)]
        name: String,
        /// Grants that it may relay each day.
        #[arg(long, default_value_t = 1_000)]
        grants_per_day: u32,
        /// Summary jobs that it may have open at once.
        #[arg(long, default_value_t = 32)]
        open_jobs: u32,
        /// How many votes the motion needs.
        #[arg(long, default_value_t = 1)]
        threshold: u32,
        /// The council member's key.
        #[arg(long)]
        key: String,
    },
    /// Move in the council that a hospital be evicted.
    Evict {
        /// Its account.
        #[arg(value_parser = account)]
        account: AccountId,
        /// How many votes the motion needs.
        #[arg(long, default_value_t = 1)]
        threshold: u32,
        /// The council member's key.
        #[arg(long)]
        key: String,
    },
    /// Vote for (or against) a motion of the council.
    Vote {
        /// The proposal's hash.
        #[arg(value_parser = hash)]
        proposal: H256,
        /// The motion's index.
        index: u32,
        /// Vote against.
        #[arg(long)]
        against: bool,
        /// The council member's key.
        #[arg(long)]
        key: String,
    },
    /// Close a motion that has its votes.
    Close {
        /// The proposal's hash.
        #[arg(value_parser = hash)]
        proposal: H256,
        /// The motion's index.
        index: u32,
        /// The proposal's length in bytes, as `length` was printed when it was moved.
        #[arg(long)]
        length: u32,
        /// A member's key.
        #[arg(long)]
        key: String,
    },
    /// Set this hospital's worker key, the sr25519 public key that signs its receipts.
    SetWorkerKey {
        /// The public key: SS58, 0x… or a development seed.
        #[arg(value_parser = account)]
        worker_key: AccountId,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::List => {
            let members = context.chain().await?.members(None).await?;
            let text: Vec<String> = members
                .iter()
                .map(|(account, member)| {
                    let name = String::from_utf8_lossy(&member.name);
                    let key =
                        member.worker_key.map_or("no worker key".into(), |key| format!("worker key {key:?}"));
                    format!("{account}  {name}, since block {}, {key}", member.admitted_at)
                })
                .collect();
            let value: Vec<_> =
                members.iter().map(|(account, m)| json!({ "account": account, "member": m })).collect();
            context.out.answer(&json!(value), text.join("\n"));
        }
        Command::Admit { account, name, grants_per_day, open_jobs, threshold, key } => {
            let quotas = Quotas { grants_per_day, open_jobs };
            motion(context, Motion::Admit(account, name, quotas), threshold, &key).await?;
        }
        Command::Evict { account, threshold, key } => {
            motion(context, Motion::Evict(account), threshold, &key).await?
        }
        Command::Vote { proposal, index, against, key } => {
            let chain = context.chain().await?;
            let at = context.submit(&chain, &calls::vote(proposal, index, !against), &key).await?.block;
            context.out.answer(&json!({ "proposal": proposal, "block": at }), "voted");
        }
        Command::Close { proposal, index, length, key } => {
            let chain = context.chain().await?;
            let included = context.submit(&chain, &calls::close(proposal, index, length), &key).await?;
            let done = executed(&included.events)?;
            context.out.answer(
                &json!({ "proposal": proposal, "executed": done, "block": included.block }),
                "closed",
            );
        }
        Command::SetWorkerKey { worker_key, key } => {
            let raw: [u8; 32] = worker_key.clone().into();
            let chain = context.chain().await?;
            let at = context.submit(&chain, &calls::set_worker_key(H256(raw)), &key).await?.block;
            context.out.answer(
                &json!({ "workerKey": H256(raw), "block": at }),
                format!("worker key is {worker_key}"),
            );
        }
    }
    Ok(true)
}

/// Moves in the council. With a threshold of one the motion is executed at once; its own failure is an error here.
pub async fn motion(context: &Context, motion: Motion, threshold: u32, key: &str) -> Result<(), Error> {
    let chain = context.chain().await?;
    let proposal = chain.encode_call(&motion.call()).await?;
    let included =
        chain.submit(&calls::propose(threshold, &proposal), &HospitalKey::read(key)?, context.wait).await?;
    if executed(&included.events)? {
        context
            .out
            .answer(&json!({ "executed": true, "block": included.block }), "the council has decided: done");
        return Ok(());
    }
    let (_, index, hash, _): (AccountId, u32, H256, u32) = included
        .event("Council.Proposed")
        .ok_or_else(|| Error::Node("the motion was accepted but its event is missing".into()))?;
    context.out.answer(
        &json!({ "executed": false, "proposal": hash, "index": index, "length": proposal.len(), "block": included.block }),
        format!("motion {index} ({hash:?}) waits for votes; its length is {}", proposal.len()),
    );
    Ok(())
}

/// Whether a motion was executed, by the council's events; an error if it was and failed.
///
/// The event holds the proposal's hash and then the result, whose first byte is 0 for success.
fn executed(events: &[(String, Vec<u8>)]) -> Result<bool, Error> {
    match events.iter().find(|(name, _)| name == "Council.Executed") {
        None => Ok(false),
        Some((_, fields)) if fields.get(32) == Some(&0) => Ok(true),
        Some((_, fields)) => Err(Error::Refused {
            pallet: "Council".into(),
            error: format!(
                "the motion was executed and failed (dispatch error 0x{})",
                hex::encode(fields.get(33..).unwrap_or(&[]))
            ),
        }),
    }
}

//! `galen round`: federated rounds. Data and weights stay where they are; hashes are registered.

use super::{Context, file_hash, hash};
use galen_client::{Error, calls};
use galen_primitives::H256;
use serde_json::json;
use std::path::PathBuf;

/// Federated rounds.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Open a round that improves an approved model; prints its number.
    Open {
        /// The base model's hash.
        #[arg(value_parser = hash)]
        base: H256,
        /// For how many blocks updates are accepted.
        #[arg(long)]
        blocks: u32,
        /// The member's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// Register this member's update of a round.
    Update {
        /// The round's number.
        round: u32,
        /// The update's file, of which only the hash is registered.
        file: PathBuf,
        /// How many samples it was trained on.
        #[arg(long)]
        samples: u32,
        /// The member's key.
        #[arg(long)]
        key: String,
    },
    /// Show a round and its updates.
    Show {
        /// The round's number.
        round: u32,
    },
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    match command {
        Command::Open { base, blocks, key } => {
            let included = context.submit(&chain, &calls::open_round(base, blocks), &key).await?;
            let round: u32 = included
                .event("Federated.RoundOpened")
                .ok_or_else(|| Error::Node("the round was opened but its event is missing".into()))?;
            context.out.answer(&json!({ "round": round, "block": included.block }), format!("round {round}"));
        }
        Command::Update { round, file, samples, key } => {
            let update = file_hash(b"", &file)?;
            let at =
                context.submit(&chain, &calls::register_update(round, update, samples), &key).await?.block;
            context.out.answer(
                &json!({ "round": round, "update": update, "block": at }),
                format!("registered {update:?}"),
            );
        }
        Command::Show { round } => {
            let (head, _) = chain.finalized().await?;
            let Some(found) = chain.round(round, Some(head)).await? else {
                return Err(Error::Input(format!("there is no round {round} in finalized state")));
            };
            let updates = chain.updates(round, Some(head)).await?;
            let text: Vec<String> = updates
                .iter()
                .map(|(member, update)| format!("{member}  {:?}, {} samples", update.hash, update.samples))
                .collect();
            let listed: Vec<_> = updates.iter().map(|(m, u)| json!({ "member": m, "update": u })).collect();
            context.out.answer(
                &json!({ "round": round, "state": found, "updates": listed }),
                format!("base {:?}, open until block {}\n{}", found.base, found.deadline, text.join("\n")),
            );
        }
    }
    Ok(true)
}

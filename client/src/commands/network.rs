//! `galen network`: the chain itself.

use super::Context;
use galen_client::Error;
use serde_json::{Value, json};

/// The network.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Best and finalized block, peers, members.
    Status,
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let Command::Status = command;
    let chain = context.chain().await?;
    let name: String = chain.request("system_chain").await?;
    let health: Value = chain.request("system_health").await?;
    let (_, best) = chain.best().await?;
    let (head, finalized) = chain.finalized().await?;
    let members = chain.members(Some(head)).await?.len();
    let log = chain.audit_state(Some(head)).await?;
    let value = json!({
        "chain": name,
        "genesis": chain.genesis(),
        "best": best,
        "finalized": finalized,
        "peers": health["peers"],
        "syncing": health["isSyncing"],
        "members": members,
        "auditEntries": log.count,
        "auditRoot": log.root(),
    });
    let text = format!(
        "{name} ({:?})\nbest {best}, finalized {finalized}, {} peers\n{members} member hospitals, {} audit entries",
        chain.genesis(),
        health["peers"],
        log.count
    );
    context.out.answer(&value, text);
    Ok(true)
}

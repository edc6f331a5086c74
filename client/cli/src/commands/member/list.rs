//! `galen member list`.

use super::{Context, now};
use galen_client::Error;
use galen_primitives::{BlockNumber, UnixSeconds, member::Member};
use serde_json::json;

pub async fn run(context: &Context) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, block) = chain.finalized().await?;
    let members = chain.members(Some(head)).await?;
    let text: Vec<String> = members
        .iter()
        .map(|(account, member)| {
            let name = String::from_utf8_lossy(&member.name);
            let key = member.worker_key.map_or("no worker key".into(), |key| format!("worker key {key:?}"));
            format!(
                "{account}  {name}, {}, since block {}, {key}",
                standing(member, block, now()),
                member.admitted_at
            )
        })
        .collect();
    let value: Vec<_> = members
        .iter()
        .map(|(account, m)| json!({ "account": account, "standing": standing(m, block, now()), "member": m }))
        .collect();
    context.out.answer(&json!(value), text.join("\n"));
    Ok(true)
}

/// A member's standing in a few words.
pub fn standing(member: &Member, block: BlockNumber, now: UnixSeconds) -> String {
    match (member.suspended_until, member.expires_at) {
        (Some(until), _) if member.is_suspended(block) => format!("suspended until block {until}"),
        (_, Some(_)) if member.is_expired(now) => "expired".into(),
        (_, Some(end)) => format!("in good standing for {} days", end.saturating_sub(now) / 86_400),
        _ => "in good standing".into(),
    }
}

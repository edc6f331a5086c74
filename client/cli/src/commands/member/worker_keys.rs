//! Worker keys: setting, their history, marking one suspect, and what that puts in doubt.

use super::{Context, Mover, account, council};
use galen_client::{Error, calls, calls::Motion, suspect};
use galen_primitives::{AccountId, BlockNumber, H256};
use serde_json::json;

/// Which key, and from when.
#[derive(clap::Args)]
pub struct MarkSuspect {
    /// The public key: SS58, 0x… or a development seed.
    #[arg(value_parser = account)]
    worker_key: AccountId,
    /// The first block in which its signatures are in doubt.
    #[arg(long)]
    from: BlockNumber,
    /// Move it in the council, for this hospital, instead of saying it as the hospital that the key belongs to.
    #[arg(long, value_parser = account)]
    council_for: Option<AccountId>,
    #[command(flatten)]
    mover: Mover,
}

fn raw(key: &AccountId) -> H256 {
    H256(key.clone().into())
}

pub async fn set(context: &Context, worker_key: AccountId, key: &str) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let at = context.submit(&chain, &calls::set_worker_key(raw(&worker_key)), key).await?.block;
    context.out.answer(
        &json!({ "workerKey": raw(&worker_key), "block": at }),
        format!("worker key is {worker_key}"),
    );
    Ok(true)
}

pub async fn list(context: &Context, hospital: &AccountId) -> Result<bool, Error> {
    let keys = context.chain().await?.worker_keys(hospital, None).await?;
    let text: Vec<_> = keys
        .iter()
        .map(|period| {
            let until = period.until.map_or("in force".into(), |block| format!("until block {block}"));
            let doubt =
                period.suspect_from.map_or(String::new(), |block| format!(", SUSPECT from block {block} on"));
            format!("{:?}  from block {}, {until}{doubt}", period.key, period.from)
        })
        .collect();
    let text = if text.is_empty() { "it has set none".into() } else { text.join("\n") };
    context.out.answer(&json!({ "hospital": hospital, "keys": keys }), text);
    Ok(true)
}

pub async fn mark(context: &Context, command: MarkSuspect) -> Result<bool, Error> {
    let key = raw(&command.worker_key);
    if let Some(hospital) = command.council_for {
        let motion = Motion::MarkWorkerKeySuspect(hospital, key, command.from);
        return council::propose(context, &motion, &command.mover).await;
    }
    let hospital = command.mover.hospital()?;
    let chain = context.chain().await?;
    let call = calls::mark_worker_key_suspect(&hospital, key, command.from);
    let at = context.submit(&chain, &call, command.mover.key()).await?.block;
    context.out.answer(
        &json!({ "workerKey": key, "suspectFrom": command.from, "block": at }),
        format!(
            "{key:?} is suspect from block {} on; set another with `galen member set-worker-key`. In doubt: `galen member \
             suspect-receipts {hospital}`",
            command.from
        ),
    );
    Ok(true)
}

pub async fn receipts(context: &Context, hospital: &AccountId) -> Result<bool, Error> {
    let found = suspect::receipts(&context.chain().await?, hospital).await?;
    let text: Vec<_> = found
        .iter()
        .map(|r| {
            format!(
                "{:?}  anchored in block {} (audit entry {}), signed by {:?}, suspect from block {} on",
                r.job, r.block, r.entry, r.key, r.suspect_from
            )
        })
        .collect();
    let text = if text.is_empty() { "none".into() } else { text.join("\n") };
    context.out.answer(&json!({ "hospital": hospital, "receipts": found }), text);
    Ok(true)
}

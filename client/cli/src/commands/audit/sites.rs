//! `galen audit sites` and `batches`: what hospitals' workers reported of their disclosures.

use crate::commands::{Context, account, names};
use galen_client::Error;
use galen_primitives::{AccountId, api::MAX_PAGE, reports::LogBatch};
use serde_json::json;

/// Which batches.
#[derive(clap::Args)]
pub struct Batches {
    /// The hospital.
    #[arg(value_parser = account)]
    hospital: AccountId,
    /// From the batch on that holds this disclosure.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// At most so many.
    #[arg(long, default_value_t = MAX_PAGE)]
    limit: u32,
}

pub async fn sites(context: &Context) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let (sites, names) = (chain.sites(Some(head)).await?, names(&chain, head).await?);
    let text: Vec<String> = sites
        .iter()
        .map(|status| {
            let name = names.get(&status.hospital).map_or("no member", String::as_str);
            let said = match status.site.next {
                0 => "has never reported".to_owned(),
                next => {
                    let ago = number.saturating_sub(status.site.last_block);
                    format!("reported {next}, last {ago} blocks ago")
                }
            };
            let able = if status.can_report { "" } else { " (cannot report now)" };
            format!("{}  {name}: {said}{able}", status.hospital)
        })
        .collect();
    context.out.answer(&json!({ "at": head, "block": number, "sites": sites }), text.join("\n"));
    Ok(true)
}

pub async fn batches(context: &Context, Batches { hospital, from, limit }: Batches) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let batches = chain.disclosure_batches(&hospital, from, limit, Some(head)).await?;
    let batches: Vec<_> = batches
        .iter()
        .map(|reported| {
            let mut value = json!(reported);
            value["head"] = json!(reported.batch.head());
            value
        })
        .collect();
    let text: Vec<String> = batches
        .iter()
        .map(|b| {
            format!(
                "from {} {}: block {}, entry {}, root {}",
                b["first"], b["count"], b["block"], b["entry"], b["root"]
            )
        })
        .collect();
    context.out.answer(&json!({ "at": head, "block": number, "batches": batches }), text.join("\n"));
    Ok(true)
}

//! `galen audit`: the log, proofs about it, and disclosures.

mod accounting;
mod prove;
mod sites;

use super::{Context, account};
use galen_client::Error;
use galen_primitives::{
    AccountId,
    audit::{Filter, Kind},
};
use serde_json::{Value, json};

/// The audit log.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Entries in finalized state, oldest first.
    List {
        /// Only this hospital's.
        #[arg(long, value_parser = account)]
        hospital: Option<AccountId>,
        /// Only this kind, as `summaryAnchored`.
        #[arg(long, value_parser = kind)]
        kind: Option<Kind>,
        /// Only about this patient key.
        #[arg(long, value_parser = account)]
        patient: Option<AccountId>,
        /// First index.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// At most so many.
        #[arg(long, default_value_t = 1_000)]
        limit: u32,
    },
    /// Count, root and peaks of the log.
    State,
    /// The hospitals that hold or used something of a patient key.
    Holders {
        /// The patient's key.
        #[arg(value_parser = account)]
        patient: AccountId,
    },
    /// Prove that an entry is in the log: prints a file for `check`.
    Prove(prove::Prove),
    /// Prove that the log was only appended to between two sizes: prints a file for `check`.
    ProveConsistent(prove::ProveConsistent),
    /// Check a proof. No node is asked; the exit status tells whether it holds.
    Check(prove::Check),
    /// How far each hospital has reported its disclosures.
    Sites,
    /// The batches of disclosures that a hospital reported.
    Batches(sites::Batches),
    /// What was disclosed of a patient in a period, to whom and why, as the worker's log has it (45 CFR 164.528, EHDS).
    Accounting(accounting::Accounting),
    /// Open one disclosure of the worker's log, with what proves it: prints a file for `check`.
    Open {
        /// Its number.
        index: u64,
    },
    /// Hand AuditEvents of another system over to the worker's log.
    Import(accounting::Import),
    /// The worker's log as one Bundle of AuditEvents.
    Export(accounting::Export),
}

fn kind(text: &str) -> Result<Kind, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|why| why.to_string())
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Prove(asked) => prove::prove(context, asked).await,
        Command::ProveConsistent(asked) => prove::prove_consistent(context, asked).await,
        Command::Check(asked) => prove::check(context, asked),
        Command::Sites => sites::sites(context).await,
        Command::Batches(asked) => sites::batches(context, asked).await,
        Command::Accounting(asked) => accounting::accounting(context, asked).await,
        Command::Open { index } => accounting::open(context, index).await,
        Command::Import(asked) => accounting::import(context, asked).await,
        Command::Export(asked) => accounting::export(context, asked).await,
        Command::List { hospital, kind, patient, from, limit } => {
            list(context, Filter { hospital, kind, patient }, from, limit).await
        }
        Command::State => state(context).await,
        Command::Holders { patient } => holders(context, patient).await,
    }
}

async fn list(context: &Context, filter: Filter, from: u64, limit: u32) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let mut entries = Vec::new();
    let mut next = Some(from);
    while let Some(index) = next {
        let left = limit.saturating_sub(entries.len() as u32);
        if left == 0 {
            break;
        }
        let page = chain.audit_entries(&filter, index, left, Some(head)).await?;
        entries.extend(page.entries);
        next = page.next;
    }
    let text: Vec<String> = entries
        .iter()
        .map(|e| {
            let by = e.hospital.as_ref().map_or("council".into(), |h| h.to_string());
            format!(
                "{:>5}  block {:<6} {:<18} by {by}  {:?}",
                e.index,
                e.block,
                format!("{:?}", e.kind),
                e.subject
            )
        })
        .collect();
    context
        .out
        .answer(&json!({ "at": head, "block": number, "entries": entries, "next": next }), text.join("\n"));
    Ok(true)
}

async fn state(context: &Context) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let state = chain.audit_state(Some(head)).await?;
    context.out.answer(
        &json!({ "at": head, "block": number, "count": state.count, "root": state.root(), "peaks": state.peaks }),
        format!("{} entries, root {:?}", state.count, state.root()),
    );
    Ok(true)
}

async fn holders(context: &Context, patient: AccountId) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let holders = chain.holders(&patient, Some(head)).await?;
    let value: Vec<_> = holders.iter().map(|(h, i)| json!({ "hospital": h, "latest": i })).collect();
    let text: Vec<_> = holders.iter().map(|(h, i)| format!("{h}, latest entry {i}")).collect();
    context.out.answer(&json!({ "at": head, "block": number, "holders": value }), text.join("\n"));
    Ok(true)
}

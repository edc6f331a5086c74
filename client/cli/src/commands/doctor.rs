//! `galen doctor`.

use super::{Context, account};
use galen_client::{
    Error,
    doctor::{Level, Subject, examine},
    spec::Spec,
};
use galen_primitives::AccountId;
use serde_json::json;
use std::path::PathBuf;

/// Whether a hospital's node and worker are well. Run it where they run, as a user who may see the node's data.
#[derive(clap::Args)]
pub struct Doctor {
    /// The hospital's account.
    #[arg(long, value_parser = account)]
    hospital: Option<AccountId>,
    /// Where the node keeps its data, for the room left there.
    #[arg(long)]
    base_path: Option<PathBuf>,
    /// The published raw spec, for whether the node is on that chain.
    #[arg(long)]
    spec: Option<PathBuf>,
    /// The hospital has no worker here.
    #[arg(long)]
    no_worker: bool,
}

pub async fn run(context: &Context, command: Doctor) -> Result<bool, Error> {
    let genesis = match &command.spec {
        None => None,
        Some(file) => Some(Spec::read(file)?.hashes()?.genesis_hash),
    };
    let subject = Subject {
        node: context.node.clone(),
        hospital: command.hospital,
        base_path: command.base_path,
        worker: (!command.no_worker).then(|| context.worker.clone()),
        token_file: context.token_file.clone(),
        genesis,
    };
    let findings = examine(&subject).await?;
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    let mut text = String::new();
    for finding in &findings {
        let level = match finding.level {
            Level::Ok => "ok  ",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        text += &format!("{level} {:<14} {}\n", finding.check, finding.seen);
        if let Some(advice) = &finding.advice {
            text += &format!("{:<19} -> {advice}\n", "");
        }
    }
    text += match worst {
        Level::Ok => "all is well",
        Level::Warn => "it works; see the warnings",
        Level::Fail => "something does not work",
    };
    context.out.answer(&json!({ "worst": worst, "findings": findings }), text);
    Ok(worst != Level::Fail)
}

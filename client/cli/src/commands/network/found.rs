//! `galen network found`: from public keys to a plain chain spec.

use crate::commands::{Context, amount};
use galen_client::{
    Error,
    amount::Balance,
    founding::{Public, Terms, fill},
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Puts the hospitals' public keys into the template; the plain spec that comes out is made raw by the node.
#[derive(clap::Args)]
pub struct Found {
    /// The hospitals' public.json.
    #[arg(required = true)]
    public: Vec<PathBuf>,
    /// The template: `galen-node export-chain-spec --chain consortium`.
    #[arg(long)]
    template: PathBuf,
    /// Where the plain spec goes.
    #[arg(long)]
    out: PathBuf,
    /// The chain's name.
    #[arg(long)]
    name: Option<String>,
    /// The chain's id: lower-case letters, digits and _.
    #[arg(long)]
    id: Option<String>,
    /// Slots of an epoch (2 s each).
    #[arg(long)]
    epoch_blocks: Option<u32>,
    /// Epochs of an era.
    #[arg(long)]
    era: Option<u32>,
    /// Blocks in which a summary must be answered.
    #[arg(long)]
    job_blocks: Option<u32>,
    /// What each hospital stakes, in GLN.
    #[arg(long, value_parser = amount)]
    stake: Option<Balance>,
    /// Fewer than four hospitals will do.
    #[arg(long)]
    allow_fewer: bool,
}

pub fn run(context: &Context, command: &Found) -> Result<bool, Error> {
    let founders = command.public.iter().map(|file| Public::read(file)).collect::<Result<Vec<_>, _>>()?;
    let template = std::fs::read(&command.template)
        .map_err(|why| Error::Input(format!("cannot read {}: {why}", command.template.display())))?;
    let template: Value = serde_json::from_slice(&template)
        .map_err(|why| Error::Input(format!("{} is not a chain spec: {why}", command.template.display())))?;
    let terms = Terms {
        name: command.name.clone(),
        id: command.id.clone(),
        epoch_blocks: command.epoch_blocks,
        era_epochs: command.era,
        job_blocks: command.job_blocks,
        stake: command.stake,
        allow_fewer: command.allow_fewer,
    };
    let spec = fill(&template, &founders, &terms)?;
    let text = serde_json::to_string_pretty(&spec)
        .map_err(|why| Error::Input(format!("the spec cannot be written: {why}")))?;
    std::fs::write(&command.out, text)
        .map_err(|why| Error::Input(format!("cannot write {}: {why}", command.out.display())))?;
    let names: Vec<_> = founders.iter().map(|founder| &founder.name).collect();
    context.out.answer(
        &json!({ "spec": command.out, "hospitals": names }),
        format!("{} hospitals in {}", founders.len(), command.out.display()),
    );
    Ok(true)
}

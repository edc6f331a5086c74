//! `galen network`: the chain itself, and the spec that founds one.

mod found;
mod status;
mod verify_spec;

use super::Context;
use galen_client::Error;

/// The network.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Blocks, peers, validators and their hospitals, slashes, and what an attacker would need.
    Status,
    /// Check a published raw chain spec; the exit status tells whether anything speaks against it. Asks no node.
    VerifySpec(verify_spec::VerifySpec),
    /// Put hospitals' public keys into the consortium's template (scripts/found-consortium does the rest).
    Found(found::Found),
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Status => status::run(context).await,
        Command::VerifySpec(command) => verify_spec::run(context, &command),
        Command::Found(command) => found::run(context, &command),
    }
}

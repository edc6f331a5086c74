//! `galen record`: commitments on chain.

pub mod batch;
mod facts;
mod single;

use super::Context;
use galen_client::Error;

/// Commitments on chain.
#[derive(clap::Subcommand)]
pub enum Command {
    #[command(flatten)]
    Single(single::Command),
    #[command(flatten)]
    Batch(batch::Command),
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    match command {
        Command::Single(command) => single::run(context, command).await,
        Command::Batch(command) => batch::run(context, command).await,
    }
}

//! `galen`: a Galen chain and a hospital's worker, from a shell.

mod cli;
mod commands;
#[cfg(test)]
mod documented;
mod output;

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run(cli::Cli::parse()).await
}

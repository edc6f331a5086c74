//! `galen`: documents, records, consents, summaries and the audit log of a Galen chain, from a shell.

mod commands;
mod output;

use clap::{Parser, Subcommand};
use commands::{audit, consent, document, member, model, network, record, round, summary};
use output::{Format, Output};
use std::{path::PathBuf, process::ExitCode};

/// Ask and tell a Galen chain and a hospital's worker.
#[derive(Parser)]
#[command(name = "galen", version)]
struct Cli {
    /// WebSocket of a node.
    #[arg(long, global = true, env = "GALEN_NODE", default_value = "ws://127.0.0.1:9944")]
    node: String,
    /// URL of the hospital's worker.
    #[arg(long, global = true, env = "GALEN_WORKER", default_value = "http://127.0.0.1:9955")]
    worker: String,
    /// File with the bearer token for the worker.
    #[arg(long, global = true, env = "GALEN_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// How answers are printed.
    #[arg(long, global = true, value_enum, default_value = "text")]
    output: Format,
    /// How long calls are waited for: until they are in the best block, or final.
    #[arg(long, global = true, value_enum, default_value = "finalized")]
    wait: output::WaitFor,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Documents in the worker's vault.
    #[command(subcommand)]
    Document(document::Command),
    /// Commitments on chain.
    #[command(subcommand)]
    Record(record::Command),
    /// Patients' consents.
    #[command(subcommand)]
    Consent(consent::Command),
    /// Summaries by the hospital's model.
    #[command(subcommand)]
    Summary(summary::Command),
    /// Models and the council's approval.
    #[command(subcommand)]
    Model(model::Command),
    /// Federated rounds.
    #[command(subcommand)]
    Round(round::Command),
    /// Member hospitals.
    #[command(subcommand)]
    Member(member::Command),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::Command),
    /// The network.
    #[command(subcommand)]
    Network(network::Command),
    /// Check a summary's receipt against the chain, and the summary itself where the worker releases it.
    Verify(summary::Verify),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = Output::new(cli.output);
    let context = commands::Context {
        node: cli.node,
        worker: cli.worker,
        token_file: cli.token_file,
        wait: cli.wait.into(),
        out,
    };
    let done = match cli.command {
        Command::Document(command) => document::run(&context, command).await,
        Command::Record(command) => record::run(&context, command).await,
        Command::Consent(command) => consent::run(&context, command).await,
        Command::Summary(command) => summary::run(&context, command).await,
        Command::Model(command) => model::run(&context, command).await,
        Command::Round(command) => round::run(&context, command).await,
        Command::Member(command) => member::run(&context, command).await,
        Command::Audit(command) => audit::run(&context, command).await,
        Command::Network(command) => network::run(&context, command).await,
        Command::Verify(command) => summary::verify(&context, command).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            out.error(&why);
            ExitCode::FAILURE
        }
    }
}

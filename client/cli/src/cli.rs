//! The command line: what all commands share, and which there are.

use crate::{
    commands::{
        self, audit, consent, council, device, doctor, document, emergency, item, member, model, network,
        proof, record, relying, round, summary, upgrade, validator, verify,
    },
    output::{Format, Output, WaitFor},
};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Ask and tell a Galen chain and a hospital's worker.
#[derive(Parser)]
#[command(name = "galen", version)]
pub struct Cli {
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
    wait: WaitFor,
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
    /// Devices, drug lots and specimens, from hand to hand.
    #[command(subcommand)]
    Item(item::Command),
    /// Patients' consents.
    #[command(subcommand)]
    Consent(consent::Command),
    /// Emergencies without consent: access for a time, and the review that must follow.
    #[command(subcommand)]
    Emergency(emergency::Command),
    /// Summaries by the hospital's model.
    #[command(subcommand)]
    Summary(summary::Command),
    /// Models and the council's approval.
    #[command(subcommand)]
    Model(model::Command),
    /// Devices and their readings.
    #[command(subcommand)]
    Device(device::Command),
    /// Federated rounds.
    #[command(subcommand)]
    Round(round::Command),
    /// Apps whose passkeys may sign for patients.
    #[command(subcommand)]
    RelyingParty(relying::Command),
    /// Member hospitals: admission, standing, worker keys, nodes.
    #[command(subcommand)]
    Member(member::Command),
    /// A hospital's validators: stake, session keys, candidacy.
    #[command(subcommand)]
    Validator(validator::Command),
    /// The council: its members, motions and votes.
    #[command(subcommand)]
    Council(council::Command),
    /// Runtime upgrades.
    #[command(subcommand)]
    Upgrade(upgrade::Command),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Proof bundles, which hold without a node.
    #[command(subcommand)]
    Proof(proof::Command),
    /// The network: its state, and the spec that founds it.
    #[command(subcommand)]
    Network(network::Command),
    /// Whether this hospital's node and worker are well; each line says what to do.
    Doctor(doctor::Doctor),
    /// Check a summary's receipt against the chain, or a proof bundle without it; and the summary itself where it is at hand.
    Verify(verify::Verify),
}

/// Does what was asked; the exit status tells whether it holds.
pub async fn run(cli: Cli) -> ExitCode {
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
        Command::Item(command) => item::run(&context, command).await,
        Command::Consent(command) => consent::run(&context, command).await,
        Command::Emergency(command) => emergency::run(&context, command).await,
        Command::Summary(command) => summary::run(&context, command).await,
        Command::Model(command) => model::run(&context, command).await,
        Command::RelyingParty(command) => relying::run(&context, command).await,
        Command::Device(command) => device::run(&context, command).await,
        Command::Round(command) => round::run(&context, command).await,
        Command::Member(command) => member::run(&context, command).await,
        Command::Validator(command) => validator::run(&context, command).await,
        Command::Council(command) => council::run(&context, command).await,
        Command::Upgrade(command) => upgrade::run(&context, command).await,
        Command::Audit(command) => audit::run(&context, command).await,
        Command::Proof(command) => proof::run(&context, command).await,
        Command::Network(command) => network::run(&context, command).await,
        Command::Doctor(command) => doctor::run(&context, command).await,
        Command::Verify(command) => verify::run(&context, command).await,
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

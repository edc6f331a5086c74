//! Galen's node: BABE, GRANDPA and the runtime of a consortium of hospitals. See `node/README.md`.

mod admission;
mod chain_spec;
mod cli;
mod client;
mod command;
mod double_authorship;
mod gate;
mod genesis;
mod network;
mod pool_tasks;
mod ports;
mod rpc;
mod service;
mod worker;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = match error {
                sc_cli::Error::Input(text) => text,
                other => other.to_string(),
            };
            eprintln!("galen-node: {text}");
            ExitCode::FAILURE
        }
    }
}

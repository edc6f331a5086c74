//! Galen's node: BABE, GRANDPA and the runtime of a consortium of hospitals. See `node/README.md`.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;
mod worker;

fn main() -> sc_cli::Result<()> {
    command::run()
}

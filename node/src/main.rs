//! Galen's node: BABE, GRANDPA and the runtime of a consortium of hospitals. See `node/README.md`.

mod admission;
mod chain_spec;
mod cli;
mod command;
mod double_authorship;
mod gate;
mod genesis;
mod network;
mod rpc;
mod service;
mod worker;

fn main() -> sc_cli::Result<()> {
    command::run()
}

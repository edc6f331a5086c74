//! The command line.

use crate::worker::WorkerArgs;
use sc_cli::RunCmd;

/// Runs a node, or one of the subcommands.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,
    /// How to run a node.
    #[command(flatten)]
    pub run: RunArgs,
}

/// These options say how to run a node.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The usual options of a Substrate node.
    #[command(flatten)]
    pub base: RunCmd,
    /// Where the hospital's worker is.
    #[command(flatten)]
    pub worker: WorkerArgs,
}

/// A subcommand does something else than run a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Run a node (the default).
    Run(Box<RunArgs>),

    /// Make, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Export a chain spec, plain or raw (kept for habit: prefer export-chain-spec).
    #[allow(deprecated)]
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Export a chain spec, plain or raw.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Print a chain's genesis as readable JSON, without the runtime code.
    ExportGenesis(ExportGenesisCmd),

    /// Print the hashes by which a consortium compares chain specs, as JSON.
    SpecHash(SpecHashCmd),

    /// Validate blocks.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Export blocks.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Import blocks.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Export the state of a block into a chain spec.
    ExportState(sc_cli::ExportStateCmd),

    /// Remove the whole chain.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Revert the chain to an earlier state.
    Revert(sc_cli::RevertCmd),

    /// Show what the database says of the chain.
    ChainInfo(sc_cli::ChainInfoCmd),
}

/// Prints a chain's genesis as readable JSON.
#[derive(Debug, clap::Args)]
pub struct ExportGenesisCmd {
    /// dev, local, consortium, or the path of a plain chain spec.
    #[arg(long)]
    pub chain: String,
}

/// Prints a spec's hashes: genesis block, runtime code, file.
#[derive(Debug, clap::Args)]
pub struct SpecHashCmd {
    /// dev, local, consortium, or the path of a chain spec, plain or raw.
    pub chain: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_names_the_address_at_which_a_worker_listens() {
        let mut command = Cli::command();
        let run = command.find_subcommand_mut("run").unwrap();
        let help = run.render_long_help().to_string();
        assert!(help.contains(galen_worker_api::DEFAULT_URL), "{help}");
    }
}

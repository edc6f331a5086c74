//! What each subcommand does.

use crate::{
    chain_spec,
    cli::{Cli, RunArgs, Subcommand},
    client::{Block, Executor, FullClient},
    genesis,
    ports::Ports,
    service,
};
use sc_cli::SubstrateCli;
use sc_service::PartialComponents;
use std::sync::Arc;

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Galen Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "the Galen authors".into()
    }

    fn support_url() -> String {
        "the issue tracker of Galen's repository".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(Box::new(chain_spec::load(id)?))
    }
}

/// Reads the command line and does what it says.
pub fn run() -> sc_cli::Result<()> {
    let mut cli = Cli::from_args();
    match cli.subcommand.take() {
        None => start(&cli, &cli.run),
        Some(Subcommand::Run(args)) => start(&cli, &args),
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        #[allow(deprecated)]
        Some(Subcommand::BuildSpec(cmd)) => {
            cli.create_runner(&cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
        }
        Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
        Some(Subcommand::ExportGenesis(cmd)) => {
            println!("{}", chain_spec::readable(&chain_spec::load(&cmd.chain)?)?);
            Ok(())
        }
        Some(Subcommand::SpecHash(cmd)) => {
            println!("{}", spec_hash(&cmd.chain)?);
            Ok(())
        }
        // What the essential tasks of a node wait for is kept as long as they run: one that ended would be told of as failed.
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(&cmd)?.async_run(|config| {
            let PartialComponents { client, mut task_manager, import_queue, other, .. } =
                service::new_partial(&config)?;
            task_manager.keep_alive(other);
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(&cmd)?.async_run(|config| {
            let PartialComponents { client, mut task_manager, import_queue, other, .. } =
                service::new_partial(&config)?;
            task_manager.keep_alive((import_queue, other));
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(&cmd)?.async_run(|config| {
            let PartialComponents { client, mut task_manager, import_queue, other, .. } =
                service::new_partial(&config)?;
            task_manager.keep_alive((import_queue, other));
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(&cmd)?.async_run(|config| {
            let PartialComponents { client, mut task_manager, import_queue, other, .. } =
                service::new_partial(&config)?;
            task_manager.keep_alive(other);
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => {
            cli.create_runner(&cmd)?.sync_run(|config| cmd.run(config.database))
        }
        Some(Subcommand::Revert(cmd)) => cli.create_runner(&cmd)?.async_run(|config| {
            let PartialComponents { client, mut task_manager, backend, import_queue, other, .. } =
                service::new_partial(&config)?;
            task_manager.keep_alive((import_queue, other));
            let revert_consensus = Box::new(|client: Arc<FullClient>, backend, blocks| {
                sc_consensus_babe::revert(client.clone(), backend, blocks)?;
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((cmd.run(client, backend, Some(revert_consensus)), task_manager))
        }),
        Some(Subcommand::ChainInfo(cmd)) => {
            cli.create_runner(&cmd)?.sync_run(|config| cmd.run::<Block>(&config))
        }
    }
}

fn spec_hash(chain: &str) -> Result<String, String> {
    let mut hashes = genesis::hash(&chain_spec::load(chain)?, Executor::builder().build())?;
    if !chain_spec::is_preset(chain) {
        let file = std::fs::read(chain).map_err(|error| format!("{chain}: {error}"))?;
        hashes.file_hash = Some(sp_crypto_hashing::blake2_256(&file).into());
    }
    serde_json::to_string_pretty(&hashes).map_err(|error| error.to_string())
}

fn start(cli: &Cli, args: &RunArgs) -> sc_cli::Result<()> {
    // Before anything is opened: a wrong address or an unreadable token stops the node at once.
    let worker = args.worker.read().map_err(sc_cli::Error::Input)?;
    // Asked for with --experimental-rpc-endpoint, another port is taken when one is not free; otherwise the
    // node says so.
    let only_given_ports = args.base.rpc_params.experimental_rpc_endpoint.is_empty();
    cli.create_runner(&args.base)?.run_node_until_exit(|mut config| async move {
        chain_spec::check_startable(config.chain_spec.as_ref()).map_err(sc_cli::Error::Input)?;
        if only_given_ports {
            config.rpc.addr.iter_mut().flatten().for_each(|endpoint| endpoint.retry_random_port = false);
        }
        let ports = Ports::take(&mut config).map_err(|error| sc_cli::Error::Input(error.to_string()))?;
        let mut task_manager = service::new_full(config, worker).map_err(sc_cli::Error::Service)?;
        if let Err(error) = ports.announce() {
            log::warn!("Standard output does not take the ports that this node listens at: {error}");
        }
        task_manager.keep_alive(ports);
        Ok(task_manager)
    })
}

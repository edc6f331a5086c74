//! `galen-upgrade-check`: see `scripts/upgrade-check`.

use clap::Parser;
use galen_upgrade_check::{state, upgrade};
use std::{path::Path, process::ExitCode};
use tracing_subscriber::EnvFilter;

/// Tries this checkout's runtime on the state of a network, without changing anything there.
#[derive(Parser)]
struct Args {
    /// A node's RPC (ws://… or http://…), for the state of its last finalized block; or the file of an
    /// earlier runtime, for the genesis that it builds.
    source: String,
}

fn main() -> ExitCode {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,runtime::migrations=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time()
        .init();
    match check(&Args::parse().source) {
        Ok(report) if report.problems.is_empty() => {
            println!("the upgrade may go on chain");
            ExitCode::SUCCESS
        }
        Ok(report) => {
            for problem in &report.problems {
                eprintln!("refused: {problem}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("not checked: {error}");
            ExitCode::from(2)
        }
    }
}

fn check(source: &str) -> Result<upgrade::Report, String> {
    let mut state = if source.contains("://") {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        runtime.block_on(state::fetch(source))?
    } else {
        state::genesis_of(Path::new(source))?
    };
    println!("state        {}", state.of);
    let report = upgrade::dry_run(&mut state.storage)?;
    println!("from         {} {}", report.from.spec_name, report.from.spec_version);
    println!("to           {} {}", report.to.spec_name, report.to.spec_version);
    println!("first block  {}", report.first_block);
    if let Some(weight) = report.weight {
        println!(
            "             {} ms by weight, {} % of a block; {} ms here, natively",
            weight.ref_time() / 1_000_000_000,
            report.share_of_block,
            report.took.as_millis()
        );
    }
    println!("in steps     {} migrations, {} blocks without transactions", report.stepped, report.blocks);
    println!("state checks {}", if report.problems.is_empty() { "passed" } else { "see below" });
    Ok(report)
}

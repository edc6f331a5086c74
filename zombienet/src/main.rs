//! `galen-network`: networks of real nodes, to play with and to test.

use clap::{Parser, Subcommand};
use galen_network::{
    bench,
    error::{Context, Result},
    programs::Programs,
    rpc::Rpc,
    scan,
    spec::Specs,
    tests,
    topology::Topology,
    up,
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::signal::unix::{SignalKind, signal};

/// Networks of real Galen nodes on this machine. The programs are looked for beside this one, or in GALEN_BIN.
#[derive(Parser)]
#[command(name = "galen-network", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a network and keep it running until Ctrl-C.
    Up {
        /// four-hospitals, seven-hospitals, or the path of a zombienet TOML file.
        network: String,
        /// Start a galen-worker beside each hospital.
        #[arg(long)]
        with_workers: bool,
        /// Where databases, keys and logs go; must not exist yet. By default a temporary folder that is removed at the end.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Write the raw chain spec of a network to zombienet/specs, where its TOML looks for it.
    Spec {
        /// four-hospitals or seven-hospitals.
        network: String,
        /// The folder to write to.
        #[arg(long, default_value = "zombienet/specs")]
        out: PathBuf,
    },
    /// Measure a dev chain: calls per second, how long they wait, how large they are, and decisions.
    Bench {
        /// The node's WebSocket.
        #[arg(default_value = "ws://127.0.0.1:9944")]
        node: String,
        /// How many calls of each kind.
        #[arg(long, default_value_t = 500)]
        calls: u32,
    },
    /// Look for words in all that a chain keeps and tells: state, events, extrinsics. The exit status tells whether none was
    /// found.
    Scan {
        /// The node's WebSocket.
        #[arg(default_value = "ws://127.0.0.1:9944")]
        node: String,
        /// File with the words, one a line.
        #[arg(long)]
        words: PathBuf,
    },
    /// Run the tests, all of them unless some are named.
    Test {
        /// Names of tests.
        names: Vec<String>,
        /// Only say which there are.
        #[arg(long)]
        list: bool,
        /// How many at a time.
        #[arg(long, default_value_t = 2)]
        jobs: usize,
        /// Keep the folders of tests that hold, too.
        #[arg(long)]
        keep: bool,
    },
}

// One thread: nodes are bound to the life of the thread that starts them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Up { network, with_workers, dir } => start(&network, with_workers, dir).await.map(|()| true),
        Command::Spec { network, out } => spec(&network, out).await.map(|()| true),
        Command::Bench { node, calls } => bench::chain(&node, calls).await.map(|()| true),
        Command::Scan { node, words } => look(node, &words).await,
        Command::Test { list: true, .. } => {
            for test in tests::ALL {
                println!("{:<20} {}", test.name, test.shows);
            }
            Ok(true)
        }
        Command::Test { names, jobs, keep, .. } => test(tests::Options { names, jobs, keep }).await,
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("galen-network: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn look(node: String, words: &Path) -> Result<bool> {
    let (finds, looked) = scan::scan(&Rpc::new(node), &scan::words(words)?).await?;
    for find in &finds {
        println!("\"{}\" {} in {}", find.word, find.form, find.place);
    }
    println!(
        "{} found in {} entries of the state and {} blocks, {} bytes",
        finds.len(),
        looked.entries,
        looked.blocks,
        looked.bytes
    );
    Ok(finds.is_empty())
}

async fn start(network: &str, with_workers: bool, dir: Option<PathBuf>) -> Result<()> {
    let (programs, topology) = (Programs::find()?, Topology::find(network)?);
    match dir {
        Some(dir) => {
            std::fs::create_dir(&dir)
                .context(|| format!("{}: a network wants a new folder", dir.display()))?;
            let dir = std::fs::canonicalize(dir)?;
            up::up(&programs, &dir, &topology, with_workers, asked_to_stop()).await
        }
        None => {
            let dir = tempfile::Builder::new().prefix("galen-network-").tempdir()?;
            let ended = up::up(&programs, dir.path(), &topology, with_workers, asked_to_stop()).await;
            if ended.is_err() {
                eprintln!("Logs are kept in {}.", dir.keep().display());
            }
            ended
        }
    }
}

async fn spec(network: &str, out: PathBuf) -> Result<()> {
    let (programs, topology) = (Programs::find()?, Topology::find(network)?);
    std::fs::create_dir_all(&out).context(|| out.display().to_string())?;
    let work = tempfile::tempdir()?;
    let raw = Specs::new(&programs.node, work.path()).raw(&up::genesis(&topology)).await?;
    let to = out.join(format!("{network}.raw.json"));
    std::fs::copy(raw, &to).context(|| to.display().to_string())?;
    println!("{}", to.display());
    Ok(())
}

async fn test(options: tests::Options) -> Result<bool> {
    let programs = Programs::find()?;
    tokio::select! {
        held = tests::run(&programs, &options) => held,
        // What runs is dropped, and with it its nodes end.
        () = asked_to_stop() => {
            eprintln!("stopped before the end");
            Ok(false)
        }
    }
}

async fn asked_to_stop() {
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = signals else { return std::future::pending().await };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

//! `galen-worker`: see `galen-worker --help`.

use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use galen_engine::{
    CancelFlag, Engine, EngineSettings, Summary,
    evaluate::{self, Options},
    note::Note,
};
use galen_worker::{
    backup,
    chain::Node,
    clock::Clock,
    config::{Config, ConfigError, TEMPLATE},
    credentials::{self, token_path},
    error::{Error, at},
    jobs::{Llama, Summariser},
    reports::Kind,
    service::{self, Environment},
    shutdown,
    stores::Layout,
    vault::files::write_secret,
};
use galen_worker_api::{Account, Role};
use std::{
    fs,
    io::{IsTerminal, Write},
    net::SocketAddr,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// The hospital's worker: an encrypted vault and a local llama.cpp model beside the node.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a worker's directory: master key, credentials with their tokens, configuration.
    Init {
        /// The directory, which must not hold a worker yet.
        #[arg(long)]
        dir: PathBuf,
    },
    /// Serve.
    Run(Run),
    /// Copy everything into a new directory, and the keys into another, while the worker runs or not.
    Backup(Backup),
    /// Add a credential; prints the file that its token was written to.
    Credential {
        /// The worker's directory.
        #[arg(long)]
        dir: PathBuf,
        /// Its name, as it will stand in the log of disclosures.
        #[arg(long)]
        name: String,
        /// What it may do.
        #[arg(long, value_parser = role())]
        role: Role,
    },
    /// Measure precision, recall and F1 per field against structured FHIR resources.
    Evaluate {
        /// A directory of *.ndjson files or Bundles.
        #[arg(long)]
        fhir: PathBuf,
        /// A GGUF file; by default the model that ships.
        #[arg(long)]
        model: Option<PathBuf>,
        /// Measure only the first so many notes.
        #[arg(long)]
        limit: Option<usize>,
        /// Write what was missed or wrong to this file. It will hold text of the notes.
        #[arg(long)]
        errors: Option<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        output: Output,
    },
    /// Show what a summary of a file would be. Nothing is stored and no chain is asked.
    Summarise {
        /// A FHIR document or plain text.
        file: PathBuf,
        /// A GGUF file; by default the model that ships.
        #[arg(long)]
        model: Option<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        output: Output,
    },
    /// Print the version.
    Version,
}

#[derive(clap::Args)]
struct Run {
    /// The worker's directory, as made by `init`.
    #[arg(long)]
    dir: PathBuf,
    /// Where to listen; port 0 takes any free one and prints it.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// The WebSocket of the hospital's node, as ws://127.0.0.1:9944.
    #[arg(long)]
    node: Option<String>,
    /// A GGUF file.
    #[arg(long)]
    model: Option<PathBuf>,
    /// The hospital's account (SS58 or 0x and 64 hex digits); jobs of others are ignored.
    #[arg(long)]
    hospital: Option<Account>,
    /// The chain was begun anew, as a development chain is: forget how far erasures on the one before were read.
    #[arg(long)]
    another_chain: bool,
    /// The log of this kind, `disclosures` or `readings`, was restored from an older backup: it continues where the
    /// chain stands, and what is between is lost. May be said of both.
    #[arg(long = "continue", value_name = "KIND")]
    continued: Vec<Kind>,
    /// Allow an address that is reachable from the network.
    #[arg(long = "i-understand-the-worker-will-be-reachable-from-the-network")]
    exposed: bool,
    /// Log as JSON lines.
    #[arg(long)]
    log_json: bool,
}

#[derive(clap::Args)]
struct Backup {
    /// The worker's directory.
    #[arg(long)]
    dir: PathBuf,
    /// Where to: a directory that is not there yet. The worker itself writes it, if it runs.
    #[arg(long)]
    out: PathBuf,
    /// Where the keys and tokens go: another such directory, in another place. Without it they are left out.
    #[arg(long)]
    keys_out: Option<PathBuf>,
    /// Where the worker listens, if not where its configuration says.
    #[arg(long)]
    worker: Option<SocketAddr>,
    /// The operator's token; by default the one in the worker's directory.
    #[arg(long)]
    token_file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    Text,
    Json,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::name)).try_map(|name| name.parse())
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    log(matches!(&cli.command, Command::Run(run) if run.log_json));
    let done = match cli.command {
        Command::Init { dir } => init(&dir),
        Command::Run(options) => run(options).await,
        Command::Backup(options) => back_up(options).await,
        Command::Credential { dir, name, role } => credential(&dir, &name, role),
        Command::Evaluate { fhir, model, limit, errors, output } => {
            let options = Options { limit, errors, progress: std::io::stderr().is_terminal() };
            measure(fhir, model, options, output).await
        }
        Command::Summarise { file, model, output } => summarise(&file, model, output).await,
        Command::Version => say(&format!("galen-worker {}", env!("CARGO_PKG_VERSION"))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("galen-worker: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Logs go to stderr. Only our own events follow `RUST_LOG`: at their finer levels the libraries below print requests,
/// with the texts and tokens in them.
fn log(json: bool) {
    let level = std::env::var("RUST_LOG").ok();
    let level = level
        .as_deref()
        .and_then(|level| level.parse::<tracing::Level>().ok())
        .unwrap_or(tracing::Level::INFO);
    let filter = EnvFilter::new(format!("warn,galen_worker={level},galen_client={level}"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if json {
        registry.with(layer.json()).init();
    } else {
        registry.with(layer.with_ansi(std::io::stderr().is_terminal())).init();
    }
}

fn say(line: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(at("stdout"))
}

fn init(dir: &Path) -> Result<(), Error> {
    // A directory that is there already keeps its mode; what is secret in it has mode 0600 anyway.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(at(dir))?;
    let layout = Layout::new(dir, &dir.join("master.key"));
    let path = dir.join("config.toml");
    if path.exists() || layout.credentials().exists() || layout.vault().master.exists() {
        return Err(Error::Exists(dir.to_owned()));
    }
    layout.vault().create_master()?;
    let mut tokens = Vec::new();
    for role in Role::ALL {
        tokens.push(credentials::add(&layout.credentials(), role.name(), role)?);
    }
    // Last: a directory with a configuration is complete.
    write_secret(&path, TEMPLATE.as_bytes()).map_err(at(&path))?;
    say(&format!("made {}", dir.display()))?;
    for token in tokens {
        say(&format!("  token in {}", token.display()))?;
    }
    say("Give every token to whom it is for and to nobody else. Back up master.key apart from the rest.")
}

fn credential(dir: &Path, name: &str, role: Role) -> Result<(), Error> {
    let config = Config::load(dir)?;
    let path = credentials::add(&Layout::new(dir, &config.master_key).credentials(), name, role)?;
    say(&path.display().to_string())?;
    eprintln!("The worker knows it after a restart.");
    Ok(())
}

async fn back_up(options: Backup) -> Result<(), Error> {
    let config = Config::load(&options.dir)?;
    let layout = Layout::new(&options.dir, &config.master_key);
    let out = std::path::absolute(&options.out).map_err(at(&options.out))?;
    let keys_out = options.keys_out.map(|path| std::path::absolute(&path).map_err(at(&path))).transpose()?;
    let bytes = match backup::open(layout.clone(), config.limits.queue) {
        Ok(source) => source.take(&out, keys_out.as_deref())?,
        Err(error) if error.is_in_use() => {
            let token = options.token_file.unwrap_or_else(|| token_path(&layout.credentials(), "operator"));
            let address = options.worker.unwrap_or(config.listen);
            backup::ask(address, &token, &out, keys_out.as_deref()).await?
        }
        Err(error) => return Err(error.into()),
    };
    say(&format!("{bytes} bytes in {}", out.display()))?;
    match keys_out {
        Some(keys) => say(&format!("keys and tokens in {}: destroy them soon", keys.display())),
        None => say("without keys: this backup alone cannot be read"),
    }
}

async fn run(options: Run) -> Result<(), Error> {
    let mut config = Config::load(&options.dir)?;
    config.listen = options.listen.unwrap_or(config.listen);
    config.node = options.node.unwrap_or(config.node);
    config.hospital = options.hospital.or(config.hospital);
    config.model = options.model.or(config.model).or_else(shipped_model);
    config.another_chain = options.another_chain;
    config.continued = options.continued;
    config.check_exposure(options.exposed)?;
    if !config.node.starts_with("ws://") && !config.node.starts_with("wss://") {
        let why = format!("node = {:?} is not a ws:// address", config.node);
        return Err(ConfigError::Malformed(options.dir.join("config.toml"), why).into());
    }
    let layout = Layout::new(&options.dir, &config.master_key);
    let summariser: Option<Arc<dyn Summariser>> = match config.model.clone() {
        Some(model) => Some(Arc::new(Llama::new(load(&config, model).await?))),
        None => {
            tracing::warn!("no model: the vault serves, every summary job will fail with modelMismatch");
            None
        }
    };
    let (trigger, stop) = shutdown::channel();
    shutdown::on_signals(trigger).map_err(at("signals"))?;
    let clock = Clock::default();
    let chain = Arc::new(Node::new(&config.node, clock.clone()));
    let running = service::start(&config, &layout, Environment { chain, summariser, clock }, stop).await?;
    say(&format!("galen-worker: listening on http://{}", running.address))?;
    if running.opened().await {
        say("galen-worker: open for documents")?;
    }
    running.until_stopped().await;
    Ok(())
}

async fn load(config: &Config, model: PathBuf) -> Result<Engine, Error> {
    let cores =
        || std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
    let threads = if config.engine.threads == 0 { cores() } else { config.engine.threads };
    let settings = EngineSettings { model: model.clone(), threads, context: config.engine.context };
    let loading = tokio::task::spawn_blocking(move || Engine::load(settings));
    let loaded = loading.await.map_err(|_| Error::Other("loading the model panicked".into()))?;
    loaded.map_err(|error| Error::Engine(model, error))
}

/// The model that ships: beside the installed binary, or in the source tree when started from its root.
fn shipped_model() -> Option<PathBuf> {
    let beside =
        std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.join("share/galen/models")));
    let directories = beside.into_iter().chain([PathBuf::from("ai-worker/models")]);
    directories
        .filter_map(|directory| {
            let files = fs::read_dir(directory).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
            files.filter(|path| path.extension().is_some_and(|extension| extension == "gguf")).min()
        })
        .next()
}

async fn offline(model: Option<PathBuf>) -> Result<Engine, Error> {
    let model = model.or_else(shipped_model).ok_or(Error::NoModel)?;
    load(&Config::default(), model).await
}

async fn summarise(file: &Path, model: Option<PathBuf>, output: Output) -> Result<(), Error> {
    let bytes = fs::read(file).map_err(at(file))?;
    let note = Note::from_bytes(&bytes).map_err(|error| Error::Note(file.to_owned(), error))?;
    let engine = offline(model).await?;
    let summary = engine.summarise(&note, CancelFlag::new()).await;
    let summary = summary.map_err(|error| Error::Other(error.to_string()))?;
    engine.shutdown().await;
    match output {
        Output::Json => {
            say(&serde_json::to_string(&summary).map_err(|error| Error::Other(error.to_string()))?)
        }
        Output::Text => say(&text(&summary)),
    }
}

fn text(summary: &Summary) -> String {
    let mut lines: Vec<String> = summary.narrative.iter().map(|sentence| sentence.text.clone()).collect();
    let fields = [
        ("Problems", &summary.problems),
        ("Medications", &summary.medications),
        ("Allergies", &summary.allergies),
        ("Procedures", &summary.procedures),
        ("Follow-up", &summary.follow_up),
    ];
    for (name, facts) in fields {
        if !facts.is_empty() {
            lines.push(format!("\n{name}"));
        }
        for fact in facts {
            let status = serde_json::to_value(fact.status).unwrap_or_default();
            lines.push(format!("  {} ({})", fact.quote, status.as_str().unwrap_or_default()));
        }
    }
    lines.push(format!("\n{} facts dropped for want of support", summary.counts.unsupported));
    lines.join("\n")
}

async fn measure(
    fhir: PathBuf,
    model: Option<PathBuf>,
    options: Options,
    output: Output,
) -> Result<(), Error> {
    let engine = offline(model).await?;
    let measuring = tokio::task::spawn_blocking(move || evaluate::run(&fhir, &engine, &options));
    let report = measuring.await.map_err(|_| Error::Other("measuring panicked".into()))?;
    let report = report.map_err(|error| Error::Other(error.to_string()))?;
    match output {
        Output::Json => say(&report.json()),
        Output::Text => say(report.text().trim_end()),
    }
}

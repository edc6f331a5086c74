//! `galen proof`: makes proof bundles, which `galen verify --offline` checks.

use super::{Context, hash};
use galen_client::{
    Error,
    bundle::{self as make, Wanted},
    spec::Spec,
};
use galen_primitives::H256;
use galen_proofs::{
    batch::LeafProof,
    bundle::{Bundle, Checkpoint, Start},
};
use serde_json::json;
use std::path::PathBuf;

/// Proof bundles: files that show without a node that something stands in the chain's final state.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Make a bundle; `galen verify --offline FILE` checks it.
    #[command(subcommand)]
    Make(Make),
    /// Make a bundle of the present authority set, for later bundles to begin at.
    Checkpoint {
        #[command(flatten)]
        file: File,
    },
}

/// What a bundle shows.
#[derive(clap::Subcommand)]
pub enum Make {
    /// An anchored record.
    Record {
        /// Its commitment.
        #[arg(value_parser = hash)]
        record: H256,
        #[command(flatten)]
        file: File,
    },
    /// A record that stands in a batch.
    BatchedRecord {
        /// Its path, as `galen record prove-leaf` wrote it.
        leaf: PathBuf,
        #[command(flatten)]
        file: File,
    },
    /// A job with its receipt, its record and the worker key that signed it.
    Job {
        /// The job.
        #[arg(value_parser = hash)]
        job: H256,
        #[command(flatten)]
        file: File,
    },
    /// An entry of the audit log.
    AuditEntry {
        /// Its number.
        index: u64,
        #[command(flatten)]
        file: File,
    },
}

/// Where a bundle begins and goes.
#[derive(clap::Args)]
pub struct File {
    /// The file to write.
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    out: PathBuf,
    /// Begin at the set that this checkpoint bundle leads to, instead of at genesis.
    #[arg(long, value_name = "FILE", conflicts_with = "spec")]
    from: Option<PathBuf>,
    /// The raw chain spec that defines the chain; the node's own, unless given.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let (wanted, file) = match command {
        Command::Make(Make::Record { record, file }) => (Some(Wanted::Record(record)), file),
        Command::Make(Make::BatchedRecord { leaf, file }) => {
            (Some(Wanted::BatchedRecord(LeafProof::read(&leaf)?)), file)
        }
        Command::Make(Make::Job { job, file }) => (Some(Wanted::Job(job)), file),
        Command::Make(Make::AuditEntry { index, file }) => (Some(Wanted::AuditEntry(index)), file),
        Command::Checkpoint { file } => (None, file),
    };
    let chain = context.chain().await?;
    let start = match (&file.from, &file.spec) {
        (Some(from), _) => Start::Checkpoint(Checkpoint::reached(&Bundle::read(from)?)?),
        (None, Some(spec)) => make::start(&Spec::read(spec)?)?,
        (None, None) => {
            let spec = chain.raw_spec().await?.to_string();
            make::start(&Spec::parse(spec.as_bytes())?)?
        }
    };
    let (bundle, report) = match wanted {
        Some(wanted) => make::make(&chain, start, &wanted).await?,
        None => make::make_checkpoint(&chain, start).await?,
    };
    let bytes = bundle.to_bytes()?;
    std::fs::write(&file.out, &bytes)
        .map_err(|why| Error::Input(format!("cannot write {}: {why}", file.out.display())))?;
    context.out.answer(
        &json!({
            "genesis": bundle.genesis,
            "bytes": bytes.len(),
            "changes": bundle.changes.len(),
            "block": report.block,
            "checkpoint": report.checkpoint,
        }),
        format!(
            "{}: {} bytes, {} changes of authorities, genesis {:?}",
            file.out.display(),
            bytes.len(),
            bundle.changes.len(),
            bundle.genesis
        ),
    );
    Ok(true)
}

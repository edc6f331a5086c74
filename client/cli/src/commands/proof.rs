//! `galen proof`, and `galen verify --offline`: proof bundles.

use super::{Context, hash};
use galen_client::{
    Error,
    bundle::{self as make, Wanted},
    spec::Spec,
};
use galen_primitives::H256;
use galen_proofs::{
    batch::LeafProof,
    bundle::{Bundle, Checkpoint, Report, Start, Trust, check},
    checks::Check,
    commitments::{document, output},
};
use serde_json::json;
use std::path::{Path, PathBuf};

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

/// How a bundle is checked.
#[derive(clap::Args)]
pub struct Offline {
    /// Check a proof bundle instead of a job; asks nobody.
    #[arg(long, value_name = "FILE", requires = "genesis", conflicts_with = "job")]
    offline: Option<PathBuf>,
    /// The genesis hash of the chain, as the consortium published it.
    #[arg(long, value_parser = hash, requires = "offline")]
    genesis: Option<H256>,
    /// A checkpoint to trust: the hash of one, or a checkpoint bundle, which is checked first. Several are taken in order.
    #[arg(long, value_name = "FILE|HASH", requires = "offline")]
    checkpoint: Vec<String>,
    /// The document whose commitment the record is: plain text, or JSON.
    #[arg(long, value_name = "FILE", requires_all = ["offline", "salt"])]
    document: Option<PathBuf>,
    /// The document's salt.
    #[arg(long, value_parser = hash, requires = "document")]
    salt: Option<H256>,
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

impl Offline {
    /// The bundle to check, and the genesis hash; `None` if none was asked for.
    pub fn asked(&self) -> Option<(&Path, H256)> {
        self.offline.as_deref().zip(self.genesis)
    }

    /// Checks it. Neither node nor worker is asked.
    pub fn verify(
        &self,
        context: &Context,
        file: &Path,
        genesis: H256,
        summary: Option<&Path>,
    ) -> Result<bool, Error> {
        let bundle = Bundle::read(file)?;
        let mut trust = Trust { genesis, checkpoint: None };
        for named in &self.checkpoint {
            match trusted(named, &trust)? {
                Ok(hash) => trust.checkpoint = Some(hash),
                Err(report) => {
                    return Ok(show(context, *report, &format!("{named} is NOT a checkpoint of this chain")));
                }
            }
        }
        let mut report = check(&bundle, &trust);
        if report.verified {
            let held =
                [self.held_document(&report)?, summary.map(|file| held_summary(&report, file)).transpose()?];
            report.checks.extend(held.into_iter().flatten());
            report.verified = report.checks.iter().all(|check| check.holds);
        }
        Ok(show(context, report, "NOT verified"))
    }

    fn held_document(&self, report: &Report) -> Result<Option<Check>, Error> {
        let (Some(file), Some(salt)) = (&self.document, self.salt) else { return Ok(None) };
        let commitment = report.proven.as_ref().and_then(|proven| proven.commitment()).ok_or_else(|| {
            Error::Input("the bundle shows no record that --document could be compared with".into())
        })?;
        let bytes = std::fs::read(file)
            .map_err(|why| Error::Input(format!("cannot read {}: {why}", file.display())))?;
        Ok(Some(document(commitment, &bytes, &salt)))
    }
}

// The hash of a checkpoint that may be trusted, or what is wrong with its bundle.
fn trusted(named: &str, trust: &Trust) -> Result<Result<H256, Box<Report>>, Error> {
    if let Ok(hash) = hash(named) {
        return Ok(Ok(hash));
    }
    let report = check(&Bundle::read(Path::new(named))?, trust);
    if !report.verified {
        return Ok(Err(Box::new(report)));
    }
    let reached = report.checkpoint.as_ref().map(|reached| reached.hash);
    reached
        .map(Ok)
        .ok_or_else(|| Error::Input(format!("{named} shows no checkpoint: galen proof checkpoint makes one")))
}

fn held_summary(report: &Report, file: &Path) -> Result<Check, Error> {
    let receipt = report.proven.as_ref().and_then(|proven| proven.receipt()).ok_or_else(|| {
        Error::Input("the bundle shows no receipt that --summary could be compared with".into())
    })?;
    let released = super::summary::released(file)?;
    Ok(output(receipt, &released.summary, &released.salt)?)
}

fn show(context: &Context, report: Report, otherwise: &str) -> bool {
    let verdict = if report.verified { "verified" } else { otherwise };
    context.out.answer(&json!(report), format!("{}{verdict}", super::listed(&report.checks)));
    report.verified
}

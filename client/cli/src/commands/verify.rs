//! `galen verify`: a summary's receipt against the chain, or a proof bundle without it.

use super::{Context, hash, listed};
use galen_client::{Error, verify, worker::Released};
use galen_primitives::H256;
use galen_proofs::{
    bundle::{Bundle, Report, Trust, check},
    checks::Check,
    commitments::{document, output},
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Check a summary's receipt.
#[derive(clap::Args)]
pub struct Verify {
    /// The job.
    #[arg(value_parser = hash, required_unless_present = "offline")]
    job: Option<H256>,
    #[command(flatten)]
    offline: Offline,
    /// A released summary, as `galen --output json summary get` printed it, to check against the anchored commitment.
    #[arg(long)]
    summary: Option<PathBuf>,
}

/// How a bundle is checked.
#[derive(clap::Args)]
struct Offline {
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

pub async fn run(context: &Context, command: Verify) -> Result<bool, Error> {
    let summary = command.summary.as_deref();
    if let Some((file, genesis)) = command.offline.asked() {
        return command.offline.verify(context, file, genesis, summary);
    }
    let job = command.job.ok_or_else(|| Error::Input("name a job, or a bundle (--offline)".into()))?;
    let released = summary.map(released).transpose()?;
    let chain = context.chain().await?;
    let found = verify::verify(&chain, job, released.as_ref()).await?;
    let verdict = if found.verified { "verified" } else { "NOT verified" };
    context.out.answer(&json!(found), format!("{}{verdict}", listed(&found.checks)));
    Ok(found.verified)
}

impl Offline {
    /// The bundle to check, and the genesis hash; `None` if none was asked for.
    fn asked(&self) -> Option<(&Path, H256)> {
        self.offline.as_deref().zip(self.genesis)
    }

    /// Checks it. Neither node nor worker is asked.
    fn verify(
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
    let released = released(file)?;
    Ok(output(receipt, &released.summary, &released.salt)?)
}

fn show(context: &Context, report: Report, otherwise: &str) -> bool {
    let verdict = if report.verified { "verified" } else { otherwise };
    context.out.answer(&json!(report), format!("{}{verdict}", listed(&report.checks)));
    report.verified
}

/// A released summary, as `galen --output json summary get` printed it.
fn released(file: &Path) -> Result<Released, Error> {
    let text = std::fs::read_to_string(file)
        .map_err(|why| Error::Input(format!("cannot read {}: {why}", file.display())))?;
    serde_json::from_str(&text).map_err(|why| {
        Error::Input(format!(
            "{} is not a released summary (galen --output json summary get): {why}",
            file.display()
        ))
    })
}

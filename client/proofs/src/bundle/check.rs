//! The check of a bundle, from what the reader trusts to what is shown. Asks nobody.

use super::{
    Bundle, Claim, Report, Start,
    follow::{Position, begin},
    keys,
    report::{Broken, FinalBlock, ReachedCheckpoint},
    state::ProvenState,
};
use chrono::{DateTime, SecondsFormat};
use galen_primitives::H256;
use sp_runtime::traits::Header as _;

/// What the reader knows beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The genesis hash of the chain.
    pub genesis: H256,
    /// The [hash](super::Checkpoint::hash) of a checkpoint that was proven before.
    pub checkpoint: Option<H256>,
}

impl Trust {
    /// Takes what a bundle says of its own start for trusted: for whoever makes bundles. A reader brings a trust of its own.
    pub fn as_stated(bundle: &Bundle) -> Self {
        let checkpoint = match &bundle.start {
            Start::Genesis { .. } => None,
            Start::Checkpoint(checkpoint) => Some(checkpoint.hash()),
        };
        Trust { genesis: bundle.genesis, checkpoint }
    }
}

/// Checks a bundle. The report ends with the first link that does not hold.
pub fn check(bundle: &Bundle, trust: &Trust) -> Report {
    let mut report = Report::new(trust.genesis);
    report.verified = links(bundle, trust, &mut report).is_ok();
    report
}

fn links(bundle: &Bundle, trust: &Trust, report: &mut Report) -> Result<(), Broken> {
    let name = match bundle.start {
        Start::Genesis { .. } => "genesis",
        Start::Checkpoint(_) => "checkpoint",
    };
    let mut position: Position = report.link(name, begin(bundle, trust))?;
    for change in &bundle.changes {
        report.link("authorities", position.step(change))?;
    }
    match &bundle.claim {
        Claim::Checkpoint => {
            let checkpoint = position.checkpoint();
            let hash = checkpoint.hash();
            let seen = format!("{hash:?}: set {} after block {}", checkpoint.set_id, checkpoint.number);
            report.link("reached", Ok(((), seen)))?;
            report.checkpoint = Some(ReachedCheckpoint { hash, checkpoint });
        }
        Claim::State { block, state, subject } => {
            let (header, hash) = report.link(
                "finality",
                position.finalized(block).map(|(header, hash)| {
                    let seen =
                        format!("block {} {hash:?}, final by set {}", header.number(), position.set.id);
                    ((header, hash), seen)
                }),
            )?;
            let state = state.under(*header.state_root());
            let time = report.link("time", time(&state))?;
            report.block =
                Some(FinalBlock { hash, number: *header.number(), state_root: *header.state_root(), time });
            let proven = subject.check(&state, *header.number(), report)?;
            report.proven = Some(proven);
        }
    }
    Ok(())
}

// In words of RFC 3339, as the author of the block gave it.
fn time(state: &ProvenState) -> Result<(String, String), String> {
    let millis: u64 = state.expect("time of the block", &keys::time())?;
    let millis = i64::try_from(millis).ok().and_then(DateTime::from_timestamp_millis);
    let time = millis.ok_or("the time of the block is none")?.to_rfc3339_opts(SecondsFormat::Secs, true);
    Ok((time.clone(), time))
}

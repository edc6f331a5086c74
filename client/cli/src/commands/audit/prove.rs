//! `galen audit prove`, `prove-consistent` and `check`: proofs about the log as files, and their check without a node.

use crate::commands::{Context, hash};
use galen_client::Error;
use galen_primitives::H256;
use galen_proofs::audit_proof::ProofFile;
use serde_json::json;
use std::path::PathBuf;

/// What is to be proven.
#[derive(clap::Args)]
pub struct Prove {
    /// The entry's number.
    index: u64,
    /// The log of so many entries; by default the log in finalized state.
    #[arg(long)]
    size: Option<u64>,
}

/// Between which sizes.
#[derive(clap::Args)]
pub struct ProveConsistent {
    /// How many entries the older log has.
    old: u64,
    /// How many the newer one has.
    new: u64,
}

/// What is to be checked.
#[derive(clap::Args)]
pub struct Check {
    /// The file, as `prove`, `prove-consistent` or `open` made it.
    file: PathBuf,
    /// The root that it must lead to, from where you trust it: of the (newer) log, or of the batch.
    #[arg(long, value_parser = hash)]
    root: Option<H256>,
    /// The root of the older log of `prove-consistent`.
    #[arg(long, value_parser = hash)]
    old_root: Option<H256>,
}

/// Prints the file, whatever --output says.
fn print(file: &ProofFile) -> Result<bool, Error> {
    let text = serde_json::to_string(file).map_err(|why| Error::Input(why.to_string()))?;
    println!("{text}");
    Ok(true)
}

pub async fn prove(context: &Context, Prove { index, size }: Prove) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let count = chain.audit_state(Some(head)).await?.count;
    let proof = chain.inclusion_proof(index, size.unwrap_or(count), Some(head)).await?;
    let proof = proof.ok_or_else(|| {
        Error::Input(match size {
            Some(size) if size > count => {
                format!("the log has {count} entries at finalized block {number}, not {size}")
            }
            Some(size) => format!("entry {index} is not among the first {size}"),
            None => {
                format!("the log has {count} entries at finalized block {number}: there is no entry {index}")
            }
        })
    })?;
    print(&ProofFile::Inclusion(proof))
}

pub async fn prove_consistent(
    context: &Context,
    ProveConsistent { old, new }: ProveConsistent,
) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (head, number) = chain.finalized().await?;
    let count = chain.audit_state(Some(head)).await?.count;
    let proof = chain.consistency_proof(old, new, Some(head)).await?;
    let proof = proof.ok_or_else(|| {
        Error::Input(if old > new {
            format!("the older log cannot have more entries ({old}) than the newer one ({new})")
        } else {
            format!("the log has {count} entries at finalized block {number}, not {new}")
        })
    })?;
    print(&ProofFile::Consistency(proof))
}

pub fn check(context: &Context, Check { file, root, old_root }: Check) -> Result<bool, Error> {
    let proof = ProofFile::read(&file)?;
    let old = match &proof {
        ProofFile::Consistency(proof) => Some(proof.old_root),
        _ => None,
    };
    if old_root.is_some() && old.is_none() {
        return Err(Error::Input("--old-root is for a proof of consistency, which this is not".into()));
    }
    let follows = proof.holds();
    let leads_to = proof.leads_to();
    let expected = root.is_none_or(|root| root == leads_to) && old_root.is_none_or(|root| old == Some(root));
    let holds = follows && expected;
    let claim = proof.claim();
    let text = match (follows, expected) {
        (false, _) => format!("does not hold: {claim}, it says, and that does not follow from what is in it"),
        (true, false) => format!("does not hold: it leads to root {leads_to:?}, not to the one expected"),
        (true, true) if root.is_some() => format!("holds: {claim}"),
        (true, true) => {
            format!(
                "holds under root {leads_to:?}: {claim}. Compare that root with one that you trust (--root)"
            )
        }
    };
    context.out.answer(
        &json!({ "holds": holds, "claim": claim, "root": leads_to, "compared": root.is_some() }),
        text,
    );
    Ok(holds)
}

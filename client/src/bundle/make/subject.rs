//! What is to be shown, and what the node must tell to show it.

use super::super::{Bytes, Subject};
use crate::{Error, chain::Chain};
use codec::Encode;
use galen_primitives::{
    H256,
    api::MAX_PAGE,
    audit::{Filter, LOG, leaf},
};

/// What a bundle is asked to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A record.
    Record(H256),
    /// A job with its receipt.
    Job(H256),
    /// An entry of the audit log, by its number.
    AuditEntry(u64),
}

impl Wanted {
    /// The subject, as the chain has it in the state of `block`.
    pub(super) async fn find(&self, chain: &Chain, block: H256) -> Result<Subject, Error> {
        match *self {
            Wanted::Record(id) => match chain.record(id, Some(block)).await? {
                Some(_) => Ok(Subject::Record(id)),
                None => Err(Error::Input(format!("{id:?} is not anchored in finalized state"))),
            },
            Wanted::Job(job) => {
                let found = chain.job(job, Some(block)).await?;
                let found =
                    found.ok_or_else(|| Error::Input(format!("no job {job:?} in finalized state")))?;
                Ok(Subject::Job { job, record: found.record, worker_key: found.worker_key })
            }
            Wanted::AuditEntry(index) => audit_entry(chain, index, block).await,
        }
    }
}

// The node keeps the peaks, not the tree: a path takes every entry, 256 at a time.
async fn audit_entry(chain: &Chain, index: u64, block: H256) -> Result<Subject, Error> {
    let mut leaves = Vec::new();
    let mut wanted = None;
    let mut next = Some(0);
    while let Some(from) = next {
        let page = chain.audit_entries(&Filter::default(), from, MAX_PAGE, Some(block)).await?;
        leaves.extend(page.entries.iter().map(leaf));
        wanted = page.entries.into_iter().find(|entry| entry.index == index).or(wanted);
        next = page.next;
    }
    let place = usize::try_from(index).ok();
    let path = place.and_then(|place| LOG.inclusion_path(&leaves, place));
    match (wanted, path) {
        (Some(entry), Some(path)) => Ok(Subject::AuditEntry { entry: Bytes(entry.encode()), path }),
        _ => Err(Error::Input(format!(
            "the log has no entry {index} in finalized state: it has {}",
            leaves.len()
        ))),
    }
}

//! What is to be shown, and what the node must tell to show it.

use crate::{Error, chain::Chain};
use codec::Encode;
use galen_primitives::H256;
use galen_proofs::{
    batch::LeafProof,
    bundle::{Bytes, Subject},
};

/// What a bundle is asked to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A record.
    Record(H256),
    /// A record in a batch, by its path.
    BatchedRecord(LeafProof),
    /// A job with its receipt.
    Job(H256),
    /// An entry of the audit log, by its number.
    AuditEntry(u64),
}

impl Wanted {
    /// The subject, as the chain has it in the state of `block`.
    pub(super) async fn find(&self, chain: &Chain, block: H256) -> Result<Subject, Error> {
        match self {
            &Wanted::Record(id) => match chain.record(id, Some(block)).await? {
                Some(_) => Ok(Subject::Record(id)),
                None => Err(Error::Input(format!("{id:?} is not anchored in finalized state"))),
            },
            Wanted::BatchedRecord(leaf) => match chain.batch(leaf.proof.root, Some(block)).await? {
                Some(_) => Ok(Subject::BatchedRecord(leaf.clone())),
                None => Err(Error::Input(format!(
                    "batch {:?} is not anchored in finalized state",
                    leaf.proof.root
                ))),
            },
            &Wanted::Job(job) => {
                let found = chain.job(job, Some(block)).await?;
                let found =
                    found.ok_or_else(|| Error::Input(format!("no job {job:?} in finalized state")))?;
                Ok(Subject::Job { job, record: found.record, worker_key: found.worker_key })
            }
            &Wanted::AuditEntry(index) => audit_entry(chain, index, block).await,
        }
    }
}

async fn audit_entry(chain: &Chain, index: u64, block: H256) -> Result<Subject, Error> {
    let log = chain.audit_state(Some(block)).await?;
    let proof = chain.inclusion_proof(index, log.count, Some(block)).await?;
    let proof = proof.ok_or_else(|| {
        Error::Input(format!("the log has no entry {index} in finalized state: it has {}", log.count))
    })?;
    Ok(Subject::AuditEntry { entry: Bytes(proof.entry.encode()), path: proof.path })
}

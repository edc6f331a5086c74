//! What a worker key that was marked suspect takes with it: every receipt that it signed and that was anchored in the block from
//! which it is suspect or later. The chain keeps them as they are; readers are told.
//!
//! A job names the key that signed its receipt. What counts is the block of the receipt, and not when the key came into force or
//! was replaced.

use crate::{Error, chain::Chain};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::{Filter, Kind},
};
use galen_proofs::checks::in_doubt;
use serde::Serialize;
use std::collections::BTreeMap;

/// Entries of the audit log asked for at once.
const PAGE: u32 = 256;

/// A receipt that cannot be relied upon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Doubtful {
    /// The job.
    pub job: H256,
    /// The block in which its receipt was anchored.
    pub block: BlockNumber,
    /// Its entry in the audit log.
    pub entry: u64,
    /// The key that signed it.
    pub key: H256,
    /// The block from which on that key is suspect.
    pub suspect_from: BlockNumber,
}

/// The receipts of a hospital that are in doubt, in finalized state, the oldest first.
pub async fn receipts(chain: &Chain, hospital: &AccountId) -> Result<Vec<Doubtful>, Error> {
    let (head, _) = chain.finalized().await?;
    let marked: BTreeMap<H256, BlockNumber> = chain
        .worker_key_uses(head)
        .await?
        .into_iter()
        .filter(|(_, used)| used.hospital == *hospital)
        .filter_map(|(key, used)| Some((key, used.suspect_from?)))
        .collect();
    let Some(first) = marked.values().min().copied() else { return Ok(Vec::new()) };

    let filter =
        Filter { hospital: Some(hospital.clone()), kind: Some(Kind::SummaryAnchored), patient: None };
    let mut found = Vec::new();
    let mut next = Some(0);
    while let Some(index) = next {
        let page = chain.audit_entries(&filter, index, PAGE, Some(head)).await?;
        for entry in page.entries.into_iter().filter(|entry| entry.block >= first) {
            let missing =
                || Error::Node(format!("it has no job {:?}, which its audit log names", entry.subject));
            let key = chain.job(entry.subject, Some(head)).await?.ok_or_else(missing)?.worker_key;
            let suspect_from = marked.get(&key).copied();
            if let Some(suspect_from) = suspect_from.filter(|from| in_doubt(Some(*from), entry.block)) {
                let (job, block, entry) = (entry.subject, entry.block, entry.index);
                found.push(Doubtful { job, block, entry, key, suspect_from });
            }
        }
        next = page.next;
    }
    Ok(found)
}

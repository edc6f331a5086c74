//! The audit log: entries, proofs, and what hospitals' workers reported.

use super::Chain;
use crate::Error;
use galen_primitives::{
    AccountId, H256,
    audit::{
        ConsistencyProof, Filter, InclusionProof, LogState, Page,
        disclosure::{ReportedBatch, SiteStatus},
    },
};

impl Chain {
    /// Count and peaks of the audit log.
    pub async fn audit_state(&self, at: Option<H256>) -> Result<LogState, Error> {
        self.call("AuditApi_state", (), at).await
    }

    /// One page of audit entries.
    pub async fn audit_entries(
        &self,
        filter: &Filter,
        from: u64,
        limit: u32,
        at: Option<H256>,
    ) -> Result<Page, Error> {
        self.call("AuditApi_entries", (filter, from, limit), at).await
    }

    /// The hospitals that hold or used something of a patient key, each with its latest entry.
    pub async fn holders(
        &self,
        patient: &AccountId,
        at: Option<H256>,
    ) -> Result<Vec<(AccountId, u64)>, Error> {
        self.call("AuditApi_holders", patient, at).await
    }

    /// That entry `index` is in the log of the first `size` entries; `None` if it is not, or there are not as many.
    pub async fn inclusion_proof(
        &self,
        index: u64,
        size: u64,
        at: Option<H256>,
    ) -> Result<Option<InclusionProof>, Error> {
        self.call("AuditApi_inclusion_proof", (index, size), at).await
    }

    /// That the log of the first `old` entries is the beginning of that of the first `new`; `None` if it is larger, or there
    /// are not as many.
    pub async fn consistency_proof(
        &self,
        old: u64,
        new: u64,
        at: Option<H256>,
    ) -> Result<Option<ConsistencyProof>, Error> {
        self.call("AuditApi_consistency_proof", (old, new), at).await
    }

    /// How each hospital stands with its reports of disclosures.
    pub async fn sites(&self, at: Option<H256>) -> Result<Vec<SiteStatus>, Error> {
        self.call("AuditApi_sites", (), at).await
    }

    /// The batches of disclosures of a hospital that hold number `from` or later ones.
    pub async fn disclosure_batches(
        &self,
        hospital: &AccountId,
        from: u64,
        limit: u32,
        at: Option<H256>,
    ) -> Result<Vec<ReportedBatch>, Error> {
        self.call("AuditApi_disclosure_batches", (hospital, from, limit), at).await
    }
}

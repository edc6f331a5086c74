//! The audit log and the reports of disclosures, as clients and workers ask for them.

#[cfg(doc)]
use super::MAX_PAGE;
use crate::{
    AccountId,
    audit::{
        ConsistencyProof, Filter, InclusionProof, LogState, Page,
        disclosure::{ReportedBatch, SiteStatus},
    },
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// The audit log.
    pub trait AuditApi {
        /// Count and peaks.
        fn state() -> LogState;
        /// Entries from index `from` on that match; at most `limit` and never more than [`MAX_PAGE`].
        fn entries(filter: Filter, from: u64, limit: u32) -> Page;
        /// The hospitals that hold or used something of this patient key, each with the index of its latest
        /// entry.
        fn holders(patient: AccountId) -> Vec<(AccountId, u64)>;
        /// That the entry `index` is in the log of the first `size` entries; `None` if there is no such entry
        /// in it, or there are not as many entries.
        fn inclusion_proof(index: u64, size: u64) -> Option<InclusionProof>;
        /// That the log of the first `old` entries is the beginning of that of the first `new` ones; `None`
        /// if `old` is more than `new`, or there are not as many entries.
        fn consistency_proof(old: u64, new: u64) -> Option<ConsistencyProof>;
        /// How each hospital stands with its reports of disclosures, by account; members that never reported,
        /// and those that did and are no members any more, included.
        fn sites() -> Vec<SiteStatus>;
        /// A hospital's batches of disclosures that hold number `from` or later ones; at most `limit` and
        /// never more than [`MAX_PAGE`].
        fn disclosure_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<ReportedBatch>;
    }
}

//! Accesses in emergencies, as clients and workers ask for them.

#[cfg(doc)]
use super::MAX_PAGE;
use crate::{
    AccountId, H256,
    consent::Question,
    emergency::{AccessPage, ListedAccess, Ruling},
};

sp_api::decl_runtime_apis! {
    /// Accesses in emergencies.
    pub trait EmergencyApi {
        /// One access.
        fn access(id: H256) -> Option<ListedAccess>;
        /// The accesses that a hospital has open; `limit` (never more than [`MAX_PAGE`]) counts patients. A
        /// page may hold none, with more to come.
        fn open_accesses(hospital: AccountId, after: Option<H256>, limit: u32) -> AccessPage;
        /// A hospital's accesses that nobody reviewed yet, or only the overdue ones of them; `limit` (never
        /// more than [`MAX_PAGE`]) counts those that are looked at.
        fn unreviewed(hospital: AccountId, overdue_only: bool, after: Option<H256>, limit: u32) -> AccessPage;
        /// The decision now, emergencies counted in; `record` is the one that the question is about.
        fn rule(question: Question, record: Option<H256>) -> Ruling;
    }
}

//! Accesses in emergencies.

use super::Chain;
use crate::Error;
use galen_primitives::{
    AccountId, H256,
    api::MAX_PAGE,
    consent::Question,
    emergency::{AccessPage, ListedAccess, Ruling},
};

impl Chain {
    /// The decision at a block, emergencies counted in; `record` is the one that the question is about.
    pub async fn rule(
        &self,
        question: &Question,
        record: Option<H256>,
        at: Option<H256>,
    ) -> Result<Ruling, Error> {
        self.call("EmergencyApi_rule", (question, record), at).await
    }

    /// One access.
    pub async fn access(&self, id: H256, at: Option<H256>) -> Result<Option<ListedAccess>, Error> {
        self.call("EmergencyApi_access", id, at).await
    }

    /// All accesses that a hospital has open.
    pub async fn open_accesses(&self, hospital: &AccountId, at: H256) -> Result<Vec<ListedAccess>, Error> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let args = (hospital, after, MAX_PAGE);
            let page: AccessPage = self.call("EmergencyApi_open_accesses", args, Some(at)).await?;
            all.extend(page.accesses);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// All accesses of a hospital that nobody reviewed yet, or only the overdue ones of them.
    pub async fn unreviewed(
        &self,
        hospital: &AccountId,
        overdue_only: bool,
        at: H256,
    ) -> Result<Vec<ListedAccess>, Error> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let args = (hospital, overdue_only, after, MAX_PAGE);
            let page: AccessPage = self.call("EmergencyApi_unreviewed", args, Some(at)).await?;
            all.extend(page.accesses);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }
}

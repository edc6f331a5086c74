//! Items in custody.

use super::Chain;
use crate::Error;
use galen_primitives::{
    H256,
    records::custody::{CustodyStep, Item},
};

impl Chain {
    /// An item in custody.
    pub async fn item(&self, id: H256, at: Option<H256>) -> Result<Option<Item>, Error> {
        self.call("CustodyApi_item", id, at).await
    }

    /// All steps of an item's custody.
    pub async fn custody(&self, id: H256, at: H256) -> Result<Vec<CustodyStep>, Error> {
        let mut steps: Vec<CustodyStep> = Vec::new();
        loop {
            let from = u32::try_from(steps.len()).unwrap_or(u32::MAX);
            let page: Vec<CustodyStep> = self.call("CustodyApi_steps", (id, from), Some(at)).await?;
            if page.is_empty() {
                return Ok(steps);
            }
            steps.extend(page);
        }
    }
}

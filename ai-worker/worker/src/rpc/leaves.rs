//! `vault_leaves`: the leaves of records for a batch.

use super::{
    errors::{INVALID_PARAMS, NOT_FOUND, error},
    methods::{Answer, Context, blocking},
    params::{LeafOf, Leaves, MAX_LEAVES_ASKED, expected},
};
use crate::credentials::Caller;
use galen_primitives::records::batch::{attributes_digest, leaf};
use serde_json::json;
use std::sync::Arc;

/// The leaves of records for a batch. No text is shown, and no document's salt: the attributes' are derived from those.
pub(super) async fn leaves(context: Arc<Context>, _: Caller, Leaves { records }: Leaves) -> Answer {
    context.erasures.state()?;
    blocking(move || {
        if records.len() > MAX_LEAVES_ASKED {
            return Err(error(INVALID_PARAMS, expected("vault_leaves")));
        }
        let mut leaves = Vec::with_capacity(records.len());
        for LeafOf { record, attributes } in &records {
            let missing = || error(NOT_FOUND, format!("the vault holds no document under {record:?}"));
            let (patient, salt) = context.vault.attributes_salt(record)?.ok_or_else(missing)?;
            if patient != attributes.patient {
                return Err(error(INVALID_PARAMS, format!("{record:?} is of another patient")));
            }
            let digest = attributes_digest(&salt, attributes);
            leaves.push(
                json!({ "record": record, "salt": salt, "digest": digest, "leaf": leaf(record, &digest) }),
            );
        }
        Ok(json!({ "leaves": leaves }))
    })
    .await
}

//! `disclosures_*`: the log of disclosures read and opened.

use super::{
    context::{Answer, Context, blocking, record_disclosure},
    errors::{NOT_FOUND, error},
    params::{DisclosuresList, DisclosuresOpen},
};
use crate::{
    credentials::Caller,
    disclosures::{Disclosure, MAX_PAGE, What},
};
use serde_json::json;
use std::sync::Arc;

/// Entries of the log, page by page.
pub(super) async fn list(context: Arc<Context>, caller: Caller, params: DisclosuresList) -> Answer {
    blocking(move || {
        let patient = params.patient.map(|patient| patient.0);
        let limit = params.limit.unwrap_or(MAX_PAGE);
        let (entries, next) = context.disclosures.list(patient.as_ref(), params.from, limit)?;
        record_disclosure(&context, Disclosure { patient, ..Disclosure::now(&caller.name, What::Log) })?;
        Ok(json!({ "entries": entries, "next": next }))
    })
    .await
}

/// One entry with what proves it against its batch.
pub(super) async fn open(context: Arc<Context>, caller: Caller, params: DisclosuresOpen) -> Answer {
    blocking(move || {
        let opened = context.disclosures.open_entry(params.index)?;
        let opened = opened.ok_or_else(|| {
            error(NOT_FOUND, "there is no such entry, or it is in no batch yet: batches are made each minute")
        })?;
        let patient = opened.entry.patient.clone();
        record_disclosure(&context, Disclosure { patient, ..Disclosure::now(&caller.name, What::Log) })?;
        Ok(json!(opened))
    })
    .await
}

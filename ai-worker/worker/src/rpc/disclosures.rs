//! `disclosures_*`: the log of disclosures read and opened.

use super::{
    context::{Context, blocking},
    errors::error,
};
use crate::{
    credentials::Caller,
    disclosures::{Disclosure, What},
};
use galen_worker_api::{
    Code, MAX_PAGE,
    disclosures::{List, Open, Page},
    server::{Answer, Methods},
};
use jsonrpsee::core::RegisterMethodError;
use std::sync::Arc;

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(list)?;
    methods.serve(open)
}

async fn list(context: Arc<Context>, caller: Caller, List { patient, from, limit }: List) -> Answer<List> {
    blocking(move || {
        let patient = patient.map(|patient| patient.0);
        let limit = limit.unwrap_or(MAX_PAGE);
        let (entries, next) = context.stores.disclosures.list(patient.as_ref(), from, limit)?;
        context.write_down(&Disclosure { patient, ..context.disclosure(&caller, What::Log) })?;
        Ok(Page { entries, next })
    })
    .await
}

async fn open(context: Arc<Context>, caller: Caller, Open { index }: Open) -> Answer<Open> {
    blocking(move || {
        let opened = context.stores.disclosures.open_entry(index)?;
        let opened = opened.ok_or_else(|| {
            error(
                Code::NotFound,
                "there is no such entry, or it is in no batch yet: batches are made each minute",
            )
        })?;
        let patient = opened.entry.patient.clone();
        context.write_down(&Disclosure { patient, ..context.disclosure(&caller, What::Log) })?;
        Ok(opened)
    })
    .await
}

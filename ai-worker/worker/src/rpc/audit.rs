//! `audit_*`: accountings of disclosures, and AuditEvents in and out.

use super::{
    context::{Context, blocking},
    errors::error,
};
use crate::{
    credentials::Caller,
    disclosures::{
        Disclosure, What,
        accounting::{ChainSays, Gathered, Period, csv, fhir},
        events::{self, NotTaken},
    },
};
use galen_fhir::{
    Malformed,
    audit_event::{BundleKind, bundle, read_events},
    json as fhir_json,
};
use galen_primitives::{AccountId, api, consent::Purpose, reports::LogBatch};
use galen_worker_api::{
    Code, MAX_PAGE, MethodError,
    audit::{AccountingAnswer, Export, Exported, Format, GetAccounting, Import, Imported},
    server::{Answer, Methods},
};
use jsonrpsee::core::RegisterMethodError;
use std::sync::Arc;

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(accounting)?;
    methods.serve(import)?;
    methods.serve(export)
}

async fn accounting(
    context: Arc<Context>,
    caller: Caller,
    GetAccounting { patient, from, to, format }: GetAccounting,
) -> Answer<GetAccounting> {
    let period = Period::read(&from, &to).map_err(|why| error(Code::InvalidParams, why.to_string()))?;
    let asking = Disclosure {
        patient: Some(patient.0.clone()),
        purpose: Some(Purpose::Patrqt),
        ..context.disclosure(&caller, What::Accounting)
    };
    let there = context.clone();
    let gathered = blocking(move || {
        let asked = there.write_down(&asking)?;
        Ok(Gathered::from_log(&there.stores.disclosures, patient.0, period, asked)?)
    })
    .await?;
    let hospital = context.hospital().cloned();
    let chain = match (&hospital, gathered.batches()) {
        (Some(hospital), Some((first, last))) => chain_says(&context, hospital, first, last).await,
        _ => None,
    };
    let accounting = gathered.accounting(hospital, chain);
    Ok(match format.unwrap_or(Format::Json) {
        Format::Json => AccountingAnswer::Json(Box::new(accounting)),
        Format::Csv => AccountingAnswer::Csv(csv::table(&accounting)),
        Format::Fhir => AccountingAnswer::Fhir(fhir::document(&accounting).map_err(unwritable)?),
    })
}

/// The chain's batches of this hospital that hold numbers from `first` to `last`; `None` if it cannot be asked.
async fn chain_says(context: &Context, hospital: &AccountId, first: u64, last: u64) -> Option<ChainSays> {
    let at = context.chain.finalized().await.ok()?.hash;
    let (mut batches, mut from) = (Vec::new(), first);
    loop {
        let page = context.chain.disclosure_batches(hospital.clone(), from, at).await.ok()?;
        let whole = page.len() < api::MAX_PAGE as usize;
        let end = page.last().and_then(|reported| reported.batch.end());
        batches.extend(page);
        match end {
            Some(end) if !whole && end > from && end <= last => from = end,
            _ => return Some(ChainSays { at, batches }),
        }
    }
}

fn unwritable(why: Malformed) -> MethodError {
    tracing::error!(%why, "an entry of the log cannot be written as an AuditEvent");
    error(Code::Internal, "an entry of the log cannot be written as an AuditEvent")
}

impl From<NotTaken> for MethodError {
    fn from(why: NotTaken) -> Self {
        error(Code::InvalidDocument, why.to_string())
    }
}

async fn import(
    context: Arc<Context>,
    caller: Caller,
    Import { events, patients }: Import,
) -> Answer<Import> {
    blocking(move || {
        let value = fhir_json::read(events.get().as_bytes(), &fhir_json::RESOURCES)
            .map_err(|why| error(Code::InvalidDocument, why.to_string()))?;
        let events = read_events(&value).map_err(NotTaken::File)?;
        let count = events.len() as u64;
        let patients = patients.into_iter().map(|(reference, key)| (reference, key.0)).collect();
        let entries = events::entries(&caller.name, events, &patients)?;
        let (first, taken) = context.stores.disclosures.append_all(&entries)?;
        context.metrics.events.inc_by(taken);
        Ok(Imported { first, taken, known: count.saturating_sub(taken) })
    })
    .await
}

async fn export(
    context: Arc<Context>,
    caller: Caller,
    Export { patient, from, limit }: Export,
) -> Answer<Export> {
    blocking(move || {
        let patient = patient.map(|patient| patient.0);
        let limit = limit.unwrap_or(MAX_PAGE);
        let (entries, next) = context.stores.disclosures.list(patient.as_ref(), from, limit)?;
        let events: Vec<_> =
            entries.iter().filter_map(|entry| events::event(entry, context.hospital())).collect();
        let bundle = bundle(BundleKind::Collection, &events).map_err(unwritable)?;
        context.write_down(&Disclosure { patient, ..context.disclosure(&caller, What::Log) })?;
        Ok(Exported { bundle, next })
    })
    .await
}

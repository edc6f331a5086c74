//! `audit_*`: accountings of disclosures, and AuditEvents in and out.

use super::{
    context::{Answer, Context, blocking, record_disclosure},
    errors::{Failure, INTERNAL, INVALID_DOCUMENT, INVALID_PARAMS, error},
    params::{Accounting as AccountingParams, Export, Format, Import},
};
use crate::{
    credentials::Caller,
    disclosures::{
        Disclosure, What,
        accounting::{Accounting, ChainSays, Period, csv, fhir, gather},
        events::{self, NotTaken},
    },
};
use galen_fhir::{
    Malformed,
    audit_event::{BundleKind, bundle, read_events},
    json as fhir_json,
};
use galen_primitives::{AccountId, api::MAX_PAGE, consent::Purpose};
use serde_json::json;
use std::sync::Arc;

/// The accounting of a patient's disclosures. The question is written down before it is answered.
pub(super) async fn accounting(context: Arc<Context>, caller: Caller, params: AccountingParams) -> Answer {
    let AccountingParams { patient, from, to, format } = params;
    let patient = patient.0;
    let period = Period::read(&from, &to).map_err(|why| error(INVALID_PARAMS, why.to_string()))?;
    let asking = Disclosure {
        patient: Some(patient.clone()),
        purpose: Some(Purpose::Patrqt),
        ..Disclosure::now(&caller.name, What::Accounting)
    };
    let (there, whose) = (context.clone(), patient.clone());
    let gathered = tokio::task::spawn_blocking(move || {
        let asked = record_disclosure(&there, asking)?;
        let gathered = gather(&there.disclosures, &whose, &period, asked)?;
        Ok::<_, Failure>((asked, gathered, there.disclosures.lost()?))
    });
    let (asked, gathered, lost) = gathered.await.map_err(|_| error(INTERNAL, "a task panicked"))??;
    let hospital = context.hospital().cloned();
    let firsts = || gathered.iter().filter_map(|(_, batch)| Some(batch.as_ref()?.first));
    let says = match (&hospital, firsts().min(), firsts().max()) {
        (Some(hospital), Some(first), Some(last)) => chain_says(&context, hospital, first, last).await,
        _ => None,
    };
    let accounting = Accounting::new((patient, period, asked), hospital, gathered, says, lost);
    Ok(match format.unwrap_or_default() {
        Format::Json => json!(accounting),
        Format::Csv => csv::table(&accounting).into(),
        Format::Fhir => fhir::document(&accounting).map_err(unwritable)?,
    })
}

/// The chain's batches of this hospital that hold numbers from `first` to `last`; `None` if it cannot be asked.
async fn chain_says(context: &Context, hospital: &AccountId, first: u64, last: u64) -> Option<ChainSays> {
    let at = context.chain.finalized().await.ok()?.hash;
    let (mut batches, mut from) = (Vec::new(), first);
    loop {
        let page = context.chain.disclosure_batches(hospital.clone(), from, at).await.ok()?;
        let whole = page.len() < MAX_PAGE as usize;
        let end = page.last().and_then(|reported| reported.batch.end());
        batches.extend(page);
        match end {
            Some(end) if !whole && end > from && end <= last => from = end,
            _ => return Some(ChainSays { at, batches }),
        }
    }
}

fn unwritable(why: Malformed) -> Failure {
    tracing::error!(%why, "an entry of the log cannot be written as an AuditEvent");
    error(INTERNAL, "an entry of the log cannot be written as an AuditEvent")
}

impl From<NotTaken> for Failure {
    fn from(why: NotTaken) -> Self {
        error(INVALID_DOCUMENT, why.to_string())
    }
}

/// Takes in events of the hospital's other systems; all, or none if one cannot be taken. What is known already is left out,
/// so that a call whose answer was lost can be made again.
pub(super) async fn import(
    context: Arc<Context>,
    caller: Caller,
    Import { events, patients }: Import,
) -> Answer {
    blocking(move || {
        let value = fhir_json::read(events.get().as_bytes(), &fhir_json::RESOURCES)
            .map_err(|why| error(INVALID_DOCUMENT, why.to_string()))?;
        let events = read_events(&value).map_err(NotTaken::File)?;
        let count = events.len() as u64;
        let patients = patients.into_iter().map(|(reference, key)| (reference, key.0)).collect();
        let entries = events::entries(&caller.name, events, &patients)?;
        let (first, taken) = context.disclosures.append_all(&entries)?;
        context.metrics.events.inc_by(taken);
        Ok(json!({ "first": first, "taken": taken, "known": count - taken }))
    })
    .await
}

/// Entries of the log as a Bundle of AuditEvents, page by page as `disclosures_list` has them.
pub(super) async fn export(context: Arc<Context>, caller: Caller, params: Export) -> Answer {
    blocking(move || {
        let patient = params.patient.map(|patient| patient.0);
        let limit = params.limit.unwrap_or(crate::disclosures::MAX_PAGE);
        let (entries, next) = context.disclosures.list(patient.as_ref(), params.from, limit)?;
        let events: Vec<_> =
            entries.iter().filter_map(|entry| events::event(entry, context.hospital())).collect();
        let bundle = bundle(BundleKind::Collection, &events).map_err(unwritable)?;
        record_disclosure(&context, Disclosure { patient, ..Disclosure::now(&caller.name, What::Log) })?;
        Ok(json!({ "bundle": bundle, "next": next }))
    })
    .await
}

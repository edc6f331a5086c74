//! `readings_*`: device readings handed over, proven, and what was refused.

use super::{
    context::{Context, blocking},
    errors::error,
};
use crate::{
    credentials::Caller,
    disclosures::{Disclosure, What},
    readings::Origin,
    reports::ReportLog,
    vault::Kind,
};
use galen_primitives::{H256, devices::reading::Refusal};
use galen_worker_api::{
    Code, MAX_PAGE, Method, Path,
    readings::{
        Judged, ListRefused, MAX_READINGS, Prove, ReadingKind, ReadingProof, RefusedPage, Submission, Submit,
    },
    server::{Answer, Methods},
};
use jsonrpsee::core::RegisterMethodError;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(submit)?;
    methods.serve(prove)?;
    methods.serve(list_refused)
}

async fn submit(
    context: Arc<Context>,
    caller: Caller,
    Submit { patient, readings }: Submit,
) -> Answer<Submit> {
    context.erasures.state()?;
    if readings.is_empty() || readings.len() > MAX_READINGS {
        let message = format!("{}, 1 to {MAX_READINGS} of them", Submit::expects());
        return Err(error(Code::InvalidParams, message));
    }
    let ids: BTreeSet<H256> = readings.iter().map(|reading| reading.device).collect();
    let found = context.devices.look_up(&ids).await?;
    blocking(move || {
        let origin = Origin { by: &caller.name, patient: &patient.0, hospital: context.hospital() };
        let (table, vault, now) = (&context.stores.readings, &context.stores.vault, context.clock.millis());
        let judged = table.take(vault, &origin, &found, &readings, now)?;
        let refused = count(&context, &caller, &judged);
        Ok(Submission { taken: (judged.len() as u64).saturating_sub(refused), refused, readings: judged })
    })
    .await
}

/// Counts and logs what became of readings; how many were refused.
fn count(context: &Context, caller: &Caller, judged: &[Judged]) -> u64 {
    let mut refused = BTreeMap::<Refusal, u64>::new();
    for judged in judged {
        match judged {
            Judged::Record(_) => context.metrics.readings_taken.inc(),
            Judged::Refused(refusal) => *refused.entry(*refusal).or_default() += 1,
        }
    }
    for (refusal, count) in &refused {
        let reason = refusal.code();
        context.metrics.readings_refused.with_label_values(&[reason]).inc_by(*count);
        tracing::warn!(reason, count, by = %caller.name, "refused device readings");
    }
    refused.values().sum()
}

async fn prove(context: Arc<Context>, caller: Caller, Prove { record, purpose }: Prove) -> Answer<Prove> {
    context.erasures.state()?;
    blocking(move || {
        let table = &context.stores.readings;
        let number = table.number_of(&record)?;
        let number = number.ok_or_else(|| error(Code::NotFound, "no reading was taken under this id"))?;
        let document = context.stores.vault.get(&record)?.filter(|document| document.kind == Kind::Reading);
        let document = document.ok_or_else(|| error(Code::NotFound, "the reading was erased"))?;
        let proven = table.prove(number)?.ok_or_else(|| {
            error(Code::NotFound, "the reading is in no batch yet: try again when one was anchored")
        })?;
        let reading = serde_json::from_slice(&document.original)
            .map_err(|_| error(Code::Internal, "a reading is not JSON"))?;
        context.write_down(&Disclosure {
            subject: Some(record),
            patient: Some(document.patient.clone()),
            purpose,
            ..context.disclosure(&caller, What::Document)
        })?;
        Ok(ReadingProof {
            proof: ReadingKind::Reading,
            record,
            reading,
            salt: H256(*document.salt),
            number: proven.number,
            batch: proven.batch,
            path: Path(proven.path),
        })
    })
    .await
}

async fn list_refused(
    context: Arc<Context>,
    _: Caller,
    ListRefused { from, limit }: ListRefused,
) -> Answer<ListRefused> {
    blocking(move || {
        let (refusals, next) = context.stores.readings.refused(from, limit.unwrap_or(MAX_PAGE))?;
        Ok(RefusedPage { refusals, next })
    })
    .await
}

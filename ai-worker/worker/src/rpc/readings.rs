//! `readings_*`: device readings handed over, proven, and what was refused.

use super::{
    context::{Answer, Context, blocking, record_disclosure},
    errors::{INTERNAL, INVALID_PARAMS, NOT_FOUND, error},
    params::{ReadingsProof, ReadingsRefused, ReadingsSubmit},
};
use crate::{
    chain::now_millis,
    credentials::Caller,
    disclosures::{Disclosure, What},
    readings::{Answer as Became, MAX_PAGE, Origin},
    vault::Kind,
};
use galen_primitives::{H256, devices::reading::Refusal};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// So many readings are taken in one call.
pub const MOST: usize = 1_000;

/// Readings of one patient. The chain is asked about their devices first; if it does not answer, nothing is taken.
pub(super) async fn submit(context: Arc<Context>, caller: Caller, params: ReadingsSubmit) -> Answer {
    context.erasures.state()?;
    let ReadingsSubmit { patient, readings } = params;
    if readings.is_empty() || readings.len() > MOST {
        return Err(error(INVALID_PARAMS, super::params::expected("readings_submit")));
    }
    let ids: BTreeSet<H256> = readings.iter().map(|reading| reading.device).collect();
    let found = context.devices.look_up(&ids).await?;
    blocking(move || {
        let origin = Origin { by: &caller.name, patient: &patient.0, hospital: context.hospital() };
        let became = context.readings.take(&context.vault, &origin, &found, &readings, now_millis())?;
        let mut refused = BTreeMap::<Refusal, u64>::new();
        for became in &became {
            match became {
                Became::Record(_) => context.metrics.readings_taken.inc(),
                Became::Refused(reason) => *refused.entry(*reason).or_default() += 1,
            }
        }
        for (reason, count) in &refused {
            let reason = json!(reason);
            let reason = reason.as_str().unwrap_or_default();
            context.metrics.readings_refused.with_label_values(&[reason]).inc_by(*count);
            tracing::warn!(reason, count, by = %caller.name, "refused device readings");
        }
        let refused: u64 = refused.values().sum();
        let taken = (became.len() as u64).saturating_sub(refused);
        Ok(json!({ "taken": taken, "refused": refused, "readings": became }))
    })
    .await
}

/// One reading with what proves it. It is shown whole, and so written down as a disclosure first.
pub(super) async fn proof(context: Arc<Context>, caller: Caller, params: ReadingsProof) -> Answer {
    context.erasures.state()?;
    let ReadingsProof { record, purpose } = params;
    blocking(move || {
        let number = context.readings.number_of(&record)?;
        let number = number.ok_or_else(|| error(NOT_FOUND, "no reading was taken under this id"))?;
        let document = context.vault.get(&record)?.filter(|document| document.kind == Kind::Reading);
        let document = document.ok_or_else(|| error(NOT_FOUND, "the reading was erased"))?;
        let proven = context.readings.prove(number)?.ok_or_else(|| {
            error(NOT_FOUND, "the reading is in no batch yet: try again when one was anchored")
        })?;
        let reading: Value = serde_json::from_slice(&document.original)
            .map_err(|_| error(INTERNAL, "a reading is not JSON"))?;
        let disclosure = Disclosure {
            subject: Some(record),
            patient: Some(document.patient.clone()),
            purpose,
            ..Disclosure::now(&caller.name, What::Document)
        };
        record_disclosure(&context, disclosure)?;
        // Number, batch and path.
        let mut answer = json!(proven);
        answer["proof"] = "reading".into();
        answer["record"] = json!(record);
        answer["reading"] = reading;
        answer["salt"] = json!(H256(*document.salt));
        Ok(answer)
    })
    .await
}

/// What was refused, page by page.
pub(super) async fn refused(context: Arc<Context>, _: Caller, params: ReadingsRefused) -> Answer {
    blocking(move || {
        let limit = params.limit.unwrap_or(MAX_PAGE);
        let (refusals, next) = context.readings.refused(params.from, limit)?;
        Ok(json!({ "refusals": refusals, "next": next }))
    })
    .await
}

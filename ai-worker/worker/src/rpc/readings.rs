//! The methods about device readings: handed over, proven, and anchored by the node.

use super::{
    errors::{DAMAGED, Failure, INTERNAL, INVALID_PARAMS, NOT_FOUND, error},
    methods::{Answer, Context, blocking, record_disclosure},
    params::{NodeReadings, ReadingsProof, ReadingsRefused, ReadingsSubmit},
};
use crate::{
    chain::{now, now_millis},
    credentials::Caller,
    disclosures::{Disclosure, What},
    readings::{Answer as Became, Apart, CollectError, Origin, Stands},
    vault::Kind,
};
use codec::Encode;
use galen_primitives::{H256, devices::reading::Refusal};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// So many readings are taken in one call.
pub const MOST: usize = 1_000;

/// Readings of one patient. The chain is asked about their devices first; if it does not answer, nothing is taken.
pub async fn submit(context: Arc<Context>, caller: Caller, params: ReadingsSubmit) -> Answer {
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
pub async fn proof(context: Arc<Context>, caller: Caller, params: ReadingsProof) -> Answer {
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
pub async fn refused(context: Arc<Context>, _: Caller, params: ReadingsRefused) -> Answer {
    blocking(move || {
        let limit = params.limit.unwrap_or(crate::readings::MAX_PAGE);
        let (refusals, next) = context.readings.refused(params.from, limit)?;
        Ok(json!({ "refusals": refusals, "next": next }))
    })
    .await
}

/// The node asks for the batch that follows what the chain has.
pub async fn node_readings(context: Arc<Context>, _: Caller, params: NodeReadings) -> Answer {
    let NodeReadings { hospital, batches, next, head } = params;
    let hospital = hospital.0;
    if context.hospital.as_ref().is_some_and(|own| *own != hospital) {
        return Err(error(NOT_FOUND, "this worker is another hospital's"));
    }
    blocking(move || {
        // Whose readings these are, if the configuration does not say.
        let _ = context.told_hospital.set(hospital);
        let chain = Stands { batches, next, head };
        let mut answer = context.readings.collect(chain, context.readings_due, now());
        if let Err(CollectError::Apart(_)) = &answer
            && context.continue_readings
            && let Ok(lost) = context.readings.go_on(chain)
        {
            tracing::warn!(lost, batches, "batches of readings go on where the chain stands");
            answer = context.readings.collect(chain, context.readings_due, now());
        }
        context.metrics.readings_apart.set(matches!(answer, Err(CollectError::Apart(_))).into());
        let batch = answer?;
        Ok(batch.map_or(Value::Null, |batch| format!("0x{}", hex::encode(batch.encode())).into()))
    })
    .await
}

impl From<CollectError> for Failure {
    fn from(why: CollectError) -> Self {
        match why {
            CollectError::Apart(Apart { .. }) => {
                tracing::error!(%why, "readings cannot be anchored");
                error(DAMAGED, why.to_string())
            }
            CollectError::Store(why) => why.into(),
        }
    }
}

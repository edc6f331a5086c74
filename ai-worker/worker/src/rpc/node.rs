//! `node_*`: what the hospital's node asks for. None of it holds text of a patient.

use super::{
    context::{Answer, Context, blocking},
    errors::{DAMAGED, Failure, NOT_FOUND, error},
    params::{Collect, HandOver, NodeDisclosures, NodeReadings},
};
use crate::{
    chain::now,
    credentials::Caller,
    disclosures::{self, Reported},
    jobs::{Handed, State},
    readings::{self, Stands},
};
use codec::Encode;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn hand_over(context: Arc<Context>, _: Caller, HandOver { job }: HandOver) -> Answer {
    let queue = context.queue.clone();
    let metrics = context.metrics.clone();
    blocking(move || {
        Ok(match queue.hand_over(job)? {
            Handed::Accepted => {
                tracing::info!(?job, "accepted");
                metrics.jobs_accepted.inc();
                "accepted".into()
            }
            Handed::Known => "known".into(),
        })
    })
    .await
}

pub(super) async fn collect(context: Arc<Context>, _: Caller, Collect { job }: Collect) -> Answer {
    let queue = context.queue.clone();
    blocking(move || {
        Ok(match queue.collect(&job)? {
            State::Unknown => json!({ "state": "unknown" }),
            State::Pending => json!({ "state": "pending" }),
            State::Answered(outcome) => {
                json!({ "state": "answered", "outcome": format!("0x{}", hex::encode(outcome)) })
            }
        })
    })
    .await
}

/// The node asks for the batch that follows what the chain has.
pub(super) async fn node_disclosures(context: Arc<Context>, _: Caller, params: NodeDisclosures) -> Answer {
    let NodeDisclosures { hospital, next, head } = params;
    let hospital = hospital.0;
    if context.hospital.as_ref().is_some_and(|own| *own != hospital) {
        return Err(error(NOT_FOUND, "this worker is another hospital's"));
    }
    blocking(move || {
        // Whose log this is, if the configuration does not say.
        let _ = context.told_hospital.set(hospital);
        let chain = Reported { next, head };
        let mut answer = context.disclosures.collect(chain, context.due, now());
        if let Err(disclosures::CollectError::Apart(_)) = &answer
            && context.continue_disclosures
            && let Ok(lost) = context.disclosures.go_on(chain)
        {
            tracing::warn!(lost, next, "the log of disclosures goes on where the chain stands");
            answer = context.disclosures.collect(chain, context.due, now());
        }
        context
            .metrics
            .disclosures_apart
            .set(matches!(answer, Err(disclosures::CollectError::Apart(_))).into());
        let batch = answer?;
        Ok(batch.map_or(Value::Null, |batch| format!("0x{}", hex::encode(batch.encode())).into()))
    })
    .await
}

impl From<disclosures::CollectError> for Failure {
    fn from(why: disclosures::CollectError) -> Self {
        match why {
            disclosures::CollectError::Apart(_) => {
                tracing::error!(%why, "disclosures cannot be reported");
                error(DAMAGED, why.to_string())
            }
            disclosures::CollectError::Store(why) => why.into(),
        }
    }
}

/// The node asks for the batch that follows what the chain has.
pub(super) async fn node_readings(context: Arc<Context>, _: Caller, params: NodeReadings) -> Answer {
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
        if let Err(readings::CollectError::Apart(_)) = &answer
            && context.continue_readings
            && let Ok(lost) = context.readings.go_on(chain)
        {
            tracing::warn!(lost, batches, "batches of readings go on where the chain stands");
            answer = context.readings.collect(chain, context.readings_due, now());
        }
        context.metrics.readings_apart.set(matches!(answer, Err(readings::CollectError::Apart(_))).into());
        let batch = answer?;
        Ok(batch.map_or(Value::Null, |batch| format!("0x{}", hex::encode(batch.encode())).into()))
    })
    .await
}

impl From<readings::CollectError> for Failure {
    fn from(why: readings::CollectError) -> Self {
        match why {
            readings::CollectError::Apart(_) => {
                tracing::error!(%why, "readings cannot be anchored");
                error(DAMAGED, why.to_string())
            }
            readings::CollectError::Store(why) => why.into(),
        }
    }
}

//! `node_*`: what the hospital's node asks for. None of it holds text of a patient.

use super::{
    context::{Context, blocking},
    errors::error,
};
use crate::{
    credentials::Caller,
    disclosures::{self, Reported},
    jobs::State,
    readings::{self, Stands},
};
use galen_primitives::AccountId;
use galen_worker_api::{
    Bytes, Code, MethodError,
    node::{Collect, CollectDisclosures, CollectReadings, Collected, HandOver, Handed},
    server::{Answer, Methods},
};
use jsonrpsee::core::RegisterMethodError;
use std::sync::Arc;

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(hand_over)?;
    methods.serve(collect)?;
    methods.serve(collect_disclosures)?;
    methods.serve(collect_readings)
}

async fn hand_over(context: Arc<Context>, _: Caller, HandOver { job }: HandOver) -> Answer<HandOver> {
    blocking(move || {
        let handed = context.stores.queue.hand_over(job)?;
        if handed == Handed::Accepted {
            tracing::info!(?job, "accepted");
            context.metrics.jobs_accepted.inc();
        }
        Ok(handed)
    })
    .await
}

async fn collect(context: Arc<Context>, _: Caller, Collect { job }: Collect) -> Answer<Collect> {
    blocking(move || {
        Ok(match context.stores.queue.collect(&job)? {
            State::Unknown => Collected::Unknown,
            State::Pending => Collected::Pending,
            State::Answered(outcome) => Collected::Answered { outcome: Bytes(outcome) },
        })
    })
    .await
}

/// That the node asks for this hospital; remembered, where the configuration does not say whose the worker is.
fn asked_for(context: &Context, hospital: AccountId) -> Result<(), MethodError> {
    if context.hospital.as_ref().is_some_and(|own| *own != hospital) {
        return Err(error(Code::NotFound, "this worker is another hospital's"));
    }
    let _ = context.hospital_of_node.set(hospital);
    Ok(())
}

async fn collect_disclosures(
    context: Arc<Context>,
    _: Caller,
    CollectDisclosures { hospital, next, head }: CollectDisclosures,
) -> Answer<CollectDisclosures> {
    asked_for(&context, hospital.0)?;
    blocking(move || {
        let (log, now) = (&context.stores.disclosures, context.clock.seconds());
        let chain = Reported { next, head };
        let mut answer = log.collect(chain, context.due, now);
        if let Err(disclosures::CollectError::Apart(_)) = &answer
            && context.continue_disclosures
            && let Ok(lost) = log.go_on(chain)
        {
            tracing::warn!(lost, next, "the log of disclosures goes on where the chain stands");
            answer = log.collect(chain, context.due, now);
        }
        let apart = matches!(answer, Err(disclosures::CollectError::Apart(_)));
        context.metrics.disclosures_apart.set(apart.into());
        Ok(answer?.as_ref().map(Bytes::scale))
    })
    .await
}

impl From<disclosures::CollectError> for MethodError {
    fn from(why: disclosures::CollectError) -> Self {
        match why {
            disclosures::CollectError::Apart(_) => {
                tracing::error!(%why, "disclosures cannot be reported");
                error(Code::Damaged, why.to_string())
            }
            disclosures::CollectError::Store(why) => why.into(),
        }
    }
}

async fn collect_readings(
    context: Arc<Context>,
    _: Caller,
    CollectReadings { hospital, batches, next, head }: CollectReadings,
) -> Answer<CollectReadings> {
    asked_for(&context, hospital.0)?;
    blocking(move || {
        let (log, now) = (&context.stores.readings, context.clock.seconds());
        let chain = Stands { batches, next, head };
        let mut answer = log.collect(chain, context.readings_due, now);
        if let Err(readings::CollectError::Apart(_)) = &answer
            && context.continue_readings
            && let Ok(lost) = log.go_on(chain)
        {
            tracing::warn!(lost, batches, "batches of readings go on where the chain stands");
            answer = log.collect(chain, context.readings_due, now);
        }
        let apart = matches!(answer, Err(readings::CollectError::Apart(_)));
        context.metrics.readings_apart.set(apart.into());
        Ok(answer?.as_ref().map(Bytes::scale))
    })
    .await
}

impl From<readings::CollectError> for MethodError {
    fn from(why: readings::CollectError) -> Self {
        match why {
            readings::CollectError::Apart(_) => {
                tracing::error!(%why, "readings cannot be anchored");
                error(Code::Damaged, why.to_string())
            }
            readings::CollectError::Store(why) => why.into(),
        }
    }
}

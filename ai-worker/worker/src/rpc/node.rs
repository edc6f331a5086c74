//! `node_*`: what the hospital's node asks for. None of it holds text of a patient.

use super::{
    context::{Context, blocking},
    errors::error,
};
use crate::{
    credentials::Caller,
    jobs::State,
    reports::{CollectError, ReportLog, Reporter},
};
use galen_primitives::reports::Position;
use galen_worker_api::{
    Account, Bytes, Code, MethodError,
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

async fn collect_disclosures(
    context: Arc<Context>,
    _: Caller,
    CollectDisclosures { hospital, next, head }: CollectDisclosures,
) -> Answer<CollectDisclosures> {
    let chain = Position::of_entries(next, head);
    next_batch(context, hospital, chain, |context| &context.disclosure_reports).await
}

async fn collect_readings(
    context: Arc<Context>,
    _: Caller,
    CollectReadings { hospital, batches, next, head }: CollectReadings,
) -> Answer<CollectReadings> {
    let chain = Position { place: batches, next, head };
    next_batch(context, hospital, chain, |context| &context.reading_reports).await
}

/// The batch of a reported log that follows what the chain has, for the node of this hospital.
async fn next_batch<L: ReportLog + Send + Sync + 'static>(
    context: Arc<Context>,
    Account(hospital): Account,
    chain: Position,
    reporter: fn(&Context) -> &Reporter<L>,
) -> Result<Option<Bytes>, MethodError> {
    if context.hospital.as_ref().is_some_and(|own| *own != hospital) {
        return Err(error(Code::NotFound, "this worker is another hospital's"));
    }
    // Whose worker this is, if the configuration does not say.
    let _ = context.hospital_of_node.set(hospital);
    blocking(move || {
        let batch = reporter(&context).next_batch(&chain, context.clock.seconds())?;
        Ok(batch.as_ref().map(Bytes::scale))
    })
    .await
}

impl From<CollectError> for MethodError {
    fn from(why: CollectError) -> Self {
        match why {
            CollectError::Diverged(why) => error(Code::Damaged, why.to_string()),
            CollectError::Store(why) => why.into(),
        }
    }
}

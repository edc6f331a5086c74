//! What the hospital is late with, watched on the chain: reviews of accesses in emergencies, and answers to
//! consents that ended. Exported as metrics, so that somebody hears of it.

use crate::{
    chain::{ChainError, ChainView},
    metrics::Metrics,
    repeat::every,
    shutdown::Shutdown,
};
use galen_primitives::AccountId;
use std::{sync::Arc, time::Duration};

const WATCH_EVERY: Duration = Duration::from_secs(60);
const RETRY_EVERY: Duration = Duration::from_secs(5);

/// Asks at finalized blocks until shutdown is requested. Without a hospital there is nothing to ask. While
/// the chain does not answer, what it said last stands; that it does not answer is a metric of its own.
pub async fn watch(
    chain: Arc<dyn ChainView>,
    hospital: Option<AccountId>,
    metrics: Metrics,
    shutdown: Shutdown,
) {
    match hospital {
        Some(hospital) => {
            every(|| look(&*chain, &hospital, &metrics), WATCH_EVERY, RETRY_EVERY, &shutdown).await;
        }
        None => tracing::warn!("`hospital` is not set: overdue reviews and obligations are not watched"),
    }
}

async fn look(chain: &dyn ChainView, hospital: &AccountId, metrics: &Metrics) -> Result<(), ChainError> {
    let overdue = async {
        let at = chain.finalized().await?;
        chain.overdue(hospital.clone(), at.hash).await
    };
    let overdue =
        overdue.await.inspect_err(|error| tracing::debug!(%error, "what is overdue could not be asked"))?;
    metrics.set_overdue(overdue).map_err(|error| ChainError(error.to_string()))
}

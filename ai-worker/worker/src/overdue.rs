//! What the hospital is late with, watched on the chain: reviews of accesses in emergencies, and answers to consents that
//! ended. Exported as metrics, so that somebody hears of it.

use crate::{
    chain::{ChainError, ChainView},
    metrics::Metrics,
    shutdown::Shutdown,
};
use galen_primitives::AccountId;
use std::{sync::Arc, time::Duration};

const WATCH_EVERY: Duration = Duration::from_secs(60);
const RETRY_EVERY: Duration = Duration::from_secs(5);

/// Asks at finalized blocks until shutdown is requested. Without a hospital there is nothing to ask. While the chain does not
/// answer, what it said last stands; that it does not answer is a metric of its own.
pub async fn watch(
    chain: Arc<dyn ChainView>,
    hospital: Option<AccountId>,
    metrics: Metrics,
    shutdown: Shutdown,
) {
    let Some(hospital) = hospital else {
        tracing::warn!("`hospital` is not set: overdue reviews and obligations are not watched");
        return;
    };
    loop {
        let looked = tokio::select! {
            looked = look(&*chain, &hospital, &metrics) => looked,
            () = shutdown.requested() => return,
        };
        let pause = match looked {
            Ok(()) => WATCH_EVERY,
            Err(error) => {
                tracing::debug!(%error, "what is overdue could not be asked");
                RETRY_EVERY
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = shutdown.requested() => return,
        }
    }
}

async fn look(chain: &dyn ChainView, hospital: &AccountId, metrics: &Metrics) -> Result<(), ChainError> {
    let at = chain.finalized().await?;
    let overdue = chain.overdue(hospital.clone(), at.hash).await?;
    metrics.set_overdue(overdue).map_err(|error| ChainError(error.to_string()))
}

//! `worker_*`: the worker itself.

use super::context::{Context, blocking};
use crate::credentials::Caller;
use galen_worker_api::{
    server::{Answer, Methods},
    worker::{BackUp, BackedUp, GetHealth, GetVersion, Version},
};
use jsonrpsee::core::RegisterMethodError;
use std::sync::Arc;

/// Serves these methods.
pub(super) fn serve(methods: &mut Methods<Context>) -> Result<(), RegisterMethodError> {
    methods.serve(back_up)?;
    methods.serve(health)?;
    methods.serve(version)
}

async fn back_up(context: Arc<Context>, _: Caller, BackUp { to, keys_to }: BackUp) -> Answer<BackUp> {
    blocking(move || {
        let bytes = context.backups.take(&to, keys_to.as_deref())?;
        let keys = keys_to.is_some();
        tracing::info!(bytes, keys, "backed up");
        Ok(BackedUp { bytes, keys })
    })
    .await
}

async fn health(context: Arc<Context>, _: Caller, _: GetHealth) -> Answer<GetHealth> {
    let health = context.health.clone();
    blocking(move || Ok(health.report())).await
}

async fn version(context: Arc<Context>, _: Caller, _: GetVersion) -> Answer<GetVersion> {
    Ok(Version { version: env!("CARGO_PKG_VERSION").into(), model: context.model.clone() })
}

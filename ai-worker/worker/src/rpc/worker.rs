//! `worker_*`: the worker itself.

use super::{
    context::{Answer, Context, blocking},
    params::{Backup, Nothing},
};
use crate::credentials::Caller;
use serde_json::json;
use std::sync::Arc;

pub(super) async fn back_up(context: Arc<Context>, _: Caller, Backup { to, keys_to }: Backup) -> Answer {
    blocking(move || {
        let bytes = context.backups.take(&to, keys_to.as_deref())?;
        tracing::info!(bytes, keys = keys_to.is_some(), "backed up");
        Ok(json!({ "bytes": bytes, "keys": keys_to.is_some() }))
    })
    .await
}

pub(super) async fn health(context: Arc<Context>, _: Caller, _: Nothing) -> Answer {
    let health = context.health.clone();
    blocking(move || Ok(health.report().1)).await
}

pub(super) async fn version(context: Arc<Context>, _: Caller, _: Nothing) -> Answer {
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "model": context.model.as_ref().map(|model| json!({
            "name": model.name,
            "model": model.model,
            "template": model.template,
            "parameters": model.parameters,
            "engine": model.engine,
            "engineBuild": model.build,
        })),
    }))
}

//! Whether a hospital's node and worker are well, and what to do where they are not.
//!
//! Each file looks at one thing in two steps: it asks, and it judges what it was told; judging is pure and tested. What cannot be seen
//! is said, never passed over.

mod clock;
mod disk;
mod hospital;
mod network;
mod ports;
mod worker;

use crate::{Error, chain::Chain};
use galen_primitives::{AccountId, H256};
use serde::Serialize;
use std::path::PathBuf;

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, and needs attention; or could not be seen.
    Warn,
    /// Does not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub check: &'static str,
    /// How well it is.
    pub level: Level,
    /// What was seen.
    pub seen: String,
    /// What to do; none if it is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, seen: impl Into<String>) -> Self {
        Finding { check, level: Level::Ok, seen: seen.into(), advice: None }
    }

    fn warn(check: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Finding { check, level: Level::Warn, seen: seen.into(), advice: Some(advice.into()) }
    }

    fn fail(check: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Finding { check, level: Level::Fail, seen: seen.into(), advice: Some(advice.into()) }
    }

    /// What was found, or that it could not be looked at.
    fn of(check: &'static str, found: Result<Finding, Error>) -> Self {
        found.unwrap_or_else(|why| {
            Finding::warn(check, format!("cannot be seen: {why}"), "ask again where this can be asked")
        })
    }
}

/// What is to be looked at.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The node's WebSocket.
    pub node: String,
    /// The hospital that it is.
    pub hospital: Option<AccountId>,
    /// Where the node keeps its data.
    pub base_path: Option<PathBuf>,
    /// The worker's URL; `None` if there is none to look at.
    pub worker: Option<String>,
    /// Any credential of the worker: it tells which model is loaded.
    pub token_file: Option<PathBuf>,
    /// The chain that the node should be of.
    pub genesis: Option<H256>,
}

/// Looks at everything. An error only if the node does not answer: nothing else can be seen then.
pub async fn examine(subject: &Subject) -> Result<Vec<Finding>, Error> {
    let chain = Chain::connect(&subject.node).await?;
    let mut findings = network::examine(&chain, subject.genesis).await;
    findings.push(clock::examine(&chain).await);
    findings.extend(ports::examine(&chain, &subject.node).await);
    findings.push(disk::examine(subject.base_path.as_deref()));
    findings.extend(hospital::examine(&chain, subject.hospital.as_ref()).await);
    findings.extend(worker::examine(&chain, subject).await);
    Ok(findings)
}

//! What the runner needs of an engine, and the engine that has it.

use crate::readings::Citations;
use futures::future::BoxFuture;
use galen_engine::{CancelFlag, Engine, EngineError, note::Note};
use galen_primitives::H256;
use serde_json::Value;

pub use galen_worker_api::worker::Model;

/// A summary, and what making it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// Facts with quotes, and the narrative.
    pub summary: Value,
    /// Facts dropped because the source does not support them.
    pub unsupported: u32,
    /// Tokens evaluated from prompts.
    pub prompt_tokens: u32,
    /// Tokens decoded.
    pub output_tokens: u32,
    /// Milliseconds spent decoding.
    pub millis: u32,
}

impl Made {
    /// Adds what of the document's device readings may be cited; what may not counts as unsupported. No model
    /// touches either.
    pub(super) fn with(mut self, citations: Citations) -> Self {
        self.unsupported = self.unsupported.saturating_add(citations.unverified);
        if let Some(summary) = self.summary.as_object_mut() {
            match citations.readings.is_empty() {
                true => summary.remove("readings"),
                false => summary.insert("readings".into(), citations.readings.into()),
            };
        }
        self
    }
}

/// Why there is no summary. Says nothing of the note.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// Stopped from outside.
    #[error("cancelled")]
    Cancelled,
    /// The engine failed.
    #[error("{0}")]
    Failed(String),
}

/// An engine.
pub trait Summariser: Send + Sync + 'static {
    /// What it runs.
    fn model(&self) -> &Model;
    /// Summarises a note, one at a time; the same note gives the same summary.
    fn summarise<'a>(&'a self, note: &'a Note, cancel: CancelFlag) -> BoxFuture<'a, Result<Made, NotMade>>;
}

/// llama.cpp.
pub struct Llama {
    engine: Engine,
    model: Model,
}

impl Llama {
    /// A loaded engine.
    pub fn new(engine: Engine) -> Self {
        let info = engine.info();
        let model = Model {
            name: info.name.clone(),
            model: H256(info.model_hash),
            template: H256(info.template_hash),
            parameters: H256(info.parameters_hash),
            engine: H256(info.engine_hash),
            engine_build: info.engine_build.clone(),
        };
        Llama { engine, model }
    }
}

impl Summariser for Llama {
    fn model(&self) -> &Model {
        &self.model
    }

    fn summarise<'a>(&'a self, note: &'a Note, cancel: CancelFlag) -> BoxFuture<'a, Result<Made, NotMade>> {
        Box::pin(async move {
            match self.engine.summarise_timed(note, cancel).await {
                Ok((summary, timings)) => Ok(Made {
                    unsupported: summary.counts.unsupported,
                    prompt_tokens: summary.counts.prompt_tokens,
                    output_tokens: summary.counts.output_tokens,
                    millis: u32::try_from(timings.worked.as_millis()).unwrap_or(u32::MAX),
                    summary: serde_json::to_value(&summary)
                        .map_err(|error| NotMade::Failed(error.to_string()))?,
                }),
                Err(EngineError::Cancelled | EngineError::Stopped) => Err(NotMade::Cancelled),
                Err(error) => Err(NotMade::Failed(error.to_string())),
            }
        })
    }
}

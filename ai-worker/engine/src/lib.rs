//! Reads clinical notes with a local llama.cpp model: `docs/extraction.md`.
//!
//! llama.cpp lives on a thread of its own behind a bounded queue, so that it never holds up the runtime. A
//! note goes through de-identification and segmenting, each segment through one greedy decode under a grammar
//! of its own words, and what comes out through grounding. No error and no log holds a part of a note.

pub mod evaluate;
pub mod facts;
pub mod grammar;
pub mod grounding;
mod llama;
mod narrative;
pub mod note;
mod prompt;
pub mod reading;
pub mod segment;
pub mod summary;
mod thread;
pub mod trie;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use facts::{Fact, Field, Status};
pub use llama::Answer;
pub use narrative::Sentence;
pub use summary::{Counts, Summary};
pub use thread::{Engine, Timings};

/// What an engine needs to start.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// A GGUF file.
    pub model: PathBuf,
    /// Threads that llama.cpp computes with; 0 counts as 1.
    pub threads: u32,
    /// Size of the context in tokens. No more is used than the model was trained with.
    pub context: u32,
}

/// What a receipt says about model and engine. Hashes are BLAKE2b-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// `general.name` of the GGUF.
    pub name: String,
    /// Of the GGUF file.
    pub model_hash: [u8; 32],
    /// Of the prompt template as it is applied.
    pub template_hash: [u8; 32],
    /// Of the decoding parameters.
    pub parameters_hash: [u8; 32],
    /// Crate, binding, llama.cpp and architecture, with their versions.
    pub engine_build: String,
    /// Of `engine_build`.
    pub engine_hash: [u8; 32],
}

/// Why there is no engine or no summary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    #[error("the model file cannot be read: {0}")]
    File(std::io::ErrorKind),
    #[error("the model file is not a GGUF")]
    NotGguf,
    #[error("the model cannot be used: {0}")]
    Load(&'static str),
    #[error("the model cannot be used: {0}")]
    Template(&'static str),
    /// Both in tokens.
    #[error("a context of {given} tokens is too small: this model and its prompt need at least {needed}")]
    Context { given: u32, needed: u32 },
    #[error("llama.cpp failed to decode")]
    Decode,
    #[error("cancelled")]
    Cancelled,
    #[error("the engine has stopped")]
    Stopped,
    #[error("the engine panicked on this note and has been started anew")]
    Panicked,
}

/// Cancels a summary that is waiting or under way. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// A flag that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag; a decode ends before its next token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the flag is set.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

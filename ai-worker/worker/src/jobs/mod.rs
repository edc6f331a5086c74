//! Summary jobs: handed over by the node, run one at a time, answered once.
//!
//! A job is on disk before the node hears that it is accepted. Before anything is decoded, and again before
//! anything is released, the chain is asked at a finalized block whether the job stands and consent permits
//! it. The summary is stored encrypted before the job is answered; a crash in between finds it again by the
//! job's id, so that a job never has two summaries with two commitments.

pub mod output;
pub mod pause;
pub mod queue;
pub mod runner;
pub mod summariser;

pub use queue::{Queue, QueueError, State};
pub use runner::{Runner, Settings};
pub use summariser::{Llama, Made, Model, NotMade, Summariser};

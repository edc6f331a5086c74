//! `worker_*`: the worker itself.

use crate::shape::{choice, method, object};
use galen_primitives::H256;
use std::path::PathBuf;

method! {
    /// Copies everything but the keys into a new directory, and keys and tokens into another, if one is
    /// named. The copies are on disk when the answer comes.
    #[method("worker_backup", by = [Operator], answer = BackedUp, errors = [Busy, Storage, Damaged])]
    #[serde(deny_unknown_fields)]
    pub struct BackUp {
        /// The absolute path of a directory that is not there yet.
        pub to: PathBuf,
        /// Another such path, for keys and tokens; they are left out without it.
        #[serde(default)]
        pub keys_to: Option<PathBuf>,
    }
}

object! {
    /// A backup that was made.
    #[derive(Eq)]
    pub struct BackedUp {
        /// How many bytes were written.
        pub bytes: u64,
        /// Whether the keys were copied too.
        pub keys: bool,
    }
}

method! {
    /// Tells whether the worker can do its work, as `GET /health` does without a credential.
    #[method("worker_health", by = [Operator], answer = Health, errors = [])]
    pub struct GetHealth {}
}

object! {
    /// Whether the worker can do its work.
    #[derive(Eq)]
    pub struct Health {
        /// All in all.
        pub status: Status,
        /// Whether erasures on the chain are carried out, or why not yet.
        pub erasures: String,
        /// Whether the chain answered within the last minute.
        pub chain: Reach,
        /// Whether the vault can be read.
        pub vault: VaultState,
        /// Whether there is a model.
        pub model: ModelState,
        /// How many jobs wait or run.
        pub pending: u64,
        /// The worker's version.
        pub version: String,
    }
}

choice! {
    /// Whether a worker can do its work.
    pub enum Status {
        /// It is not open for documents yet.
        Starting = "starting",
        /// It can.
        Ok = "ok",
        /// It can do some of it.
        Degraded = "degraded",
    }
}

choice! {
    /// Whether the chain answers.
    pub enum Reach {
        /// It does.
        Reachable = "reachable",
        /// It does not.
        Unreachable = "unreachable",
    }
}

choice! {
    /// Whether the vault can be read.
    pub enum VaultState {
        /// It can.
        Ok = "ok",
        /// It can, and an erasure has not ended.
        Unfinished = "old keys not destroyed yet",
        /// It cannot.
        Failing = "failing",
    }
}

choice! {
    /// Whether there is a model.
    pub enum ModelState {
        /// There is.
        Loaded = "loaded",
        /// There is none.
        None = "none",
    }
}

method! {
    /// Tells which version the worker is, and which model it runs.
    #[method("worker_version", by = [Node, App, Clinician, Device, Operator], answer = Version, errors = [])]
    pub struct GetVersion {}
}

object! {
    /// The worker's version and its model.
    #[derive(Eq)]
    pub struct Version {
        /// The worker's version.
        pub version: String,
        /// The model that it runs; `null` if it has none.
        pub model: Option<Model>,
    }
}

object! {
    /// Which model, and how it is run. Hashes are BLAKE2b-256.
    #[derive(Eq)]
    pub struct Model {
        /// A name for people.
        pub name: String,
        /// Hash of the model file.
        pub model: H256,
        /// Hash of the prompt template.
        pub template: H256,
        /// Hash of the decoding parameters.
        pub parameters: H256,
        /// Hash of the engine build's description.
        pub engine: H256,
        /// The engine build's description.
        pub engine_build: String,
    }
}

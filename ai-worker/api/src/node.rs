//! `node_*`: what the hospital's node asks for. None of it holds text of a patient.
//!
//! Parameters that are not known are left alone, so that a node may be newer than its worker.

use crate::{
    Account, Bytes,
    shape::{Named, Shape, choice, method},
    values::record,
};
use galen_primitives::H256;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

method! {
    /// Hands over a job of this hospital that is in a finalized block. It is on disk when the answer comes.
    #[method("node_handOver", by = [Node], answer = Handed, errors = [Busy, Damaged, Storage])]
    pub struct HandOver {
        /// The job.
        pub job: H256,
    }
}

choice! {
    /// What became of a job that was handed over.
    pub enum Handed {
        /// It is new.
        Accepted = "accepted",
        /// It was handed over before.
        Known = "known",
    }
}

method! {
    /// Asks for the outcome of a job. An answer never changes.
    #[method("node_collect", by = [Node], answer = Collected, errors = [Damaged, Storage])]
    pub struct Collect {
        /// The job.
        pub job: H256,
    }
}

/// Where a job stands, and its outcome once it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Collected {
    /// It was never handed over, or was forgotten.
    Unknown,
    /// It waits or runs.
    Pending,
    /// It is answered.
    Answered {
        /// The SCALE encoding of `galen_primitives::summary::Outcome`.
        outcome: Bytes,
    },
}

impl Shape for Collected {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Collected", |named| {
            let waiting = record(
                "It is not answered.",
                &[("state", json!({ "type": "string", "enum": ["unknown", "pending"] }))],
            );
            let answered = record(
                "It is answered; the outcome is the SCALE encoding of an `Outcome`.",
                &[("state", json!({ "const": "answered" })), ("outcome", Bytes::schema(named))],
            );
            json!({ "description": "Where a job stands.", "oneOf": [waiting, answered] })
        })
    }

    fn words() -> String {
        "{state, outcome?}".into()
    }
}

method! {
    /// Asks for the batch of disclosures that follows what the chain has; `null` if none is due. The answer
    /// to one question is always the same batch.
    #[method("node_disclosures", by = [Node], answer = Option<Bytes>, errors = [NotFound, Damaged, Storage])]
    pub struct CollectDisclosures {
        /// The hospital for which the node reports.
        pub hospital: Account,
        /// The number that the chain takes next.
        pub next: u64,
        /// The head of the last batch that the chain has.
        pub head: H256,
    }
}

method! {
    /// Asks for the batch of device readings that follows what the chain has; `null` if none is due. The
    /// answer to one question is always the same batch.
    #[method("node_readings", by = [Node], answer = Option<Bytes>, errors = [NotFound, Damaged, Storage])]
    pub struct CollectReadings {
        /// The hospital for which the node reports.
        pub hospital: Account,
        /// How many batches the chain has.
        pub batches: u64,
        /// How many readings the chain has.
        pub next: u64,
        /// The head of the last batch that the chain has.
        pub head: H256,
    }
}

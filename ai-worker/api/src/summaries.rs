//! `summaries_*`: where a job stands, and its summary on the chain's word.

use crate::{
    shape::{Named, Shape, method, object},
    values::record,
};
use galen_primitives::{
    H256,
    consent::Purpose,
    summary::{Failure, Receipt},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

method! {
    /// Tells where a job stands at this worker.
    #[method("summaries_status", by = [App, Clinician], answer = Standing, errors = [Storage, Damaged])]
    #[serde(deny_unknown_fields)]
    pub struct GetStatus {
        /// The job.
        pub job: H256,
    }
}

/// Where a job stands at a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The job.
    pub job: H256,
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum State {
    /// It was never handed over, or was forgotten.
    Unknown,
    /// It waits or runs.
    Pending,
    /// There is a summary.
    Done {
        /// What the worker answered to the chain.
        receipt: Receipt,
    },
    /// There is none.
    Failed {
        /// Why.
        failure: Failure,
    },
}

impl Shape for Standing {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Standing", |named| {
            let job = H256::schema(named);
            let state = |states: &[&str]| json!({ "type": "string", "enum": states });
            json!({
                "description": "Where a job stands at a worker.",
                "oneOf": [
                    record("There is no answer.", &[
                        ("job", job.clone()),
                        ("state", state(&["unknown", "pending"])),
                    ]),
                    record("There is a summary.", &[
                        ("job", job.clone()),
                        ("state", state(&["done"])),
                        ("receipt", Receipt::schema(named)),
                    ]),
                    record("There is no summary.", &[
                        ("job", job),
                        ("state", state(&["failed"])),
                        ("failure", Failure::schema(named)),
                    ]),
                ],
            })
        })
    }

    fn words() -> String {
        "{job, state, receipt?, failure?}".into()
    }
}

method! {
    /// Shows a summary, if the chain says at a finalized block that consent permits the purpose for the
    /// record as it was anchored. The decision is written to the log of disclosures before anything is shown.
    #[method(
        "summaries_get",
        by = [Clinician],
        answer = Released,
        errors = [NotReady, NotFound, ConsentRefused, ChainUnavailable, Storage, Damaged, Starting]
    )]
    #[serde(deny_unknown_fields)]
    pub struct Get {
        /// The job.
        pub job: H256,
        /// What for.
        pub purpose: Purpose,
    }
}

object! {
    /// A summary that was shown.
    pub struct Released {
        /// The job.
        pub job: H256,
        /// The summary itself.
        pub summary: Value,
        /// The salt of its commitment.
        pub salt: H256,
        /// Its commitment.
        pub output: H256,
        /// What the worker answered to the chain.
        pub receipt: Receipt,
    }
}

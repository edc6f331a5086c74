//! `readings_*`: device readings handed over, proven, and what was refused.

use crate::{
    Account, Path,
    shape::{Named, Shape, choice, method, object},
    values::record,
};
use codec::{Decode, Encode};
use galen_primitives::{
    H256, UnixSeconds,
    consent::Purpose,
    devices::reading::{ReadingBatch, Refusal},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use galen_fhir::reading::Submitted;

/// At most this many readings are taken in one call.
pub const MAX_READINGS: usize = 1_000;

method! {
    /// Hands over readings of one patient, each with its device's signature. The chain is asked about their
    /// devices first; if it does not answer, nothing is taken.
    #[method(
        "readings_submit",
        by = [App, Device],
        answer = Submission,
        errors = [ChainUnavailable, InvalidDocument, Storage, Damaged, Starting]
    )]
    #[serde(deny_unknown_fields)]
    pub struct Submit {
        /// On whom they were taken.
        pub patient: Account,
        /// 1 to 1,000 readings, in the order in which they are to be judged.
        pub readings: Vec<Submitted>,
    }
}

impl Shape for Submitted {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Submitted", |named| {
            let signature = json!({ "type": "string", "pattern": "^0x[0-9a-f]{128}$" });
            record(
                "A reading as its device signed it.",
                &[
                    ("device", H256::schema(named)),
                    ("sequence", u64::schema(named)),
                    (
                        "at",
                        json!({ "type": "integer", "minimum": 0, "description": "Milliseconds since 1970." }),
                    ),
                    ("observation", json!({ "type": "object", "description": "A FHIR R4 Observation." })),
                    ("signature", signature),
                ],
            )
        })
    }

    fn words() -> String {
        "{device: 0x and 64 hex digits, sequence: a number, at: milliseconds since 1970, \
         observation: a FHIR Observation, signature: 0x and 128 hex digits}"
            .into()
    }
}

object! {
    /// What became of readings.
    #[derive(Eq)]
    pub struct Submission {
        /// How many were taken.
        pub taken: u64,
        /// How many were refused.
        pub refused: u64,
        /// Each, in their order.
        pub readings: Vec<Judged>,
    }
}

/// What became of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Judged {
    /// It was taken: the id of its document in the vault.
    Record(H256),
    /// It was refused.
    Refused(Refusal),
}

impl Shape for Judged {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Judged", |named| {
            let taken = record("It was taken.", &[("record", H256::schema(named))]);
            let refused = record("It was refused.", &[("refused", Refusal::schema(named))]);
            json!({ "description": "What became of a reading.", "oneOf": [taken, refused] })
        })
    }

    fn words() -> String {
        "{record} or {refused}".into()
    }
}

method! {
    /// Proves a reading: a file for `galen device verify-reading`. It is shown whole, and that is written
    /// down first.
    #[method("readings_proof", by = [App, Clinician], answer = ReadingProof, errors = [NotFound, Storage, Damaged, Starting])]
    #[serde(deny_unknown_fields)]
    pub struct Prove {
        /// The id of its document in the vault.
        pub record: H256,
        /// What for, as it will stand in the log of disclosures.
        #[serde(default)]
        pub purpose: Option<Purpose>,
    }
}

choice! {
    /// What a file of a reading proves.
    pub enum ReadingKind {
        /// A reading.
        Reading = "reading",
    }
}

object! {
    /// A reading with what proves it.
    pub struct ReadingProof {
        /// What this is.
        pub proof: ReadingKind,
        /// The salted commitment to the reading.
        pub record: H256,
        /// The reading as its device signed it. Its canonical JSON (RFC 8785) is what is committed to.
        pub reading: Value,
        /// The salt.
        pub salt: H256,
        /// The reading's number at its hospital.
        pub number: u64,
        /// The batch that it is in.
        pub batch: ReadingBatch,
        /// The hashes beside the way up to the batch's root.
        pub path: Path,
    }
}

method! {
    /// Lists what was refused, page by page.
    #[method("readings_refused", by = [Operator], answer = RefusedPage, errors = [Storage])]
    #[serde(deny_unknown_fields)]
    pub struct ListRefused {
        /// The number of the first to show.
        #[serde(default)]
        pub from: u64,
        /// How many; at most 256.
        #[serde(default)]
        pub limit: Option<u64>,
    }
}

object! {
    /// A page of refusals.
    #[derive(Eq)]
    pub struct RefusedPage {
        /// In their order.
        pub refusals: Vec<NumberedRefusal>,
        /// Where to ask on; `null` at the end.
        pub next: Option<u64>,
    }
}

object! {
    /// A reading that was refused. Its content is nowhere. The SCALE encoding is what
    /// `ReadingBatch::refusals` hashes.
    #[derive(Eq, Encode, Decode)]
    pub struct Refused {
        /// The device that it names; perhaps not the one that it is from.
        pub device: H256,
        /// Its sequence number.
        pub sequence: u64,
        /// Why.
        pub reason: Refusal,
        /// When, in seconds since 1970.
        pub at: UnixSeconds,
        /// The credential that handed it over.
        pub by: String,
    }
}

object! {
    /// A refusal with its number.
    #[derive(Eq)]
    pub struct NumberedRefusal {
        /// Its number.
        pub index: u64,
        /// The refusal.
        #[serde(flatten)]
        pub refused: Refused,
    }
}

//! `audit_*`: accountings of disclosures, and AuditEvents in and out.

use crate::{
    Account, Raw,
    disclosures::Disclosure,
    shape::{Named, Shape, choice, method, object},
};
use galen_primitives::{AccountId, H256, audit::disclosure::DisclosureBatch};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;

method! {
    /// Accounts for the disclosures of a patient in a period of whole days, in UTC. The question is written
    /// down before it is answered.
    #[method("audit_accounting", by = [Operator], answer = AccountingAnswer, errors = [Storage])]
    #[serde(deny_unknown_fields)]
    pub struct GetAccounting {
        /// Whose.
        pub patient: Account,
        /// The first day, as 2026-05-04.
        pub from: String,
        /// The last day.
        pub to: String,
        /// In which form; an object unless it is said.
        #[serde(default)]
        pub format: Option<Format>,
    }
}

choice! {
    /// In which form an accounting is given.
    pub enum Format {
        /// An object.
        Json = "json",
        /// A table as one string (RFC 4180).
        Csv = "csv",
        /// A FHIR R4 Bundle of AuditEvents.
        Fhir = "fhir",
    }
}

/// An accounting in the form that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AccountingAnswer {
    /// A table as one string.
    Csv(String),
    /// An object.
    Json(Box<Accounting>),
    /// A Bundle of AuditEvents.
    Fhir(Value),
}

impl Shape for AccountingAnswer {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("AccountingAnswer", |named| {
            json!({
                "description": "An accounting in the form that was asked for.",
                "oneOf": [
                    Accounting::schema(named),
                    { "type": "string", "description": "A table (RFC 4180)." },
                    bundle("A FHIR R4 Bundle of AuditEvents."),
                ],
            })
        })
    }

    fn words() -> String {
        "an object, a table as a string, or a Bundle".into()
    }
}

fn bundle(description: &str) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": { "resourceType": { "const": "Bundle" } },
        "required": ["resourceType"],
    })
}

object! {
    /// An accounting of disclosures.
    #[derive(Eq)]
    pub struct Accounting {
        /// Whose.
        pub patient: AccountId,
        /// The period, as asked for.
        pub period: Period,
        /// The hospital that answers, if the worker knows its account.
        pub hospital: Option<AccountId>,
        /// The number under which this question is in the log itself.
        pub asked: u64,
        /// The finalized block at which the chain was asked for the batches.
        pub at: Option<H256>,
        /// What was disclosed, oldest first.
        pub lines: Vec<Line>,
        /// The batches that cover them.
        pub batches: Vec<Covering>,
        /// Numbers, from and up to before, whose entries were lost: nothing can be said of them.
        pub lost: Vec<(u64, u64)>,
    }
}

object! {
    /// From one day to another, both included, in UTC.
    #[derive(Eq)]
    pub struct Period {
        /// The first day, as 2026-05-04.
        pub from: String,
        /// The last day.
        pub to: String,
    }
}

object! {
    /// One line of an accounting.
    #[derive(Eq)]
    pub struct Line {
        /// The entry's number in the log.
        pub number: u64,
        /// When, in UTC (RFC 3339).
        pub date: String,
        /// Who received.
        pub recipient: Recipient,
        /// What, in words.
        pub description: String,
        /// What for, by HL7 code; empty where it was not said.
        pub purpose: String,
        /// The entry itself.
        pub entry: Disclosure,
        /// The number with which its batch begins, if it is in one.
        pub batch: Option<u64>,
        /// What the chain knows of it.
        pub cover: Cover,
    }
}

object! {
    /// Who received.
    #[derive(Eq)]
    pub struct Recipient {
        /// The credential, or what another system calls the person.
        pub id: String,
        /// A name, where another system says one.
        pub name: Option<String>,
        /// The organisation: this hospital, by its account, unless another system names one.
        pub organisation: Option<String>,
    }
}

choice! {
    /// What the chain knows of an entry.
    pub enum Cover {
        /// Its batch is on the chain, in finalized state.
        Reported = "reported",
        /// It is in no batch yet, or in one that the chain has not taken yet.
        Unreported = "unreported",
        /// The chain has another batch at its number: this log is not the one that was reported.
        Conflicting = "conflicting",
        /// The chain could not be asked.
        Unknown = "unknown",
    }
}

object! {
    /// A batch that covers a line.
    #[derive(Eq)]
    pub struct Covering {
        /// The batch.
        #[serde(flatten)]
        pub batch: DisclosureBatch,
        /// Its head, which the next batch names.
        pub head: H256,
        /// The block of its report, if the chain has it.
        pub block: Option<u32>,
        /// The number of its report in the audit log, if the chain has it.
        pub audit_entry: Option<u64>,
    }
}

method! {
    /// Takes in events of the hospital's other systems: all, or none if one cannot be taken. What is known
    /// already is left out, so that a call whose answer was lost can be made again.
    #[method("audit_import", by = [App, Operator], answer = Imported, errors = [InvalidDocument, Storage])]
    #[serde(deny_unknown_fields)]
    pub struct Import {
        /// A FHIR R4 AuditEvent, an array of them or a Bundle.
        pub events: Raw,
        /// The keys of the patients, by the references that the events have.
        #[serde(default)]
        pub patients: HashMap<String, Account>,
    }
}

object! {
    /// What was taken in.
    #[derive(Eq)]
    pub struct Imported {
        /// The number of the first entry.
        pub first: u64,
        /// How many events are new.
        pub taken: u64,
        /// How many were known already.
        pub known: u64,
    }
}

method! {
    /// Gives entries of the log as AuditEvents, page by page as `disclosures_list` has them. That it was read
    /// is written down too.
    #[method("audit_export", by = [Operator], answer = Exported, errors = [Storage])]
    #[serde(deny_unknown_fields)]
    pub struct Export {
        /// Whose; everybody's if it is left out.
        #[serde(default)]
        pub patient: Option<Account>,
        /// The number of the first to show.
        #[serde(default)]
        pub from: u64,
        /// How many entries to look at; at most 256.
        #[serde(default)]
        pub limit: Option<u64>,
    }
}

object! {
    /// A page of the log as AuditEvents.
    pub struct Exported {
        /// A FHIR R4 Bundle of AuditEvents.
        pub bundle: Value,
        /// Where to ask on; `null` at the end.
        pub next: Option<u64>,
    }
}

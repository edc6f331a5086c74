//! `disclosures_*`: the log of disclosures read and opened.

use crate::{
    Account, Path,
    shape::{Named, Shape, choice, method, object},
};
use codec::{Decode, Encode};
use galen_primitives::{AccountId, H256, UnixSeconds, audit::disclosure::DisclosureBatch, consent::Purpose};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Value, json};

method! {
    /// Lists entries of the log, of one patient or of all, page by page. That it was read is written down
    /// too.
    #[method("disclosures_list", by = [Operator], answer = Page, errors = [Storage])]
    #[serde(deny_unknown_fields)]
    pub struct List {
        /// Whose; everybody's if it is left out.
        #[serde(default)]
        pub patient: Option<Account>,
        /// The number of the first to show.
        #[serde(default)]
        pub from: u64,
        /// How many; at most 256.
        #[serde(default)]
        pub limit: Option<u64>,
    }
}

object! {
    /// A page of the log.
    #[derive(Eq)]
    pub struct Page {
        /// In their order.
        pub entries: Vec<Entry>,
        /// Where to ask on; `null` at the end.
        pub next: Option<u64>,
    }
}

object! {
    /// A disclosure with its number.
    #[derive(Eq)]
    pub struct Entry {
        /// Its number.
        pub index: u64,
        /// The disclosure.
        #[serde(flatten)]
        pub disclosure: Disclosure,
    }
}

choice! {
    /// What was disclosed, or else happened.
    #[derive(Encode, Decode)]
    pub enum What {
        /// A document.
        Document = "document",
        /// A summary.
        Summary = "summary",
        /// Entries of this log.
        Log = "log",
        /// What another system of the hospital says that happened there: see the event.
        Event = "event",
        /// An accounting of a patient's disclosures.
        Accounting = "accounting",
        /// Nothing for a long time: said so that silence is noticed.
        Alive = "alive",
    }
}

object! {
    /// One disclosure. Its canonical JSON (RFC 8785) is what its commitment is over.
    #[derive(Eq, Encode, Decode)]
    pub struct Disclosure {
        /// When, in seconds since 1970.
        pub at: UnixSeconds,
        /// To which credential.
        pub who: String,
        /// What kind of thing.
        pub what: What,
        /// Its commitment, if it has one.
        pub subject: Option<H256>,
        /// The job, of a summary.
        pub job: Option<H256>,
        /// Whom it is about; for the log, whose entries were asked for.
        pub patient: Option<AccountId>,
        /// What for, where it was said.
        pub purpose: Option<Purpose>,
        /// The finalized block whose decision permitted it, of a summary.
        pub block: Option<H256>,
        /// The consent version that permitted it, of a summary.
        pub consent: Option<u32>,
        /// What another system said: a FHIR R4 AuditEvent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub event: Option<Event>,
        /// The access of an emergency on which it rested, of a summary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub access: Option<H256>,
    }
}

impl Disclosure {
    /// One of this kind, at this time, to this credential; the rest is empty.
    pub fn new(at: UnixSeconds, who: &str, what: What) -> Self {
        Disclosure {
            at,
            who: who.to_owned(),
            what,
            subject: None,
            job: None,
            patient: None,
            purpose: None,
            block: None,
            consent: None,
            event: None,
            access: None,
        }
    }
}

/// A FHIR R4 `AuditEvent` in the canonical form of RFC 8785.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Event(pub String);

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value: Value = serde_json::from_str(&self.0).map_err(ser::Error::custom)?;
        value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        serde_json_canonicalizer::to_string(&value).map(Event).map_err(de::Error::custom)
    }
}

impl Shape for Event {
    fn schema(named: &mut Named) -> Value {
        named.refer::<Self>("Event", |_| json!({ "type": "object", "description": "A FHIR R4 AuditEvent." }))
    }

    fn words() -> String {
        "a FHIR AuditEvent".into()
    }
}

method! {
    /// Opens an entry of the log: a file for `galen audit check`. That it was read is written down first.
    #[method("disclosures_open", by = [Operator], answer = Opened, errors = [NotFound, Storage])]
    #[serde(deny_unknown_fields)]
    pub struct Open {
        /// Its number.
        pub index: u64,
    }
}

choice! {
    /// What a file of a disclosure proves.
    pub enum DisclosureKind {
        /// A disclosure.
        Disclosure = "disclosure",
    }
}

object! {
    /// An entry with what shows to anybody that it is in a batch that the chain has.
    #[derive(Eq)]
    pub struct Opened {
        /// What this is.
        pub proof: DisclosureKind,
        /// Its number.
        pub number: u64,
        /// The entry. What is committed to is its canonical JSON (RFC 8785).
        pub entry: Disclosure,
        /// Its salt.
        pub salt: H256,
        /// The batch it is in.
        pub batch: DisclosureBatch,
        /// The hashes beside the way up to the batch's root.
        pub path: Path,
    }
}

//! Thin views over FHIR R4 JSON, for clients, workers and fuzzers.
//!
//! - [`json`]: the bounded reader through which JSON from outside comes;
//! - [`read_consents`], [`read_request`], [`answer`]: `Consent` resources and requests as the decision sees them;
//! - [`terms`]: `Consent` resources to and from the terms that stand on chain;
//! - [`audit_event`]: `AuditEvent` resources, read and written;
//! - [`canonical`]: the bytes of a document that are hashed;
//! - [`reading`]: signed `Observation`s of devices.
//!
//! Resources stay `serde_json::Value`s, because typed models lose extensions. For a decision, references and codes become
//! 32-byte ids by hashing their text, so that the same function decides here and on chain.

pub mod audit_event;
pub mod canonical;
mod codes;
mod consent;
mod decision;
pub mod json;
mod provision;
pub mod reading;
pub mod reference;
mod request;
pub mod terms;
mod time;

pub use codes::{covered, level};
pub use consent::{Consents, read_consents};
pub use decision::answer;
pub use request::{Request, read_request};

use serde_json::Value;

/// What is wrong with a document: where, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The path, as `Consent.provision.type`.
    pub at: String,
    /// What was expected.
    pub expected: &'static str,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: expected {}", self.at, self.expected)
    }
}

impl std::error::Error for Malformed {}

impl Malformed {
    /// The same of a document that is a part of another, at `place` there.
    fn within(self, place: &str) -> Self {
        match place.is_empty() {
            true => self,
            false => Malformed { at: format!("{place}, {}", self.at), ..self },
        }
    }
}

fn malformed(at: impl Into<String>, expected: &'static str) -> Malformed {
    Malformed { at: at.into(), expected }
}

/// The resources of a type in a file that holds one, an array of them, or a Bundle with some among others; each with its
/// place, which is empty where the file is the resource.
fn resources<'a>(
    value: &'a Value,
    kind: &str,
    expected: &'static str,
) -> Result<Vec<(String, &'a Value)>, Malformed> {
    let is = |value: &Value, kind: &str| value.get("resourceType").and_then(Value::as_str) == Some(kind);
    match value {
        Value::Array(items) => {
            Ok(items.iter().enumerate().map(|(i, item)| (format!("[{i}]"), item)).collect())
        }
        Value::Object(_) if is(value, "Bundle") => Ok(list(value.get("entry"))
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let resource = entry.get("resource")?;
                is(resource, kind).then(|| (format!("Bundle.entry[{index}]"), resource))
            })
            .collect()),
        Value::Object(_) => Ok(vec![(String::new(), value)]),
        _ => Err(malformed("the file", expected)),
    }
}

/// A list; what is absent is an empty one, what is no list is a list of one.
fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// Whether an element is there.
fn has(value: &Value, name: &str) -> bool {
    match value.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

/// An object of the members that are there: FHIR knows no empty ones.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect())
}

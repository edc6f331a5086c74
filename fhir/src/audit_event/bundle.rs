//! Several events as one file.

use super::{AuditEvent, parse};
use crate::{Malformed, resources};
use serde_json::{Value, json};

/// What a Bundle of events is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Events that somebody put together.
    Collection,
    /// One page of what a search found.
    SearchSet {
        /// How many were found in all.
        total: u64,
    },
}

/// A Bundle of events, in their order.
///
/// # Errors
/// What [`AuditEvent::check`] finds, with the place of the event.
pub fn bundle<'a>(kind: Kind, events: impl IntoIterator<Item = &'a AuditEvent>) -> Result<Value, Malformed> {
    let write = |(index, event): (usize, &AuditEvent)| {
        let resource = event.to_value().map_err(|why| why.within(&format!("Bundle.entry[{index}]")))?;
        Ok(match kind {
            Kind::Collection => json!({ "resource": resource }),
            Kind::SearchSet { .. } => json!({ "resource": resource, "search": { "mode": "match" } }),
        })
    };
    let entries = events.into_iter().enumerate().map(write).collect::<Result<Vec<Value>, _>>()?;
    let mut bundle = json!({ "resourceType": "Bundle" });
    match kind {
        Kind::Collection => bundle["type"] = json!("collection"),
        Kind::SearchSet { total } => {
            bundle["type"] = json!("searchset");
            bundle["total"] = json!(total);
        }
    }
    // FHIR knows no empty arrays.
    if !entries.is_empty() {
        bundle["entry"] = Value::Array(entries);
    }
    Ok(bundle)
}

/// Reads an `AuditEvent`, an array of them or a Bundle that holds some among other resources.
///
/// # Errors
/// That of the first event that [`parse`] refuses, with its place.
pub fn read_events(value: &Value) -> Result<Vec<AuditEvent>, Malformed> {
    resources(value, "AuditEvent", "an AuditEvent, an array of them or a Bundle")?
        .into_iter()
        .map(|(at, resource)| parse(resource).map_err(|why| why.within(&at)))
        .collect()
}

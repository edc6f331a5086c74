//! An accounting as a FHIR R4 Bundle of `AuditEvent`s.
//!
//! What the chain knows of an event is an extension of it (`urn:galen:disclosure`): its number, the batch
//! that covers it and whether that is reported. Where the chain was asked, and what was lost, are extensions
//! of `Bundle.meta`.

use crate::disclosures::{Entry, events};
use galen_fhir::{
    Malformed,
    audit_event::{BundleKind, bundle},
};
use galen_worker_api::audit::{Accounting, Line};
use serde_json::{Value, json};

/// The Bundle. Entries that only say that there was nothing are left out.
pub fn document(accounting: &Accounting) -> Result<Value, Malformed> {
    let hospital = accounting.hospital.as_ref();
    let event = |line: &Line| {
        let entry = Entry { index: line.number, disclosure: line.entry.clone() };
        events::event(&entry, hospital).map(|event| (event, extension(accounting, line)))
    };
    let (events, extensions): (Vec<_>, Vec<_>) = accounting.lines.iter().filter_map(event).unzip();
    let mut document = bundle(BundleKind::Collection, &events)?;
    let entries = document.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten();
    for (entry, extension) in entries.zip(extensions) {
        entry["resource"]["extension"] = json!([extension]);
    }
    let mut said = Vec::new();
    if let Some(at) = accounting.at {
        said.push(json!({ "url": "urn:galen:block", "valueString": at }));
    }
    for (from, to) in &accounting.lost {
        said.push(json!({ "url": "urn:galen:lost", "valueString": format!("{from} to before {to}") }));
    }
    if !said.is_empty() {
        document["meta"] = json!({ "extension": said });
    }
    Ok(document)
}

fn extension(accounting: &Accounting, line: &Line) -> Value {
    let mut parts = vec![
        json!({ "url": "number", "valueString": line.number.to_string() }),
        json!({ "url": "cover", "valueCode": line.cover }),
    ];
    let batch = accounting.batches.iter().find(|batch| Some(batch.batch.first) == line.batch);
    if let Some(covering) = batch {
        parts.push(json!({ "url": "batch", "valueString": covering.batch.first.to_string() }));
        parts.push(json!({ "url": "head", "valueString": covering.head }));
    }
    json!({ "url": "urn:galen:disclosure", "extension": parts })
}

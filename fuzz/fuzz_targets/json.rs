//! The bounded reader: it reads what serde_json reads, within its bounds, and nothing else.

#![no_main]

use galen_fhir::json::{self, Limits, Numbers, RESOURCES};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const SMALL: Limits = Limits { bytes: 1 << 12, depth: 8, values: 64, numbers: Numbers::Rounded };

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

fuzz_target!(|document: &[u8]| {
    let small = json::read(document, &SMALL);
    if let Ok(value) = &small {
        assert!(document.len() <= SMALL.bytes && depth(value) <= SMALL.depth && count(value) <= SMALL.values);
    }
    let Ok(value) = json::read(document, &RESOURCES) else { return };
    // Wider bounds change nothing of what is read.
    assert!(small.is_err() || small == Ok(value.clone()));
    let text = std::str::from_utf8(document).expect("only UTF-8 is read");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    assert_eq!(serde_json::from_str::<Value>(text).expect("only JSON is read"), value);
    // The canonical form stands for the value, and is its own canonical form.
    let canonical = serde_json_canonicalizer::to_vec(&value).expect("what was read has a canonical form");
    let again = json::read(&canonical, &RESOURCES).expect("the canonical form is read");
    assert_eq!(serde_json_canonicalizer::to_vec(&again).expect("canonical"), canonical);
});

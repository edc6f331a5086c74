//! AuditEvents: what is read is written, and read again as the same.

#![no_main]

use galen_fhir::{
    audit_event::{BundleKind, bundle, parse, read_events},
    json,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    let Ok(value) = json::read(document, &json::RESOURCES) else { return };
    let Ok(events) = read_events(&value) else { return };
    for event in &events {
        let written = event.to_value().expect("what was read follows its pattern");
        assert_eq!(&parse(&written).expect("what was written is read"), event);
        let _ = event.accountable();
    }
    let collection = bundle(BundleKind::Collection, &events).expect("each was written");
    assert_eq!(read_events(&collection).expect("a Bundle is read"), events);
});

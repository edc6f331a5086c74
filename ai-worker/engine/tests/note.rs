//! Notes out of FHIR documents and plain text, and what is wrong with the documents that are none.

use galen_engine::note::{CanonicalError, Note, NoteError, deidentify};
use galen_fhir::json::Fault;
use serde_json::{Value, json};

fn reference(text_base64: &str) -> Value {
    json!({
        "resourceType": "DocumentReference",
        "subject": {"reference": "Patient/1", "display": "Ines Ferreira"},
        "author": [{"reference": "Organization/1", "display": "General Hospital"}],
        "content": [
            {"attachment": {"contentType": "application/pdf", "data": "AAAA"}},
            {"attachment": {"contentType": "text/plain; charset=utf-8", "data": text_base64}},
            {"attachment": {"contentType": "text/plain", "url": "https://example.org/note"}}
        ]
    })
}

fn error(document: &[u8]) -> NoteError {
    Note::from_bytes(document).expect_err("no note")
}

#[test]
fn plain_text_is_a_note() {
    let note = Note::from_bytes("Aspirin 81 mg.\r\n".as_bytes()).expect("a note");
    assert_eq!(note.text(), "Aspirin 81 mg.\r\n");
}

#[test]
fn a_document_reference_holds_base64() {
    // "General pain. Ines" in lines of base64
    let note = Note::from_json(&reference("R2VuZXJhbCBwYWlu\nLiBJbmVz")).expect("a note");
    assert_eq!(note.text(), "General pain. Ines");
    assert_eq!(deidentify(note.text(), note.identity()).text(), "General pain. [NAME]");
}

#[test]
fn a_bundle_joins_composition_and_patient() {
    let bundle = json!({"resourceType": "Bundle", "type": "document", "entry": [
        {"resource": {"resourceType": "Composition", "section": [
            {"title": "Problems", "text": {"div": "<div><ul><li>asthma</li><li>gout &amp; rest</li></ul></div>"}},
            {"title": "Plan", "section": [{"title": "Next", "text": {"div": "<p>Call Ferreira.</p>"}}]}
        ]}},
        {"request": {"method": "DELETE"}},
        {"resource": {"resourceType": "Patient", "id": "1", "name": [{"family": "Ferreira"}]}}
    ]});
    let note = Note::from_json(&bundle).expect("a note");
    let segments = galen_engine::reading::Reading::new(&note).segments;
    let seen: Vec<(String, String)> = segments.iter().map(|s| (s.heading.clone(), s.string())).collect();
    let expected = [("Problems", "asthma"), ("Problems", "gout & rest"), ("Next", "Call [NAME].")];
    assert_eq!(seen, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

#[test]
fn what_is_no_note_says_why() {
    assert!(matches!(error(b"\xff\xfe"), NoteError::Document(CanonicalError::NotUtf8)));
    let fault = |document: &[u8]| match error(document) {
        NoteError::Document(CanonicalError::Json(unread)) => Some(unread.fault),
        _ => None,
    };
    assert_eq!(fault(b"{\"resourceType\": \"Bundle\","), Some(Fault::Malformed));
    assert_eq!(fault(br#"{"a":1,"a":2}"#), Some(Fault::Duplicate));
    assert_eq!(error(b" \n "), NoteError::NoText);
    assert_eq!(error(br#"{"a":1}"#), NoteError::NoResource);
    assert_eq!(error(br#"{"resourceType":"Patient"}"#), NoteError::NoText);
    assert_eq!(error(reference("%%%").to_string().as_bytes()), NoteError::Base64);
    assert_eq!(error(reference("//8=").to_string().as_bytes()), NoteError::AttachmentEncoding);
    let two = json!({"resourceType": "Bundle", "entry": [
        {"resource": {"resourceType": "Patient", "id": "1"}}, {"resource": {"resourceType": "Patient", "id": "2"}}]});
    assert_eq!(error(two.to_string().as_bytes()), NoteError::SeveralPatients);
    assert_eq!(error("a".repeat(1_000_001).as_bytes()), NoteError::TooLong);
}

#[test]
fn nothing_prints_a_note() {
    let note = Note::from_text("secret words").expect("a note");
    assert!(!format!("{note:?}").contains("secret"));
    let errors = [error(b"{\"secret\": secret}"), error(br#"{"resourceType":"secret"}"#)];
    assert!(errors.iter().all(|error| !error.to_string().contains("secret")));
}

//! Notes out of FHIR documents and plain text, and what is wrong with the documents that are none.

use base64::Engine as _;
use galen_engine::note::{CanonicalError, Note, NoteError, Unread, deidentify, format::Format};
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
    assert_eq!(error(b" \n "), NoteError::NoText(vec![]));
    assert_eq!(error(br#"{"a":1}"#), NoteError::NoResource);
    assert_eq!(error(br#"{"resourceType":"Patient"}"#), NoteError::NoText(vec![]));
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

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A DocumentReference of one attachment.
fn attached(kind: Value, bytes: &[u8]) -> Value {
    json!({
        "resourceType": "DocumentReference", "status": "current", "subject": {"reference": "Patient/1"},
        "content": [{"attachment": {"contentType": kind, "data": base64(bytes)}}]
    })
}

fn with(mut resource: Value, name: &str, value: Value) -> Value {
    resource[name] = value;
    resource
}

#[test]
fn withdrawn_documents_are_refused() {
    let document = attached(json!("text/plain"), b"gout");
    let composition = json!({"resourceType": "Composition", "section": [{"text": {"div": "<p>gout</p>"}}]});
    let report = json!({"resourceType": "DiagnosticReport",
        "presentedForm": [{"contentType": "text/plain", "data": base64(b"gout")}]});
    for (resource, field, value) in [
        (&document, "status", "entered-in-error"),
        (&document, "docStatus", "entered-in-error"),
        (&document, "status", "superseded"),
        (&composition, "status", "entered-in-error"),
        (&report, "status", "entered-in-error"),
        (&report, "status", "cancelled"),
    ] {
        let withdrawn = with(resource.clone(), field, json!(value));
        for document in
            [withdrawn.clone(), json!({"resourceType": "Bundle", "entry": [{"resource": withdrawn}]})]
        {
            assert!(matches!(Note::from_json(&document), Err(NoteError::Withdrawn(_))), "{field} {value}");
        }
    }
    for current in ["current", "final", "amended", "preliminary"] {
        assert!(Note::from_json(&with(report.clone(), "status", json!(current))).is_ok());
    }
}

#[test]
fn other_formats_are_refused_by_name_and_what_is_passed_over_is_said() {
    let cda = b"<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><given>Wilma</given></ClinicalDocument>";
    for (bytes, format) in [
        (&cda[..], Format::Cda),
        (b"{\\rtf1 gout}", Format::Rtf),
        (b"MSH|^~\\&|EHR", Format::Hl7v2),
        (b"\x1f\x8b\x08", Format::Gzip),
        (b"<!DOCTYPE html><html><p>gout</p></html>", Format::Html),
        (b"%PDF-1.4", Format::Pdf),
    ] {
        assert_eq!(error(bytes), NoteError::Format(format));
        let message = error(bytes).to_string();
        assert!(message.contains(format.advice().0) && !message.contains("Wilma"), "{message}");
        // The same behind a type that says text.
        let lies = Note::from_json(&attached(json!("text/plain"), bytes)).map(|_| ()).unwrap_err();
        assert_eq!(lies, NoteError::NoText(vec![Unread::Attachment(format)]));
    }
    let unknown =
        Note::from_json(&attached(json!("ASCII Text"), b"gout")).map(|_| ()).unwrap_err().to_string();
    assert!(unknown.contains("text/plain") && unknown.contains("not read: binary data"), "{unknown}");
    let both = json!({"resourceType": "DocumentReference", "content": [
        {"attachment": {"contentType": "application/pdf", "data": "AAAA"}},
        {"attachment": {"contentType": "text/plain", "data": base64(b"gout")}},
        {"attachment": {"url": "https://example.org/note"}},
        {"attachment": {"contentType": "text/plain", "data": ""}},
        {"attachment": {"contentType": "text/html", "data": base64(b"<p>asthma <del>gout</del></p>")}}
    ]});
    let note = Note::from_json(&both).unwrap();
    assert_eq!(
        note.unread(),
        [Unread::Attachment(Format::Pdf), Unread::Link, Unread::Empty, Unread::StruckOut]
    );
    assert!(note.text().contains("gout") && note.text().contains("asthma"));
}

#[test]
fn character_sets_are_read_or_refused() {
    let latin =
        Note::from_json(&attached(json!("text/plain; charset=ISO-8859-1"), b"Pr\xe9sente une goutte"))
            .unwrap();
    assert_eq!(latin.text(), "Présente une goutte");
    let error =
        |kind: &str, bytes: &[u8]| Note::from_json(&attached(json!(kind), bytes)).map(|_| ()).unwrap_err();
    assert_eq!(error("text/plain", b"Pr\xe9sente"), NoteError::AttachmentEncoding);
    assert_eq!(error("text/plain; charset=utf-16", b"gout"), NoteError::Charset);
    assert_eq!(error("text/plain", base64(b"# Problems\n- gout").as_bytes()), NoteError::TwiceEncoded);
    assert!(
        Note::from_json(&attached(json!("text/plain"), b"GOUTGOUTGOUTGOUT")).is_ok(),
        "a word is no base64 of text"
    );
}

#[test]
fn every_line_end_ends_a_line() {
    let expected = Note::from_text("- gout\n- asthma\n\nPlan").unwrap();
    let segments = |text: &str| -> Vec<String> {
        let note = Note::from_text(text).unwrap();
        assert_eq!(
            note.text().chars().count(),
            text.trim_start_matches('\u{feff}').chars().count(),
            "offsets stay"
        );
        galen_engine::reading::Reading::new(&note).segments.iter().map(|segment| segment.string()).collect()
    };
    let lines = segments(expected.text());
    assert_eq!(lines, ["gout", "asthma", "Plan"]);
    for end in ["\r\n", "\r", "\u{c}", "\u{b}", "\u{85}", "\u{2028}", "\u{2029}"] {
        assert_eq!(segments(&expected.text().replace('\n', end)), lines, "{end:?}");
    }
    assert_eq!(segments(&format!("\u{feff}{}", expected.text())), lines);
}

#[test]
fn a_document_of_several_patients_is_refused() {
    let note = |subject: Value| with(attached(json!("text/plain"), b"gout"), "subject", subject);
    let bundle = |entries: Value| json!({"resourceType": "Bundle", "entry": entries});
    let several =
        |document: &Value| Note::from_json(document).map(|_| ()).err() == Some(NoteError::SeveralPatients);
    let to = |reference: &str| json!({"reference": reference});
    let patient = |id: &str| json!({"resourceType": "Patient", "id": id});
    let nameless = json!({"resourceType": "Patient"});
    let urn = "urn:uuid:5f0b3c1e-52b1-4f29-9a63-b2f7c5d1a001";
    let contained = with(note(to("Patient/a")), "contained", json!([patient("p")]));
    for mixed in [
        bundle(json!([{"resource": note(to("Patient/a"))}, {"resource": note(to("Patient/b"))}])),
        bundle(json!([{"resource": nameless}, {"resource": nameless}, {"resource": note(json!(null))}])),
        bundle(json!([{"resource": patient("a")}, {"resource": note(to("Patient/b"))}])),
        bundle(json!([{"fullUrl": urn, "resource": patient("a")}, {"resource": note(to("urn:uuid:other"))}])),
        bundle(
            json!([{"resource": patient("a")}, {"resource": note(json!({"identifier": {"system": "s", "value": "2"}}))}]),
        ),
        bundle(
            json!([{"resource": note(to("https://x.example/Patient/a"))}, {"resource": note(to("https://y.example/Patient/a"))}]),
        ),
        bundle(
            json!([{"resource": note(to("Patient/a"))}, {"resource": {"resourceType": "Condition", "subject": to("Patient/b")}}]),
        ),
        contained.clone(),
    ] {
        assert!(several(&mixed), "{mixed:#}");
    }
    let numbered = with(patient("a"), "identifier", json!([{"system": "s", "value": "2"}]));
    for one in [
        bundle(
            json!([{"resource": patient("a")}, {"resource": patient("a")}, {"resource": note(to("Patient/a/_history/2"))}]),
        ),
        bundle(
            json!([{"fullUrl": urn, "resource": patient("a")}, {"resource": note(to(urn))}, {"resource": note(to("Patient/a"))}]),
        ),
        bundle(
            json!([{"resource": patient("a")}, {"resource": note(to("https://x.example/fhir/Patient/a"))}]),
        ),
        bundle(
            json!([{"resource": numbered}, {"resource": note(json!({"identifier": {"system": "s", "value": "2"}}))}]),
        ),
        bundle(json!([{"fullUrl": urn, "resource": nameless}, {"resource": note(to(urn))}])),
        with(contained.clone(), "subject", to("#p")),
        with(contained, "context", json!({"sourcePatientInfo": to("#p")})),
        with(note(to("Patient/a")), "context", json!({"sourcePatientInfo": to("Patient/b")})),
        with(note(to("Patient/a")), "author", json!([to("Practitioner/d")])),
    ] {
        assert!(!several(&one), "{one:#}");
    }
}

#[test]
fn the_patients_name_is_known_from_any_reference() {
    let display = "Vera Brandt";
    let text = b"Brandt came with gout. Vera wants advice.";
    let forms = [
        json!({"reference": "Patient/v", "display": display}),
        json!({"reference": "urn:uuid:5f0b3c1e-52b1-4f29-9a63-b2f7c5d1a001", "display": display}),
        json!({"reference": "https://ehr.example/fhir/Patient/v", "display": display}),
        json!({"identifier": {"system": "urn:mrn", "value": "4471"}, "display": display}),
        json!({"reference": "#p", "display": display}),
    ];
    let mut documents: Vec<Value> =
        forms.iter().map(|form| with(attached(json!("text/plain"), text), "subject", form.clone())).collect();
    documents.push(json!({"resourceType": "Composition", "subject": forms[1],
        "section": [{"text": {"div": "<p>Brandt came with gout. Vera wants advice.</p>"}}]}));
    documents.push(with(
        with(attached(json!("text/plain"), text), "subject", json!(null)),
        "context",
        json!({"sourcePatientInfo": forms[0]}),
    ));
    for document in documents {
        let note = Note::from_json(&document).unwrap();
        let redacted = deidentify(note.text(), note.identity());
        assert_eq!(redacted.removed, 2, "{document:#}: {}", redacted.text());
    }
    // What is no person's name stays.
    let device = json!({"reference": "Device/1", "display": "Gout Advice"});
    let note = Note::from_json(&with(attached(json!("text/plain"), text), "subject", device)).unwrap();
    assert_eq!(deidentify(note.text(), note.identity()).removed, 0);
}

//! Measuring, on a folder of the test's own.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use galen_engine::evaluate::truth::{self, TruthError};
use galen_engine::evaluate::{EvaluateError, Options, run};
use galen_engine::{Engine, EngineSettings};
use serde_json::{Value, json};

fn note(patient: &str, text: &str) -> Value {
    let data = base64::engine::general_purpose::STANDARD.encode(text);
    json!({
        "resourceType": "DocumentReference", "subject": {"reference": patient},
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}]
    })
}

fn write(folder: &Path, name: &str, content: &str) {
    std::fs::write(folder.join(name), content).expect("written");
}

const FIRST: &str = "# Medications\nAspirin  81 MG\nOral Tablet\n# History of Present Illness\nPatient has a history of gout (disorder), anemia (disorder).\n";
const SECOND: &str =
    "ALLERGIES\nlatex\nPLAN\nThe following procedures were conducted:\n- spirometry (procedure)\n";

/// Two patients, one in NDJSON and one in a Bundle.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = [
        note("Patient/a", FIRST),
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/a"}, "code": {"text": "Gout (disorder)"}}),
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/b"}, "code": {"text": "anemia (disorder)"}}),
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/a"}, "code": {"text": "asthma"}}),
        json!({"resourceType": "MedicationRequest", "subject": {"reference": "Patient/a"},
               "medicationCodeableConcept": {"coding": [{"display": "aspirin 81 MG oral tablet"}]}}),
        json!({"resourceType": "DocumentReference", "subject": {"reference": "Patient/a"},
               "content": [{"attachment": {"contentType": "application/pdf", "data": "AAAA"}}]}),
    ];
    write(folder.path(), "all.ndjson", &lines.map(|line| line.to_string()).join("\n\n"));
    let bundle = json!({"resourceType": "Bundle", "entry": [
        {"fullUrl": "urn:uuid:c", "resource": {"resourceType": "Patient", "id": "c", "name": [{"family": "Latex"}]}},
        {"resource": note("urn:uuid:c", SECOND)},
        {"resource": {"resourceType": "Medication", "id": "m", "code": {"text": "spirometry"}}},
        {"resource": {"resourceType": "MedicationRequest", "subject": {"reference": "urn:uuid:c"},
                      "medicationReference": {"reference": "urn:uuid:m"}}},
        {"resource": {"resourceType": "Procedure", "subject": {"reference": "Patient/c"}, "code": {"text": "Spirometry (procedure)"}}},
        {"resource": {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/c"}, "code": {"text": "Latex"}}}
    ]});
    write(folder.path(), "bundle.json", &bundle.to_string());
    write(folder.path(), "readme.txt", "not read");
    folder
}

#[test]
fn the_truth_is_what_the_patients_resources_say_and_the_note_holds() {
    let cases = truth::read(folder().path()).expect("readable");
    let truths: Vec<Vec<Vec<&str>>> = cases
        .iter()
        .map(|case| case.truth.iter().map(|names| names.iter().map(String::as_str).collect()).collect())
        .collect();
    assert_eq!(truths[0], [vec!["gout (disorder)"], vec!["aspirin 81 mg oral tablet"], vec![], vec![]]);
    assert_eq!(truths[1], [vec![], vec!["spirometry"], vec!["spirometry (procedure)"], vec!["latex"]]);
    assert_eq!(cases.len(), 2);
}

#[test]
fn what_is_malformed_says_where() {
    let error = |name: &str, content: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), name, content);
        truth::read(folder.path()).err().expect("refused")
    };
    assert!(matches!(
        error("x.ndjson", "{\"resourceType\":\"Patient\"}\n\n{\"secret\": "),
        TruthError::Json(_, 3)
    ));
    assert!(matches!(error("x.json", "{\n\"secret\"\n}"), TruthError::Json(_, 3)));
    let mut broken = note("Patient/a", "x");
    broken["content"][0]["attachment"]["data"] = "*secret*".into();
    let error_of = error("x.ndjson", &broken.to_string());
    assert!(matches!(error_of, TruthError::Note(_, 1, _)) && !error_of.to_string().contains("secret"));
    assert!(matches!(error("x.txt", "no FHIR here"), TruthError::Empty(_)));
    assert!(matches!(truth::read(Path::new("/nonexistent")), Err(TruthError::File(..))));
}

#[test]
fn the_report_has_the_promised_shape() {
    let model = std::env::var_os("GALEN_TEST_MODEL").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/galen-extract-v1.gguf"),
        PathBuf::from,
    );
    let engine = Engine::load(EngineSettings { model, threads: 1, context: 2048 }).expect("the model loads");
    let folder = folder();
    let errors = folder.path().join("errors.jsonl");
    let options = Options { errors: Some(errors.clone()), ..Options::default() };
    let report = run(folder.path(), &engine, &options).expect("measured");
    let line = report.json();
    assert!(!line.contains('\n'));
    assert!(line.starts_with(r#"{"grounded":{"micro":{"precision":"#), "{line}");
    let value: Value = serde_json::from_str(&line).expect("JSON");
    for way in ["grounded", "model", "rules"] {
        for rates in [&value[way]["micro"], &value[way]["macro"]] {
            assert!(["precision", "recall", "f1"].iter().all(|rate| rates[rate].is_f64()), "{rates}");
        }
        for field in ["problems", "medications", "procedures", "allergies"] {
            assert!(value[way]["fields"][field]["f1"].is_number());
        }
        assert!(value[way]["unsupported"].is_u64());
    }
    assert_eq!(value["grounded"]["unsupported"], 0);
    // Twice the same, and the errors are lines of JSON.
    assert_eq!(run(folder.path(), &engine, &Options::default()).expect("measured"), report);
    for line in std::fs::read_to_string(errors).expect("written").lines() {
        assert!(serde_json::from_str::<Value>(line).expect("JSON")["count"].is_u64());
    }
    let unwritable = Options { errors: Some("/nonexistent/errors".into()), ..Options::default() };
    assert!(matches!(run(folder.path(), &engine, &unwritable), Err(EvaluateError::Errors(_))));
}

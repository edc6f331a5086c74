//! HIPAA's Safe Harbor, class by class, and what must survive it.

use galen_engine::note::{Identity, Note, deidentify};
use proptest::prelude::*;
use serde_json::json;

/// An identity as a Patient resource gives it.
fn identity() -> Identity {
    let mut identity = Identity::default();
    identity.add(&json!({
        "resourceType": "Patient",
        "name": [{"family": "Okonjo-Reyes", "given": ["Marta", "L"]}, {"text": "Marty Young"}],
        "birthDate": "1961-04-02",
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "ZX-4471"}],
        "telecom": [{"system": "phone", "value": "0171 554433"}, {"system": "email", "value": "marta@example.org"}],
        "address": [{"line": ["7 Quince Row"], "city": "Reading", "postalCode": "RG1 4QX", "state": "Berks"}],
        "contact": [{"name": {"given": ["Tobias"], "family": "Reyes"}}]
    }));
    identity
}

fn clean(text: &str) -> String {
    deidentify(text, &identity()).text()
}

/// Rows: class, text, and what must be gone from it. Recall per class is asserted to be all of its rows.
const ROWS: &[(&str, &str, &[&str])] = &[
    ("1 names", "MARTA okonjo-reyes came with Tobias.", &["MARTA", "okonjo", "Tobias"]),
    ("1 names", "Seen by Dr. Amara Lindqvist and Ms Petrov.", &["Amara", "Lindqvist", "Petrov"]),
    ("1 names", "Patient name: John Q. Public\nMr. O'Brien agreed.", &["John", "Public", "O'Brien"]),
    ("1 names", "Patient: Jane Doe was seen, her daughter Mia helps.", &["Jane", "Doe", "Mia"]),
    (
        "2 places",
        "Lives in Springfield. Zip code: 02139. From Reading.",
        &["Springfield", "02139", "Reading"],
    ),
    ("2 places", "Home at 319 Hahn Road, Haysville, KS 67216.", &["319", "Hahn", "Haysville", "67216"]),
    ("2 places", "12 Elm St., Apt 4; P.O. Box 991; 7 quince row", &["Elm", "991", "quince"]),
    (
        "3 dates",
        "On 2018-05-16T14:45:24.907-04:00, 5/16/2018, 16.05.2018 and 05-16-18.",
        &["05-16", "5/16", "16.05"],
    ),
    (
        "3 dates",
        "May 16, 2018; 16 May 2018; Sept 3rd; 3rd of october; March 2019.",
        &["16", "3rd", "May", "March", "october"],
    ),
    ("3 dates", "Born 1961-04-02, since 4/12, last 7/2021.", &["1961-04-02", "4/12", "7/2021"]),
    ("3 ages over 89", "A 91 year-old; aged 97; 102 y/o; 93-year-old.", &["91", "97", "102", "93"]),
    (
        "4 telephone",
        "Call 555-478-8993, (555) 478-8993, +44 20 7946 0958 or tel. 478 8993.",
        &["8993", "0958"],
    ),
    ("4 telephone", "0171 554433 is the number.", &["554433"]),
    ("5 fax", "Fax: 555 478 8993.", &["8993"]),
    ("6 email", "Write to m.okonjo+x@mail.example.co.uk.", &["okonjo", "example"]),
    ("7 social security", "999-26-9282; SSN: 999 26 9282; social security number 999269282", &["9282"]),
    (
        "8 medical record",
        "MRN: 00482913, medical record no. A-77120, zx-4471",
        &["00482913", "77120", "4471"],
    ),
    ("9 health plan", "Member ID: XEA123456789; policy number 88-1234-5", &["123456789", "88-1234"]),
    ("10 account", "Account # 4400912837; acct. 7781233", &["4400912837", "7781233"]),
    (
        "11 certificate, licence",
        "License no. D123-4567, DEA# BL1234563, NPI 1234567893",
        &["4567", "1234563", "1234567893"],
    ),
    ("12 vehicle", "VIN 1HGCM82633A004352; license plate: KBC 4471", &["1HGCM", "4471"]),
    (
        "13 device",
        "Serial number SN-20391-B; UDI (01)00844588003288(17)141120(21)X99",
        &["20391", "00844588003288", "X99"],
    ),
    ("14 URL", "See https://portal.example.org/p?id=9 and www.example.com/x.", &["portal", "www"]),
    ("15 IP address", "From 192.168.10.44 and 2001:db8::8a2e:370:7334.", &["192", "2001"]),
    ("16 biometric", "Fingerprint ID: FP-889102; voiceprint 4471123", &["889102", "4471123"]),
    ("17 photograph", "Photo in face_front.jpg, data:image/png;base64,AAAA", &["face_front", "AAAA"]),
    (
        "18 any other",
        "Case number: C-102938; specimen ID S19-4482; 3af3708d-41f1-cd80-f3dd-ec5ac76072bf; urn:oid:2.16.840.1",
        &["102938", "4482", "3af3708d", "840"],
    ),
];

#[test]
fn each_class_of_safe_harbor_is_removed() {
    let mut missed = Vec::new();
    for (class, text, gone) in ROWS {
        let text = clean(text);
        missed.extend(
            gone.iter().filter(|part| text.contains(*part)).map(|part| format!("{class}: {part} in {text}")),
        );
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn facts_survive() {
    for text in [
        "metformin hydrochloride 500 mg oral tablet; 24 hr nifedipine 30 mg; lisinopril 10 mg",
        "insulin isophane, human 70 unt/ml / insulin, regular, human 30 unt/ml injectable suspension [humulin]",
        "nuvaring 0.12/0.015 mg per 24hr 21 day vaginal system",
        "BP 120/80 mmHg, HR 72, temp 36.6, RR 14, SpO2 98 %, Hb 13.2 g/dl, 10,000 units",
        "aspirin 81 mg, may 5 mg be enough? She may 2 times a day.",
        "chronic kidney disease stage 3 (disorder); type 2 diabetes; T10-T12 fracture; L4/L5",
        "a 62 year-old nonhispanic white female; 89 year-old; diagnosed in 2014",
        "pain 4/10, vision 20/40, ratio 1:2.5, 1.2.3 and 2-3 times, INR 2.0-3.0, PHQ-9 12",
        "Mother: Hypertension, MI, MS. Patient denies Chest Pain. young man, will walk; reading glasses",
        "MS Contin 15 mg; Percocet 5-325 mg; vitamin b12 1000 mcg; account of the fall; device in place",
        "Plan: return in two weeks. Group therapy. Order x-ray of 2 views. Lot of pain, 95% on room air",
        "[NAME] was seen",
    ] {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn a_name_that_is_a_word_needs_a_capital() {
    assert_eq!(clean("Young said the young man may go."), "[NAME] said the young man may go.");
}

#[test]
fn neighbours_become_one() {
    let redacted = deidentify("Marta Okonjo-Reyes\n is 91 years old.", &identity());
    assert_eq!(redacted.text(), "[NAME]\n is [AGE] years old.");
    assert_eq!(redacted.removed, 2);
}

#[test]
fn images_are_no_text() {
    let image = json!({"resourceType": "DocumentReference", "content": [{"attachment": {"contentType": "image/jpeg", "data": "aGVsbG8="}}]});
    assert!(Note::from_json(&image).is_err());
}

/// Every coded fact that a note states is still there afterwards; on the FHIR resources that
/// `GALEN_TEST_FHIR` names.
#[test]
fn coded_facts_survive() {
    let Some(folder) = std::env::var_os("GALEN_TEST_FHIR") else {
        eprintln!("skipped: GALEN_TEST_FHIR names no folder of FHIR resources");
        return;
    };
    let cases = galen_engine::evaluate::truth::read(std::path::Path::new(&folder)).expect("readable");
    let mut lost = std::collections::BTreeSet::new();
    for case in &cases {
        let text =
            galen_engine::evaluate::truth::fold(&deidentify(case.note.text(), case.note.identity()).text());
        lost.extend(case.truth.iter().flatten().filter(|fact| !text.contains(fact.as_str())).cloned());
    }
    assert!(lost.is_empty(), "{} facts lost", lost.len());
}

proptest! {
    #[test]
    fn offsets_map_back(text in prop_oneof![
        "[a-zA-Z0-9 ./,:@()\\-\n]{0,200}",
        "(Marta|Dr\\. Xu|2018-05-16|555-478-8993|aspirin 5 mg|é|\n| |[A-Z]{1,3}){0,40}",
        any::<String>(),
    ]) {
        let original: Vec<char> = text.chars().collect();
        let redacted = deidentify(&text, &identity());
        let mut reached = 0u32;
        for c in &redacted.chars {
            prop_assert!(c.start < c.end && c.end as usize <= original.len());
            // Nothing is passed over: what is not kept is covered by a placeholder.
            prop_assert!(c.start <= reached && c.end >= reached);
            reached = reached.max(c.end);
            if c.end == c.start + 1 && c.ch == original[c.start as usize] {
                continue;
            }
            prop_assert!(c.ch.is_ascii_uppercase() || "[]".contains(c.ch));
        }
        prop_assert_eq!(reached as usize, original.len());
        prop_assert_eq!(redacted.text() == text, redacted.removed == 0);
    }
}

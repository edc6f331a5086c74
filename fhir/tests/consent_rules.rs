//! The rules one by one, on consents as hospitals' software writes them.

use galen_fhir::{answer, read_consents, read_request};
use serde_json::{Value, json};

const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

fn consent(provision: Value) -> Value {
    json!({
        "resourceType": "Consent",
        "id": "c1",
        "status": "active",
        "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
        "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
        "patient": { "reference": "Patient/p" },
        "organization": [{ "reference": "Organization/a" }],
        "policy": [{ "uri": "urn:ihe:iti:ppc:2021:policy:basic-normal" }],
        "provision": provision,
    })
}

fn request() -> Value {
    json!({
        "patientId": ["Patient/p"],
        "actor": ["Practitioner/d", "Organization/b"],
        "purposeOfUse": "TREAT",
        "date": "2026-05-04T10:00:00Z",
    })
}

fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[name] = new;
    value
}

fn ask(consents: &Value, request: &Value) -> Value {
    let consents = read_consents(consents).unwrap();
    answer(&consents.decide(&read_request(request).unwrap().view()), &consents)
}

fn decision(consents: &Value, request: &Value) -> String {
    ask(consents, request)["decision"].as_str().unwrap().to_owned()
}

fn permits(provision: Value, request: &Value) -> bool {
    decision(&consent(provision), request) == "CONSENT_PERMIT"
}

fn denies(provision: Value, request: &Value) -> bool {
    decision(&consent(provision), request) == "CONSENT_DENY"
}

#[test]
fn the_answer_names_the_consent_the_part_the_reason_and_the_obligations() {
    let given = consent(json!({
        "type": "permit",
        "period": { "start": "2026-01-01", "end": "2026-12-31" },
        "purpose": [{ "system": ACT, "code": "BTG" }, { "system": ACT, "code": "TREAT" }],
    }));
    let asked = with(request(), "/purposeOfUse", json!("BTG"));
    assert_eq!(
        ask(&given, &asked),
        json!({
            "decision": "CONSENT_PERMIT",
            "reason": "rootProvision",
            "basis": { "consent": "Consent/c1", "part": "provision", "policy": "urn:ihe:iti:ppc:2021:policy:basic-normal" },
            "obligations": ["break-glass-review", "stop-at 2026-12-31T23:59:59Z"],
        })
    );
    let nothing = ask(&json!([]), &request());
    assert_eq!(
        nothing,
        json!({ "decision": "NO_CONSENT", "reason": "noConsents", "basis": null, "obligations": [] })
    );
}

#[test]
fn one_consent_an_array_and_a_bundle_are_read() {
    let one = consent(json!({ "type": "permit" }));
    let bundle = json!({
        "resourceType": "Bundle",
        "entry": [{ "resource": { "resourceType": "Patient", "id": "p" } }, { "resource": one.clone() }],
    });
    for consents in [one.clone(), json!([one]), bundle] {
        assert_eq!(decision(&consents, &request()), "CONSENT_PERMIT");
    }
    for wrong in [
        json!("Consent"),
        json!({ "resourceType": "Patient" }),
        json!([{ "resourceType": "Patient" }]),
        json!(7),
    ] {
        read_consents(&wrong).unwrap_err();
    }
}

#[test]
fn what_does_not_count_says_nothing() {
    let given = consent(json!({ "type": "deny" }));
    assert_eq!(decision(&given, &request()), "CONSENT_DENY");
    for status in ["draft", "proposed", "rejected", "inactive", "entered-in-error"] {
        assert_eq!(ask(&with(given.clone(), "/status", json!(status)), &request())["reason"], "notActive");
    }
    let research = json!({ "coding": [{ "code": "research" }] });
    assert_eq!(ask(&with(given.clone(), "/scope", research), &request())["reason"], "otherScope");
    assert_eq!(ask(&given, &with(request(), "/patientId", json!(["Patient/q"])))["reason"], "otherPatient");
    assert_eq!(
        ask(&given, &with(request(), "/custodian", json!("Organization/z")))["reason"],
        "otherCustodian"
    );
    let past = consent(json!({ "type": "deny", "period": { "end": "2025" } }));
    assert_eq!(ask(&past, &request())["reason"], "outsidePeriod");
    let mut empty = given;
    empty.as_object_mut().unwrap().remove("provision");
    assert_eq!(ask(&empty, &request())["reason"], "noProvision");
}

#[test]
fn periods_are_closed_and_dates_are_whole_days_in_utc() {
    let until = |end: &str| json!({ "type": "permit", "period": { "end": end } });
    let from = |start: &str| json!({ "type": "permit", "period": { "start": start } });
    let at = |date: &str| with(request(), "/date", json!(date));
    assert!(permits(until("2026-05-04"), &at("2026-05-04T23:59:59Z")));
    assert!(!permits(until("2026-05-04"), &at("2026-05-05T00:00:00Z")));
    assert!(permits(until("2026-05-04T10:00:00Z"), &request()));
    assert!(!permits(until("2026-05-04T09:59:59Z"), &request()));
    // A zone is taken into account.
    assert!(permits(until("2026-05-04"), &at("2026-05-05T01:30:00+02:00")));
    assert!(!permits(until("2026-05-04"), &at("2026-05-04T23:30:00-02:00")));
    // A partial date is its whole span, and inside only if wholly inside.
    assert!(permits(from("2026-05"), &at("2026-05")));
    assert!(!permits(from("2026-05-02"), &at("2026-05")));
    assert!(permits(until("2024-02"), &at("2024-02-29")));
    assert!(permits(from("1931-04-12"), &at("1931-04-12T00:00:00Z")), "before 1970");
    // No such day: the period is not understood, so nothing permits, and a denial stands.
    assert!(!permits(until("2026-02-29"), &request()));
    assert!(denies(json!({ "type": "deny", "period": { "end": "2025-02-29" } }), &request()));
    for wrong in ["2026-13", "26-05-04", "2026-05-04T10:00:00", "yesterday", "2026-5-4", "+026", ""] {
        assert!(read_request(&at(wrong)).is_err(), "{wrong}");
    }
}

#[test]
fn what_a_request_does_not_say_stops_a_permit_and_not_a_denial() {
    let elements = [
        ("dataPeriod", json!({ "start": "2020" })),
        ("data", json!([{ "meaning": "instance", "reference": { "reference": "DocumentReference/x" } }])),
        ("data", json!([{ "meaning": "related", "reference": { "reference": "Encounter/e" } }])),
        ("data", json!([{ "meaning": "authoredby", "reference": { "reference": "Practitioner/d" } }])),
    ];
    for (name, element) in elements {
        for asked in [request(), with(request(), "/record", json!({}))] {
            assert!(!permits(json!({ "type": "permit", name: element }), &asked), "{name}");
            assert!(denies(json!({ "type": "deny", name: element }), &asked), "{name}");
        }
    }
    let labels = json!([{ "system": CONFIDENTIALITY, "code": "R" }]);
    assert!(!permits(json!({ "type": "permit", "securityLabel": labels }), &request()));
    assert!(denies(json!({ "type": "deny", "securityLabel": labels }), &request()));
    // A record that is given and says no confidentiality is N for both.
    let plain = with(request(), "/record", json!({}));
    assert!(permits(json!({ "type": "permit", "securityLabel": labels }), &plain));
    assert!(!denies(json!({ "type": "deny", "securityLabel": labels }), &plain));
    let nobody = with(request(), "/actor", json!([]));
    let actors = json!([{ "reference": { "reference": "Organization/b" } }]);
    assert!(!permits(json!({ "type": "permit", "actor": actors }), &nobody));
    assert!(denies(json!({ "type": "deny", "actor": actors }), &nobody));
}

#[test]
fn labels_cover_up_to_a_level_and_hit_from_a_level_on() {
    let coded = |codes: &[&str]| -> Value { codes.iter().map(|code| json!({ "code": code })).collect() };
    let permit = |codes: &[&str]| json!({ "type": "permit", "securityLabel": coded(codes) });
    let deny = |codes: &[&str]| json!({ "type": "deny", "securityLabel": coded(codes) });
    let record = |labels: &[&str]| with(request(), "/record", json!({ "securityLabel": labels }));
    assert!(permits(permit(&["R"]), &record(&["N"])));
    assert!(permits(permit(&["L", "R"]), &record(&["R"])));
    assert!(!permits(permit(&["R"]), &record(&["V"])));
    assert!(permits(permit(&["PSY"]), &record(&["PSY"])), "no level listed is N");
    assert!(!permits(permit(&["PSY"]), &record(&["R", "PSY"])));
    assert!(!permits(permit(&["N"]), &record(&["N", "HIV"])));
    assert!(permits(permit(&["ETH"]), &record(&["OPIOIDUD", "ETHUD"])));
    assert!(!permits(permit(&["ETHUD"]), &record(&["ETH"])));
    assert!(
        !permits(permit(&["V", "PSY", "HIV"]), &record(&["ODD"])),
        "an unknown label is covered by nothing"
    );
    assert!(permits(json!({ "type": "permit" }), &record(&["V", "ODD"])), "no labels cover everything");
    assert!(denies(deny(&["R"]), &record(&["V"])));
    assert!(!denies(deny(&["R"]), &record(&["N"])));
    assert!(denies(deny(&["V", "ETH"]), &record(&["L", "OPIOIDUD"])));
    assert!(!denies(deny(&["V", "ETHUD"]), &record(&["L", "ETH"])));
}

#[test]
fn exceptions_are_judged_by_their_own_elements_and_outweigh_the_root() {
    let research = json!([{ "code": "HRESCH" }]);
    let root = json!({
        "type": "permit",
        "purpose": [{ "code": "TREAT" }],
        "provision": [{ "type": "deny", "actor": [{ "reference": { "reference": "Organization/b" } }] }, { "type": "permit", "purpose": research }],
    });
    assert!(denies(root.clone(), &request()));
    let other = with(request(), "/actor", json!(["Organization/c"]));
    assert!(permits(root.clone(), &other));
    let answer = ask(&consent(root.clone()), &with(other, "/purposeOfUse", json!("HRESCH")));
    assert_eq!(
        (&answer["decision"], &answer["basis"]["part"]),
        (&json!("CONSENT_PERMIT"), &json!("provision.provision[1]"))
    );
    // Both match: the denial counts, in whichever order.
    assert!(denies(root, &with(request(), "/purposeOfUse", json!("HRESCH"))));
    // A root that denies, and an exception that permits.
    assert!(permits(json!({ "type": "deny", "provision": [{ "type": "permit" }] }), &request()));
    // The root's period still bounds them.
    let bounded = json!({ "type": "deny", "period": { "end": "2025" }, "provision": [{ "type": "permit" }] });
    assert_eq!(ask(&consent(bounded), &request())["reason"], "outsidePeriod");
}

#[test]
fn a_denial_of_any_consent_outweighs_every_permit() {
    let permit = consent(json!({ "type": "permit" }));
    let deny = with(consent(json!({ "type": "deny", "purpose": [{ "code": "TREAT" }] })), "/id", json!("c2"));
    for both in [json!([permit, deny]), json!([deny, permit])] {
        let answer = ask(&both, &request());
        assert_eq!(
            (&answer["decision"], &answer["basis"]["consent"]),
            (&json!("CONSENT_DENY"), &json!("Consent/c2"))
        );
    }
}

#[test]
fn what_is_not_understood_never_permits_and_never_stops_a_denial() {
    let beyond = [
        ("class", json!([{ "code": "DocumentReference" }])),
        ("code", json!([{ "coding": [{ "code": "1234-5" }] }])),
        ("action", json!([{ "coding": [{ "code": "access" }] }])),
        ("modifierExtension", json!([{ "url": "urn:x", "valueBoolean": true }])),
        ("purpose", json!([{ "code": "TREAT" }, { "code": "FORTUNETELLING" }])),
        ("purpose", json!([{ "system": "urn:other", "code": "TREAT" }])),
        ("securityLabel", json!([{ "code": "XYZ" }])),
        ("data", json!([{ "meaning": "dependents", "reference": { "reference": "Encounter/e" } }])),
        (
            "actor",
            json!([{ "role": { "coding": [{ "code": "CST" }] }, "reference": { "reference": "Organization/b" } }]),
        ),
        ("actor", json!([{ "reference": { "display": "somebody" } }])),
        ("period", json!("always")),
        ("dataPeriod", json!({ "start": "long ago" })),
    ];
    for (name, element) in &beyond {
        assert!(!permits(json!({ "type": "permit", *name: element }), &request()), "{name}");
        assert!(denies(json!({ "type": "deny", *name: element }), &request()), "{name}");
        // As an exception, too.
        assert!(!permits(
            json!({ "type": "deny", "purpose": [{ "code": "HRESCH" }], "provision": [{ "type": "permit", *name: element }] }),
            &request()
        ));
    }
    for kind in [json!(null), json!("allow"), json!(1)] {
        assert!(denies(json!({ "type": kind }), &request()), "{kind}: taken for a denial");
    }
    let deeper = json!({ "type": "deny", "purpose": [{ "code": "HRESCH" }], "provision": [{ "type": "permit", "provision": [{ "type": "deny" }] }] });
    assert_eq!(decision(&consent(deeper), &request()), "NO_CONSENT");
    let modified =
        with(consent(json!({ "type": "permit" })), "/modifierExtension", json!([{ "url": "urn:x" }]));
    assert_eq!(ask(&modified, &request())["reason"], "notUnderstood");
}

#[test]
fn a_policy_never_adds_permission() {
    let given = with(
        consent(json!({ "type": "permit", "purpose": [{ "code": "HRESCH" }] })),
        "/policy",
        json!([{ "uri": "urn:ihe:iti:ppc:2021:policy:all-normal" }]),
    );
    assert_eq!(ask(&given, &request())["reason"], "purposeNotCovered");
}

#[test]
fn requests_that_are_malformed_are_refused_by_field() {
    for (field, value) in [
        ("patientId", json!([])),
        ("patientId", json!("Patient/p")),
        ("actor", json!(null)),
        ("actor", json!([1])),
        ("purposeOfUse", json!(["TREAT"])),
        ("date", json!(20260504)),
        ("record", json!("DocumentReference/x")),
        ("custodian", json!(["Organization/a"])),
    ] {
        let error = read_request(&with(request(), &format!("/{field}"), value)).unwrap_err();
        assert!(error.to_string().contains(field), "{field}: {error}");
    }
    assert!(
        read_request(&with(request(), "/pateintId", json!([])))
            .unwrap_err()
            .to_string()
            .contains("pateintId")
    );
    let record = with(request(), "/record", json!({ "authored": "2022-13-01" }));
    assert!(read_request(&record).unwrap_err().to_string().contains("record.authored"));
}

#[test]
fn versions_of_a_reference_name_the_same_thing() {
    let given = consent(
        json!({ "type": "permit", "data": [{ "meaning": "instance", "reference": { "reference": "DocumentReference/x/_history/3" } }] }),
    );
    assert_eq!(
        decision(&given, &with(request(), "/record", json!({ "reference": "DocumentReference/x" }))),
        "CONSENT_PERMIT"
    );
}

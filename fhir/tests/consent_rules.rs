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
    answer(&consents.decide(&read_request(request).unwrap()), &consents)
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

/// A consent for treatment and another that denies; what the second is asked with decides.
fn beside_a_permit(denial: Value, request: &Value) -> Value {
    let permit = consent(json!({ "type": "permit", "purpose": [{ "code": "TREAT" }] }));
    ask(&json!([permit, with(denial, "/id", json!("denial"))]), request)
}

#[test]
fn a_consent_whose_scope_or_status_cannot_be_read_denies_and_never_permits() {
    let denial = consent(json!({ "type": "deny" }));
    let privacy = json!([{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] }]);
    let unread = [
        ("/scope", json!(null)),
        ("/scope", json!({})),
        ("/scope", json!({ "coding": [{ "system": "urn:x", "code": "research" }] })),
        (
            "/scope",
            json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope/", "code": "patient-privacy" }] }),
        ),
        ("/scope", json!({ "text": "privacy" })),
        ("/status", json!(null)),
        ("/status", json!("ACTIVE")),
        ("/status", json!(["active"])),
    ];
    for (at, value) in unread {
        let denial = with(with(denial.clone(), "/category", privacy.clone()), at, value.clone());
        let answer = beside_a_permit(denial, &request());
        assert_eq!(answer["decision"], "CONSENT_DENY", "{at} {value}");
        assert_eq!(answer["basis"]["consent"], "Consent/denial");
        let permit = with(consent(json!({ "type": "permit" })), at, value.clone());
        assert_eq!(ask(&permit, &request())["reason"], "notUnderstood", "{at} {value}");
    }
    for scope in ["adr", "research", "treatment"] {
        let other = json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": scope }] });
        let answer = beside_a_permit(with(denial.clone(), "/scope", other), &request());
        assert_eq!(answer["decision"], "CONSENT_PERMIT", "{scope}");
    }
}

const LOCAL: [&str; 3] =
    ["#x", "Practitioner?identifier=urn:example:staff|774", "urn:uuid:6f0f2f2a-6f57-4b7d-8a3b-1f3a9e6c1d10"];

#[test]
fn what_a_denial_names_by_a_reference_that_cannot_be_compared_is_denied_to_all() {
    for reference in LOCAL {
        let parts = [
            json!({ "type": "deny", "actor": [{ "reference": { "reference": reference } }] }),
            json!({ "type": "deny", "data": [{ "meaning": "instance", "reference": { "reference": reference } }] }),
        ];
        let record = json!({ "reference": "DocumentReference/x" });
        for part in parts {
            assert!(denies(part, &with(request(), "/record", record.clone())), "{reference}");
        }
        let permit = json!({ "type": "permit", "actor": [{ "reference": { "reference": reference } }] });
        assert!(!permits(permit, &request()), "{reference}");
    }
    // An id inside one resource is never that of another.
    for local in ["#d", "Practitioner?name=d"] {
        for field in ["patientId", "actor"] {
            let asked = with(request(), &format!("/{field}"), json!([local]));
            assert!(read_request(&asked).unwrap_err().to_string().contains(field), "{local}");
        }
        assert!(read_request(&with(request(), "/custodian", json!(local))).is_err());
        assert!(read_request(&with(request(), "/record", json!({ "reference": local }))).is_err());
    }
    // A URN that both name is one and the same.
    let urn = LOCAL[2];
    let permit = json!({ "type": "permit", "actor": [{ "reference": { "reference": urn } }] });
    assert!(permits(permit, &with(request(), "/actor", json!([urn]))));
}

#[test]
fn an_absolute_and_a_relative_reference_may_be_the_same_for_a_denial_alone() {
    let (short, long) = ("Practitioner/d", "https://ehr.example/fhir/Practitioner/d");
    for (named, asked) in [(short, long), (long, short)] {
        let part = |kind: &str| json!({ "type": kind, "actor": [{ "reference": { "reference": named } }] });
        let asked = with(request(), "/actor", json!([asked]));
        assert!(denies(part("deny"), &asked) && !permits(part("permit"), &asked), "{named}");
        let data = |kind: &str| json!({ "type": kind, "data": [{ "meaning": "authoredby", "reference": { "reference": named } }] });
        let asked = with(request(), "/record", json!({ "author": asked["actor"] }));
        assert!(denies(data("deny"), &asked) && !permits(data("permit"), &asked), "{named}");
    }
    let other = json!({ "type": "deny", "actor": [{ "reference": { "reference": long } }] });
    assert!(!denies(
        other.clone(),
        &with(request(), "/actor", json!(["https://b.example/fhir/Practitioner/d"]))
    ));
    assert!(!denies(other, &with(request(), "/actor", json!(["Practitioner/e"]))));
}

#[test]
fn a_denial_whose_patient_or_custodian_cannot_be_compared_counts() {
    let denial = consent(json!({ "type": "deny" }));
    let doubtful = [
        json!(null),
        json!({ "identifier": { "system": "urn:mrn", "value": "7" } }),
        json!({ "reference": "#p" }),
        json!({ "reference": "Patient?identifier=urn:mrn|7" }),
        json!({ "reference": "https://ehr.example/fhir/Patient/p" }),
        json!({ "reference": "urn:uuid:6f0f2f2a-6f57-4b7d-8a3b-1f3a9e6c1d10" }),
    ];
    for patient in &doubtful {
        let answer = beside_a_permit(with(denial.clone(), "/patient", patient.clone()), &request());
        assert_eq!(answer["decision"], "CONSENT_DENY", "{patient}");
        let permit = with(consent(json!({ "type": "permit" })), "/patient", patient.clone());
        assert_eq!(decision(&permit, &request()), "NO_CONSENT", "{patient}");
    }
    for other in ["Patient/q", "https://ehr.example/fhir/Patient/q", "urn:galen:account:0x00"] {
        let answer =
            beside_a_permit(with(denial.clone(), "/patient", json!({ "reference": other })), &request());
        assert_eq!(answer["decision"], "CONSENT_PERMIT", "{other}");
    }
    let at_a = with(request(), "/custodian", json!("Organization/a"));
    for organization in [
        json!(null),
        json!([]),
        json!([{ "reference": "#org" }]),
        json!([{ "display": "Harbour" }]),
        json!([{ "reference": "Organization/z" }, { "reference": "https://ehr.example/fhir/Organization/a" }]),
    ] {
        let answer = beside_a_permit(with(denial.clone(), "/organization", organization.clone()), &at_a);
        assert_eq!(answer["decision"], "CONSENT_DENY", "{organization}");
        let permit = with(consent(json!({ "type": "permit" })), "/organization", organization.clone());
        assert_eq!(decision(&permit, &at_a), "NO_CONSENT", "{organization}");
    }
    let elsewhere = with(denial, "/organization", json!([{ "reference": "Organization/z" }]));
    assert_eq!(beside_a_permit(elsewhere, &at_a)["decision"], "CONSENT_PERMIT");
}

#[test]
fn a_period_that_cannot_be_is_not_understood() {
    let impossible = [
        json!({ "start": "2027-01-01", "end": "2024-01-01" }),
        json!({ "start": "2026-05-04T10:00:01Z", "end": "2026-05-04T10:00:00Z" }),
        json!({ "start": "2020", "_end": { "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] } }),
        json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] }),
    ];
    let asked = with(request(), "/record", json!({ "authored": "2025-11-20" }));
    for period in impossible {
        for name in ["period", "dataPeriod"] {
            let exception = json!({ "type": "permit", "provision": [{ "type": "deny", name: period }] });
            assert!(denies(exception, &asked), "{name} {period}");
            assert!(denies(json!({ "type": "deny", name: period }), &asked), "{name} {period}");
            let permit = consent(json!({ "type": "permit", name: period }));
            assert_eq!(ask(&permit, &asked)["reason"], "notUnderstood", "{name} {period}");
        }
    }
    // One that begins and ends in the same second can be.
    let second = json!({ "start": "2026-05-04T10:00:00Z", "end": "2026-05-04T10:00:00Z" });
    assert!(permits(json!({ "type": "permit", "period": second }), &asked));
}

#[test]
fn code_systems_are_compared_exactly() {
    let of = |element: &str, system: &str, code: &str| {
        let coding = json!([{ "system": system, "code": code }]);
        match element {
            "actor" => {
                json!({ "type": "permit", "actor": [{ "role": { "coding": coding }, "reference": { "reference": "Organization/b" } }] })
            }
            element => json!({ "type": "permit", element: coding }),
        }
    };
    let right = [
        ("purpose", ACT, "TREAT"),
        ("purpose", "urn:oid:2.16.840.1.113883.5.8", "TREAT"),
        ("actor", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
        ("securityLabel", CONFIDENTIALITY, "R"),
        ("securityLabel", "http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY"),
    ];
    let asked = with(request(), "/record", json!({}));
    for (element, system, code) in right {
        assert!(permits(of(element, system, code), &asked), "{element} {system}");
        for wrong in [
            format!("{system}/"),
            system.to_uppercase(),
            format!("{system}|1.0"),
            "http://terminology.hl7.org/CodeSystem/v3-NullFlavor".into(),
            "http://terminology.hl7.org.evil.example/".into(),
        ] {
            assert!(!permits(of(element, &wrong, code), &asked), "{element} {wrong}");
        }
    }
    assert!(!permits(of("securityLabel", CONFIDENTIALITY, "PSY"), &asked), "no level");
}

#[test]
fn a_request_about_other_consents_is_refused() {
    let scope = "http://terminology.hl7.org/CodeSystem/consentscope";
    let privacy = json!({ "system": scope, "code": "patient-privacy" });
    let given = consent(json!({ "type": "permit" }));
    for category in [json!([privacy]), json!([{ "coding": [privacy] }]), json!([]), json!(null)] {
        assert_eq!(decision(&given, &with(request(), "/category", category)), "CONSENT_PERMIT");
    }
    for category in [
        json!([{ "system": scope, "code": "research" }]),
        json!([privacy, { "system": scope, "code": "treatment" }]),
        json!([{ "coding": [] }]),
        json!("patient-privacy"),
    ] {
        let error = read_request(&with(request(), "/category", category)).unwrap_err();
        assert!(error.to_string().contains("category"), "{error}");
    }
    let class = with(request(), "/class", json!([{ "code": "MedicationRequest" }]));
    assert!(read_request(&class).unwrap_err().to_string().contains("class"));
}

#[test]
fn the_provisions_of_r5_are_taken_for_a_denial() {
    let mut r5 = consent(json!([{ "purpose": [{ "code": "HRESCH" }] }]));
    assert_eq!(beside_a_permit(r5.clone(), &request())["decision"], "CONSENT_DENY");
    r5["decision"] = json!("deny");
    r5.as_object_mut().unwrap().remove("provision");
    assert_eq!(beside_a_permit(r5.clone(), &request())["decision"], "CONSENT_DENY");
    r5["decision"] = json!("permit");
    assert_eq!(decision(&r5, &request()), "CONSENT_DENY");
}

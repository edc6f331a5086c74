//! Made-up events of each BALP pattern, as a hospital's software might write them.

use galen_fhir::audit_event::{
    BundleKind, Entity, Outcome, Pattern, Read, RecordRole, Role, Search, Update, bundle, parse, read_events,
};
use serde_json::{Value, json};
use std::{fs, path::Path};

fn sample(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit-events").join(format!("{name}.json"));
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

const SAMPLES: [(&str, Pattern, bool); 14] = [
    ("create", Pattern::Create, false),
    ("patient-create", Pattern::Create, true),
    ("read", Pattern::Read(Read::Version), false),
    ("patient-read", Pattern::Read(Read::Current), true),
    ("update", Pattern::Update(Update::Patch), false),
    ("patient-update", Pattern::Update(Update::Whole), true),
    ("delete", Pattern::Delete, false),
    ("patient-delete", Pattern::Delete, true),
    ("query", Pattern::Query(Search::Type), false),
    ("patient-query", Pattern::Query(Search::Any), true),
    ("authz-consent-permit", Pattern::Decision, true),
    ("authz-consent-deny", Pattern::Decision, true),
    ("disclosure-source", Pattern::DisclosureAtSource, true),
    ("disclosure-recipient", Pattern::DisclosureAtRecipient, true),
];

#[test]
fn each_pattern_is_read_and_written_under_the_profile_that_it_names() {
    for (name, pattern, patient) in SAMPLES {
        let value = sample(name);
        let event = parse(&value).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!((event.pattern, event.patient.is_some()), (pattern, patient), "{name}");
        event.accountable().unwrap_or_else(|why| panic!("{name}: {why}"));
        let written = event.to_value().unwrap();
        assert_eq!(written["meta"]["profile"], value["meta"]["profile"], "{name}");
        for kept in ["resourceType", "id", "action", "outcome", "outcomeDesc"] {
            assert_eq!(written[kept], value[kept], "{name}, {kept}");
        }
        assert_eq!(parse(&written).unwrap(), event, "{name}");
    }
}

#[test]
fn what_an_account_of_disclosures_needs_is_kept() {
    let read = parse(&sample("patient-read")).unwrap();
    assert_eq!(read.recorded.0, 1_777_888_800_250, "12:00:00.250+02:00 is 10:00:00.250 in UTC");
    assert_eq!(read.patient.as_ref().unwrap().reference.as_deref(), Some("Patient/made-up-1"));
    let user = read.agent(&Role::User).unwrap();
    assert_eq!(user.who.reference.as_deref(), Some("Practitioner/made-up-2"));
    let organization = read.agent(&Role::Organization).unwrap();
    assert_eq!(organization.who.identifier.as_ref().unwrap().value, "urn:oid:2.999.1.7");
    let purposes: Vec<_> = read.purposes_of_use().map(|p| p.coding.as_ref().unwrap().code.as_str()).collect();
    assert_eq!(purposes, ["TREAT", "TREAT"]);
    let role = RecordRole::Report;
    assert!(matches!(&read.entities[0], Entity::Record { role: got, .. } if *got == role));
    assert!(matches!(&read.entities[1], Entity::Request(id) if id == "0190-made-up-request"));

    let query = parse(&sample("patient-query")).unwrap();
    let Entity::Query { raw, description } = &query.entities[0] else { panic!("{query:?}") };
    assert_eq!(raw, b"GET /fhir/Observation?patient=made-up-1&_count=20");
    assert_eq!(description.as_deref(), Some("Observation?patient=made-up-1"));

    let denied = parse(&sample("authz-consent-deny")).unwrap();
    assert_eq!(denied.outcome, Outcome::SeriousFailure);
    assert_eq!(denied.outcome_text.as_deref(), Some("The consent denies this purpose"));

    let sent = parse(&sample("disclosure-source")).unwrap();
    assert_eq!(sent.agent(&Role::Recipient).unwrap().who.display.as_deref(), Some("South Hospital"));
    assert_eq!(sent.agent(&Role::Other(None)).unwrap().who.display.as_deref(), Some("courier"));
    assert_eq!(sent.purposes[0].text.as_deref(), Some("asked for at the desk"));
}

/// What each pattern insists on: the path to change, the new value (`null` removes), and where the refusal points.
#[test]
fn what_follows_no_pattern_is_refused_by_place() {
    let cases: &[(&str, &str, Value, &str)] = &[
        ("patient-read", "/resourceType", json!("Patient"), "AuditEvent"),
        ("patient-read", "/type/code", json!("object"), "AuditEvent.type"),
        ("patient-read", "/type/system", json!("urn:other"), "AuditEvent.type"),
        ("patient-read", "/subtype", json!([]), "AuditEvent.subtype"),
        ("patient-read", "/subtype/0/code", json!("history"), "AuditEvent.subtype"),
        ("patient-read", "/subtype/0/system", Value::Null, "AuditEvent.subtype"),
        ("patient-read", "/action", json!("U"), "AuditEvent.action"),
        ("patient-read", "/recorded", json!("2026-05-04"), "AuditEvent.recorded"),
        ("patient-read", "/recorded", json!("2026-02-30T10:00:00Z"), "AuditEvent.recorded"),
        ("patient-read", "/recorded", json!("0000-01-01T00:00:00Z"), "AuditEvent.recorded"),
        ("patient-read", "/outcome", json!("1"), "AuditEvent.outcome"),
        ("patient-read", "/outcome", Value::Null, "AuditEvent.outcome"),
        ("patient-read", "/agent/0", Value::Null, "AuditEvent.agent"),
        ("patient-read", "/agent/1/network", Value::Null, "AuditEvent.agent[1].network"),
        ("patient-read", "/agent/1/network/type", json!("9"), "AuditEvent.agent[1].network.type"),
        ("patient-read", "/agent/2/who", Value::Null, "AuditEvent.agent[2].who"),
        ("patient-read", "/agent/2/who", json!({}), "AuditEvent.agent[2].who"),
        ("patient-read", "/agent/2/requestor", json!(false), "AuditEvent.agent[2].requestor"),
        ("patient-read", "/agent/2/requestor", json!("true"), "AuditEvent.agent[2].requestor"),
        ("patient-read", "/agent/2/modifierExtension", json!([{}]), "AuditEvent.agent[2].modifierExtension"),
        ("patient-read", "/implicitRules", json!("urn:x"), "AuditEvent.implicitRules"),
        ("patient-read", "/source", Value::Null, "AuditEvent.source"),
        ("patient-read", "/source/observer", Value::Null, "AuditEvent.source.observer"),
        ("patient-read", "/entity/1", Value::Null, "AuditEvent.entity"),
        ("patient-read", "/entity/1/what", Value::Null, "AuditEvent.entity[1].what"),
        ("patient-read", "/entity/1/role/code", json!("7"), "AuditEvent.entity[1].type"),
        ("patient-read", "/entity/0/what/reference", json!("Practitioner/x"), "the patient's what"),
        ("patient-read", "/id", json!("a b"), "AuditEvent.id"),
        ("patient-query", "/entity/1/query", json!("not base64!"), "AuditEvent.entity[1].query"),
        ("patient-query", "/entity/1/query", json!(""), "AuditEvent.entity[1].query"),
        ("authz-consent-permit", "/entity/1", Value::Null, "AuditEvent.entity"),
        ("authz-consent-permit", "/entity/0", Value::Null, "AuditEvent.entity"),
        ("authz-consent-permit", "/entity/1/type/code", json!("DocumentReference"), "AuditEvent.entity"),
        (
            "authz-consent-permit",
            "/source/observer",
            json!({ "reference": "Device/x" }),
            "AuditEvent.agent[0].who",
        ),
        ("authz-consent-permit", "/agent/3", Value::Null, "AuditEvent.agent"),
        ("disclosure-source", "/source/observer/reference", json!("Device/x"), "AuditEvent.agent[0].who"),
        ("disclosure-recipient", "/source/observer/reference", json!("Device/x"), "AuditEvent.agent[1].who"),
        ("disclosure-source", "/entity/0", Value::Null, "AuditEvent.entity"),
        ("patient-delete", "/agent/0/type/coding/0/code", json!("110153"), "AuditEvent.agent"),
    ];
    for (name, path, new, place) in cases {
        let mut value = sample(name);
        let (parent, member) = path.rsplit_once('/').unwrap();
        match (value.pointer_mut(parent).unwrap(), new) {
            (Value::Array(items), Value::Null) => drop(items.remove(member.parse().unwrap())),
            (Value::Object(members), Value::Null) => drop(members.remove(member)),
            (Value::Array(items), new) => items[member.parse::<usize>().unwrap()] = new.clone(),
            (target, new) => target[member] = new.clone(),
        }
        let why = parse(&value).expect_err(&format!("{name} {path} {new}"));
        assert!(why.at.contains(place), "{name} {path} {new}: {why}");
    }
    let mut two = sample("patient-read");
    let again = two["entity"][0].clone();
    two["entity"].as_array_mut().unwrap().push(again);
    assert_eq!(parse(&two).unwrap_err().at, "AuditEvent.entity[3]");
}

#[test]
fn a_failure_follows_its_pattern_and_claims_no_profile() {
    let mut value = sample("patient-read");
    value["outcome"] = json!("8");
    let event = parse(&value).unwrap();
    assert_eq!(event.profile(), None);
    let written = event.to_value().unwrap();
    assert_eq!(written.get("meta"), None);
    assert_eq!(parse(&written).unwrap(), event);
    // A refusal for want of a consent has none to name.
    let mut value = sample("authz-consent-deny");
    value["entity"].as_array_mut().unwrap().truncate(1);
    assert_eq!(parse(&value).unwrap().profile(), None);
}

#[test]
fn an_agent_that_stands_for_a_token_need_not_say_who_it_is() {
    let mut value = sample("patient-read");
    let system = "https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes";
    let kind = json!({ "coding": [{ "system": system, "code": "UserOauthAgent" }] });
    value["agent"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "type": kind, "requestor": true, "policy": ["urn:x"] }));
    let event = parse(&value).unwrap();
    let written = event.to_value().unwrap();
    assert_eq!((&written["agent"][4]["type"], written["agent"][4].get("who")), (&kind, None));
    assert_eq!(parse(&written).unwrap(), event);
}

#[test]
fn purpose_and_organisation_are_missed_where_they_are_left_out() {
    let mut value = sample("patient-read");
    value["agent"].as_array_mut().unwrap().truncate(3);
    assert!(parse(&value).unwrap().accountable().unwrap_err().to_string().contains("organisation"));
    let mut value = sample("disclosure-source");
    value.as_object_mut().unwrap().remove("purposeOfEvent");
    assert!(parse(&value).unwrap().accountable().unwrap_err().to_string().contains("purpose"));
}

#[test]
fn bundles_hold_events_in_order_and_are_read_again() {
    let events: Vec<_> = SAMPLES.iter().map(|(name, ..)| parse(&sample(name)).unwrap()).collect();
    let page = bundle(BundleKind::SearchSet { total: 99 }, &events).unwrap();
    assert_eq!((&page["type"], &page["total"]), (&json!("searchset"), &json!(99)));
    assert_eq!(page["entry"][3]["search"]["mode"], "match");
    assert_eq!(read_events(&page).unwrap(), events);
    let mut collection = bundle(BundleKind::Collection, &events).unwrap();
    assert_eq!(collection.get("total"), None);
    collection["entry"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({ "resource": { "resourceType": "Patient" } }));
    assert_eq!(read_events(&collection).unwrap(), events);
    collection["entry"][1]["resource"]["action"] = json!("X");
    assert_eq!(read_events(&collection).unwrap_err().at, "Bundle.entry[1], AuditEvent.action");
    assert_eq!(bundle(BundleKind::Collection, []).unwrap().get("entry"), None);
    let broken = galen_fhir::audit_event::AuditEvent { patient: None, ..events[10].clone() };
    assert!(
        bundle(BundleKind::Collection, [&events[0], &broken])
            .unwrap_err()
            .at
            .starts_with("Bundle.entry[1], ")
    );
    assert!(read_events(&json!(7)).is_err() && read_events(&json!({ "resourceType": "Patient" })).is_err());
}

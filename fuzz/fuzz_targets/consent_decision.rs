//! The decision over FHIR consents. Input: `{"consents": …, "request": …}`.

#![no_main]

use galen_fhir::{Request, answer, json, read_consents, read_request};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const OUTCOMES: [&str; 3] = ["CONSENT_PERMIT", "CONSENT_DENY", "NO_CONSENT"];

fn decide(consents: &Value, request: &Request) -> String {
    let read = read_consents(consents).expect("it was read before");
    let answer = answer(&read.decide(request), &read);
    let decision = answer["decision"].as_str().expect("a decision");
    assert!(OUTCOMES.contains(&decision));
    // Only a decision that rests on a consent names one, and only a permit obliges.
    assert_eq!(decision == "NO_CONSENT", answer["basis"].is_null());
    assert!(decision == "CONSENT_PERMIT" || answer["obligations"] == json!([]));
    decision.to_owned()
}

/// The consents one by one.
fn each(consents: &Value) -> Vec<Value> {
    let items: Vec<Value> = match consents {
        Value::Array(items) => items.clone(),
        one if one["resourceType"] == "Bundle" => match &one["entry"] {
            Value::Array(entries) => entries.iter().map(|entry| entry["resource"].clone()).collect(),
            entry => vec![entry["resource"].clone()],
        },
        one => vec![one.clone()],
    };
    items.into_iter().filter(|one| one["resourceType"] == "Consent").collect()
}

fuzz_target!(|document: &[u8]| {
    let Ok(input) = json::read(document, &json::RESOURCES) else { return };
    let (consents, asked) = (&input["consents"], &input["request"]);
    let (Ok(read), Ok(request)) = (read_consents(consents), read_request(asked)) else { return };
    let whole = decide(consents, &request);

    // A denial of any consent decides, else a permit of any.
    let mut each = each(consents);
    assert_eq!(each.len(), read.len());
    let said: Vec<String> = each.iter().map(|one| decide(one, &request)).collect();
    let expected = OUTCOMES[match () {
        () if said.iter().any(|one| one == "CONSENT_DENY") => 1,
        () if said.iter().any(|one| one == "CONSENT_PERMIT") => 0,
        () => 2,
    }];
    assert_eq!(whole, expected);

    // In whichever order.
    each.reverse();
    assert_eq!(decide(&Value::Array(each.clone()), &request), whole);

    // One more consent that denies everything denies whatever is asked.
    let mut denial = json!({
        "resourceType": "Consent", "status": "active", "scope": { "coding": [{ "code": "patient-privacy" }] },
        "patient": { "reference": asked["patientId"][0] }, "provision": { "type": "deny" },
    });
    if let Some(custodian) = asked["custodian"].as_str() {
        denial["organization"] = json!([{ "reference": custodian }]);
    }
    let mut more = each.clone();
    more.push(denial);
    assert_eq!(decide(&Value::Array(more), &request), "CONSENT_DENY");

    // What is not understood never permits: every consent with a modifier.
    for one in &mut each {
        one["modifierExtension"] = json!([{ "url": "urn:x" }]);
    }
    assert_ne!(decide(&Value::Array(each.clone()), &request), "CONSENT_PERMIT");

    // Taken back, none says anything.
    for one in &mut each {
        one["status"] = json!("entered-in-error");
    }
    assert_eq!(decide(&Value::Array(each), &request), "NO_CONSENT");
});

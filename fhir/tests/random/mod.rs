//! Random consents and requests.

use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};

const PATIENTS: [&str; 2] = ["Patient/p", "Patient/q"];
const ACTORS: [&str; 4] = ["Practitioner/d", "Organization/a", "Organization/b", "Group/g"];
const PURPOSES: [&str; 4] = ["TREAT", "BTG", "HRESCH", "XYZ"];
const DATES: [&str; 9] = [
    "2021",
    "2022",
    "2022-02",
    "2022-07",
    "2022-07-01",
    "2022-02-28",
    "2022-07-01T10:00:00Z",
    "2022-07-01T23:59:59Z",
    "2022-12-31",
];
const LABELS: [&str; 10] = ["N", "R", "V", "L", "ETH", "ETHUD", "OPIOIDUD", "PSY", "HIV", "ODD"];

fn some<T>(rng: &mut StdRng, one_in: u32, make: impl FnOnce(&mut StdRng) -> T) -> Option<T> {
    (rng.gen_range(0..one_in) == 0).then(|| make(rng))
}

fn pick(rng: &mut StdRng, from: &[&str], most: usize) -> Vec<String> {
    let count = rng.gen_range(1..=most);
    from.choose_multiple(rng, count).map(|one| (*one).to_owned()).collect()
}

fn period(rng: &mut StdRng) -> Value {
    let mut period = json!({});
    if rng.gen_bool(0.6) {
        period["start"] = json!(DATES.choose(rng));
    }
    if rng.gen_bool(0.6) {
        period["end"] = json!(DATES.choose(rng));
    }
    period
}

fn coded(codes: Vec<String>) -> Value {
    codes.into_iter().map(|code| json!({ "code": code })).collect()
}

fn provision(rng: &mut StdRng, nested: bool) -> Value {
    let mut part = json!({ "type": (["permit", "permit", "deny"].choose(rng)) });
    if rng.gen_ratio(1, 40) {
        part.as_object_mut().unwrap().remove("type");
    }
    if let Some(period) = some(rng, 4, period) {
        part["period"] = period;
    }
    if let Some(purposes) = some(rng, 2, |rng| pick(rng, &PURPOSES[..3], 2)) {
        part["purpose"] = coded(purposes);
        if rng.gen_ratio(1, 15) {
            part["purpose"].as_array_mut().unwrap().push(json!({ "code": "XYZ" }));
        }
    }
    if let Some(actors) = some(rng, 3, |rng| pick(rng, &ACTORS, 2)) {
        let role = json!({ "coding": [{ "code": "IRCP" }] });
        part["actor"] =
            actors.iter().map(|one| json!({ "role": role, "reference": { "reference": one } })).collect();
    }
    if let Some(period) = some(rng, 5, period) {
        part["dataPeriod"] = period;
    }
    if let Some(count) = some(rng, 5, |rng| rng.gen_range(1..3)) {
        part["data"] = (0..count)
            .map(|_| {
                let (meaning, name) = *[
                    ("instance", "DocumentReference/x"),
                    ("related", "Encounter/e"),
                    ("authoredby", "Practitioner/d"),
                    ("dependents", "Encounter/e"),
                ]
                .choose(rng)
                .unwrap();
                json!({ "meaning": meaning, "reference": { "reference": name } })
            })
            .collect();
    }
    if let Some(labels) = some(rng, 3, |rng| pick(rng, &LABELS[..9], 3)) {
        part["securityLabel"] = coded(labels);
        if rng.gen_ratio(1, 15) {
            part["securityLabel"].as_array_mut().unwrap().push(json!({ "code": "ODD" }));
        }
    }
    for beyond in ["class", "code", "action", "modifierExtension"] {
        if rng.gen_ratio(1, 60) {
            part[beyond] = json!([{ "code": "something" }]);
        }
    }
    if nested && rng.gen_ratio(1, 30) {
        part["provision"] = json!([{ "type": "permit" }]);
    }
    part
}

pub fn consent(rng: &mut StdRng) -> Value {
    let mut root = provision(rng, false);
    if rng.gen_bool(0.5) {
        root["provision"] = (0..rng.gen_range(1..4)).map(|_| provision(rng, true)).collect();
    }
    let mut consent = json!({
        "resourceType": "Consent",
        "status": if rng.gen_ratio(1, 12) { "inactive" } else { "active" },
        "scope": { "coding": [{ "code": if rng.gen_ratio(1, 15) { "research" } else { "patient-privacy" } }] },
        "patient": { "reference": PATIENTS[usize::from(rng.gen_ratio(1, 10))] },
        "organization": [{ "reference": (["Organization/a", "Organization/b"].choose(rng)) }],
        "provision": root,
    });
    if rng.gen_ratio(1, 40) {
        consent.as_object_mut().unwrap().remove("provision");
    }
    consent
}

pub fn request(rng: &mut StdRng) -> Value {
    let mut request = json!({
        "patientId": [PATIENTS[usize::from(rng.gen_ratio(1, 15))]],
        "actor": if rng.gen_ratio(1, 20) { Vec::new() } else { pick(rng, &ACTORS, 3) },
        "purposeOfUse": PURPOSES.choose(rng),
        "date": DATES.choose(rng),
    });
    if rng.gen_bool(0.6) {
        request["custodian"] = json!(["Organization/a", "Organization/b"].choose(rng));
    }
    if rng.gen_bool(0.75) {
        let mut record = json!({});
        if rng.gen_bool(0.7) {
            record["reference"] = json!(["DocumentReference/x", "DocumentReference/y"].choose(rng));
        }
        if rng.gen_bool(0.7) {
            record["authored"] = json!(DATES.choose(rng));
        }
        if rng.gen_bool(0.6) {
            record["author"] = json!(pick(rng, &["Practitioner/d", "Practitioner/f"], 2));
        }
        if rng.gen_bool(0.6) {
            record["related"] = json!(pick(rng, &["Encounter/e", "Encounter/f"], 2));
        }
        if rng.gen_bool(0.6) {
            record["securityLabel"] = json!(pick(rng, &LABELS, 3));
        }
        request["record"] = record;
    }
    request
}

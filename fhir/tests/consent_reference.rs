//! The decision against an independent reading of its rules: straight over the JSON, by strings, without spans, ids or views.

mod random;

use galen_fhir::{answer, read_consents, read_request};
use rand::{Rng, SeedableRng, rngs::StdRng};
use random::{consent, request};
use serde_json::{Value, json};

const LEVELS: [&str; 6] = ["U", "L", "M", "N", "R", "V"];

// ---- the reference

fn last_day(year_month: &str) -> &'static str {
    match &year_month[5..7] {
        "02" => "28",
        "04" | "06" | "09" | "11" => "30",
        _ => "31",
    }
}

/// First and last second of a FHIR date, as text that compares as time does (none of the years here is a leap year).
fn ends(date: &str) -> (String, String) {
    match date.len() {
        4 => (format!("{date}-01-01T00:00:00Z"), format!("{date}-12-31T23:59:59Z")),
        7 => (format!("{date}-01T00:00:00Z"), format!("{date}-{}T23:59:59Z", last_day(date))),
        10 => (format!("{date}T00:00:00Z"), format!("{date}T23:59:59Z")),
        _ => (date.to_owned(), date.to_owned()),
    }
}

fn inside(date: &str, period: &Value) -> bool {
    let (first, last) = ends(date);
    let start = period["start"].as_str().map(|text| ends(text).0).unwrap_or_default();
    let end = period["end"].as_str().map(|text| ends(text).1).unwrap_or("9999".into());
    start <= end && start <= first && last <= end
}

/// A period that ends before it begins.
fn is_impossible(period: &Value) -> bool {
    match (period["start"].as_str(), period["end"].as_str()) {
        (Some(start), Some(end)) => ends(end).1 < ends(start).0,
        _ => false,
    }
}

fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map(|items| items.iter().collect()).unwrap_or_default()
}

fn level(code: &str) -> Option<usize> {
    LEVELS.iter().position(|level| *level == code)
}

/// Whether `listed` is `label` or its parent.
fn over(listed: &str, label: &str) -> bool {
    listed == label || (listed == "ETH" && ["ETHUD", "OPIOIDUD"].contains(&label))
}

fn element_matches(name: &str, provision: &Value, request: &Value, deny: bool) -> bool {
    let element = &provision[name];
    if element.is_null() || element == &json!([]) {
        return true;
    }
    let record = &request["record"];
    let codes: Vec<&str> = items(element).iter().filter_map(|item| item["code"].as_str()).collect();
    // An element with something unknown: a denial goes on as if it were absent (a permit was ruled out before).
    let unknown = match name {
        "purpose" => codes.contains(&"XYZ"),
        "securityLabel" => codes.contains(&"ODD"),
        "data" => items(element).iter().any(|item| item["meaning"] == "dependents"),
        "period" | "dataPeriod" => is_impossible(element),
        _ => false,
    };
    if unknown {
        return true;
    }
    match name {
        "period" => inside(request["date"].as_str().unwrap(), element),
        "purpose" => codes.contains(&request["purposeOfUse"].as_str().unwrap()),
        "actor" => {
            let own = items(&request["actor"]);
            if own.is_empty() {
                return deny;
            }
            items(element).iter().any(|actor| own.contains(&&actor["reference"]["reference"]))
        }
        "dataPeriod" => record["authored"].as_str().map_or(deny, |authored| inside(authored, element)),
        "data" => items(element).iter().any(|entry| {
            let said = match entry["meaning"].as_str().unwrap() {
                "instance" => &json!([record["reference"]]),
                "related" => &record["related"],
                _ => &record["author"],
            };
            let said: Vec<&Value> = items(said).into_iter().filter(|one| !one.is_null()).collect();
            if said.is_empty() { deny } else { said.contains(&&entry["reference"]["reference"]) }
        }),
        "securityLabel" => {
            if record.is_null() {
                return deny;
            }
            let labels: Vec<&str> =
                items(&record["securityLabel"]).iter().filter_map(|l| l.as_str()).collect();
            let own = labels.iter().filter_map(|label| level(label)).max().unwrap_or(3);
            let sensitive: Vec<&&str> = labels.iter().filter(|label| level(label).is_none()).collect();
            if deny {
                codes.iter().any(|code| match level(code) {
                    Some(listed) => own >= listed,
                    None => sensitive.iter().any(|label| over(code, label)),
                })
            } else {
                let highest = codes.iter().filter_map(|code| level(code)).max().unwrap_or(3);
                own <= highest && sensitive.iter().all(|label| codes.iter().any(|code| over(code, label)))
            }
        }
        _ => unreachable!(),
    }
}

fn has_unknown(provision: &Value, nested: bool) -> bool {
    let text = |name: &str| provision[name].to_string();
    ["class", "code", "action", "modifierExtension"].iter().any(|name| !provision[*name].is_null())
        || text("purpose").contains("XYZ")
        || text("securityLabel").contains("ODD")
        || text("data").contains("dependents")
        || is_impossible(&provision["period"])
        || is_impossible(&provision["dataPeriod"])
        || (nested && !provision["provision"].is_null())
        || (provision["type"] != "permit" && provision["type"] != "deny")
}

fn matches(provision: &Value, request: &Value, nested: bool) -> bool {
    let deny = provision["type"] != "permit";
    if !deny && has_unknown(provision, nested) {
        return false;
    }
    ["period", "purpose", "actor", "dataPeriod", "data", "securityLabel"]
        .iter()
        .all(|name| element_matches(name, provision, request, deny))
}

/// What one consent says: `Some(true)` permits.
fn says(consent: &Value, request: &Value) -> Option<bool> {
    let root = &consent["provision"];
    let counts = consent["status"] == "active"
        && consent["scope"]["coding"][0]["code"] == "patient-privacy"
        && items(&request["patientId"]).contains(&&consent["patient"]["reference"])
        && (root["period"].is_null()
            || is_impossible(&root["period"])
            || inside(request["date"].as_str().unwrap(), &root["period"]))
        && (request["custodian"].is_null()
            || items(&consent["organization"]).iter().any(|one| one["reference"] == request["custodian"]));
    if !counts || root.is_null() {
        return None;
    }
    // Under a root period that is impossible nothing permits.
    let certain = !is_impossible(&root["period"]);
    let hits: Vec<&Value> = items(&root["provision"])
        .into_iter()
        .filter(|part| matches(part, request, true) && (certain || part["type"] != "permit"))
        .collect();
    if hits.iter().any(|part| part["type"] != "permit") {
        Some(false)
    } else if !hits.is_empty() {
        Some(true)
    } else if matches(root, request, false) {
        Some(root["type"] == "permit")
    } else {
        None
    }
}

fn reference(consents: &Value, request: &Value) -> &'static str {
    let said: Vec<bool> = items(consents).iter().filter_map(|consent| says(consent, request)).collect();
    match (said.contains(&false), said.contains(&true)) {
        (true, _) => "CONSENT_DENY",
        (false, true) => "CONSENT_PERMIT",
        (false, false) => "NO_CONSENT",
    }
}

/// The earliest end among roots and provisions that permit.
fn reference_stop(consents: &Value, request: &Value) -> Option<String> {
    let mut ends_of = Vec::new();
    for consent in items(consents).into_iter().filter(|consent| says(consent, request) == Some(true)) {
        let root = &consent["provision"];
        let permits = items(&root["provision"]).into_iter().filter(|part| matches(part, request, true));
        for part in permits.chain(std::iter::once(root)) {
            ends_of.extend(part["period"]["end"].as_str().map(|end| ends(end).1));
        }
    }
    ends_of.into_iter().min()
}

#[test]
fn the_decision_is_that_of_the_reference_in_200_000_random_cases() {
    let mut seen = std::collections::BTreeMap::<&str, u32>::new();
    let mut stops = 0u32;
    for seed in 0..200_000u64 {
        let rng = &mut StdRng::seed_from_u64(seed);
        let consents: Value = (0..rng.gen_range(0..5)).map(|_| consent(rng)).collect();
        let request = request(rng);
        let read = read_consents(&consents).unwrap();
        let asked = read_request(&request).unwrap();
        let got = answer(&read.decide(&asked), &read);
        let expected = reference(&consents, &request);
        assert_eq!(got["decision"], expected, "seed {seed}\n{consents:#}\n{request:#}\n{got:#}");
        *seen.entry(expected).or_default() += 1;
        if expected == "CONSENT_PERMIT" {
            let obligations = got["obligations"].to_string();
            assert_eq!(
                obligations.contains("break-glass-review"),
                request["purposeOfUse"] == "BTG",
                "seed {seed}"
            );
            let stop = reference_stop(&consents, &request);
            stops += u32::from(stop.is_some());
            match stop {
                Some(stop) => assert!(
                    obligations.contains(&format!("\"stop-at {stop}\"")),
                    "seed {seed}: {stop} {obligations}\n{consents:#}\n{request:#}"
                ),
                None => assert!(!obligations.contains("stop-at"), "seed {seed}"),
            }
        } else {
            assert_eq!(got["obligations"], json!([]), "seed {seed}");
        }
    }
    // Each answer is met often enough for the comparison to mean something.
    assert!(
        seen.len() == 3 && seen.values().all(|count| *count > 10_000) && stops > 2_000,
        "{seen:?}, {stops}"
    );
}

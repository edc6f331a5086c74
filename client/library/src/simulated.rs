//! A device that is none: it makes vital signs up. Each of its readings says so itself, under its signature.

use chrono::{DateTime, SecondsFormat};
use galen_primitives::{H256, commitment::tagged_hash, devices::reading::UnixMillis};
use serde_json::{Value, json};

/// LOINC code, UCUM unit, tenths at least and the range above that, in tenths.
const SIGNS: [(&str, &str, u16, u16); 4] = [
    ("8867-4", "/min", 550, 450),
    ("59408-5", "%", 940, 60),
    ("9279-1", "/min", 110, 100),
    ("8310-5", "Cel", 360, 20),
];

/// A made-up `Observation`: heart rate, oxygen saturation, breaths and temperature by turns. It carries the label HTEST (test
/// health data, HL7 v3-ActReason).
pub fn observation(device: &H256, sequence: u64, at: UnixMillis) -> Value {
    let random = tagged_hash(b"galen:simulated:v1", &[device.as_bytes(), &sequence.to_le_bytes()]);
    let (code, unit, least, range) = SIGNS[usize::from(random.0[0]) % SIGNS.len()];
    let tenths = least + u16::from_le_bytes([random.0[1], random.0[2]]) % range;
    json!({
        "resourceType": "Observation",
        "meta": { "security": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HTEST",
            "display": "test health data",
        }]},
        "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
        "effectiveDateTime": date_time(at),
        "device": { "display": "simulated device, not a real one" },
        "valueQuantity": {
            "value": f64::from(tenths) / 10.0,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    })
}

/// A FHIR dateTime in UTC, with milliseconds; `None` beyond what calendars have.
fn date_time(at: UnixMillis) -> Option<String> {
    let at = DateTime::from_timestamp_millis(i64::try_from(at).ok()?)?;
    Some(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_says_so_and_is_within_reason() {
        for sequence in 0..500 {
            let made = observation(&H256([1; 32]), sequence, 1_700_000_000_000);
            assert_eq!(made["effectiveDateTime"], "2023-11-14T22:13:20.000Z");
            assert_eq!(made["meta"]["security"][0]["code"], "HTEST");
            let value = made["valueQuantity"]["value"].as_f64().unwrap();
            let (least, most) = match made["code"]["coding"][0]["code"].as_str().unwrap() {
                "8867-4" => (55.0, 100.0),
                "59408-5" => (94.0, 100.0),
                "9279-1" => (11.0, 21.0),
                "8310-5" => (36.0, 38.0),
                other => panic!("{other}"),
            };
            assert!((least..most).contains(&value), "{made}");
        }
    }
}

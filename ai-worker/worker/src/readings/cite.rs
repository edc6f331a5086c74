//! What of a document's device readings a summary may cite: those that were verified, as they were signed,
//! and no other.
//!
//! A document may hold `Observation`s that say to come from a device. One is cited if it names a reading that
//! was taken here of the same patient, and is to the letter (RFC 8785) what the device signed. All others are
//! dropped and counted.

use super::Readings;
use crate::vault::{self, Vault};
use galen_fhir::reading::named;
use galen_primitives::AccountId;
use serde_json::{Value, json};

/// So many readings does a summary cite; more count as unsupported.
const MOST: usize = 1_000;

/// Readings that may be cited, and how many may not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Citations {
    /// What was measured, by which device, and under which record it is proven.
    pub readings: Vec<Value>,
    /// How many claim to come from a device and were not verified.
    pub unverified: u32,
}

/// Sorts a document's device `Observation`s.
pub fn cite(
    readings: &Readings,
    vault: &Vault,
    patient: &AccountId,
    observations: &[Value],
) -> Result<Citations, vault::Error> {
    let mut citations = Citations::default();
    for observation in observations {
        let cited = match citations.readings.len() < MOST {
            true => verified(readings, vault, patient, observation)?,
            false => None,
        };
        match cited {
            Some(cited) => citations.readings.push(cited),
            None => citations.unverified = citations.unverified.saturating_add(1),
        }
    }
    Ok(citations)
}

fn verified(
    readings: &Readings,
    vault: &Vault,
    patient: &AccountId,
    observation: &Value,
) -> Result<Option<Value>, vault::Error> {
    let Some((device, sequence)) = named(observation) else { return Ok(None) };
    let Some(record) = readings.record_of(&device, sequence)? else { return Ok(None) };
    let Some(document) = vault.get(&record)?.filter(|document| document.patient == *patient) else {
        return Ok(None);
    };
    let Ok(stored) = serde_json::from_slice::<Value>(&document.original) else { return Ok(None) };
    if !same(&stored["observation"], observation) {
        return Ok(None);
    }
    let mut cited = measured(observation);
    cited["device"] = json!(device);
    cited["sequence"] = sequence.into();
    cited["at"] = stored["at"].clone();
    cited["record"] = json!(record);
    Ok(Some(cited))
}

fn same(one: &Value, other: &Value) -> bool {
    match (serde_json_canonicalizer::to_vec(one), serde_json_canonicalizer::to_vec(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Codes and quantities of an `Observation`; no free text, which nobody has looked at.
fn measured(observation: &Value) -> Value {
    let mut measured = quantity(observation);
    if let Some(components) = observation["component"].as_array() {
        measured["components"] = components.iter().map(quantity).collect();
    }
    measured
}

fn quantity(of: &Value) -> Value {
    let mut found = json!({});
    let coding = &of["code"]["coding"][0];
    if let (Some(system), Some(code)) = (coding["system"].as_str(), coding["code"].as_str()) {
        found["code"] = json!({ "system": system, "code": code });
    }
    let quantity = &of["valueQuantity"];
    if quantity["value"].is_number() {
        found["value"] = quantity["value"].clone();
        // UCUM, where it is given.
        found["unit"] = quantity["code"].as_str().or(quantity["unit"].as_str()).into();
    }
    found
}

//! Readings of devices: whether one that was handed over is taken, as one pure function.

use crate::canonical::{Form, canonical};
use galen_primitives::{
    AccountId, H256,
    devices::{
        Device,
        reading::{IDENTIFIER_SYSTEM, MAX_SEQUENCE, Reading, Refusal, UnixMillis, payload_hash},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};
use sp_core::H512;

/// By how much a reading may be ahead of this worker's clock, in milliseconds.
pub const AHEAD_MILLIS: u64 = 60_000;
/// Bytes of an `Observation` in its canonical form.
pub const MAX_OBSERVATION: usize = 256 * 1024;

/// A reading as it was handed over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submitted {
    /// The device's id.
    pub device: H256,
    /// Its number.
    pub sequence: u64,
    /// When it was taken, in milliseconds since 1970, by the device's clock.
    pub at: UnixMillis,
    /// A FHIR R4 `Observation`.
    pub observation: Box<RawValue>,
    /// The device's signature.
    pub signature: H512,
}

/// Against what a reading is judged.
pub struct Known<'a> {
    /// The genesis hash.
    pub genesis: H256,
    /// This hospital; any, if it is not known.
    pub hospital: Option<&'a AccountId>,
    /// What a finalized block says of the device.
    pub device: Option<&'a Device>,
    /// Sequence and time of its last reading.
    pub last: Option<(u64, UnixMillis)>,
    /// This worker's clock, in milliseconds since 1970.
    pub now: UnixMillis,
}

/// The value of the identifier by which an `Observation` names its reading.
pub fn name(device: &H256, sequence: u64) -> String {
    format!("{device:?}/{sequence}")
}

/// Device and sequence of the reading that an `Observation` says to be; `None` if it names none, or several.
pub fn named(observation: &Value) -> Option<(H256, u64)> {
    let identifiers = observation["identifier"].as_array()?;
    let mut ours = identifiers.iter().filter(|identifier| identifier["system"] == IDENTIFIER_SYSTEM);
    let (value, None) = (ours.next()?["value"].as_str()?, ours.next()) else { return None };
    let (device, sequence) = value.split_once('/')?;
    let found = (device.parse().ok()?, sequence.parse().ok()?);
    // One spelling only.
    (name(&found.0, found.1) == value).then_some(found)
}

/// The document that stands for the reading in the vault, in its canonical form. The signature is looked at before what it
/// covers, so that only what a device said is ever called a replay.
///
/// # Errors
/// Why the reading is refused.
pub fn judge(reading: &Submitted, known: &Known<'_>) -> Result<Vec<u8>, Refusal> {
    let device = known.device.ok_or(Refusal::Unregistered)?;
    if known.hospital.is_some_and(|hospital| *hospital != device.hospital) {
        return Err(Refusal::OtherHospital);
    }
    if device.suspect_from.is_some() {
        return Err(Refusal::Suspect);
    }
    let key = device.key().ok_or(Refusal::Retired)?;
    let (form, bytes) = canonical(reading.observation.get().as_bytes()).map_err(|_| Refusal::Malformed)?;
    if form != Form::Json || bytes.len() > MAX_OBSERVATION || reading.sequence > MAX_SEQUENCE {
        return Err(Refusal::Malformed);
    }
    let signed = Reading {
        device: reading.device,
        sequence: reading.sequence,
        at: reading.at,
        payload: payload_hash(&bytes),
    };
    if !key.verifies(&signed.signed_bytes(&known.genesis), &reading.signature) {
        return Err(Refusal::BadSignature);
    }
    let observation: Value = serde_json::from_slice(&bytes).map_err(|_| Refusal::Malformed)?;
    let right = observation["resourceType"] == "Observation"
        && observation["device"].is_object()
        && named(&observation) == Some((reading.device, reading.sequence));
    if !right {
        return Err(Refusal::Malformed);
    }
    if known.last.is_some_and(|(sequence, _)| reading.sequence <= sequence) {
        return Err(Refusal::Replayed);
    }
    if known.last.is_some_and(|(_, at)| reading.at < at) {
        return Err(Refusal::BackInTime);
    }
    if reading.at > known.now.saturating_add(AHEAD_MILLIS) {
        return Err(Refusal::Future);
    }
    document(reading, observation).ok_or(Refusal::Malformed)
}

fn document(reading: &Submitted, observation: Value) -> Option<Vec<u8>> {
    let document = json!({
        "device": reading.device,
        "sequence": reading.sequence,
        "at": reading.at,
        "observation": observation,
        "signature": reading.signature,
    });
    serde_json_canonicalizer::to_vec(&document).ok()
}

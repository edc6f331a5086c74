use super::{devices::Found, *};
use crate::{
    reports::{CollectError, Due},
    store::file_opener,
    vault::{Files, Kind, Vault},
};
use galen_client::device::DeviceSecret;
use galen_fhir::reading::{Known, judge, named};
use galen_primitives::{
    AccountId,
    devices::{
        Device, DeviceKeyPeriod,
        reading::{MAX_SEQUENCE, ReadingBatch, Refusal, refusals_hash},
    },
    reports::{LogBatch, Position},
};
use galen_proofs::reading::SignedReading;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

const GENESIS: H256 = H256([7; 32]);
/// This worker's clock, in milliseconds.
const NOW: u64 = 1_700_000_000_000;
const KEY: &str = "p256://Monitor";

fn id(seed: u8) -> H256 {
    H256([seed; 32])
}

fn account(seed: u8) -> AccountId {
    AccountId::new([seed; 32])
}

fn device(spec: &str) -> Device {
    let key = DeviceSecret::read(spec).unwrap().public();
    Device {
        hospital: account(1),
        model: id(0),
        registered_at: 1,
        keys: vec![DeviceKeyPeriod { key, from: 1, until: None }].try_into().unwrap(),
        retired_at: None,
        suspect_from: None,
    }
}

fn observation(value: f64) -> Value {
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "8310-5" }] },
        "device": { "display": "thermometer" },
        "valueQuantity": { "value": value, "code": "Cel" },
    })
}

/// Signed by the device with this key.
fn signed(spec: &str, seed: u8, sequence: u64, at: u64, observation: Value) -> SignedReading {
    DeviceSecret::read(spec).unwrap().sign_reading(&GENESIS, id(seed), sequence, at, observation).unwrap()
}

fn reading(sequence: u64) -> SignedReading {
    signed(KEY, 3, sequence, NOW, observation(36.6))
}

fn submitted(reading: &SignedReading) -> Submitted {
    serde_json::from_str(&serde_json::to_string(reading).unwrap()).unwrap()
}

fn judged(reading: &SignedReading, device: Option<&Device>, last: Option<(u64, u64)>) -> Result<(), Refusal> {
    let hospital = account(1);
    let known = Known { genesis: GENESIS, hospital: Some(&hospital), device, last, now: NOW };
    judge(&submitted(reading), &known).map(drop)
}

#[test]
fn what_a_device_in_good_standing_signed_is_taken() {
    for spec in [KEY, "//Monitor"] {
        let reading = signed(spec, 3, 5, NOW, observation(36.6));
        assert_eq!(judged(&reading, Some(&device(spec)), None), Ok(()));
        assert_eq!(judged(&reading, Some(&device(spec)), Some((4, NOW))), Ok(()));
    }
}

#[test]
fn the_standing_of_the_device_is_asked_first() {
    let reading = reading(5);
    let with = |change: fn(&mut Device)| {
        let mut device = device(KEY);
        change(&mut device);
        judged(&reading, Some(&device), None)
    };
    assert_eq!(judged(&reading, None, None), Err(Refusal::Unregistered));
    assert_eq!(with(|d| d.hospital = account(2)), Err(Refusal::OtherHospital));
    assert_eq!(with(|d| d.suspect_from = Some(9)), Err(Refusal::Suspect));
    let retired = with(|d| {
        d.retired_at = Some(9);
        d.keys[0].until = Some(9);
    });
    assert_eq!(retired, Err(Refusal::Retired));
}

#[test]
fn whatever_is_changed_breaks_the_signature() {
    let refused = |change: fn(&mut SignedReading)| {
        let mut reading = reading(5);
        change(&mut reading);
        assert_eq!(judged(&reading, Some(&device(KEY)), None), Err(Refusal::BadSignature));
    };
    refused(|r| r.observation["valueQuantity"]["value"] = json!(39.6));
    refused(|r| r.observation["note"] = json!([]));
    refused(|r| r.sequence = 6);
    refused(|r| r.at -= 1);
    refused(|r| r.signature.0[63] ^= 1);
    // A replay under a higher number is one, too.
    assert_eq!(judged(&reading(5), Some(&device("//Other")), None), Err(Refusal::BadSignature));
    let elsewhere = DeviceSecret::read(KEY).unwrap();
    let elsewhere = elsewhere.sign_reading(&id(9), id(3), 5, NOW, observation(36.6)).unwrap();
    assert_eq!(judged(&elsewhere, Some(&device(KEY)), None), Err(Refusal::BadSignature), "another chain");
}

#[test]
fn the_spelling_of_the_observation_does_not_matter() {
    let reading = serde_json::to_string_pretty(&reading(5)).unwrap().replace("36.6", "3.660e1");
    let submitted: Submitted = serde_json::from_str(&reading).unwrap();
    let (device, hospital) = (device(KEY), account(1));
    let known =
        Known { genesis: GENESIS, hospital: Some(&hospital), device: Some(&device), last: None, now: NOW };
    assert!(judge(&submitted, &known).is_ok());
}

#[test]
fn what_is_no_observation_of_that_name_is_malformed_though_signed() {
    let malformed = |observation: Value, sequence| {
        let secret = DeviceSecret::read(KEY).unwrap();
        let mut reading = secret.sign_reading(&GENESIS, id(3), sequence, NOW, json!({})).unwrap();
        reading.observation = observation;
        let bytes = reading.reading().unwrap();
        // Signed as it is, whatever it is.
        reading.signature = sign_raw(&bytes.signed_bytes(&GENESIS));
        judged(&reading, Some(&device(KEY)), None)
    };
    let right = reading(5).observation;
    assert_eq!(malformed(right.clone(), 5), Ok(()));
    let changed = |change: fn(&mut Value)| {
        let mut observation = right.clone();
        change(&mut observation);
        malformed(observation, 5)
    };
    for wrong in [
        changed(|o| o["resourceType"] = json!("Condition")),
        changed(|o| drop(o.as_object_mut().unwrap().remove("device"))),
        changed(|o| drop(o.as_object_mut().unwrap().remove("identifier"))),
        changed(|o| o["identifier"][0]["value"] = json!("0x03/5")),
        changed(|o| {
            let twice = o["identifier"][0].clone();
            o["identifier"].as_array_mut().unwrap().push(twice);
        }),
        malformed(right.clone(), 6),
        malformed(json!([right]), 5),
        malformed(json!(7), 5),
        judged(&reading(MAX_SEQUENCE + 1), Some(&device(KEY)), None),
        judged(
            &signed(KEY, 3, 5, NOW, json!({ "x": "y".repeat(MAX_OBSERVATION) })),
            Some(&device(KEY)),
            None,
        ),
    ] {
        assert_eq!(wrong, Err(Refusal::Malformed));
    }
    assert_eq!(judged(&reading(MAX_SEQUENCE), Some(&device(KEY)), None), Ok(()));
}

fn sign_raw(message: &[u8]) -> sp_core::H512 {
    match DeviceSecret::read(KEY).unwrap() {
        DeviceSecret::P256(key) => {
            use p256::ecdsa::{Signature, signature::Signer};
            let signature: Signature = key.sign(message);
            sp_core::H512::from_slice(&signature.to_bytes())
        }
        DeviceSecret::Ed25519(_) => unreachable!(),
    }
}

#[test]
fn numbers_rise_and_time_does_not_fall() {
    let device = device(KEY);
    let at =
        |sequence, at, last| judged(&signed(KEY, 3, sequence, at, observation(1.0)), Some(&device), last);
    let last = Some((5, NOW - 10));
    assert_eq!(at(5, NOW, last), Err(Refusal::Replayed));
    assert_eq!(at(4, NOW, last), Err(Refusal::Replayed));
    assert_eq!(at(6, NOW - 11, last), Err(Refusal::BackInTime));
    assert_eq!(at(6, NOW - 10, last), Ok(()));
    assert_eq!(at(600, NOW + AHEAD_MILLIS, last), Ok(()), "gaps are allowed");
    assert_eq!(at(6, NOW + AHEAD_MILLIS + 1, last), Err(Refusal::Future));
}

#[test]
fn a_name_has_one_spelling() {
    let with =
        |value: &str| named(&json!({ "identifier": [{ "system": "urn:galen:reading", "value": value }] }));
    let hex = "0a".repeat(32);
    assert_eq!(with(&format!("0x{hex}/7")), Some((id(10), 7)));
    for other in [
        format!("{hex}/7"),
        format!("0x{hex}/07"),
        format!("0x{hex}/+7"),
        format!("0x{}/7", hex.to_uppercase()),
        format!("0x{hex}/"),
        format!("0x{hex}"),
        String::new(),
    ] {
        assert_eq!(with(&other), None, "{other}");
    }
    assert_eq!(named(&json!({})), None);
    assert_eq!(named(&json!({ "identifier": "x" })), None);
}

/// A vault and a table in a directory.
struct Lab {
    dir: tempfile::TempDir,
    vault: Vault,
    readings: Readings,
    found: Found,
}

impl Lab {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let files = Files {
            master: dir.path().join("master.key"),
            keys: dir.path().join("keys.redb"),
            documents: dir.path().join("vault.redb"),
        };
        files.create_master().unwrap();
        let vault = Vault::open(files).unwrap();
        let readings = Readings::open(&dir.path().join("readings.redb"), file_opener()).unwrap();
        let devices = [(id(3), Arc::new(device(KEY))), (id(4), Arc::new(device("//Pump")))].into();
        Lab { dir, vault, readings, found: Found { genesis: GENESIS, devices } }
    }

    fn take(&self, readings: &[SignedReading]) -> Vec<Judged> {
        self.take_at(readings, NOW)
    }

    fn take_at(&self, readings: &[SignedReading], now: u64) -> Vec<Judged> {
        let (patient, hospital) = (account(8), account(1));
        let origin = Origin { by: "gateway", patient: &patient, hospital: Some(&hospital) };
        let readings: Vec<_> = readings.iter().map(submitted).collect();
        self.readings.take(&self.vault, &origin, &self.found, &readings, now).unwrap()
    }

    /// Takes the next `count` readings of device 3, from this number on.
    fn taken(&self, from: u64, count: u64) -> Vec<H256> {
        let readings: Vec<_> = (from..from + count).map(reading).collect();
        self.take(&readings).into_iter().map(record).collect()
    }

    fn collect(&self, chain: Position) -> Option<ReadingBatch> {
        self.readings.collect(&chain, &DUE, NOW / 1000 + DUE.seconds).unwrap()
    }

    fn reopened(self) -> Self {
        drop(self.readings);
        let readings = Readings::open(&self.dir.path().join("readings.redb"), file_opener()).unwrap();
        Lab { readings, ..self }
    }
}

const DUE: Due = Due { entries: 4, seconds: 60, silence: None };

fn record(answer: Judged) -> H256 {
    match answer {
        Judged::Record(record) => record,
        Judged::Refused(reason) => panic!("{reason:?}"),
    }
}

fn after(batch: &ReadingBatch) -> Position {
    Position { place: batch.index + 1, next: batch.end().unwrap(), head: batch.head() }
}

#[test]
fn readings_are_documents_of_their_patient_and_replays_within_a_call_are_none() {
    let lab = Lab::new();
    let pump = signed("//Pump", 4, 1, NOW, observation(2.0));
    let answers = lab.take(&[reading(5), reading(5), reading(6), pump, reading(4)]);
    assert_eq!(answers[1], Judged::Refused(Refusal::Replayed));
    assert_eq!(answers[4], Judged::Refused(Refusal::Replayed));
    let document = lab.vault.get(&record(answers[0])).unwrap().unwrap();
    assert_eq!((&document.patient, &document.kind), (&account(8), &Kind::Reading));
    let stored: SignedReading = serde_json::from_slice(&document.original).unwrap();
    assert_eq!(stored, reading(5));
    assert_eq!(lab.vault.len().unwrap(), 3);
    assert_eq!(lab.readings.record_of(&id(3), 6).unwrap(), Some(record(answers[2])));
    assert_eq!(lab.readings.record_of(&id(3), 7).unwrap(), None);
    let lab = lab.reopened();
    assert_eq!(lab.take(&[reading(6)]), [Judged::Refused(Refusal::Replayed)], "after a restart");
    let (refused, next) = lab.readings.refused(0, 2).unwrap();
    assert_eq!((refused.len(), next), (2, Some(2)));
    assert_eq!((refused[0].refused.by.as_str(), refused[0].refused.sequence), ("gateway", 5));
    lab.vault.erase_patient(&account(8)).unwrap();
    assert!(lab.vault.get(&record(answers[0])).unwrap().is_none());
}

#[test]
fn nothing_that_was_measured_position_in_the_table() {
    let lab = Lab::new();
    lab.take(&[signed(KEY, 3, 1, NOW, observation(37.77)), signed("//Fake", 3, 2, NOW, observation(38.88))]);
    let path = lab.dir.path().join("readings.redb");
    drop(lab.readings);
    let bytes = std::fs::read(path).unwrap();
    for text in ["37.77", "38.88", "8310-5", "Observation", "thermometer"] {
        assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    let patient: &[u8; 32] = &[8; 32];
    assert!(!bytes.windows(32).any(|window| window == patient));
}

#[test]
fn a_batch_is_due_when_there_are_enough_or_one_is_old() {
    let lab = Lab::new();
    let at = |seconds| lab.readings.collect(&Position::default(), &DUE, NOW / 1000 + seconds).unwrap();
    assert_eq!(at(1_000), None);
    lab.taken(1, 2);
    lab.take(&[reading(1)]);
    assert_eq!(at(59), None);
    let batch = at(60).unwrap();
    assert_eq!((batch.first, batch.count, batch.refused), (0, 2, 1));
    lab.taken(10, 4);
    assert_eq!(at(0), Some(batch), "a batch that was shown does not change");
    let next = lab.readings.collect(&after(&batch), &DUE, NOW / 1000).unwrap().unwrap();
    assert_eq!((next.index, next.first, next.count, next.refused), (1, 2, 4, 0));
    assert_eq!(next.previous, batch.head());
}

#[test]
fn refusals_alone_are_anchored_too() {
    let lab = Lab::new();
    lab.taken(5, 1);
    let first = lab.collect(Position::default()).unwrap();
    assert_eq!(lab.collect(after(&first)), None);
    lab.take(&[reading(5)]);
    let batch = lab.collect(after(&first)).unwrap();
    assert_eq!((batch.count, batch.refused, batch.end()), (0, 1, Some(1)));
    let (refused, _) = lab.readings.refused(0, 9).unwrap();
    let encoded: Vec<_> = refused.iter().map(|entry| entry.refused.encode()).collect();
    assert_eq!(batch.refusals, refusals_hash(encoded));
    assert_eq!(lab.readings.waiting().unwrap(), 0);
}

#[test]
fn every_reading_is_proven_by_its_batch() {
    let lab = Lab::new();
    let (mut position, mut records) = (Position::default(), Vec::new());
    for (from, count) in [(1, 3), (10, 4), (20, 1)] {
        records.extend(lab.taken(from, count));
        position = after(&lab.collect(position).unwrap());
    }
    let waiting = lab.taken(30, 1);
    for (number, record) in records.iter().enumerate() {
        let number = number as u64;
        assert_eq!(lab.readings.number_of(record).unwrap(), Some(number));
        let proven = lab.readings.prove(number).unwrap().unwrap();
        assert!(proven.batch.proves(number, record, &proven.path));
    }
    let number = lab.readings.number_of(&waiting[0]).unwrap().unwrap();
    assert_eq!((number, lab.readings.prove(number).unwrap()), (8, None));
    assert_eq!(lab.readings.number_of(&id(99)).unwrap(), None);
}

#[test]
fn a_chain_with_another_past_gets_nothing() {
    let lab = Lab::new();
    lab.taken(1, 4);
    let batch = lab.collect(Position::default()).unwrap();
    let position = after(&batch);
    for wrong in [
        Position { place: 2, ..position },
        Position { next: 5, ..position },
        Position { head: id(9), ..position },
        Position { head: id(9), ..Position::default() },
    ] {
        assert!(
            matches!(lab.readings.collect(&wrong, &DUE, NOW), Err(CollectError::Diverged(_))),
            "{wrong:?}"
        );
    }
    // A chain that was begun anew is told everything again.
    assert_eq!(lab.collect(Position::default()), Some(batch));
    assert!(lab.readings.resume(&Position::default()).is_err());
    assert!(
        lab.readings.resume(&Position { place: 3, next: 1, head: id(9) }).is_err(),
        "fewer readings than here"
    );
}

#[test]
fn after_a_loss_batches_go_on_where_the_chain_position() {
    let lab = Lab::new();
    lab.taken(1, 4);
    let first = lab.collect(Position::default()).unwrap();
    // Restored from a backup of then; the chain has seen two more batches, with 7 readings.
    let later = Position { place: 3, next: first.end().unwrap() + 7, head: id(9) };
    let records = lab.taken(100, 2);
    assert!(lab.readings.collect(&later, &DUE, NOW).is_err());
    assert_eq!(lab.readings.resume(&later).unwrap(), 2);
    let lab = lab.reopened();
    let batch = lab.collect(later).unwrap();
    assert_eq!((batch.index, batch.first, batch.count, batch.previous), (3, 11, 2, id(9)));
    for (number, record) in (11..).zip(&records) {
        assert_eq!(lab.readings.number_of(record).unwrap(), Some(number));
        let proven = lab.readings.prove(number).unwrap().unwrap();
        assert!(proven.batch.proves(number, record, &proven.path));
    }
    for number in [4, 10, 13] {
        assert_eq!(lab.readings.batch_of(number).unwrap(), None);
    }
    assert_eq!(lab.readings.batch_of(3).unwrap(), Some(first));
    assert_eq!(lab.take(&[reading(101)]), [Judged::Refused(Refusal::Replayed)]);
    assert_eq!(lab.collect(after(&batch)).unwrap().refused, 1);
}

#[test]
fn only_what_was_verified_is_cited() {
    let lab = Lab::new();
    let record = lab.taken(5, 1)[0];
    let genuine = reading(5).observation;
    let mut tampered = genuine.clone();
    tampered["valueQuantity"]["value"] = json!(41.0);
    let unknown = reading(6).observation;
    let unnamed = observation(36.6);
    let all = [genuine.clone(), tampered, unknown, unnamed];
    let cited = cite(&lab.readings, &lab.vault, &account(8), &all).unwrap();
    assert_eq!(cited.unverified, 3);
    assert_eq!(
        cited.readings,
        [json!({
            "code": { "system": "http://loinc.org", "code": "8310-5" },
            "value": 36.6,
            "unit": "Cel",
            "device": id(3),
            "sequence": 5,
            "at": NOW,
            "record": record,
        })]
    );
    // Of another patient, and of nobody any more.
    let none = Citations { readings: vec![], unverified: 1 };
    assert_eq!(cite(&lab.readings, &lab.vault, &account(9), std::slice::from_ref(&genuine)).unwrap(), none);
    lab.vault.erase(&record).unwrap();
    assert_eq!(cite(&lab.readings, &lab.vault, &account(8), &[genuine]).unwrap(), none);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // The model: what was taken and refused, in lists; batches cut from them.
    #[test]
    fn batches_are_all_that_came_in_and_in_its_order(
        acts in proptest::collection::vec((0u8..4, 0u64..6, 0u64..3), 1..30)
    ) {
        let lab = Lab::new();
        let (mut records, mut refused, mut batches) = (Vec::new(), 0u64, Vec::<ReadingBatch>::new());
        let (mut last, mut position) = (None::<u64>, Position::default());
        for (act, sequence, count) in acts {
            match act {
                // The chain took what it was shown, or not yet.
                0 => {
                    if let Some(batch) = lab.collect(position) {
                        let again = lab.collect(position);
                        prop_assert_eq!(again, Some(batch));
                        if batches.len() as u64 == batch.index {
                            batches.push(batch);
                        }
                        if count > 0 {
                            position = after(&batch);
                        }
                    }
                }
                _ => {
                    for sequence in sequence..=sequence + count {
                        let answer = lab.take(&[reading(sequence)])[0];
                        let right = last.is_none_or(|last| sequence > last);
                        match answer {
                            Judged::Record(record) => records.push(record),
                            Judged::Refused(why) => {
                                prop_assert_eq!(why, Refusal::Replayed);
                                refused += 1;
                            }
                        }
                        prop_assert_eq!(matches!(answer, Judged::Record(_)), right);
                        if right {
                            last = Some(sequence);
                        }
                    }
                }
            }
        }
        let (mut next, mut told, mut previous) = (0, 0, H256::zero());
        for (index, batch) in batches.iter().enumerate() {
            prop_assert_eq!((batch.index, batch.first, batch.previous), (index as u64, next, previous));
            let end = batch.end().unwrap();
            let leaves: Vec<_> = records[next as usize..end as usize].iter().map(ReadingBatch::leaf).collect();
            prop_assert_eq!(batch.root, ReadingBatch::TREE.root(&leaves));
            (next, previous) = (end, batch.head());
            told += u64::from(batch.refused);
        }
        prop_assert!(told <= refused);
        prop_assert_eq!(lab.readings.waiting().unwrap(), records.len() as u64 - next + refused - told);
    }
}

//! Readings of devices. Input: a reading as a gateway hands it over, or an `Observation`, which the device then signs.

#![no_main]

use galen_fhir::{
    canonical::{Form, canonical},
    reading::{Known, Submitted, judge, named},
};
use galen_primitives::{
    AccountId, H256,
    devices::{
        Device, DeviceKey, DeviceKeyPeriod,
        reading::{Reading, Refusal, payload_hash},
    },
};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, value::RawValue};
use sp_core::{H512, Pair, ed25519};

const GENESIS: H256 = H256([7; 32]);
const DEVICE: H256 = H256([8; 32]);
const HOSPITAL: AccountId = AccountId::new([9; 32]);
const SEQUENCE: u64 = 5;
const AT: u64 = 1_500;

fn device(key: DeviceKey) -> Device {
    let keys = vec![DeviceKeyPeriod { key, from: 0, until: None }];
    Device {
        hospital: HOSPITAL,
        model: H256::zero(),
        registered_at: 0,
        keys: keys.try_into().expect("one"),
        retired_at: None,
        suspect_from: None,
    }
}

fn signed(reading: &Submitted, payload: H256, genesis: &H256) -> Vec<u8> {
    let Submitted { device, sequence, at, .. } = *reading;
    Reading { device, sequence, at, payload }.signed_bytes(genesis)
}

fuzz_target!(|document: &[u8]| {
    let pair = ed25519::Pair::from_seed(&[7; 32]);
    let key = DeviceKey::Ed25519(pair.public().0);
    let (hospital, device) = (HOSPITAL, device(key));
    let known = Known {
        genesis: GENESIS,
        hospital: Some(&hospital),
        device: Some(&device),
        last: Some((SEQUENCE - 1, AT)),
        now: AT,
    };

    // What is taken was signed, in the form that is hashed.
    if let Ok(reading) = serde_json::from_slice::<Submitted>(document)
        && judge(&reading, &known).is_ok()
    {
        let (form, bytes) = canonical(reading.observation.get().as_bytes()).expect("it was taken");
        assert_eq!(form, Form::Json);
        assert!(key.verifies(&signed(&reading, payload_hash(&bytes), &GENESIS), &reading.signature));
    }

    let Ok(text) = std::str::from_utf8(document) else { return };
    let Ok(observation) = RawValue::from_string(text.to_owned()) else { return };
    let form = canonical(observation.get().as_bytes());
    let payload = form.as_ref().map_or(H256::zero(), |(_, bytes)| payload_hash(bytes));
    let mut reading =
        Submitted { device: DEVICE, sequence: SEQUENCE, at: AT, observation, signature: H512::zero() };
    reading.signature = H512(pair.sign(&signed(&reading, payload, &GENESIS)).0);
    match judge(&reading, &known) {
        Ok(document) => {
            let (_, bytes) = form.expect("it was taken");
            assert_eq!(canonical(&bytes), Ok((Form::Json, bytes.clone())), "the form is its own");
            let document: Value = serde_json::from_slice(&document).expect("it is JSON");
            let observation = &document["observation"];
            assert_eq!(serde_json_canonicalizer::to_vec(observation).expect("it is JSON"), bytes);
            assert_eq!(named(observation), Some((DEVICE, SEQUENCE)));
            // Not a second time, not on another chain, and not by a key that did not sign it.
            let again = Known { last: Some((SEQUENCE, AT)), ..known };
            assert_eq!(judge(&reading, &again), Err(Refusal::Replayed));
            let elsewhere = Known { genesis: H256::zero(), ..known };
            assert_eq!(judge(&reading, &elsewhere), Err(Refusal::BadSignature));
            reading.sequence += 1;
            assert_eq!(judge(&reading, &known), Err(Refusal::BadSignature));
        }
        // Number and time are right, and the device signed it, whatever it is.
        Err(why) => assert_eq!(why, Refusal::Malformed),
    }
});

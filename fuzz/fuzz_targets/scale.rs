//! What comes as SCALE from workers, nodes and files: decoded without harm, and encoded to the bytes that it came as.

#![no_main]

use codec::{Decode, Encode};
use galen_primitives::{
    H256,
    audit::{ConsistencyProof, Entry, Filter, InclusionProof, LogState, disclosure::DisclosureBatch},
    consent::{ConsentTerms, ConsentVersion, Decision, Mandate, Patient, Question},
    devices::{
        Device,
        reading::{Reading, ReadingBatch},
    },
    member::Member,
    records::{Record, batch::BatchProof},
    summary::{Job, Outcome, Receipt},
};
use libfuzzer_sys::fuzz_target;

/// Bytes have one meaning and a meaning has one encoding: a signature over the encoding is one over the value.
fn round_trip<T: Decode + Encode + PartialEq + core::fmt::Debug>(bytes: &[u8]) {
    let mut rest = bytes;
    let Ok(value) = T::decode(&mut rest) else { return };
    let used = &bytes[..bytes.len() - rest.len()];
    assert_eq!(value.encode(), used);
}

/// A log grows from any state that decodes, or refuses to, and says the same of itself whoever asks.
fn append(bytes: &[u8]) {
    let Ok(mut log) = LogState::decode(&mut &bytes[..]) else { return };
    let before = log.clone();
    match log.append(H256([7; 32])) {
        Some(_) => assert!(log.count == before.count + 1 && log.root() != before.root()),
        None => assert_eq!(log, before),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind % 22 {
        0 => round_trip::<Receipt>(bytes),
        1 => round_trip::<Outcome>(bytes),
        2 => round_trip::<Job>(bytes),
        3 => round_trip::<Entry>(bytes),
        4 => round_trip::<LogState>(bytes),
        5 => round_trip::<Filter>(bytes),
        6 => round_trip::<ConsentTerms>(bytes),
        7 => round_trip::<ConsentVersion>(bytes),
        8 => round_trip::<Question>(bytes),
        9 => round_trip::<Decision>(bytes),
        10 => round_trip::<Mandate>(bytes),
        11 => round_trip::<Patient>(bytes),
        12 => append(bytes),
        13 => round_trip::<InclusionProof>(bytes),
        14 => round_trip::<ConsistencyProof>(bytes),
        15 => round_trip::<BatchProof>(bytes),
        16 => round_trip::<DisclosureBatch>(bytes),
        17 => round_trip::<Reading>(bytes),
        18 => round_trip::<ReadingBatch>(bytes),
        19 => round_trip::<Device>(bytes),
        20 => round_trip::<Record>(bytes),
        _ => round_trip::<Member>(bytes),
    }
});

//! What a batch costs at its custodian: making the leaves and the tree, and proving and verifying leaves. `scripts/bench batch`.
//!
//!     cargo run --release --example batch [LEAVES]

use codec::Encode;
use galen_primitives::{
    AccountId, H256,
    commitment::{Scheme, commit},
    records::{
        RecordAttributes, RecordFacts,
        batch::{BatchTree, MAX_LEAVES, attributes_digest, attributes_salt, leaf},
    },
};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// How many leaves are proven and verified.
const SAMPLES: u32 = 10_000;

fn main() -> ExitCode {
    let count = match std::env::args().nth(1).map(|text| text.parse()) {
        None => MAX_LEAVES,
        Some(Ok(count)) if (1..=MAX_LEAVES).contains(&count) => count,
        Some(_) => {
            eprintln!("batch: LEAVES must be a number from 1 to {MAX_LEAVES}");
            return ExitCode::FAILURE;
        }
    };
    let timed = |what: &dyn Fn() -> Vec<(H256, H256)>| {
        let start = Instant::now();
        (what(), start.elapsed())
    };
    let attributes = RecordAttributes { patient: AccountId::new([1; 32]), facts: RecordFacts::default() };
    let (records, digests) = timed(&|| {
        let record = |number: u32| {
            // A salt of its own for each; here it need not be secret.
            let mut salt = [0; 32];
            salt[..4].copy_from_slice(&number.to_le_bytes());
            let commitment = commit(Scheme::Text, &salt, b"a note");
            (commitment, attributes_digest(&attributes_salt(&salt), &attributes))
        };
        (0..count).map(record).collect()
    });
    let start = Instant::now();
    let leaves = records.iter().map(|(commitment, digest)| leaf(commitment, digest)).collect();
    let Some(tree) = BatchTree::new(leaves) else { return ExitCode::FAILURE };
    let built = start.elapsed();

    let samples = SAMPLES.min(count);
    let places: Vec<u32> =
        (0..samples).map(|n| (u64::from(n) * u64::from(count) / u64::from(samples)) as u32).collect();
    let start = Instant::now();
    let proofs: Vec<_> = places.iter().filter_map(|place| tree.proof(*place)).collect();
    let proving = start.elapsed();
    let start = Instant::now();
    let proven = places
        .iter()
        .zip(&proofs)
        .filter(|(place, proof)| {
            let (commitment, digest) = records[**place as usize];
            proof.proves(&commitment, &digest)
        })
        .count();
    let verifying = start.elapsed();
    if proven != places.len() {
        eprintln!("batch: only {proven} of {} leaves are proven", places.len());
        return ExitCode::FAILURE;
    }

    let each = |time: Duration| time.as_nanos() as f64 / f64::from(samples) / 1_000.0;
    let longest = proofs.iter().map(|proof| proof.path.len() * 32).max().unwrap_or(0);
    let whole = proofs.iter().map(|proof| proof.encoded_size()).max().unwrap_or(0);
    println!("{count} leaves");
    println!("  commitments and attributes' digests {:8.2} s", digests.as_secs_f64());
    println!("  leaves and tree                     {:8.2} s", built.as_secs_f64());
    println!("  tree in memory                      {:8.1} MB", f64::from(count) * 64.0 / 1e6);
    println!("  one path, at most                   {longest:8} bytes ({whole} with root, count and index)");
    println!("  making a proof                      {:8.2} us", each(proving));
    println!("  verifying a leaf                    {:8.2} us", each(verifying));
    ExitCode::SUCCESS
}

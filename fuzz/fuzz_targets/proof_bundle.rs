//! Proof bundles, as an auditor is handed them. Input: a bundle's file.

#![no_main]

use galen_client::bundle::{Bundle, Start, Trust, check};
use galen_primitives::H256;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Ok(bundle) = Bundle::parse(file) else { return };
    let written = bundle.to_bytes().expect("it is no larger than what was read");
    assert_eq!(Bundle::parse(&written).expect("it was written here"), bundle);

    // The reader trusts the genesis or the checkpoint that the file begins at: what follows is looked at.
    let checkpoint = match &bundle.start {
        Start::Checkpoint(checkpoint) => Some(checkpoint.hash()),
        Start::Genesis { .. } => None,
    };
    let report = check(&bundle, &Trust { genesis: bundle.genesis, checkpoint });
    assert_eq!(report.verified, report.checks.iter().all(|check| check.holds));
    // On another chain, nothing of it holds.
    let elsewhere = Trust { genesis: H256(bundle.genesis.0.map(|byte| !byte)), checkpoint };
    let report = check(&bundle, &elsewhere);
    assert!(!report.verified && report.proven.is_none());
});

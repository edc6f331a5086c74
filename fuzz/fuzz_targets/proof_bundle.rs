//! Proof bundles, as an auditor is handed them. Input: a bundle's file.

#![no_main]

use galen_primitives::H256;
use galen_proofs::bundle::{Bundle, Trust, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Ok(bundle) = Bundle::parse(file) else { return };
    let written = bundle.to_bytes().expect("it is no larger than what was read");
    assert_eq!(Bundle::parse(&written).expect("it was written here"), bundle);

    // The reader trusts the genesis or the checkpoint that the file begins at: what follows is looked at.
    let trust = Trust::as_stated(&bundle);
    let report = check(&bundle, &trust);
    assert_eq!(report.verified, report.checks.iter().all(|check| check.holds));
    // On another chain, nothing of it holds.
    let elsewhere = Trust { genesis: H256(bundle.genesis.0.map(|byte| !byte)), ..trust };
    let report = check(&bundle, &elsewhere);
    assert!(!report.verified && report.proven.is_none());
});

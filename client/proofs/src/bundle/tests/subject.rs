//! What is shown in the state of the last block.

use super::{
    super::{Bundle, Bytes, Claim, Proven, Subject, Trie},
    chain::*,
};
use crate::storage_key as key;
use codec::Encode;
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::{Entry, LogState},
    records::Record,
    summary::{Failure, Job, JobStatus},
};
use sp_core::storage::StateVersion;

fn with_record(change: impl FnOnce(&mut Record)) -> Bundle {
    let mut found = record();
    change(&mut found);
    let mut storage = storage();
    storage.insert(record_key(RECORD), found.encode());
    bundle_in(&storage, job_subject())
}

fn with_job(change: impl FnOnce(&mut Job)) -> Bundle {
    let mut found = job();
    change(&mut found);
    let mut storage = storage();
    storage.insert(job_key(), found.encode());
    bundle_in(&storage, job_subject())
}

fn with_key(used: Option<(AccountId, Option<BlockNumber>)>) -> Bundle {
    let mut storage = storage();
    match used {
        Some(used) => storage.insert(worker_key_key(), used.encode()),
        None => storage.remove(&worker_key_key()),
    };
    bundle_in(&storage, job_subject())
}

#[test]
fn each_subject_is_shown_as_it_stands() {
    assert_eq!(
        checked(&bundle(record_subject())).proven,
        Some(Proven::Record { id: RECORD, record: record() })
    );
    let proven = checked(&bundle(job_subject())).proven.unwrap();
    assert_eq!(proven, Proven::Job { id: JOB, job: job(), record: record() });
    let JobStatus::Done { receipt, .. } = job().status else { panic!() };
    assert_eq!((proven.receipt(), proven.commitment()), (Some(&receipt), Some(RECORD)));
    for index in 0..entries().len() {
        let Some(Proven::AuditEntry { entry, log }) = checked(&bundle(entry_subject(index))).proven else {
            panic!()
        };
        assert_eq!((entry, log.count), (entries()[index].clone(), 11));
    }
}

#[test]
fn what_is_not_there_is_not_shown() {
    // With a true proof that it is not there, and with one of something else.
    let absent = Subject::Record(H256([0xfe; 32]));
    refused_at(&checked(&bundle(absent.clone())), "record", "the state has no record");
    let mut bundle = bundle(record_subject());
    let Claim::State { subject, .. } = &mut bundle.claim else { panic!() };
    *subject = absent;
    assert!(!checked(&bundle).verified);
}

#[test]
fn a_proof_under_another_state_root_is_refused() {
    let mut other = storage();
    other.insert(record_key(RECORD), Record { anchored_at: 1, ..record() }.encode());
    let forged = Trie::new(&other, StateVersion::V1).unwrap().prove(&record_subject().keys()).unwrap();
    let mut bundle = bundle(record_subject());
    let Claim::State { state, .. } = &mut bundle.claim else { panic!() };
    let honest = std::mem::replace(state, forged);
    refused_at(&checked(&bundle), "time", "does not lead from the state root");
    // Nor do the nodes of both together.
    let Claim::State { state, .. } = &mut bundle.claim else { panic!() };
    state.0.extend(honest.0);
    let report = checked(&bundle);
    assert_eq!(report.proven, Some(Proven::Record { id: RECORD, record: record() }));
}

#[test]
fn a_block_without_a_time_is_refused() {
    for time in [None, Some(vec![1]), Some(u64::MAX.encode())] {
        let mut storage = storage();
        storage.remove(&key::item("Timestamp", "Now"));
        storage.extend(time.map(|time| (key::item("Timestamp", "Now"), time)));
        refused_at(&checked(&bundle_in(&storage, record_subject())), "time", "time of the block");
    }
}

#[test]
fn a_record_of_a_later_block_is_refused() {
    refused_at(&checked(&with_record(|record| record.anchored_at = 81)), "record", "later than this");
}

#[test]
fn replaced_and_erased_records_are_shown_as_such() {
    let report = checked(&with_record(|record| {
        record.superseded_by = Some(H256([0xdd; 32]));
        record.erased_at = Some(79);
    }));
    assert!(report.verified);
    let seen = &report.checks.iter().find(|check| check.name == "record").unwrap().seen;
    assert!(seen.contains("replaced by 0xdddd") && seen.contains("erased in block 79"), "{seen}");
}

#[test]
fn a_job_without_a_receipt_is_refused() {
    for status in
        [JobStatus::Open, JobStatus::Failed { failure: Failure::WorkerTooSlow, at: 75 }, JobStatus::Expired]
    {
        refused_at(&checked(&with_job(|job| job.status = status)), "job", "has no receipt");
    }
}

#[test]
fn a_receipt_must_fit_its_job_and_record() {
    refused_at(&checked(&with_job(|job| job.model = H256::zero())), "receipt", "another record or model");
    refused_at(
        &checked(&with_job(|job| job.record = H256([0xfe; 32]))),
        "job",
        "another record or worker key",
    );
    refused_at(
        &checked(&with_job(|job| job.worker_key = H256::zero())),
        "job",
        "another record or worker key",
    );
    refused_at(&checked(&with_record(|record| record.anchored_at = 76)), "receipt", "in the keeping");
    let other = AccountId::new([1; 32]);
    refused_at(&checked(&with_record(|record| record.custodian = other)), "receipt", "in the keeping");
    let later = |job: &mut Job| {
        let JobStatus::Done { at, .. } = &mut job.status else { panic!() };
        *at = 81;
    };
    refused_at(&checked(&with_job(later)), "job", "later than this");
}

#[test]
fn the_signer_must_be_the_hospitals_and_not_suspect() {
    refused_at(&checked(&with_key(None)), "worker key", "no worker key");
    refused_at(&checked(&with_key(Some((AccountId::new([1; 32]), None)))), "worker key", "the key of");
    // The receipt is of block 75.
    refused_at(&checked(&with_key(Some((hospital(), Some(75))))), "worker key", "suspect from block 75");
    refused_at(&checked(&with_key(Some((hospital(), Some(0))))), "worker key", "suspect from block 0");
    assert!(checked(&with_key(Some((hospital(), Some(76))))).verified);
}

#[test]
fn an_entry_must_be_in_the_log() {
    let Subject::AuditEntry { path, .. } = entry_subject(4) else { panic!() };
    let forged = |change: fn(&mut Entry)| {
        let mut entry = entries()[4].clone();
        change(&mut entry);
        bundle(Subject::AuditEntry { entry: Bytes(entry.encode()), path: path.clone() })
    };
    assert!(checked(&forged(|_| ())).verified);
    refused_at(&checked(&forged(|entry| entry.index = 5)), "audit entry", "path does not lead");
    refused_at(&checked(&forged(|entry| entry.hospital = None)), "audit entry", "path does not lead");
    refused_at(&checked(&forged(|entry| entry.index = u64::MAX)), "audit entry", "path does not lead");
    let long = Subject::AuditEntry { entry: Bytes(entries()[4].encode()), path: vec![H256::zero(); 1000] };
    refused_at(&checked(&bundle(long)), "audit entry", "path does not lead");

    // A log that lost entries.
    let mut storage = storage();
    storage.insert(key::item("Audit", "Log"), LogState::default().encode());
    refused_at(&checked(&bundle_in(&storage, entry_subject(4))), "audit entry", "path does not lead");
}

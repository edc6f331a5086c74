//! A chain made for the tests: real keys, real signatures, real tries, and no node.

use super::super::{
    AuthoritySet, Bundle, Bytes, Claim, Final, Header, Report, Start, Subject, Trie, Trust, check,
    format::Format,
};
use crate::{
    batch::{LeafProof, Opened},
    storage_key as key,
};
use codec::Encode;
use finality_grandpa::{Commit, Message, Precommit, SignedPrecommit};
use galen_primitives::{
    AccountId, BlockNumber, H256,
    audit::{Entry, Kind, LOG, LogState, leaf},
    consent::Purpose,
    records::{
        Record, RecordAttributes,
        batch::{self, Batch, BatchTree, attributes_digest},
    },
    summary::{Job, JobStatus, Receipt},
};
use sp_consensus_grandpa::{
    AuthorityId, AuthorityPair, ConsensusLog, GRANDPA_ENGINE_ID, GrandpaJustification, ScheduledChange,
    localized_payload,
};
use sp_core::{Pair, storage::StateVersion};
use sp_runtime::{Digest, DigestItem, traits::Header as _};
use std::collections::BTreeMap;

pub type Storage = BTreeMap<Vec<u8>, Vec<u8>>;
pub type Commits = GrandpaJustification<Header>;

pub const RECORD: H256 = H256([0x11; 32]);
pub const JOB: H256 = H256([0x22; 32]);
pub const WORKER_KEY: H256 = H256([0x33; 32]);
pub const ROUND: u64 = 7;

pub fn hospital() -> AccountId {
    AccountId::new([0xaa; 32])
}

/// The key of an authority.
pub fn authority(number: u8) -> AuthorityPair {
    AuthorityPair::from_seed(&[number; 32])
}

/// A set of these authorities, each of weight 1.
pub fn set(id: u64, numbers: impl IntoIterator<Item = u8>) -> AuthoritySet {
    let authorities = numbers.into_iter().map(|number| (authority(number).public(), 1)).collect();
    AuthoritySet { id, authorities }
}

pub fn header(number: BlockNumber, parent: H256, state: H256, logs: Vec<DigestItem>) -> Header {
    // A pre-runtime digest, as each real block has one.
    let mut all = vec![DigestItem::PreRuntime(*b"BABE", vec![3; 20])];
    all.extend(logs);
    Header::new(number, H256([5; 32]), state, parent, Digest { logs: all })
}

pub fn scheduled(next: &AuthoritySet, delay: BlockNumber) -> DigestItem {
    let change = ScheduledChange { next_authorities: next.authorities.clone(), delay };
    DigestItem::Consensus(GRANDPA_ENGINE_ID, ConsensusLog::<BlockNumber>::ScheduledChange(change).encode())
}

/// A vote of an authority for a block.
pub fn vote(
    voter: u8,
    set_id: u64,
    block: (H256, BlockNumber),
) -> SignedPrecommit<H256, BlockNumber, sp_consensus_grandpa::AuthoritySignature, AuthorityId> {
    let precommit = Precommit { target_hash: block.0, target_number: block.1 };
    let payload = localized_payload(ROUND, set_id, &Message::Precommit(precommit.clone()));
    let pair = authority(voter);
    SignedPrecommit { precommit, signature: pair.sign(&payload), id: pair.public() }
}

/// A justification of `header` by these voters.
pub fn justified(header: &Header, set_id: u64, voters: impl IntoIterator<Item = u8>) -> Final {
    let block = (header.hash(), *header.number());
    let precommits = voters.into_iter().map(|voter| vote(voter, set_id, block)).collect();
    let commit = Commit { target_hash: block.0, target_number: block.1, precommits };
    let justification = Commits { round: ROUND, commit, votes_ancestries: Vec::new() };
    Final { header: Bytes(header.encode()), justification: Bytes(justification.encode()) }
}

pub fn record() -> Record {
    let attributes = RecordAttributes { patient: AccountId::new([0xbb; 32]), facts: Default::default() };
    Record::new(hospital(), attributes, 60)
}

pub fn job() -> Job {
    let model = H256([0x44; 32]);
    let receipt = Receipt {
        input: RECORD,
        output: H256([0x55; 32]),
        model,
        adapter: None,
        template: H256([0x66; 32]),
        parameters: H256([0x77; 32]),
        engine: H256([0x88; 32]),
        consent: Some(3),
        access: None,
        prompt_tokens: 100,
        output_tokens: 20,
        unsupported: 0,
        millis: 1500,
    };
    Job {
        record: RECORD,
        model,
        purpose: Purpose::Treat,
        hospital: hospital(),
        worker_key: WORKER_KEY,
        consent: Some(3),
        access: None,
        requested_at: 70,
        deadline: 100,
        status: JobStatus::Done { receipt, at: 75 },
    }
}

pub fn entries() -> Vec<Entry> {
    (0..11)
        .map(|index| Entry {
            index,
            block: 50,
            hospital: Some(hospital()),
            kind: Kind::RecordAnchored,
            subject: H256::repeat_byte(index as u8),
            patient: None,
        })
        .collect()
}

pub fn record_key(id: H256) -> Vec<u8> {
    key::blake2("Records", "Records", id.as_bytes())
}

pub fn job_key() -> Vec<u8> {
    key::blake2("Summaries", "Jobs", JOB.as_bytes())
}

pub fn worker_key_key() -> Vec<u8> {
    key::blake2("Consortium", "WorkerKeys", WORKER_KEY.as_bytes())
}

/// What stands in the last block: a record, a job, its worker key, a log, and more around them.
pub fn storage() -> Storage {
    let mut log = LogState::default();
    for entry in entries() {
        log.append(leaf(&entry)).unwrap();
    }
    let mut storage: Storage = [
        (record_key(RECORD), record().encode()),
        (job_key(), job().encode()),
        (worker_key_key(), (hospital(), None::<BlockNumber>).encode()),
        (key::item("Audit", "Log"), log.encode()),
        (batch_key(), anchored_batch().encode()),
        (key::item("Timestamp", "Now"), 1_777_887_000_000u64.encode()),
    ]
    .into();
    // None of the leaves of the batch, which begin at 0xc0.
    for number in 0..0xc0u8 {
        storage.insert(record_key(H256([number; 32])), record().encode());
        storage.insert(key::twox("Audit", "Entries", &[number]), vec![number; usize::from(number)]);
    }
    storage.insert(record_key(RECORD), record().encode());
    storage
}

/// A batch of seven records in the log's state, each with salted attributes.
pub fn batch_leaf(number: u8) -> LeafProof {
    let attributes = record().attributes;
    let parts = |number: u8| {
        let salt = H256([number; 32]);
        (H256([0xc0 + number; 32]), attributes_digest(&salt, &attributes))
    };
    let tree =
        BatchTree::new((0..7).map(parts).map(|(id, digest)| batch::leaf(&id, &digest)).collect()).unwrap();
    let (commitment, digest) = parts(number);
    let opened = Some(Opened { attributes, salt: H256([number; 32]) });
    LeafProof { commitment, digest, opened, proof: tree.proof(number.into()).unwrap() }
}

pub fn batch_key() -> Vec<u8> {
    key::blake2("Records", "Batches", batch_leaf(0).proof.root.as_bytes())
}

pub fn anchored_batch() -> Batch {
    Batch { custodian: hospital(), count: 7, anchored_at: 65 }
}

pub fn leaf_subject(number: u8) -> Subject {
    Subject::BatchedRecord(batch_leaf(number))
}

pub fn record_subject() -> Subject {
    Subject::Record(RECORD)
}

pub fn job_subject() -> Subject {
    Subject::Job { job: JOB, record: RECORD, worker_key: WORKER_KEY }
}

pub fn entry_subject(index: usize) -> Subject {
    let entries = entries();
    let leaves: Vec<_> = entries.iter().map(leaf).collect();
    Subject::AuditEntry {
        entry: Bytes(entries[index].encode()),
        path: LOG.inclusion_path(&leaves, index).unwrap(),
    }
}

/// Sets 0, 1 and 2, which partly change, each ending after 30 blocks; then a final block 80.
pub fn sets() -> [AuthoritySet; 3] {
    [set(0, 1..=4), set(1, 1..=4), set(2, 3..=9)]
}

pub fn genesis_storage() -> Storage {
    let mut storage: Storage = (0..50u8).map(|number| (vec![number; 20], vec![number; 40])).collect();
    storage.insert(key::item("Grandpa", "Authorities"), sets()[0].authorities.encode());
    storage.insert(key::item("Grandpa", "CurrentSetId"), 0u64.encode());
    storage
}

pub fn start_of(storage: &Storage) -> (Start, H256) {
    let trie = Trie::new(storage, StateVersion::V1).unwrap();
    let header = header(0, H256::zero(), trie.root(), Vec::new());
    let state = trie.prove(&super::super::genesis_keys()).unwrap();
    (Start::Genesis { header: Bytes(header.encode()), state }, header.hash())
}

/// The blocks that end sets 0 and 1.
pub fn change_headers() -> [Header; 2] {
    let [_, one, two] = sets();
    [
        header(30, H256([1; 32]), H256([2; 32]), vec![scheduled(&one, 0)]),
        header(60, H256([3; 32]), H256([4; 32]), vec![scheduled(&two, 0)]),
    ]
}

pub fn changes() -> Vec<Final> {
    let [first, second] = change_headers();
    vec![justified(&first, 0, 1..=4), justified(&second, 1, 2..=4)]
}

/// A bundle of `subject` in a state.
pub fn bundle_in(storage: &Storage, subject: Subject) -> Bundle {
    let trie = Trie::new(storage, StateVersion::V1).unwrap();
    let state = trie.prove(&subject.keys()).unwrap();
    let block = justified(&header(80, H256([6; 32]), trie.root(), Vec::new()), 2, 3..=8);
    let (start, genesis) = start_of(&genesis_storage());
    Bundle {
        format: Format::One,
        genesis,
        start,
        changes: changes(),
        claim: Claim::State { block, state, subject },
    }
}

pub fn bundle(subject: Subject) -> Bundle {
    bundle_in(&storage(), subject)
}

pub fn checkpoint_bundle() -> Bundle {
    Bundle { claim: Claim::Checkpoint, ..bundle(record_subject()) }
}

pub fn trust(bundle: &Bundle) -> Trust {
    Trust { genesis: bundle.genesis, checkpoint: None }
}

pub fn checked(bundle: &Bundle) -> Report {
    check(bundle, &trust(bundle))
}

/// Fails unless the check ends at link `name`, with words in its reason.
pub fn refused_at(report: &Report, name: &str, words: &str) {
    let last = report.checks.last().unwrap();
    assert!(!report.verified && !last.holds, "{report:#?}");
    assert!(last.name == name && last.seen.contains(words), "expected {name}: {words}; got {last:?}");
    assert!(report.proven.is_none() && report.checkpoint.is_none());
}

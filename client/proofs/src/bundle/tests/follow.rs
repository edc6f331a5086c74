//! From the genesis hash through all changes of authorities.

use super::{
    super::{Bundle, Bytes, Checkpoint, Claim, Final, Header, Start, Trust, check},
    chain::*,
};
use codec::{DecodeAll, Encode};
use galen_primitives::{BlockNumber, H256};
use sp_consensus_grandpa::{ConsensusLog, GRANDPA_ENGINE_ID, ScheduledChange};
use sp_runtime::{DigestItem, traits::Header as _};

fn with_changes(changes: Vec<Final>) -> Bundle {
    Bundle { changes, ..bundle(record_subject()) }
}

// The change at block 30 with other digests, signed by everybody.
fn first_change_with(logs: Vec<DigestItem>) -> Bundle {
    let header = header(30, H256([1; 32]), H256([2; 32]), logs);
    with_changes(vec![justified(&header, 0, 1..=4), changes().remove(1)])
}

#[test]
fn the_whole_chain_is_followed() {
    let report = checked(&bundle(record_subject()));
    assert!(report.verified, "{report:#?}");
    let names: Vec<_> = report.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, ["genesis", "authorities", "authorities", "finality", "time", "record"]);
    assert!(report.checks.iter().all(|check| check.holds));
    let block = report.block.unwrap();
    assert_eq!((block.number, block.time.as_str()), (80, "2026-05-04T09:30:00Z"));
}

#[test]
fn another_genesis_is_refused() {
    let bundle = bundle(record_subject());
    let other = Trust { genesis: H256([9; 32]), checkpoint: None };
    refused_at(&check(&bundle, &other), "genesis", "of the chain with genesis");
    // A bundle that only says that it is of this chain.
    let lying = Bundle { genesis: other.genesis, ..bundle };
    refused_at(&check(&lying, &other), "genesis", "the header in the bundle is that of");
}

#[test]
fn first_authorities_of_ones_own_choice_are_refused() {
    let mut storage = genesis_storage();
    let own = set(0, 21..=24);
    storage.insert(crate::storage_key::item("Grandpa", "Authorities"), own.authorities.encode());
    let (Start::Genesis { state: forged, .. }, _) = start_of(&storage) else { panic!() };
    let mut bundle = bundle(record_subject());
    let Start::Genesis { state, .. } = &mut bundle.start else { panic!() };
    *state = forged;
    refused_at(&checked(&bundle), "genesis", "read proof");
}

#[test]
fn a_genesis_without_authorities_is_refused() {
    let mut storage = genesis_storage();
    storage.remove(&crate::storage_key::item("Grandpa", "Authorities"));
    let (start, genesis) = start_of(&storage);
    refused_at(
        &checked(&Bundle { start, genesis, ..bundle(record_subject()) }),
        "genesis",
        "no first GRANDPA",
    );
}

#[test]
fn a_missing_change_is_refused() {
    for missing in 0..2 {
        let mut changes = changes();
        changes.remove(missing);
        assert!(!checked(&with_changes(changes)).verified);
    }
    // Though it is the same authorities who sign before and after: the number of their set is in what they sign.
    let mut without_first = changes();
    without_first.remove(0);
    refused_at(&checked(&with_changes(without_first)), "authorities", "not signed by its voter for set 0");
}

#[test]
fn changes_in_another_order_or_twice_are_refused() {
    let [first, second] = changes().try_into().unwrap();
    let twice = vec![first.clone(), first.clone(), second.clone()];
    refused_at(&checked(&with_changes(twice)), "authorities", "comes too late");
    assert!(!checked(&with_changes(vec![second, first])).verified);
}

#[test]
fn a_forged_header_in_between_is_refused() {
    // The attacker's own set, announced in a header that nobody signed.
    let own = set(1, 21..=24);
    let header = header(30, H256([1; 32]), H256([2; 32]), vec![scheduled(&own, 0)]);
    let by_attacker = justified(&header, 0, 21..=24);
    refused_at(&checked(&with_changes(vec![by_attacker])), "authorities", "too few votes");
    // With the justification of the real one.
    let forged = Final { header: Bytes(header.encode()), justification: changes()[0].justification.clone() };
    refused_at(&checked(&with_changes(vec![forged])), "authorities", "the justification is for block 30");
}

#[test]
fn a_change_that_an_older_set_signed_is_refused() {
    let [_, second] = change_headers();
    let by_old_set = justified(&second, 0, 1..=4);
    let bundle = with_changes(vec![changes().remove(0), by_old_set]);
    refused_at(&checked(&bundle), "authorities", "signed for the set before set 1");
}

#[test]
fn a_block_that_announces_nothing_changes_nothing() {
    refused_at(&checked(&first_change_with(vec![])), "authorities", "announces no change");
    // Another engine's message of the same shape is none.
    let DigestItem::Consensus(_, message) = scheduled(&sets()[1], 0) else { panic!() };
    let other = DigestItem::Consensus(*b"BEEF", message);
    refused_at(&checked(&first_change_with(vec![other])), "authorities", "announces no change");
}

#[test]
fn only_the_first_announcement_of_a_block_counts() {
    let [_, one, _] = sets();
    let own = set(1, 21..=24);
    assert!(checked(&first_change_with(vec![scheduled(&one, 0), scheduled(&own, 0)])).verified);
    assert!(!checked(&first_change_with(vec![scheduled(&own, 0), scheduled(&one, 0)])).verified);
}

#[test]
fn forced_and_delayed_changes_are_refused() {
    let [_, one, _] = sets();
    let change = ScheduledChange { next_authorities: one.authorities.clone(), delay: 0 };
    let forced = ConsensusLog::<BlockNumber>::ForcedChange(10, change).encode();
    let forced = DigestItem::Consensus(GRANDPA_ENGINE_ID, forced);
    for logs in [vec![forced.clone()], vec![scheduled(&one, 0), forced]] {
        refused_at(&checked(&first_change_with(logs)), "authorities", "forces a change");
    }
    refused_at(&checked(&first_change_with(vec![scheduled(&one, 3)])), "authorities", "after 3 blocks");
    let garbage = DigestItem::Consensus(GRANDPA_ENGINE_ID, vec![9]);
    refused_at(&checked(&first_change_with(vec![garbage])), "authorities", "cannot be read");
}

#[test]
fn an_empty_set_is_refused() {
    let logs = vec![scheduled(&set(1, []), 0)];
    refused_at(&checked(&first_change_with(logs)), "authorities", "no authorities");
}

#[test]
fn a_last_block_before_the_last_change_is_refused() {
    for (number, holds) in [(1, false), (59, false), (60, false), (61, true)] {
        let mut bundle = bundle(record_subject());
        let Claim::State { block, .. } = &mut bundle.claim else { panic!() };
        let mut header = Header::decode_all(&mut block.header.0.as_slice()).unwrap();
        header.set_number(number);
        *block = justified(&header, 2, 3..=9);
        let report = checked(&bundle);
        if holds {
            assert!(report.verified, "{report:#?}");
        } else {
            refused_at(&report, "finality", "comes too late");
        }
    }
}

#[test]
fn a_checkpoint_stands_for_what_led_to_it() {
    let long = checkpoint_bundle();
    let reached = checked(&long).checkpoint.unwrap();
    assert_eq!((reached.checkpoint.set_id, reached.checkpoint.number), (2, 60));
    assert_eq!(Checkpoint::reached(&long).unwrap(), reached.checkpoint);
    assert_eq!(reached.checkpoint.hash(), reached.hash);

    let start = Start::Checkpoint(reached.checkpoint.clone());
    let short = Bundle { start, changes: Vec::new(), ..bundle(record_subject()) };
    let trusting = Trust { genesis: short.genesis, checkpoint: Some(reached.hash) };
    let report = check(&short, &trusting);
    assert!(report.verified, "{report:#?}");
    assert_eq!(report.proven, checked(&bundle(record_subject())).proven);

    // Not without that trust, not with another, not for another chain.
    refused_at(&check(&short, &trust(&short)), "checkpoint", "give one that you trust");
    let other = Trust { checkpoint: Some(H256([1; 32])), ..trusting };
    refused_at(&check(&short, &other), "checkpoint", "not at 0x0101");
    let elsewhere = Trust { genesis: H256([9; 32]), ..trusting };
    refused_at(&check(&short, &elsewhere), "checkpoint", "of the chain with genesis");
    let lying = Bundle { genesis: elsewhere.genesis, ..short.clone() };
    refused_at(&check(&lying, &elsewhere), "checkpoint", "of the chain with genesis");

    // Nothing in it can be changed.
    for change in 0..5 {
        let mut checkpoint = reached.checkpoint.clone();
        match change {
            0 => checkpoint.genesis.0[0] ^= 1,
            1 => checkpoint.block.0[0] ^= 1,
            2 => checkpoint.number -= 1,
            3 => checkpoint.set_id += 1,
            _ => checkpoint.authorities = Bytes(set(2, 21..=24).authorities.encode()),
        }
        let forged = Bundle { start: Start::Checkpoint(checkpoint), ..short.clone() };
        refused_at(&check(&forged, &trusting), "checkpoint", "the bundle begins at checkpoint");
    }
}

// A checkpoint in the middle, from which the rest is followed.
#[test]
fn bundles_go_on_from_a_checkpoint() {
    let mut first = checkpoint_bundle();
    let rest = first.changes.split_off(1);
    let reached = checked(&first).checkpoint.unwrap();
    let second =
        Bundle { start: Start::Checkpoint(reached.checkpoint), changes: rest, ..checkpoint_bundle() };
    let report = check(&second, &Trust { genesis: second.genesis, checkpoint: Some(reached.hash) });
    assert!(report.verified, "{report:#?}");
    assert_eq!(report.checkpoint, checked(&checkpoint_bundle()).checkpoint);
}

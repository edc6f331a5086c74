//! Tests of the runtime as it is: real genesis presets, real blocks, no mocks.

mod conduct;
mod elections;
mod fees;
mod filter;
mod genesis;
mod governance;
mod hospital;
mod metadata;
mod outsiders;
mod records;
mod seats;
mod session_keys;
mod standing;
mod upgrade;
mod weights;

use codec::Encode;
use frame_support::traits::{Get, IntegrityTest};
use galen_runtime::{
    AccountId, AllPalletsWithSystem, Authorship, Babe, Executive, Header, Runtime, RuntimeCall,
    RuntimeGenesisConfig, SLOT_MILLIS, Session, System, UncheckedExtrinsic, parameters::EpochDuration,
};
use serde_json::Value;
use sp_consensus_babe::digests::{PreDigest, SecondaryPlainPreDigest};
use sp_core::{Pair, sr25519};
use sp_genesis_builder::PresetId;
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_runtime::{BuildStorage, Digest, DigestItem, traits::Header as _};
use std::cell::RefCell;

/// The account of a well-known seed.
pub fn account(seed: &str) -> AccountId {
    pair(seed).public().into()
}

/// The key pair of a well-known seed.
pub fn pair(seed: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(&format!("//{seed}"), None).unwrap()
}

fn merge(into: &mut Value, patch: Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

/// The genesis of a preset.
pub fn preset(name: &str) -> RuntimeGenesisConfig {
    let patch = galen_runtime::genesis::preset(&PresetId::from(name)).unwrap();
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    merge(&mut config, serde_json::from_slice(&patch).unwrap());
    serde_json::from_value(config).unwrap()
}

/// Runs `test` on the chain of a preset, in its first block.
pub fn on_chain(name: &str, test: impl FnOnce()) {
    let mut chain: sp_io::TestExternalities = preset(name).build_storage().unwrap().into();
    chain.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    switch_off(&[]);
    chain.execute_with(|| {
        begin_block();
        test();
    });
}

thread_local! {
    static OFF: RefCell<Vec<AccountId>> = const { RefCell::new(Vec::new()) };
}

/// Says which validators' nodes are off from the next block on; those of all others are on.
pub fn switch_off(seeds: &[&str]) {
    OFF.set(seeds.iter().map(|seed| account(seed)).collect());
}

/// The validators whose turn it can be in a slot: their indices in the epoch, and their accounts.
fn authors(slot: u64) -> Vec<(u32, AccountId)> {
    let epoch_end = *Babe::current_epoch_start() + EpochDuration::<Runtime>::get();
    let validators = Session::validators();
    let disabled: Vec<AccountId> =
        Session::disabled_validators().into_iter().map(|index| validators[index as usize].clone()).collect();
    let validators = if slot < epoch_end {
        validators
    } else {
        pallet_session::QueuedKeys::<Runtime>::get().into_iter().map(|(validator, _)| validator).collect()
    };
    let off = OFF.with_borrow(Clone::clone);
    (0..)
        .zip(validators)
        .filter(|(_, validator)| !off.contains(validator) && !disabled.contains(validator))
        .collect()
}

/// Begins the next block: initialisation and the time. Validators that are on and not disabled author in
/// turn, and no slot stays empty.
pub fn begin_block() {
    let number = System::block_number() + 1;
    let slot = u64::from(number) + 1_000_000;
    let authors = authors(slot);
    let (authority_index, author) = authors[number as usize % authors.len()].clone();
    let pre_digest =
        PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index, slot: slot.into() });
    let digest =
        Digest { logs: vec![DigestItem::PreRuntime(sp_consensus_babe::BABE_ENGINE_ID, pre_digest.encode())] };
    let parent = System::block_hash(number - 1);
    let header = Header::new(number, Default::default(), Default::default(), parent, digest);
    Executive::initialize_block(&header);
    assert_eq!(Authorship::author(), Some(author));
    let set = pallet_timestamp::Call::set { now: slot * SLOT_MILLIS };
    Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(set))).unwrap().unwrap();
}

/// Ends the block and begins the next, until block `number` has begun.
pub fn run_to(number: u32) {
    while System::block_number() < number {
        let header = Executive::finalize_block();
        // The next block names this one as its parent.
        frame_system::BlockHash::<Runtime>::insert(header.number, header.hash());
        begin_block();
    }
}

/// Runs for `sessions` whole sessions.
pub fn run_sessions(sessions: u32) {
    let epoch = galen_runtime::parameters::EpochBlocks::<Runtime>::get();
    run_to(System::block_number() + sessions * epoch);
}

#[test]
fn pallets_find_their_configuration_sound() {
    sp_io::TestExternalities::default().execute_with(|| {
        AllPalletsWithSystem::integrity_test();
    });
}

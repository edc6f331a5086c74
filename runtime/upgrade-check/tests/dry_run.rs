//! What a dry run finds, on the genesis of four hospitals.
#![cfg(feature = "try-runtime")]

use codec::Encode;
use frame_support::{traits::OnRuntimeUpgrade, weights::Weight};
use galen_runtime::{AllPalletsWithSystem, Block, Runtime, VERSION, genesis};
use galen_upgrade_check::{
    state::Storage,
    upgrade::{dry_run, dry_run_with},
    version::refusal,
};
use sp_runtime::{BuildStorage, TryRuntimeError};
use sp_version::RuntimeVersion;

/// A wasm module that says nothing but a runtime's version.
fn code_of(spec_name: &'static str, spec_version: u32) -> Vec<u8> {
    let version = RuntimeVersion { spec_name: spec_name.into(), spec_version, ..Default::default() };
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    // `Core` in version 4: the encoding of versions with a transaction version and a state version.
    let core = (sp_crypto_hashing::blake2_64(b"Core"), 4u32).encode();
    for (name, body) in [("runtime_version", version.encode()), ("runtime_apis", core)] {
        let content = [&[u8::try_from(name.len()).unwrap()], name.as_bytes(), &body].concat();
        assert!(content.len() < 0x80, "one byte of LEB128");
        module.extend([0, u8::try_from(content.len()).unwrap()]);
        module.extend(content);
    }
    module
}

/// The genesis of preset `local`, as the runtime `spec_version` of the chain `spec_name` left it.
fn state(spec_name: &'static str, spec_version: u32) -> Storage {
    let patch = genesis::preset(&genesis::LOCAL.into()).unwrap();
    let mut config = serde_json::to_value(galen_runtime::RuntimeGenesisConfig::default()).unwrap();
    merge(&mut config, serde_json::from_slice(&patch).unwrap());
    let config: galen_runtime::RuntimeGenesisConfig = serde_json::from_value(config).unwrap();
    let genesis = config.build_storage().unwrap();
    let mut state = Storage::new_with_code(&code_of(spec_name, spec_version), genesis);
    // Built by this runtime, which may be the rehearsed one: what stands on chain has yet to be migrated.
    state.execute_with(|| frame_support::traits::StorageVersion::new(0).put::<galen_runtime::Network>());
    state
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    match (into, patch) {
        (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

fn before() -> Storage {
    state("galen", VERSION.spec_version - 1)
}

type Try<M> = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
    M,
>;

/// The only problem of a dry run with migration `M` besides those of the runtime.
fn problem_with<M: OnRuntimeUpgrade>() -> String {
    let report = dry_run_with(&mut before(), Try::<M>::try_runtime_upgrade).unwrap();
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    report.problems[0].clone()
}

#[test]
fn a_sound_state_passes() {
    let report = dry_run(&mut before()).unwrap();
    assert_eq!(report.problems, [] as [String; 0]);
    assert!(report.weight.is_some());
    assert_eq!(
        (report.from.spec_version, report.to.spec_version),
        (VERSION.spec_version - 1, VERSION.spec_version)
    );
}

#[test]
fn a_version_that_is_not_higher_is_refused() {
    let report = dry_run(&mut state("galen", VERSION.spec_version)).unwrap();
    assert!(report.problems[0].contains("SpecVersionNeedsToIncrease"), "{:?}", report.problems);
    let report = dry_run(&mut state("other", 0)).unwrap();
    assert!(report.problems[0].contains("InvalidSpecName"), "{:?}", report.problems);
}

#[test]
fn a_state_without_a_runtime_is_no_state_of_ours() {
    assert!(dry_run(&mut Storage::default()).unwrap_err().contains("no runtime"));
}

#[test]
fn a_broken_invariant_is_refused() {
    let mut state = before();
    // A log that counts one entry more than there are.
    state.execute_with(|| pallet_audit::Log::<Runtime>::mutate(|log| log.count += 1));
    let report = dry_run(&mut state).unwrap();
    assert!(report.problems[0].contains("audit: a number without an entry"), "{:?}", report.problems);
}

#[test]
fn a_value_that_does_not_decode_is_refused() {
    let mut state = before();
    let key = pallet_audit::Log::<Runtime>::hashed_key();
    state.execute_with(|| sp_io::storage::set(&key, &[1, 2, 3]));
    let report = dry_run(&mut state).unwrap();
    assert!(report.problems.iter().any(|problem| problem.contains("Log")), "{:?}", report.problems);
}

struct FailsBefore;
impl OnRuntimeUpgrade for FailsBefore {
    fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
        Err("not on this state".into())
    }
}

struct FailsAfter;
impl OnRuntimeUpgrade for FailsAfter {
    fn post_upgrade(_: Vec<u8>) -> Result<(), TryRuntimeError> {
        Err("not what was to come out".into())
    }
}

struct Panics;
impl OnRuntimeUpgrade for Panics {
    fn on_runtime_upgrade() -> Weight {
        panic!("an index out of bounds")
    }
}

struct Breaks;
impl OnRuntimeUpgrade for Breaks {
    fn on_runtime_upgrade() -> Weight {
        pallet_audit::Log::<Runtime>::mutate(|log| log.count += 1);
        Weight::zero()
    }
}

struct Heavy;
impl OnRuntimeUpgrade for Heavy {
    fn on_runtime_upgrade() -> Weight {
        Weight::from_parts(u64::MAX / 2, 0)
    }
}

#[test]
fn a_failing_migration_is_refused() {
    assert!(problem_with::<FailsBefore>().contains("not on this state"));
    assert!(problem_with::<FailsAfter>().contains("not what was to come out"));
    assert!(problem_with::<Panics>().contains("an index out of bounds"));
    assert!(problem_with::<Breaks>().contains("audit: a number without an entry"));
}

#[test]
fn a_migration_that_no_block_holds_is_refused() {
    assert!(problem_with::<Heavy>().contains("run them in steps"));
}

#[cfg(feature = "upgrade-rehearsal")]
#[test]
fn the_rehearsed_migrations_touch_every_member_once() {
    let mut state = before();
    let quotas = |state: &mut Storage| {
        state.execute_with(|| {
            pallet_consortium::Members::<Runtime>::iter_values()
                .map(|member| (member.quotas.grants_per_day, member.quotas.open_jobs))
                .collect::<Vec<_>>()
        })
    };
    let raised: Vec<_> = quotas(&mut state).iter().map(|(grants, jobs)| (grants + 1, jobs + 1)).collect();
    assert_eq!(raised.len(), 4);
    let report = dry_run(&mut state).unwrap();
    assert_eq!(report.problems, [] as [String; 0]);
    assert_eq!(report.stepped, 1);
    assert!(report.blocks >= 4, "a member a step: {}", report.blocks);
    assert_eq!(quotas(&mut state), raised);
    // A second run finds nothing to do.
    assert_eq!(dry_run(&mut state).unwrap().problems, [] as [String; 0]);
    assert_eq!(quotas(&mut state), raised);
}

#[test]
fn only_a_higher_version_of_the_same_chain_follows() {
    let version = |name: &'static str, spec_version| RuntimeVersion {
        spec_name: name.into(),
        spec_version,
        ..Default::default()
    };
    let old = version("galen", 5);
    assert_eq!(refusal(&old, &version("galen", 6)), None);
    for lower in [0, 4, 5] {
        assert!(refusal(&old, &version("galen", lower)).unwrap().contains("SpecVersionNeedsToIncrease"));
    }
    assert!(refusal(&old, &version("other", 6)).unwrap().contains("InvalidSpecName"));
}

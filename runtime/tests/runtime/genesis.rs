//! Genesis presets.

use crate::{account, on_chain, preset};
use frame_support::{
    assert_ok,
    traits::{Get, fungible::Inspect},
};
use galen_primitives::{member::PeerId, traits::Consortium as _};
use galen_runtime::{
    AccountId, AuthorityDiscovery, Babe, Balances, Consortium, Grandpa, Runtime, RuntimeCall,
    RuntimeGenesisConfig, RuntimeOrigin, Session,
    configs::{
        consensus::{BondedSessions, ReportLongevity},
        fees::TreasuryAccount,
    },
    genesis::{CONSORTIUM, DEVELOPMENT, LOCAL, NAMES, preset as preset_json},
    limits::{FEE_ENDOWMENT, STAKE_ENDOWMENT},
    parameters::{EpochBlocks, EpochDuration, SessionsPerEra},
};
use sp_genesis_builder::PresetId;
use sp_runtime::{BuildStorage, traits::Dispatchable};

#[test]
fn each_preset_builds() {
    for name in NAMES {
        preset(name).build_storage().unwrap();
    }
    assert!(preset_json(&PresetId::from("other")).is_none());
}

#[test]
fn a_member_of_genesis_is_validator_and_council_member() {
    for (name, seeds) in [(DEVELOPMENT, &["Alice"][..]), (LOCAL, &["Alice", "Bob", "Charlie", "Dave"])] {
        on_chain(name, || {
            let mut expected: Vec<AccountId> = seeds.iter().map(|seed| account(seed)).collect();
            expected.sort();
            let mut validators = Session::validators();
            validators.sort();
            assert_eq!(validators, expected);
            let mut council = pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get();
            council.sort();
            assert_eq!(council, expected);
            for hospital in &expected {
                assert!(Consortium::is_member(hospital));
                assert!(Consortium::worker_key(hospital).is_some());
                assert_eq!(Balances::total_balance(hospital), STAKE_ENDOWMENT + FEE_ENDOWMENT);
            }
            assert!(!Consortium::is_member(&account("Ferdie")));
            // Session has filled in what genesis leaves empty.
            let count = expected.len();
            assert_eq!(Babe::authorities().len(), count);
            assert_eq!(Grandpa::grandpa_authorities().len(), count);
            assert_eq!(AuthorityDiscovery::authorities().len(), count);
            assert_eq!(pallet_im_online::Keys::<Runtime>::get().len(), count);
            assert_eq!(pallet_staking::MinimumValidatorCount::<Runtime>::get(), 1);
        });
    }
}

#[test]
fn the_worker_key_is_derived_from_the_members_seed() {
    on_chain(DEVELOPMENT, || {
        let worker = crate::pair("Alice//worker");
        assert_eq!(Consortium::worker_key(&account("Alice")).unwrap().0, sp_core::Pair::public(&worker).0);
    });
}

#[test]
fn lengths_come_from_genesis() {
    for (name, epoch, sessions) in [(DEVELOPMENT, 10, 3), (LOCAL, 20, 3), (CONSORTIUM, 1_800, 6)] {
        let mut chain: sp_io::TestExternalities = preset(name).build_storage().unwrap().into();
        chain.execute_with(|| {
            assert_eq!(EpochBlocks::<Runtime>::get(), epoch);
            assert_eq!(EpochDuration::<Runtime>::get(), u64::from(epoch));
            assert_eq!(<Runtime as pallet_staking::Config>::SessionsPerEra::get(), sessions);
            assert_eq!(SessionsPerEra::<Runtime>::get(), sessions);
            assert_eq!(BondedSessions::get(), 28 * u64::from(sessions));
            assert_eq!(ReportLongevity::get(), 28 * u64::from(sessions) * u64::from(epoch));
        });
    }
}

#[test]
fn lengths_left_out_are_written_as_defaults() {
    let mut chain: sp_io::TestExternalities = RuntimeGenesisConfig::default().build_storage().unwrap().into();
    chain.execute_with(|| {
        assert!(EpochBlocks::<Runtime>::exists() && SessionsPerEra::<Runtime>::exists());
        assert_eq!((EpochBlocks::<Runtime>::get(), SessionsPerEra::<Runtime>::get()), (1_800, 6));
    });
}

fn admitted_nodes() -> Option<Vec<(AccountId, PeerId)>> {
    use galen_primitives::api::runtime_decl_for_consortium_api::ConsortiumApi;
    Runtime::admitted_nodes()
}

#[test]
fn a_consortium_admits_nodes_and_the_others_are_open() {
    for name in [DEVELOPMENT, LOCAL] {
        on_chain(name, || assert_eq!(admitted_nodes(), None));
    }
    let mut config = preset(LOCAL);
    config.network.members_only_peers = true;
    config.consortium.nodes = vec![
        (account("Bob"), vec![b"12D3KooWBob".to_vec()]),
        (account("Alice"), vec![b"12D3KooWa1".to_vec(), b"12D3KooWa2".to_vec()]),
    ];
    let mut chain: sp_io::TestExternalities = config.build_storage().unwrap().into();
    chain.execute_with(|| {
        let ids = |seed: &str| -> Vec<PeerId> {
            let all = admitted_nodes().unwrap().into_iter();
            all.filter(|(hospital, _)| *hospital == account(seed)).map(|(_, id)| id).collect()
        };
        assert_eq!(admitted_nodes().unwrap().len(), 3);
        assert_eq!(ids("Alice").len(), 2);
        assert_eq!(ids("Bob")[0].as_slice(), b"12D3KooWBob");
        let suspend = pallet_consortium::Call::suspend { account: account("Alice"), blocks: 5 };
        assert_ok!(RuntimeCall::Consortium(suspend).dispatch(RuntimeOrigin::root()));
        assert_eq!(ids("Alice").len(), 0);
        assert_eq!(ids("Bob").len(), 1);
    });
    let mut template: sp_io::TestExternalities = preset(CONSORTIUM).build_storage().unwrap().into();
    template.execute_with(|| assert_eq!(admitted_nodes(), Some(Vec::new())));
}

#[test]
fn the_template_has_nobody_in_it() {
    let mut chain: sp_io::TestExternalities = preset(CONSORTIUM).build_storage().unwrap().into();
    chain.execute_with(|| {
        assert!(Session::validators().is_empty());
        assert!(Consortium::members().is_empty());
        let accounts: Vec<AccountId> = frame_system::Account::<Runtime>::iter_keys().collect();
        assert_eq!(accounts, [TreasuryAccount::get()]);
    });
}

#[test]
fn every_number_of_a_preset_survives_json() {
    // serde_json has no integers beyond 64 bits: a larger balance would come out as something else.
    for name in NAMES {
        for (_, balance) in preset(name).balances.balances {
            assert!(balance <= u128::from(u64::MAX));
        }
    }
}

#[test]
fn the_runtime_answers_under_its_name() {
    assert_eq!(galen_runtime::VERSION.spec_name, "galen");
    assert_eq!((galen_runtime::VERSION.spec_version, galen_runtime::VERSION.transaction_version), (1, 1));
}

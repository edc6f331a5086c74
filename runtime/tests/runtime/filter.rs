//! What the base call filter refuses to everybody, and what a proxy's kind allows.

use crate::{
    account,
    hospital::{candidacy, dispatch, nomination, signed},
    on_chain,
};
use frame_support::{
    assert_noop, assert_ok,
    traits::{Contains, InstanceFilter},
};
use galen_primitives::H256;
use galen_runtime::{
    Balance, GLN, Runtime, RuntimeCall, RuntimeEvent, System,
    configs::calls::{BaseCallFilter, ProxyType},
    genesis::LOCAL,
    limits::MAX_STAKE,
};
use pallet_consortium::Call as Consortium;
use pallet_staking::{Call as Staking, RewardDestination};
use sp_runtime::{DispatchError, Perbill};

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

fn closed() -> [RuntimeCall; 2] {
    let nominate = Staking::nominate { targets: vec![account("Alice").into()] };
    [Staking::validate { prefs: Default::default() }.into(), nominate.into()]
}

#[test]
fn candidacy_and_votes_are_closed_to_members_too() {
    on_chain(LOCAL, || {
        for call in closed() {
            for seed in ["Alice", "Eve"] {
                assert_noop!(dispatch(signed(seed), call.clone()), filtered());
            }
        }
    });
}

#[test]
fn a_members_proxy_does_not_get_past_the_filter() {
    on_chain(LOCAL, || {
        for kind in [ProxyType::Any, ProxyType::Validator] {
            let (delegate, proxy_type) = (account("Ferdie").into(), kind);
            let add = pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 };
            assert_ok!(dispatch(signed("Alice"), add));
            for call in closed() {
                let (real, call) = (account("Alice").into(), Box::new(call));
                let proxy = pallet_proxy::Call::proxy { real, force_proxy_type: Some(kind), call };
                assert_ok!(dispatch(signed("Ferdie"), proxy));
                System::assert_last_event(RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted {
                    result: Err(filtered()),
                }));
            }
        }
    });
}

#[test]
fn more_stake_than_counts_is_not_bonded() {
    let bond = |value| RuntimeCall::from(Staking::bond { value, payee: RewardDestination::Stash });
    let bond_extra = |max_additional| RuntimeCall::from(Staking::bond_extra { max_additional });
    let calls: [&dyn Fn(Balance) -> RuntimeCall; 2] = [&bond, &bond_extra];
    for call in calls {
        assert!(BaseCallFilter::contains(&call(MAX_STAKE)));
        assert!(!BaseCallFilter::contains(&call(MAX_STAKE + 1)));
        assert!(!BaseCallFilter::contains(&call(Balance::MAX)));
    }
    on_chain(LOCAL, || {
        assert_noop!(dispatch(signed("Eve"), bond(MAX_STAKE + 1)), filtered());
        let batch = pallet_utility::Call::batch_all { calls: vec![bond_extra(MAX_STAKE + 1)] };
        assert_noop!(dispatch(signed("Alice"), batch), filtered());
        assert_ok!(dispatch(signed("Alice"), bond_extra(1_000 * GLN)));
    });
}

#[test]
fn everything_else_passes() {
    let unbond: RuntimeCall = Staking::unbond { value: 1 }.into();
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![1] });
    for call in [unbond, remark, candidacy(), nomination(&["Alice"]), Staking::chill {}.into()] {
        assert!(BaseCallFilter::contains(&call));
    }
}

#[test]
fn a_proxy_does_what_its_kind_allows() {
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![1] });
    for (kind, allowed) in [(ProxyType::Any, true), (ProxyType::Healthcare, false)] {
        assert_eq!(kind.filter(&remark), allowed, "{kind:?}");
    }
    let applications: [RuntimeCall; 2] = [
        pallet_records::Call::erase { commitment: H256::zero() }.into(),
        pallet_custody::Call::accept { id: H256::zero() }.into(),
    ];
    for call in &applications {
        assert!(ProxyType::Healthcare.filter(call), "{call:?}");
        assert!(!ProxyType::Validator.filter(call) && !ProxyType::Council.filter(call), "{call:?}");
    }
    let stash = account("Eve");
    let operators = [
        candidacy(),
        nomination(&["Alice"]),
        Consortium::add_validator { stash: stash.clone() }.into(),
        Consortium::remove_validator { stash: stash.clone() }.into(),
        Consortium::set_nodes { nodes: Default::default() }.into(),
        Staking::chill {}.into(),
    ];
    let not_operators = [
        remark,
        Consortium::set_worker_key { key: H256::zero() }.into(),
        Consortium::mark_worker_key_suspect { hospital: stash.clone(), key: H256::zero(), from: 0 }.into(),
        Consortium::suspend { account: stash, blocks: 1 }.into(),
    ];
    for call in &operators {
        assert!(ProxyType::Validator.filter(call), "{call:?}");
        assert!(!ProxyType::Council.filter(call) && !ProxyType::Healthcare.filter(call), "{call:?}");
    }
    for call in &not_operators {
        assert!(!ProxyType::Validator.filter(call), "{call:?}");
    }
}

#[test]
fn a_validator_proxy_runs_a_hospitals_validators() {
    on_chain(LOCAL, || {
        let (delegate, proxy_type) = (account("Ferdie").into(), ProxyType::Validator);
        let add = pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 };
        assert_ok!(dispatch(signed("Alice"), add));
        let calls: [RuntimeCall; 3] = [
            Consortium::add_validator { stash: account("Eve") }.into(),
            Consortium::validate { commission: Perbill::from_percent(9) }.into(),
            Consortium::set_nodes { nodes: Default::default() }.into(),
        ];
        for call in calls {
            let (real, call) = (account("Alice").into(), Box::new(call));
            let proxy = pallet_proxy::Call::proxy { real, force_proxy_type: None, call };
            assert_ok!(dispatch(signed("Ferdie"), proxy));
            System::assert_last_event(RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted {
                result: Ok(()),
            }));
        }
        assert_eq!(galen_runtime::Consortium::hospital_of(&account("Eve")), Some(account("Alice")));
        let prefs = pallet_staking::Validators::<Runtime>::get(account("Alice"));
        assert_eq!(prefs.commission, Perbill::from_percent(9));
    });
}

#[test]
fn members_get_in_by_the_consortium_and_others_do_not() {
    on_chain(LOCAL, || {
        let validate = |percent| Consortium::validate { commission: Perbill::from_percent(percent) };
        assert_ok!(dispatch(signed("Alice"), validate(7)));
        let prefs = pallet_staking::Validators::<Runtime>::get(account("Alice"));
        assert_eq!(prefs.commission, Perbill::from_percent(7));
        let bond = Staking::bond { value: 1_000 * GLN, payee: RewardDestination::Stash };
        assert_ok!(dispatch(signed("Eve"), bond));
        let refused = pallet_consortium::Error::<Runtime>::NotMember;
        assert_noop!(dispatch(signed("Eve"), validate(7)), DispatchError::from(refused));
        assert!(!pallet_staking::Validators::<Runtime>::contains_key(account("Eve")));
    });
}

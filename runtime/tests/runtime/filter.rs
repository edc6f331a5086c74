//! `Staking::validate` is closed: candidates come in through `Consortium::validate`, which asks for membership.

use crate::{account, on_chain};
use frame_support::{assert_noop, assert_ok};
use galen_runtime::{
    Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System, configs::system::ProxyType, genesis::LOCAL,
};
use sp_runtime::{DispatchError, Perbill, traits::Dispatchable};

fn validate() -> RuntimeCall {
    RuntimeCall::Staking(pallet_staking::Call::validate { prefs: Default::default() })
}

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

fn signed(seed: &str) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(seed))
}

#[test]
fn directly() {
    on_chain(LOCAL, || {
        for seed in ["Alice", "Eve"] {
            assert_noop!(validate().dispatch(signed(seed)).map_err(|error| error.error), filtered());
        }
    });
}

#[test]
fn in_a_batch() {
    on_chain(LOCAL, || {
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![validate()] });
        assert_eq!(batch.dispatch(signed("Eve")).unwrap_err().error, filtered());
        let nested = RuntimeCall::Utility(pallet_utility::Call::as_derivative {
            index: 0,
            call: Box::new(validate()),
        });
        assert_eq!(nested.dispatch(signed("Eve")).unwrap_err().error, filtered());
    });
}

#[test]
fn through_a_proxy() {
    on_chain(LOCAL, || {
        for kind in [ProxyType::Any, ProxyType::Validator] {
            let add = pallet_proxy::Call::add_proxy {
                delegate: account("Ferdie").into(),
                proxy_type: kind,
                delay: 0,
            };
            assert_ok!(RuntimeCall::Proxy(add).dispatch(signed("Alice")));
            let proxy = pallet_proxy::Call::proxy {
                real: account("Alice").into(),
                force_proxy_type: Some(kind),
                call: Box::new(validate()),
            };
            assert_ok!(RuntimeCall::Proxy(proxy).dispatch(signed("Ferdie")));
            System::assert_last_event(RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted {
                result: Err(filtered()),
            }));
        }
    });
}

#[test]
fn through_a_multisig() {
    on_chain(LOCAL, || {
        let multisig = pallet_multisig::Call::as_multi_threshold_1 {
            other_signatories: vec![account("Ferdie")],
            call: Box::new(validate()),
        };
        assert_eq!(RuntimeCall::Multisig(multisig).dispatch(signed("Eve")).unwrap_err().error, filtered());
    });
}

#[test]
fn a_proxy_does_what_its_kind_allows() {
    on_chain(LOCAL, || {
        let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![1] });
        let candidacy = RuntimeCall::Consortium(pallet_consortium::Call::validate {
            commission: Perbill::from_percent(5),
        });
        for (kind, call, allowed) in [
            (ProxyType::Any, &remark, true),
            (ProxyType::Healthcare, &remark, false),
            (ProxyType::Validator, &candidacy, true),
            (ProxyType::Council, &candidacy, false),
        ] {
            use frame_support::traits::InstanceFilter;
            assert_eq!(kind.filter(call), allowed, "{kind:?}");
        }
    });
}

#[test]
fn members_get_in_by_the_consortium_and_others_do_not() {
    on_chain(LOCAL, || {
        let validate = |percent| {
            RuntimeCall::Consortium(pallet_consortium::Call::validate {
                commission: Perbill::from_percent(percent),
            })
        };
        assert_ok!(validate(7).dispatch(signed("Alice")));
        let prefs = pallet_staking::Validators::<Runtime>::get(account("Alice"));
        assert_eq!(prefs.commission, Perbill::from_percent(7));
        let bond = pallet_staking::Call::bond {
            value: 1_000 * galen_runtime::GLN,
            payee: pallet_staking::RewardDestination::Stash,
        };
        assert_ok!(RuntimeCall::Staking(bond).dispatch(signed("Eve")));
        assert_eq!(
            validate(7).dispatch(signed("Eve")).unwrap_err().error,
            pallet_consortium::Error::<Runtime>::NotAuthorized.into()
        );
        assert!(!pallet_staking::Validators::<Runtime>::contains_key(account("Eve")));
    });
}

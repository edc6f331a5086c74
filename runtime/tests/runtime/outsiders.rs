//! An account that is no member's becomes a validator, a candidate or a voter by no route.

use crate::{
    account,
    hospital::{bond, candidacy, dispatch, endow, nomination, run_two_eras, set_keys, signed, validators},
    on_chain,
};
use codec::Encode;
use frame_support::assert_ok;
use frame_system::RawOrigin;
use galen_runtime::{
    GLN, Multisig, OriginCaller, Proxy, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Session,
    SessionKeys, System, configs::calls::ProxyType, genesis::LOCAL,
};
use pallet_utility::Call as Utility;
use sp_runtime::{DispatchError, DispatchResult};

const OUTSIDER: &str = "Ferdie";
const OTHER: &str = "Eve";

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

// Runs an attempt with each call that would make its signer a candidate or a voter, and how that is refused.
// The outsider has the money, and everything else but a membership; what comes of it is looked at two eras
// later.
fn attempt(route: impl Fn(RuntimeCall, DispatchError)) {
    on_chain(LOCAL, || {
        for seed in [OUTSIDER, OTHER] {
            endow(seed, 900_000 * GLN);
            bond(seed, 500_000 * GLN);
        }
        let not_authorized: DispatchError = pallet_consortium::Error::<Runtime>::NotMember.into();
        let validate = pallet_staking::Call::validate { prefs: Default::default() };
        let nominate = pallet_staking::Call::nominate { targets: vec![account("Alice").into()] };
        for (call, error) in [
            (RuntimeCall::Staking(validate), filtered()),
            (RuntimeCall::Staking(nominate), filtered()),
            (candidacy(), not_authorized),
            (nomination(&["Alice"]), not_authorized),
        ] {
            route(call, error);
        }
        nothing_came_of_it();
    });
}

fn nothing_came_of_it() {
    let founders = validators();
    assert_eq!(founders.len(), 4);
    run_two_eras();
    assert_eq!(validators(), founders);
    let candidates: Vec<_> = pallet_staking::Validators::<Runtime>::iter_keys().collect();
    assert!(candidates.len() == 4 && candidates.iter().all(|one| founders.contains(one)));
    assert_eq!(pallet_staking::Nominators::<Runtime>::iter_keys().count(), 0);
    assert_eq!(pallet_session::NextKeys::<Runtime>::iter_keys().count(), 4);
}

fn outsider(call: impl Into<RuntimeCall>) -> DispatchResult {
    dispatch(signed(OUTSIDER), call)
}

#[test]
fn directly() {
    attempt(|call, error| assert_eq!(outsider(call), Err(error)));
}

#[test]
fn in_batches() {
    attempt(|call, error| {
        assert_eq!(outsider(Utility::batch_all { calls: vec![call.clone()] }), Err(error));
        // These two go on, or stop without an error of their own, and say what failed.
        assert_ok!(outsider(Utility::batch { calls: vec![call.clone()] }));
        System::assert_last_event(RuntimeEvent::Utility(pallet_utility::Event::BatchInterrupted {
            index: 0,
            error,
        }));
        assert_ok!(outsider(Utility::force_batch { calls: vec![call.clone()] }));
        System::assert_has_event(RuntimeEvent::Utility(pallet_utility::Event::ItemFailed { error }));
        let either = Utility::if_else { main: Box::new(call.clone()), fallback: Box::new(call) };
        assert_eq!(outsider(either), Err(error));
    });
}

#[test]
fn as_a_derivative_account() {
    attempt(|call, error| {
        assert_eq!(outsider(Utility::as_derivative { index: 0, call: Box::new(call.clone()) }), Err(error));
        // A member's derivative account is not the member.
        let derived = Utility::as_derivative { index: 7, call: Box::new(call) };
        assert_eq!(dispatch(signed("Alice"), derived), Err(error));
    });
}

#[test]
fn through_a_proxy() {
    attempt(|call, error| {
        // A member's delegate does it for the outsider, and the outsider's delegate too.
        for delegate in ["Alice", OTHER] {
            let add = pallet_proxy::Call::add_proxy {
                delegate: account(delegate).into(),
                proxy_type: ProxyType::Any,
                delay: 0,
            };
            // Already there from the call before, or not.
            let _ = outsider(add);
            let proxy = pallet_proxy::Call::proxy {
                real: account(OUTSIDER).into(),
                force_proxy_type: None,
                call: Box::new(call.clone()),
            };
            assert_ok!(dispatch(signed(delegate), proxy));
            let event = pallet_proxy::Event::ProxyExecuted { result: Err(error) };
            System::assert_last_event(RuntimeEvent::Proxy(event));
        }
        // An account that has no key and a delegate only.
        let _ = outsider(pallet_proxy::Call::create_pure { proxy_type: ProxyType::Any, delay: 0, index: 0 });
        let pure = Proxy::pure_account(&account(OUTSIDER), &ProxyType::Any, 0, None);
        let (real, call) = (pure.into(), Box::new(call));
        assert_ok!(outsider(pallet_proxy::Call::proxy { real, force_proxy_type: None, call }));
        let event = pallet_proxy::Event::ProxyExecuted { result: Err(error) };
        System::assert_last_event(RuntimeEvent::Proxy(event));
    });
}

#[test]
fn through_a_multisig() {
    attempt(|call, error| {
        let alone = pallet_multisig::Call::as_multi_threshold_1 {
            other_signatories: vec![account(OTHER)],
            call: Box::new(call.clone()),
        };
        assert_eq!(outsider(alone), Err(error));
        // Even with a member among its signatories a multisig is an account of its own.
        let both = |seed: &str, other: &str, timepoint| {
            let call = pallet_multisig::Call::as_multi {
                threshold: 2,
                other_signatories: vec![account(other)],
                maybe_timepoint: timepoint,
                call: Box::new(call.clone()),
                max_weight: frame_support::weights::Weight::MAX,
            };
            assert_ok!(dispatch(signed(seed), call));
        };
        let timepoint = Multisig::timepoint();
        both(OUTSIDER, "Alice", None);
        both("Alice", OUTSIDER, Some(timepoint));
        assert!(System::events().into_iter().any(|record| matches!(
            record.event,
            RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result: Err(found), .. })
                if found == error
        )));
    });
}

#[test]
fn by_the_scheduler() {
    attempt(|call, _| {
        let when = System::block_number() + 2;
        let schedule = |call: RuntimeCall| pallet_scheduler::Call::schedule {
            when,
            maybe_periodic: None,
            priority: 0,
            call: Box::new(call),
        };
        assert_eq!(outsider(schedule(call.clone())), Err(DispatchError::BadOrigin));
        // Scheduled by the council it runs as Root, who is nobody's account.
        assert_ok!(dispatch(RuntimeOrigin::root(), schedule(call)));
        crate::run_to(when);
        System::assert_has_event(RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
            task: (when, 0),
            id: None,
            result: Err(DispatchError::BadOrigin),
        }));
    });
}

#[test]
fn as_someone_else() {
    attempt(|call, _| {
        let origins: [OriginCaller; 3] = [
            RawOrigin::Root.into(),
            RawOrigin::Signed(account("Alice")).into(),
            RawOrigin::Signed(account(OUTSIDER)).into(),
        ];
        for origin in origins {
            let (as_origin, call) = (Box::new(origin), Box::new(call.clone()));
            let plain = Utility::dispatch_as { as_origin: as_origin.clone(), call: call.clone() };
            assert_eq!(outsider(plain), Err(DispatchError::BadOrigin));
            let fallible = Utility::dispatch_as_fallible { as_origin, call: call.clone() };
            assert_eq!(outsider(fallible), Err(DispatchError::BadOrigin));
            let govern = pallet_consortium::Call::govern { call };
            assert_eq!(outsider(govern), Err(DispatchError::BadOrigin));
        }
    });
}

#[test]
fn with_session_keys() {
    attempt(|_, _| {
        let refused = pallet_session::Error::<Runtime>::NoAssociatedValidatorId.into();
        assert_eq!(set_keys(OUTSIDER), Err(refused));
        let generated = SessionKeys::generate(&account(OUTSIDER).encode(), None);
        let set = RuntimeCall::Session(pallet_session::Call::set_keys {
            keys: generated.keys,
            proof: generated.proof.encode(),
        });
        assert_eq!(outsider(Utility::batch_all { calls: vec![set.clone()] }), Err(refused));
        // The proof is of who owns the keys: a member cannot set another's.
        assert_eq!(
            dispatch(signed("Alice"), set),
            Err(pallet_session::Error::<Runtime>::InvalidProof.into())
        );
        let generated = SessionKeys::generate(&account("Alice").encode(), None);
        let wrong = Session::set_keys(signed("Alice"), generated.keys, vec![0; 64 * 4]);
        assert_eq!(wrong, Err(pallet_session::Error::<Runtime>::InvalidProof.into()));
    });
}

#[test]
fn as_a_validator_account_that_its_hospital_has_given_up() {
    attempt(|call, error| {
        let stash = account(OUTSIDER);
        assert_ok!(dispatch(
            signed("Alice"),
            pallet_consortium::Call::add_validator { stash: stash.clone() }
        ));
        assert_ok!(set_keys(OUTSIDER));
        assert_ok!(outsider(candidacy()));
        assert_ok!(dispatch(signed("Alice"), pallet_consortium::Call::remove_validator { stash }));
        assert_eq!(outsider(call), Err(error));
        assert_ok!(Session::purge_keys(signed(OUTSIDER)));
    });
}

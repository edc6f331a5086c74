//! Who is evicted, suspended or expired leaves the set, also when no election makes a new one.

use crate::{
    account,
    hospital::{
        accounts, active_era, candidacy, consortium, dispatch, evict, nomination, run_two_eras, set_keys,
        signed, stand, suspend, validators,
    },
    on_chain, run_sessions,
};
use frame_support::{assert_noop, assert_ok, traits::KeyOwnerProofSystem};
use galen_primitives::traits::Consortium as _;
use galen_runtime::{
    Babe, Consortium, Grandpa, Historical, Runtime, RuntimeOrigin, Session, System, genesis::LOCAL,
};
use pallet_consortium::{Call, Error};
use pallet_session::historical::HistoricalSessions;
use pallet_staking::{ForceEra, Forcing, MinimumValidatorCount};
use sp_runtime::DispatchError;
use sp_staking::StakingInterface;

const FOUNDERS: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

fn set_expiry(seed: &str, expires_at: Option<u64>) {
    assert_ok!(consortium(RuntimeOrigin::root(), Call::set_expiry { account: account(seed), expires_at }));
}

fn now() -> u64 {
    pallet_timestamp::Now::<Runtime>::get() / 1_000
}

// Sessions, consensus and proofs of misbehaviour all know this set and no other.
fn assert_set(seeds: &[&str]) {
    assert_eq!(validators(), accounts(seeds));
    let keys: Vec<_> =
        seeds.iter().map(|seed| pallet_session::NextKeys::<Runtime>::get(account(seed)).unwrap()).collect();
    let (babe, grandpa) = (Babe::authorities(), Grandpa::grandpa_authorities());
    assert_eq!((babe.len(), grandpa.len()), (seeds.len(), seeds.len()));
    for keys in &keys {
        assert!(babe.iter().any(|(key, _)| *key == keys.babe));
        assert!(grandpa.iter().any(|(key, _)| *key == keys.grandpa));
        let proof = Historical::prove((sp_consensus_babe::KEY_TYPE, keys.babe.clone())).unwrap();
        assert_eq!(proof.validator_count as usize, seeds.len());
        assert!(Historical::check_proof((sp_consensus_babe::KEY_TYPE, keys.babe.clone()), proof).is_some());
    }
    let (_, count) = HistoricalSessions::<Runtime>::get(Session::current_index()).unwrap();
    assert_eq!(count as usize, seeds.len());
}

#[test]
fn a_failed_election_does_not_keep_an_evicted_hospital() {
    on_chain(LOCAL, || {
        run_two_eras();
        let era = active_era();
        // Every election fails from now on: it would have to bring five.
        MinimumValidatorCount::<Runtime>::put(5);
        evict("Bob");
        assert_set(&FOUNDERS);
        run_sessions(3);
        assert_set(&["Alice", "Charlie", "Dave"]);
        assert_eq!(active_era(), era, "no election has succeeded");
        assert_eq!(ForceEra::<Runtime>::get(), Forcing::ForceNew);
        // Nobody else is lost, however long it lasts.
        run_sessions(6);
        assert_set(&["Alice", "Charlie", "Dave"]);

        // Elections succeed again, and eras go on.
        MinimumValidatorCount::<Runtime>::put(1);
        run_two_eras();
        assert_set(&["Alice", "Charlie", "Dave"]);
        assert!(active_era() > era);
        assert_eq!(ForceEra::<Runtime>::get(), Forcing::NotForcing);
    });
}

#[test]
fn without_any_candidate_only_who_is_in_good_standing_goes_on() {
    on_chain(LOCAL, || {
        run_two_eras();
        let era = active_era();
        for seed in FOUNDERS {
            assert_ok!(galen_runtime::Staking::chill(signed(seed)));
        }
        evict("Dave");
        set_expiry("Charlie", Some(now()));
        run_sessions(3);
        assert_set(&["Alice", "Bob"]);
        assert_eq!(active_era(), era);
        suspend("Alice", 10_000);
        run_sessions(3);
        assert_set(&["Bob"]);
    });
}

#[test]
fn a_set_is_never_left_empty() {
    on_chain(LOCAL, || {
        run_two_eras();
        for seed in FOUNDERS {
            evict(seed);
        }
        run_sessions(4);
        // Better a chain of those who were in than no chain; the council has evicted them all, and can admit
        // others.
        assert_set(&FOUNDERS);
        System::assert_has_event(galen_runtime::RuntimeEvent::Session(pallet_session::Event::NewSession {
            session_index: Session::current_index(),
        }));
    });
}

#[test]
fn a_suspended_hospital_leaves_within_an_era_and_comes_back_by_itself() {
    on_chain(LOCAL, || {
        run_two_eras();
        suspend("Bob", 200);
        assert!(!Consortium::is_member(&account("Bob")));
        for call in [candidacy(), nomination(&["Alice"])] {
            assert_noop!(dispatch(signed("Bob"), call), DispatchError::from(Error::<Runtime>::NotMember));
        }
        assert!(set_keys("Bob").is_err());
        run_sessions(3);
        assert_set(&["Alice", "Charlie", "Dave"]);

        run_sessions(8);
        assert!(Consortium::is_member(&account("Bob")));
        assert_set(&["Alice", "Charlie", "Dave"]);
        stand("Bob");
        run_two_eras();
        assert_set(&FOUNDERS);
    });
}

#[test]
fn an_expired_hospital_leaves_at_its_time_without_anybodys_call() {
    on_chain(LOCAL, || {
        run_two_eras();
        let end = now() + 60;
        set_expiry("Bob", Some(end));
        run_sessions(1);
        assert!(now() < end && Consortium::is_member(&account("Bob")));
        assert_set(&FOUNDERS);
        run_two_eras();
        assert!(now() > end && !Consortium::is_member(&account("Bob")));
        assert_set(&["Alice", "Charlie", "Dave"]);
        // It stands as it did, and is elected again when it is renewed.
        assert!(pallet_staking::Validators::<Runtime>::contains_key(account("Bob")));
        set_expiry("Bob", None);
        run_two_eras();
        assert_set(&FOUNDERS);
    });
}

#[test]
fn a_validator_account_that_is_given_up_leaves_too() {
    on_chain(LOCAL, || {
        use crate::hospital::{add_validator, endow, join};
        add_validator("Bob", "Bob//2");
        endow("Bob//2", 500_000 * galen_runtime::GLN);
        join("Bob//2", 400_000 * galen_runtime::GLN);
        run_two_eras();
        assert_set(&["Alice", "Bob//2", "Charlie", "Dave"]);
        assert_ok!(consortium(signed("Bob"), Call::remove_validator { stash: account("Bob//2") }));
        run_two_eras();
        assert_set(&FOUNDERS);
        assert_eq!(set_keys("Bob//2"), Err(pallet_session::Error::<Runtime>::NoAssociatedValidatorId.into()));
        assert!(!<galen_runtime::Staking as StakingInterface>::is_validator(&account("Bob//2")));
    });
}

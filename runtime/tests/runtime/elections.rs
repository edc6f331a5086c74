//! Validators come out of the election: by nomination weight, among members with session keys.

use crate::{account, on_chain, run_sessions};
use codec::Encode;
use frame_support::assert_ok;
use galen_runtime::{
    AccountId, Babe, Balance, GLN, Grandpa, Runtime, RuntimeCall, RuntimeOrigin, Session, SessionKeys,
    Staking, configs::fees::TreasuryAccount, genesis::LOCAL, network::SessionsPerEra,
};
use pallet_staking::RewardDestination;
use sp_runtime::{Perbill, traits::Dispatchable};

fn signed(seed: &str) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(seed))
}

fn validators() -> Vec<AccountId> {
    let mut validators = Session::validators();
    validators.sort();
    validators
}

fn accounts(seeds: &[&str]) -> Vec<AccountId> {
    let mut accounts: Vec<AccountId> = seeds.iter().map(|seed| account(seed)).collect();
    accounts.sort();
    accounts
}

fn admit(seed: &str) {
    let call = pallet_consortium::Call::<Runtime>::admit {
        account: account(seed),
        name: format!("{seed} Hospital").into_bytes().try_into().unwrap(),
        quotas: Default::default(),
    };
    assert_ok!(RuntimeCall::Consortium(call).dispatch(RuntimeOrigin::root()));
}

fn bond(seed: &str, value: Balance) {
    assert_ok!(Staking::bond(signed(seed), value, RewardDestination::Stash));
}

fn set_keys(seed: &str) -> frame_support::dispatch::DispatchResult {
    let generated = SessionKeys::generate(&account(seed).encode(), None);
    Session::set_keys(signed(seed), generated.keys, generated.proof.encode())
}

fn stand(seed: &str) {
    let validate = pallet_consortium::Call::<Runtime>::validate { commission: Perbill::zero() };
    assert_ok!(RuntimeCall::Consortium(validate).dispatch(signed(seed)));
}

fn endow(seed: &str, value: Balance) {
    let transfer = pallet_balances::Call::<Runtime>::force_transfer {
        source: TreasuryAccount::get().into(),
        dest: account(seed).into(),
        value,
    };
    assert_ok!(RuntimeCall::Balances(transfer).dispatch(RuntimeOrigin::root()));
}

// An era's election takes effect two sessions after it is made.
fn run_two_eras() {
    run_sessions(2 * SessionsPerEra::<Runtime>::get() + 1);
}

#[test]
fn the_set_changes_across_an_era_by_nomination_weight() {
    on_chain(LOCAL, || {
        assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Dave"]));

        // Eve's hospital is admitted, and stands with less stake than any of the four: it gets no seat.
        admit("Eve");
        bond("Eve", 20_000 * GLN);
        assert_ok!(set_keys("Eve"));
        stand("Eve");
        run_two_eras();
        assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Dave"]));
        let set_id = pallet_grandpa::CurrentSetId::<Runtime>::get();

        // A nominator puts weight behind Eve, and Dave takes half of his stake out.
        endow("Ferdie", 500_000 * GLN);
        bond("Ferdie", 400_000 * GLN);
        assert_ok!(Staking::nominate(signed("Ferdie"), vec![account("Eve").into()]));
        assert_ok!(Staking::unbond(signed("Dave"), 50_000 * GLN));
        assert_eq!(
            validators(),
            accounts(&["Alice", "Bob", "Charlie", "Dave"]),
            "nothing changes within an era"
        );
        run_two_eras();
        assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Eve"]));

        // Consensus follows: the new validator's keys author and finalise.
        let keys = pallet_session::NextKeys::<Runtime>::get(account("Eve")).unwrap();
        assert!(Babe::authorities().iter().any(|(key, _)| key == &keys.babe));
        assert!(Grandpa::grandpa_authorities().iter().any(|(key, _)| key == &keys.grandpa));
        assert_eq!(Babe::authorities().len(), 4);
        assert!(pallet_grandpa::CurrentSetId::<Runtime>::get() > set_id);
        let weights: Vec<u64> = Babe::authorities().iter().map(|(_, weight)| *weight).collect();
        assert_eq!(weights, [1; 4], "stake buys a seat and no more than that");
    });
}

#[test]
fn an_evicted_hospital_leaves_with_the_next_era() {
    on_chain(LOCAL, || {
        // Nominated by others, too: what they wrote down does not keep it in.
        endow("Ferdie", 500_000 * GLN);
        bond("Ferdie", 400_000 * GLN);
        assert_ok!(Staking::nominate(signed("Ferdie"), vec![account("Bob").into()]));
        run_two_eras();
        let evict = pallet_consortium::Call::<Runtime>::evict { account: account("Bob") };
        assert_ok!(RuntimeCall::Consortium(evict).dispatch(RuntimeOrigin::root()));
        assert!(!pallet_staking::Validators::<Runtime>::contains_key(account("Bob")));
        // Without waiting for the era to end: at most three sessions.
        run_sessions(3);
        assert_eq!(validators(), accounts(&["Alice", "Charlie", "Dave"]));
        // It can clean up after itself, and not come back.
        assert_ok!(Session::purge_keys(signed("Bob")));
        assert!(set_keys("Bob").is_err());
    });
}

#[test]
fn an_outsider_has_no_session_keys_and_is_never_elected() {
    on_chain(LOCAL, || {
        assert_eq!(
            set_keys("Ferdie").unwrap_err(),
            pallet_session::Error::<Runtime>::NoAssociatedValidatorId.into()
        );
        // Even one that got past the filter: Root is not held by it.
        endow("Ferdie", 900_000 * GLN);
        bond("Ferdie", 800_000 * GLN);
        let dispatch_as = pallet_utility::Call::<Runtime>::dispatch_as {
            as_origin: Box::new(frame_system::RawOrigin::Signed(account("Ferdie")).into()),
            call: Box::new(RuntimeCall::Staking(pallet_staking::Call::validate {
                prefs: Default::default(),
            })),
        };
        assert_ok!(RuntimeCall::Utility(dispatch_as).dispatch(RuntimeOrigin::root()));
        assert!(pallet_staking::Validators::<Runtime>::contains_key(account("Ferdie")));
        run_two_eras();
        assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Dave"]));
    });
}

#[test]
fn a_member_without_session_keys_is_not_elected() {
    on_chain(LOCAL, || {
        admit("Eve");
        bond("Eve", 105_000 * GLN);
        stand("Eve");
        run_two_eras();
        assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Dave"]));
        assert_ok!(set_keys("Eve"));
        run_two_eras();
        assert!(validators().contains(&account("Eve")));
        assert_eq!(validators().len(), 4);
    });
}

//! Validators come out of the election: by the votes of members, among members with session keys.

use crate::{
    account,
    hospital::{
        accounts, active_era, admit, bond, consortium, endow, evict, join, nominate, run_two_eras, set_keys,
        signed, stand, suspend, unbond, validators,
    },
    on_chain, run_sessions,
};
use frame_support::assert_ok;
use galen_runtime::{
    AccountId, Babe, Balances, GLN, Grandpa, Runtime, RuntimeCall, RuntimeOrigin, Session, Staking,
    genesis::LOCAL, limits::MAX_STAKE,
};
use pallet_consortium::Call;
use pallet_staking::{Nominations, RewardDestination, StakingLedger};
use sp_runtime::traits::Dispatchable;

const FOUNDERS: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

// Eve's hospital stands with little stake; Ferdie's has much, and votes for Eve.
fn eve_with_ferdies_votes() {
    admit("Eve");
    join("Eve", 20_000 * GLN);
    admit("Ferdie");
    endow("Ferdie", 500_000 * GLN);
    bond("Ferdie", 400_000 * GLN);
    nominate("Ferdie", &["Eve"]);
    unbond("Dave", 50_000 * GLN);
}

#[test]
fn the_set_changes_across_an_era_by_nomination_weight() {
    on_chain(LOCAL, || {
        assert_eq!(validators(), accounts(&FOUNDERS));

        // Eve's hospital is admitted, and stands with less stake than any of the four: it gets no seat.
        admit("Eve");
        join("Eve", 20_000 * GLN);
        run_two_eras();
        assert_eq!(validators(), accounts(&FOUNDERS));
        let set_id = pallet_grandpa::CurrentSetId::<Runtime>::get();

        // Another member puts weight behind Eve, and Dave takes half of his stake out.
        admit("Ferdie");
        endow("Ferdie", 500_000 * GLN);
        bond("Ferdie", 400_000 * GLN);
        nominate("Ferdie", &["Eve"]);
        unbond("Dave", 50_000 * GLN);
        assert_eq!(validators(), accounts(&FOUNDERS), "nothing changes within an era");
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
        admit("Ferdie");
        endow("Ferdie", 500_000 * GLN);
        bond("Ferdie", 400_000 * GLN);
        nominate("Ferdie", &["Bob"]);
        run_two_eras();
        evict("Bob");
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
fn votes_of_who_is_not_in_good_standing_do_not_count() {
    let expire = || {
        let now = pallet_timestamp::Now::<Runtime>::get() / 1_000;
        let call = Call::set_expiry { account: account("Ferdie"), expires_at: Some(now) };
        assert_ok!(consortium(RuntimeOrigin::root(), call));
    };
    let ends: [(&str, &dyn Fn()); 3] =
        [("evicted", &|| evict("Ferdie")), ("suspended", &|| suspend("Ferdie", 1_000)), ("expired", &expire)];
    for (what, end) in ends {
        on_chain(LOCAL, || {
            eve_with_ferdies_votes();
            run_two_eras();
            assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Eve"]));
            end();
            run_two_eras();
            assert_eq!(validators(), accounts(&FOUNDERS), "{what}");
            // An expired member's nomination stands as it was, and is not counted all the same.
            let stands = pallet_staking::Nominators::<Runtime>::contains_key(account("Ferdie"));
            assert_eq!(stands, what == "expired");
        });
    }
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
        assert_eq!(validators(), accounts(&FOUNDERS));
    });
}

#[test]
fn a_member_without_session_keys_is_not_elected() {
    on_chain(LOCAL, || {
        admit("Eve");
        bond("Eve", 105_000 * GLN);
        stand("Eve");
        run_two_eras();
        assert_eq!(validators(), accounts(&FOUNDERS));
        assert_ok!(set_keys("Eve"));
        run_two_eras();
        assert!(validators().contains(&account("Eve")));
        assert_eq!(validators().len(), 4);
    });
}

// A nominator as it could only come into storage past the filter.
fn outsider(number: u32, targets: &[&str]) {
    let account: AccountId = sp_io::hashing::blake2_256(&number.to_le_bytes()).into();
    let stake = 1_000 * GLN;
    assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), account.clone().into(), 2 * stake));
    pallet_staking::Bonded::<Runtime>::insert(&account, &account);
    pallet_staking::Payee::<Runtime>::insert(&account, RewardDestination::Stash);
    pallet_staking::Ledger::<Runtime>::insert(&account, StakingLedger::new(account.clone(), stake));
    let targets: Vec<AccountId> = targets.iter().map(|seed| crate::account(seed)).collect();
    let nominations =
        Nominations { targets: targets.try_into().unwrap(), submitted_in: 0, suppressed: false };
    Staking::do_add_nominator(&account, nominations);
}

#[test]
fn a_crowd_of_outsiders_neither_fails_the_election_nor_changes_it() {
    on_chain(LOCAL, || {
        eve_with_ferdies_votes();
        // More voters than the election takes at all, with more stake in all than any member, and for someone
        // else.
        for number in 0..1_300 {
            outsider(number, &["Dave"]);
        }
        assert!(pallet_staking::Nominators::<Runtime>::count() > 1_300);
        let era = active_era();
        run_two_eras();
        assert!(active_era() >= era + 2, "elections succeed");
        assert_eq!(validators(), accounts(&["Alice", "Bob", "Charlie", "Eve"]));
        let dave = pallet_staking::ErasStakersOverview::<Runtime>::get(active_era(), account("Dave"));
        assert!(dave.is_none());
    });
}

#[test]
fn stake_counts_up_to_the_cap() {
    on_chain(LOCAL, || {
        endow("Alice", 3_000_000 * GLN);
        let bond_extra = |value: u128| {
            let call = pallet_staking::Call::bond_extra { max_additional: value };
            RuntimeCall::Staking(call).dispatch(signed("Alice")).map_err(|error| error.error)
        };
        assert_ok!(bond_extra(MAX_STAKE - GLN));
        // There is more than the cap now, and staking takes no more.
        let ledger = Staking::ledger(sp_staking::StakingAccount::Stash(account("Alice"))).unwrap();
        assert!(ledger.active > MAX_STAKE);
        assert_eq!(bond_extra(GLN).unwrap_err(), pallet_staking::Error::<Runtime>::Restricted.into());
        run_two_eras();
        let backing = |seed| {
            let overview = pallet_staking::ErasStakersOverview::<Runtime>::get(active_era(), account(seed));
            overview.unwrap().total
        };
        assert_eq!(backing("Alice"), MAX_STAKE);
        assert_eq!(backing("Bob"), 100_000 * GLN);
        // What counts no further still bears the vote of another.
        endow("Bob", 1_000 * GLN);
        assert_ok!(Staking::bond_extra(signed("Bob"), 1_000 * GLN));
    });
}

//! How many seats a hospital gets, whatever its stake.

use crate::{
    account,
    hospital::{
        accounts, active_era, add_validator, admit, bond, endow, evict, join, nominate, run_two_eras,
        set_keys, stand, unbond, validators,
    },
    on_chain, run_sessions,
};
use frame_election_provider_support::ElectionProvider;
use frame_support::assert_ok;
use galen_primitives::{api::runtime_decl_for_consortium_api::ConsortiumApi, member::Seats};
use galen_runtime::{
    AccountId, Babe, Balance, Consortium, GLN, Grandpa, Runtime, RuntimeOrigin, Staking,
    configs::election::{AdmittedElection, keep_within_cap},
    genesis::LOCAL,
    limits::MAX_STAKE,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const RICH: [&str; 5] = ["Alice", "Alice//1", "Alice//2", "Alice//3", "Alice//4"];

fn set_seats(new: u32) {
    assert_ok!(Staking::set_validator_count(RuntimeOrigin::root(), new));
}

// Alice's hospital has five accounts, and each of them more stake than all others together.
fn rich_alice() {
    for (number, stash) in RICH.into_iter().enumerate() {
        endow(stash, 1_000_000 * GLN);
        let stake = 700_000 * GLN + number as Balance * GLN;
        if number == 0 {
            unbond(stash, 90_000 * GLN);
            let extra = stake - 10_000 * GLN;
            assert_ok!(Staking::bond_extra(RuntimeOrigin::signed(account(stash)), extra));
        } else {
            add_validator("Alice", stash);
            join(stash, stake);
        }
    }
}

fn newcomer(seed: &str) {
    admit(seed);
    join(seed, 20_000 * GLN);
}

fn seats_of(hospital: &str) -> Vec<AccountId> {
    let all = validators();
    all.into_iter().filter(|one| Consortium::hospital_of(one) == Some(account(hospital))).collect()
}

#[test]
fn all_the_money_buys_two_of_seven_seats() {
    on_chain(LOCAL, || {
        rich_alice();
        newcomer("Eve");
        newcomer("Ferdie");
        set_seats(7);
        run_two_eras();
        // The two with the most stake, and every other hospital.
        assert_eq!(seats_of("Alice"), accounts(&["Alice//3", "Alice//4"]));
        let mut expected = accounts(&["Alice//3", "Alice//4", "Bob", "Charlie", "Dave", "Eve", "Ferdie"]);
        expected.sort();
        assert_eq!(validators(), expected);
        assert_eq!((Babe::authorities().len(), Grandpa::grandpa_authorities().len()), (7, 7));

        let seats = Runtime::seats();
        let session = galen_runtime::Session::current_index();
        let expected =
            Seats { era: active_era(), session, desired: 7, active: 7, cap: 2, max_stake: MAX_STAKE };
        assert_eq!(seats, expected);

        // Evicted, it loses all its accounts at once.
        evict("Alice");
        run_sessions(3);
        assert_eq!(validators(), accounts(&["Bob", "Charlie", "Dave", "Eve", "Ferdie"]));
        for stash in RICH {
            assert!(!pallet_staking::Validators::<Runtime>::contains_key(account(stash)));
            assert!(set_keys(stash).is_err());
        }
    });
}

#[test]
fn winners_beyond_the_cap_are_dropped_the_least_backed_first() {
    on_chain(LOCAL, || {
        rich_alice();
        newcomer("Eve");
        newcomer("Ferdie");
        set_seats(7);
        let mut winners = AdmittedElection::elect(0).unwrap();
        assert_eq!(winners.len(), 7);
        keep_within_cap(&mut winners);
        assert_eq!(winners.len(), 7);
        // As if two had been lost: of five, Alice's hospital may hold one.
        winners.retain(|(one, _)| *one != account("Eve") && *one != account("Ferdie"));
        keep_within_cap(&mut winners);
        let mut left: Vec<_> = winners.iter().map(|(one, _)| one.clone()).collect();
        left.sort();
        assert_eq!(left, accounts(&["Alice//4", "Bob", "Charlie", "Dave"]));
    });
}

#[test]
fn with_fewer_hospitals_there_are_fewer_seats() {
    on_chain(LOCAL, || {
        rich_alice();
        newcomer("Eve");
        set_seats(7);
        run_two_eras();
        // With six seats the cap is one, so that there are five.
        assert_eq!(validators(), accounts(&["Alice//4", "Bob", "Charlie", "Dave", "Eve"]));
        assert_eq!((Runtime::seats().desired, Runtime::seats().active, Runtime::seats().cap), (7, 5, 1));
    });
}

#[test]
fn the_state_of_every_account_can_be_read() {
    on_chain(LOCAL, || {
        add_validator("Alice", "Alice//1");
        endow("Alice//1", 30_000 * GLN);
        bond("Alice//1", 20_000 * GLN);
        run_two_eras();
        let status = |seed: &str| {
            let all = Runtime::validators();
            all.into_iter().find(|one| one.account == account(seed))
        };
        let alice = status("Alice").unwrap();
        assert_eq!(alice.hospital, account("Alice"));
        assert!(alice.candidate && alice.keyed && alice.active && !alice.disabled);
        assert_eq!((alice.stake, alice.backing), (100_000 * GLN, 100_000 * GLN));
        let second = status("Alice//1").unwrap();
        assert_eq!(second.hospital, account("Alice"));
        assert!(!second.candidate && !second.keyed && !second.active);
        assert_eq!((second.stake, second.backing), (20_000 * GLN, 0));
        assert!(status("Eve").is_none());
        assert_eq!(Runtime::validators().len(), 5);

        // Who is evicted is told of until it has left the set.
        evict("Bob");
        let bob = status("Bob").unwrap();
        assert!(bob.active && !bob.candidate);
        assert_eq!(bob.hospital, account("Bob"));
        run_sessions(3);
        assert!(status("Bob").is_none());
    });
}

#[test]
fn a_disabled_validator_is_told_as_such() {
    on_chain(LOCAL, || {
        run_sessions(1);
        let index = galen_runtime::Session::validators().iter().position(|one| *one == account("Dave"));
        assert!(galen_runtime::Session::disable_index(u32::try_from(index.unwrap()).unwrap()));
        let disabled: Vec<_> = Runtime::validators().into_iter().filter(|one| one.disabled).collect();
        assert_eq!(disabled.len(), 1);
        assert_eq!(disabled[0].account, account("Dave"));
    });
}

#[derive(Clone, Debug)]
struct Player {
    accounts: usize,
    stakes: Vec<u32>,
    // Whether an account stands, or whom it votes for.
    votes: Vec<Option<(u8, u8)>>,
}

fn player() -> impl Strategy<Value = Player> {
    (1usize..5)
        .prop_flat_map(|accounts| {
            let stakes = proptest::collection::vec(10_000u32..200_000, accounts);
            let vote = proptest::option::weighted(0.3, (0u8..6, 0u8..4));
            (Just(accounts), stakes, proptest::collection::vec(vote, accounts))
        })
        .prop_map(|(accounts, stakes, votes)| Player { accounts, stakes, votes })
}

fn name(hospital: usize, index: usize) -> String {
    if index == 0 { format!("H{hospital}") } else { format!("H{hospital}//{index}") }
}

fn play(players: &[Player]) {
    for seed in ["Alice", "Bob", "Charlie", "Dave"] {
        evict(seed);
    }
    for (hospital, player) in players.iter().enumerate() {
        admit(&name(hospital, 0));
        for index in 0..player.accounts {
            let seed = name(hospital, index);
            endow(&seed, 210_000 * GLN);
            if index > 0 {
                add_validator(&name(hospital, 0), &seed);
            }
            bond(&seed, Balance::from(player.stakes[index]) * GLN);
            assert_ok!(set_keys(&seed));
        }
    }
    for (hospital, player) in players.iter().enumerate() {
        for index in 0..player.accounts {
            let seed = name(hospital, index);
            match player.votes[index] {
                None => stand(&seed),
                Some((whose, which)) => {
                    let target = usize::from(whose) % players.len();
                    let which = usize::from(which) % players[target].accounts;
                    nominate(&seed, &[&name(target, which)]);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_hospital_ever_wins_more_than_its_share(
        players in proptest::collection::vec(player(), 1..7),
        desired in 1u32..16,
    ) {
        let mut outcome = Ok(());
        on_chain(LOCAL, || {
            play(&players);
            set_seats(desired);
            outcome = check_election(&players, desired);
        });
        outcome?;
    }
}

fn check_election(players: &[Player], desired: u32) -> Result<(), TestCaseError> {
    let winners = AdmittedElection::elect(0).unwrap();
    let count = u32::try_from(winners.len()).unwrap();
    prop_assert!(count <= desired && count <= galen_runtime::limits::MaxValidators::get());
    let mut by_hospital = BTreeMap::<AccountId, u32>::new();
    for (account, support) in winners.iter() {
        let hospital = Consortium::hospital_of(account).unwrap();
        *by_hospital.entry(hospital).or_default() += 1;
        prop_assert!(support.total > 0);
        prop_assert!(pallet_staking::Validators::<Runtime>::contains_key(account));
    }
    let cap = std::cmp::max(1, (i64::from(count) - 1) / 3);
    prop_assert!(by_hospital.values().all(|seats| i64::from(*seats) <= cap), "{by_hospital:?} of {count}");
    // As many seats as there can be: at least one for each hospital that stands.
    let standing = players.iter().filter(|player| player.votes.iter().any(Option::is_none)).count();
    let least = std::cmp::min(desired, u32::try_from(standing).unwrap());
    prop_assert!(count >= least, "{count} seats, {standing} hospitals stand for {desired}");
    Ok(())
}

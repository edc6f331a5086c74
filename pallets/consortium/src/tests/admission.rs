use crate::{Call, Error, Event, GrantsToday, HospitalOf, Members, NodesOf, ValidatorsOf, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use galen_primitives::{
    audit::Kind,
    audit::account_subject,
    member::{Member, MemberName},
    traits::Consortium as _,
};
use sp_runtime::DispatchError;

#[test]
fn the_council_admits_a_hospital() {
    run(|| {
        System::set_block_number(7);
        assert_ok!(admit(1, "North"));
        let member = Member {
            name: name("North"),
            admitted_at: 7,
            worker_key: None,
            quotas: QUOTAS,
            expires_at: None,
            suspended_until: None,
        };
        assert_eq!(Consortium::member(account(1)), Some(member.clone()));
        assert_eq!(Consortium::members(), vec![(account(1), member)]);
        assert!(Consortium::is_member(&account(1)));
        assert_eq!(
            <Consortium as galen_primitives::traits::Consortium>::name(&account(1)),
            Some(name("North"))
        );
        assert_eq!(Consortium::quotas(&account(1)), Some(QUOTAS));
        assert_eq!(Consortium::worker_key(&account(1)), None);
        assert_eq!(
            FakeAudit::entries(),
            vec![(None, Kind::MemberAdmitted, account_subject(&account(1)), None)]
        );
        System::assert_last_event(Event::Admitted { account: account(1), name: name("North") }.into());
    });
}

#[test]
fn root_admits_too() {
    run(|| {
        let origin = RuntimeOrigin::root();
        assert_ok!(Consortium::admit(origin, account(1), name("North"), QUOTAS));
        assert!(Consortium::is_member(&account(1)));
    });
}

#[test]
fn a_newcomer_is_endowed_from_the_treasury() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_eq!(Balances::total_balance(&account(1)), STAKE + FEES);
        assert_eq!(Balances::total_balance(&Treasury::get()), TREASURY - STAKE - FEES);
    });
}

#[test]
fn a_treasury_that_would_die_pays_nothing() {
    run(|| {
        for (seed, text) in [(1, "A"), (2, "B"), (3, "C"), (4, "D")] {
            assert_ok!(admit(seed, text));
        }
        // 960 are left
        assert_noop!(admit(5, "E"), Error::<Test>::InsufficientTreasury);
        // exactly one endowment: paying it would end the account
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Treasury::get(), STAKE + FEES));
        assert_noop!(admit(5, "E"), Error::<Test>::InsufficientTreasury);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Treasury::get(), STAKE + FEES + 1));
        assert_ok!(admit(5, "E"));
        assert_eq!(Balances::total_balance(&Treasury::get()), 1);
    });
}

#[test]
fn outsiders_and_members_neither_admit_nor_evict() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for signer in [1, 2] {
            let admission = Call::<Test>::admit { account: account(3), name: name("South"), quotas: QUOTAS };
            assert_noop!(act(account(signer), admission), DispatchError::BadOrigin);
            let eviction = Call::<Test>::evict { account: account(1) };
            assert_noop!(act(account(signer), eviction), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn names_must_be_printable_and_short() {
    run(|| {
        for bad in ["", "a \"quoted\" name", "two\nlines", "Krankenhaus \u{e4}"] {
            assert_noop!(admit(1, bad), Error::<Test>::InvalidName);
        }
        assert!(MemberName::try_from(vec![b'a'; 65]).is_err());
        assert_ok!(admit(1, &"a".repeat(64)));
    });
}

#[test]
fn a_name_is_given_once() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_noop!(admit(2, "North"), Error::<Test>::NameAlreadyExists);
        assert_noop!(admit(2, "NORTH"), Error::<Test>::NameAlreadyExists);
        assert_ok!(admit(2, "North 2"));
    });
}

#[test]
fn an_account_is_admitted_once() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_noop!(admit(1, "South"), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn there_are_never_too_many() {
    run(|| {
        let treasury = Treasury::get();
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), treasury, 100_000));
        for seed in 1..=5u8 {
            assert_ok!(admit(seed, &format!("H{seed}")));
        }
        assert_noop!(admit(6, "H6"), Error::<Test>::TooManyMembers);
        assert_ok!(act(council(), Call::<Test>::evict { account: account(3) }));
        assert_ok!(admit(6, "H6"));
    });
}

#[test]
fn the_evicted_lose_everything_but_their_balance_and_their_past() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(act(account(1), Call::<Test>::set_worker_key { key: key(1) }));
        assert_ok!(add_validator(1, 11));
        assert_ok!(add_validator(1, 12));
        let nodes = vec![b"12D3KooWNorth".to_vec().try_into().unwrap()].try_into().unwrap();
        assert_ok!(act(account(1), Call::<Test>::set_nodes { nodes }));
        assert_ok!(Consortium::charge_grant(&account(1)));
        System::set_block_number(5);
        assert_ok!(evict(1));
        assert!(!Consortium::is_member(&account(1)));
        assert_eq!(Consortium::member_of_worker_key(&key(1)), None);
        assert!(!GrantsToday::<Test>::contains_key(account(1)));
        assert!(!ValidatorsOf::<Test>::contains_key(account(1)));
        assert_eq!(HospitalOf::<Test>::iter_keys().count(), 0);
        assert!(!NodesOf::<Test>::contains_key(account(1)));
        assert_eq!(Members::<Test>::count(), 0);
        for seed in [1, 11, 12] {
            assert!(!Consortium::may_validate(&account(seed)));
        }
        assert_eq!(Balances::total_balance(&account(1)), STAKE + FEES);
        let periods = Consortium::worker_keys(&account(1));
        assert_eq!((periods.len(), periods[0].key, periods[0].until), (1, key(1), Some(5)));
        let asked =
            [Asked::Chill(account(1)), Asked::Chill(account(11)), Asked::Chill(account(12)), Asked::NewEra];
        assert_eq!(AskedOfStaking::get(), asked);
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(None, Kind::MemberEvicted, account_subject(&account(1)), None))
        );
        System::assert_last_event(Event::Evicted { account: account(1), chilled: true }.into());
        assert_noop!(act(account(1), Call::<Test>::set_worker_key { key: key(1) }), Error::<Test>::NotMember);
    });
}

#[test]
fn a_validator_that_cannot_be_chilled_is_evicted_all_the_same() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(add_validator(1, 11));
        StakingFails::set(&true);
        assert_ok!(evict(1));
        assert!(!Consortium::is_member(&account(1)));
        // What the failed chills wrote is undone; the new era is not.
        assert_eq!(AskedOfStaking::get(), vec![Asked::NewEra]);
        System::assert_last_event(Event::Evicted { account: account(1), chilled: false }.into());
    });
}

#[test]
fn one_that_cannot_be_chilled_does_not_keep_the_others_standing() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(add_validator(1, 11));
        NeverChilled::set(&Some(account(1)));
        assert_ok!(evict(1));
        assert_eq!(AskedOfStaking::get(), vec![Asked::Chill(account(11)), Asked::NewEra]);
        System::assert_last_event(Event::Evicted { account: account(1), chilled: false }.into());
    });
}

#[test]
fn a_validator_account_of_a_member_is_not_admitted() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(add_validator(1, 11));
        assert_noop!(admit(11, "South"), Error::<Test>::AlreadyExists);
        assert_ok!(evict(1));
        assert_ok!(admit(11, "South"));
    });
}

#[test]
fn who_is_no_member_cannot_be_evicted() {
    run(|| {
        assert_noop!(act(council(), Call::<Test>::evict { account: account(1) }), Error::<Test>::NotFound);
    });
}

#[test]
fn the_evicted_may_come_back() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(act(council(), Call::<Test>::evict { account: account(1) }));
        assert_ok!(admit(1, "North"));
        assert_eq!(Consortium::worker_key(&account(1)), None);
    });
}

#[test]
fn without_a_log_nobody_comes_or_goes() {
    run(|| {
        FakeAudit::room_for(0);
        assert_noop!(admit(1, "North"), FakeAudit::FULL);
        FakeAudit::room_for(10);
        assert_ok!(admit(1, "North"));
        FakeAudit::room_for(0);
        assert_noop!(act(council(), Call::<Test>::evict { account: account(1) }), FakeAudit::FULL);
    });
}

use crate::{Error, Event, NextRound, Updates, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    model::{Round, Update},
};
use sp_runtime::DispatchError;

// An approved model 10 and round 0 on it, open in blocks 1 to 11.
fn with_round(test: impl FnOnce()) {
    run(|| {
        assert_ok!(register(1, 10, None));
        assert_ok!(approve(10));
        assert_ok!(open(1, 10, 10));
        test();
    });
}

#[test]
fn a_member_opens_a_round() {
    with_round(|| {
        let round = Round { base: hash(10), opener: account(1), opened_at: 1, deadline: 11, updates: 0 };
        assert_eq!(Federated::round(0), Some(round));
        assert_eq!(Federated::round(1), None);
        assert_eq!(Federated::updates(0), vec![]);
        assert_eq!(FakeAudit::entries().last(), Some(&(Some(account(1)), Kind::RoundOpened, hash(10), None)));
        System::assert_last_event(
            Event::RoundOpened { id: 0, base: hash(10), opener: account(1), deadline: 11 }.into(),
        );
        assert_ok!(open(2, 10, 1));
        assert_eq!(Federated::round(1).unwrap().opener, account(2));
    });
}

#[test]
fn outsiders_open_no_round() {
    with_round(|| {
        assert_noop!(open(5, 10, 10), Error::<Test>::NotMember);
        assert_noop!(Federated::open_round(RuntimeOrigin::root(), hash(10), 10), DispatchError::BadOrigin);
    });
}

#[test]
fn a_round_improves_an_approved_model() {
    with_round(|| {
        assert_noop!(open(1, 11, 10), Error::<Test>::NotApproved);
        assert_ok!(register(1, 11, Some(10)));
        assert_noop!(open(1, 11, 10), Error::<Test>::NotApproved);
        assert_ok!(withdraw(10));
        assert_noop!(open(1, 10, 10), Error::<Test>::NotApproved);
    });
}

#[test]
fn a_round_has_a_length() {
    with_round(|| {
        assert_noop!(open(1, 10, 0), Error::<Test>::InvalidLength);
        assert_noop!(open(1, 10, MAX_ROUND_BLOCKS + 1), Error::<Test>::InvalidLength);
        assert_ok!(open(1, 10, MAX_ROUND_BLOCKS));
        System::set_block_number(u32::MAX - 5);
        assert_noop!(open(1, 10, 6), Error::<Test>::InvalidLength);
    });
}

#[test]
fn the_numbers_of_rounds_end() {
    with_round(|| {
        NextRound::<Test>::put(u32::MAX);
        assert_noop!(open(1, 10, 1), Error::<Test>::TooManyRounds);
        NextRound::<Test>::put(1);
    });
}

#[test]
fn a_member_registers_its_update() {
    with_round(|| {
        System::set_block_number(3);
        assert_ok!(update(2, 0, 20, 500));
        let stored = Update { hash: hash(20), samples: 500, registered_at: 3 };
        assert_eq!(Federated::updates(0), vec![(account(2), stored)]);
        assert_eq!(Federated::round(0).unwrap().updates, 1);
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(account(2)), Kind::UpdateRegistered, hash(20), None))
        );
        System::assert_last_event(
            Event::UpdateRegistered { round: 0, member: account(2), hash: hash(20) }.into(),
        );
    });
}

#[test]
fn outsiders_register_no_update() {
    with_round(|| {
        assert_noop!(update(5, 0, 20, 500), Error::<Test>::NotMember);
        assert_noop!(
            Federated::register_update(RuntimeOrigin::root(), 0, hash(20), 1),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn the_deadline_is_the_last_block_that_takes_updates() {
    with_round(|| {
        System::set_block_number(11);
        assert_ok!(update(1, 0, 20, 1));
        System::set_block_number(12);
        assert_noop!(update(2, 0, 21, 1), Error::<Test>::Expired);
        // Nothing swept the round away: it is compared when read.
        assert_eq!(Federated::round(0).unwrap().updates, 1);
    });
}

#[test]
fn a_member_has_one_update_in_a_round() {
    with_round(|| {
        assert_ok!(update(1, 0, 20, 1));
        assert_noop!(update(1, 0, 21, 1), Error::<Test>::AlreadyExists);
        assert_ok!(open(1, 10, 10));
        assert_ok!(update(1, 1, 21, 1));
    });
}

#[test]
fn an_update_stands_once_in_a_round() {
    with_round(|| {
        assert_ok!(update(1, 0, 20, 1));
        assert_noop!(update(2, 0, 20, 1), Error::<Test>::AlreadyExists);
        assert_ok!(open(1, 10, 10));
        assert_ok!(update(2, 1, 20, 1));
    });
}

#[test]
fn a_round_takes_so_many_updates() {
    with_round(|| {
        for who in 1..=3 {
            assert_ok!(update(who, 0, 20 + who, 1));
        }
        assert_noop!(update(4, 0, 24, 1), Error::<Test>::TooManyUpdates);
        assert_eq!(Updates::<Test>::iter_prefix(0).count(), 3);
    });
}

#[test]
fn an_update_is_trained_on_something() {
    with_round(|| {
        assert_noop!(update(1, 0, 20, 0), Error::<Test>::InvalidSamples);
    });
}

#[test]
fn an_unknown_round_takes_nothing() {
    with_round(|| {
        assert_noop!(update(1, 1, 20, 1), Error::<Test>::NotFound);
    });
}

#[test]
fn a_withdrawn_model_is_improved_no_further() {
    with_round(|| {
        assert_ok!(update(1, 0, 20, 1));
        assert_ok!(withdraw(10));
        assert_noop!(update(2, 0, 21, 1), Error::<Test>::NotApproved);
        assert_ok!(approve(10));
        assert_ok!(update(2, 0, 21, 1));
    });
}

#[test]
fn without_a_log_no_round_changes() {
    with_round(|| {
        FakeAudit::room_for(0);
        assert_noop!(open(1, 10, 10), FakeAudit::FULL);
        assert_noop!(update(1, 0, 20, 1), FakeAudit::FULL);
    });
}

//! The invariants notice damage.

use crate::{Models, NextRound, Rounds, Updates, mock::*};
use frame_support::assert_ok;
use galen_primitives::model::{Model, Round, Update};
use galen_testing::try_state_after;

fn damaged(damage: impl FnOnce()) -> bool {
    try_state_after(damage, Federated::do_try_state).is_err()
}

fn change_model(change: impl FnOnce(&mut Model)) {
    Models::<Test>::mutate(hash(10), |model| change(model.as_mut().unwrap()));
}

fn change_round(change: impl FnOnce(&mut Round)) {
    Rounds::<Test>::mutate(0, |round| change(round.as_mut().unwrap()));
}

#[test]
fn damage_is_noticed() {
    run(|| {
        System::set_block_number(5);
        assert_ok!(register(1, 10, None));
        assert_ok!(approve(10));
        assert_ok!(open(1, 10, 10));
        assert_ok!(update(1, 0, 20, 1));
        let another = |hash, registered_at| Update { hash, samples: 1, registered_at };
        assert!(!damaged(|| change_model(|model| model.status_since = 7)));
        assert!(damaged(|| change_model(|model| model.status_since = 4)));
        assert!(damaged(|| change_model(|model| model.terms.hash = hash(11))));
        assert!(damaged(|| change_model(|model| model.terms.parent = Some(hash(11)))));
        assert!(damaged(|| change_model(|model| model.terms.parent = Some(hash(10)))));
        assert!(damaged(|| change_model(|model| model.terms.licence = text(""))));
        assert!(damaged(|| change_round(|round| round.base = hash(11))));
        assert!(damaged(|| change_round(|round| round.deadline = 5)));
        assert!(damaged(|| change_round(|round| round.updates = 2)));
        assert!(damaged(|| NextRound::<Test>::put(0)));
        assert!(damaged(|| NextRound::<Test>::put(2)));
        assert!(damaged(|| Updates::<Test>::remove(0, account(1))));
        assert!(damaged(|| Updates::<Test>::insert(1, account(1), another(hash(21), 5))));
        let two = |update| {
            Updates::<Test>::insert(0, account(2), update);
            change_round(|round| round.updates = 2);
        };
        assert!(!damaged(|| two(another(hash(21), 15))));
        assert!(damaged(|| two(another(hash(21), 16))));
        assert!(damaged(|| two(another(hash(20), 6))));
    });
}

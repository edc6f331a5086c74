//! `try_state` notices what must not be.

use crate::{Items, Steps, mock::*};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    records::custody::{CustodyStep, Item},
};
use galen_testing::try_state_after;

/// Breaks the state, expects `try_state` to notice, and restores it.
fn notices(what: &str, spoil: impl FnOnce()) {
    assert!(try_state_after(spoil, Custody::do_try_state).is_err(), "{what}");
    assert_ok!(Custody::do_try_state());
}

#[test]
fn what_is_wrong_with_items_is_noticed() {
    run(|| {
        System::set_block_number(3);
        let id = id(1);
        assert_ok!(register(&general(), id));
        assert_ok!(offer(&general(), id, &mercy()));
        assert_ok!(accept(&mercy(), id));
        let item = |spoil: fn(&mut Item)| Items::<Test>::mutate(id, |item| spoil(item.as_mut().unwrap()));
        let step = |number: u32, spoil: fn(&mut CustodyStep)| {
            Steps::<Test>::mutate(id, number, |step| spoil(step.as_mut().unwrap()));
        };
        notices("a lost item", || Items::<Test>::remove(id));
        notices("a lost step", || Steps::<Test>::remove(id, 0));
        notices("a step too many", || Steps::<Test>::insert(id, 2, Steps::<Test>::get(id, 0).unwrap()));
        notices("a step too few", || item(|item| item.steps = 1));
        notices("another holder", || item(|item| item.holder = general()));
        notices("offered to its holder", || item(|item| item.offered_to = Some(mercy())));
        notices("from one to itself", || step(0, |step| step.holder = mercy()));
        notices("back in time", || step(1, |step| step.since = 2));
        notices("a step from the future", || step(1, |step| step.since = 4));
        notices("an item without a step", || item(|item| item.steps = 0));
        notices("the zero id", || {
            let step = CustodyStep { holder: general(), since: 1 };
            let item = Items::<Test>::get(id).unwrap();
            Items::<Test>::insert(H256::zero(), Item { holder: general(), steps: 1, ..item });
            Steps::<Test>::insert(H256::zero(), 0, step);
        });
    });
}

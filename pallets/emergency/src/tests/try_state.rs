//! That the check of invariants finds what it looks for.

use crate::{mock::*, *};
use frame_support::assert_ok;
use galen_primitives::{
    AccountId, H256,
    emergency::{Access, Finding, Review},
};
use galen_testing::try_state_after;

fn broken(spoil: impl FnOnce(H256)) {
    run(|| {
        assert_ok!(open_for(&mercy(), &patient(1), None, doctor(1)));
        assert_ok!(Emergency::do_try_state());
        let id = last();
        assert!(try_state_after(|| spoil(id), Emergency::do_try_state).is_err());
    });
}

fn change(id: H256, change: impl FnOnce(&mut Access)) {
    Accesses::<Test>::mutate(id, |access| change(access.as_mut().unwrap()));
}

fn reviewed(id: H256, by: H256, hospital: Option<AccountId>) {
    let review =
        Review { hospital, by, finding: Finding::Justified, note: hash(1), block: 1, at: Clock::get() };
    change(id, |access| access.review = Some(review));
    Unreviewed::<Test>::remove(mercy(), id);
}

#[test]
fn each_invariant_is_checked() {
    broken(|id| Unreviewed::<Test>::remove(mercy(), id));
    broken(|_| Unreviewed::<Test>::insert(mercy(), hash(1), ()));
    broken(|_| Open::<Test>::remove(mercy(), patient(1)));
    broken(|_| Open::<Test>::insert(general(), patient(1), frame_support::BoundedVec::default()));
    broken(|id| {
        Open::<Test>::insert(general(), patient(1), frame_support::BoundedVec::truncate_from(vec![id]))
    });
    broken(|id| {
        Open::<Test>::insert(mercy(), patient(1), frame_support::BoundedVec::truncate_from(vec![id, id]))
    });
    broken(|_| Opened::<Test>::insert(mercy(), 2));
    broken(|id| change(id, |access| access.opened_at = Clock::get() + 1));
    broken(|id| change(id, |access| access.review_due = access.until - 1));
    broken(|id| reviewed(id, doctor(1), Some(mercy())));
    broken(|id| reviewed(id, doctor(2), Some(general())));
    broken(|id| reviewed(id, doctor(2), None));
}

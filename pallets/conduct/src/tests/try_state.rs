use crate::{AbsenceThreshold, Absences, SeatsLost, mock::*};
use frame_support::BoundedVec;
use galen_testing::try_state_after;

fn broken(corrupt: impl FnOnce(), complaint: &'static str) {
    run(|| {
        assert!(Conduct::do_try_state().is_ok());
        assert_eq!(try_state_after(corrupt, Conduct::do_try_state), Err(complaint.into()));
    });
}

#[test]
fn what_must_not_be_is_found() {
    broken(|| AbsenceThreshold::<Test>::put(0), "a threshold of no session");
    broken(
        || {
            let twice = vec![(account(1), 1), (account(1), 2)];
            Absences::<Test>::put((0, BoundedVec::truncate_from(twice)));
        },
        "a validator is absent twice in one session",
    );
    broken(
        || SeatsLost::<Test>::put((0, BoundedVec::truncate_from(vec![account(1), account(1)]))),
        "a validator lost its seat twice",
    );
}

use crate::{AbsenceThreshold, Absences, SeatsLost, mock::*};
use frame_support::BoundedVec;

fn broken(corrupt: impl FnOnce(), complaint: &str) {
    sp_io::TestExternalities::default().execute_with(|| {
        assert!(Conduct::do_try_state().is_ok());
        corrupt();
        assert_eq!(Conduct::do_try_state(), Err(sp_runtime::TryRuntimeError::Other(leak(complaint))));
    });
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
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

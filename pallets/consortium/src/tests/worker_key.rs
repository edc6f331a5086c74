use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{H256, audit::Kind, traits::Consortium as _};
use sp_runtime::{DispatchError, DispatchResult};

fn set(seed: u8, key: H256) -> DispatchResult {
    act(account(seed), Call::<Test>::set_worker_key { key })
}

#[test]
fn a_member_sets_its_key() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        assert_eq!(Consortium::worker_key(&account(1)), Some(key(1)));
        assert_eq!(Consortium::member_of_worker_key(&key(1)), Some(account(1)));
        assert_eq!(Logged::get().last(), Some(&(Some(account(1)), Kind::WorkerKeySet, key(1), None)));
        System::assert_last_event(Event::WorkerKeySet { account: account(1), key: key(1) }.into());
    });
}

#[test]
fn a_new_key_replaces_the_old_one() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        assert_ok!(set(1, key(2)));
        assert_eq!(Consortium::worker_key(&account(1)), Some(key(2)));
        assert_eq!(Consortium::member_of_worker_key(&key(1)), None);
        assert_eq!(Consortium::member_of_worker_key(&key(2)), Some(account(1)));
    });
}

#[test]
fn setting_the_same_key_again_keeps_it() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        assert_ok!(set(1, key(1)));
        assert_eq!(Consortium::member_of_worker_key(&key(1)), Some(account(1)));
    });
}

#[test]
fn another_members_key_is_refused() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(set(1, key(1)));
        assert_noop!(set(2, key(1)), Error::<Test>::AlreadyExists);
        assert_ok!(set(1, key(2)));
        assert_ok!(set(2, key(1)));
    });
}

#[test]
fn outsiders_and_the_council_have_no_key() {
    run(|| {
        assert_noop!(set(1, key(1)), Error::<Test>::NotAuthorized);
        assert_noop!(
            act(council(), Call::<Test>::set_worker_key { key: key(1) }),
            Error::<Test>::NotAuthorized
        );
        assert_noop!(Consortium::set_worker_key(RuntimeOrigin::root(), key(1)), DispatchError::BadOrigin);
    });
}

#[test]
fn without_a_log_no_key_is_set() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        LogTakes::set(&0);
        assert_noop!(set(1, key(2)), DispatchError::Exhausted);
    });
}

use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{H256, audit::Kind, member::WorkerKeyPeriod, traits::Consortium as _};
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
        assert_eq!(FakeAudit::entries().last(), Some(&(Some(account(1)), Kind::WorkerKeySet, key(1), None)));
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
        assert_eq!(Consortium::worker_keys(&account(1)).len(), 1);
    });
}

#[test]
fn an_old_key_of_its_own_may_come_back() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for seed in [1, 2, 1] {
            assert_ok!(set(1, key(seed)));
        }
        assert_eq!(Consortium::member_of_worker_key(&key(1)), Some(account(1)));
        assert_eq!(Consortium::member_of_worker_key(&key(2)), None);
        assert_eq!(Consortium::worker_keys(&account(1)).len(), 3);
    });
}

fn period(seed: u8, from: u32, until: Option<u32>, suspect_from: Option<u32>) -> WorkerKeyPeriod {
    WorkerKeyPeriod { key: key(seed), from, until, suspect_from }
}

fn suspect(signer: u8, seed: u8, from: u32) -> DispatchResult {
    let call = Call::<Test>::mark_worker_key_suspect { hospital: account(1), key: key(seed), from };
    act(account(signer), call)
}

#[test]
fn periods_are_told_and_the_oldest_forgotten() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for seed in 1..=6u8 {
            System::set_block_number(10 * u32::from(seed));
            assert_ok!(set(1, key(seed)));
        }
        let expected: Vec<_> = (3..=6u8)
            .map(|seed| {
                period(seed, 10 * u32::from(seed), (seed < 6).then(|| 10 * u32::from(seed) + 10), None)
            })
            .collect();
        assert_eq!(expected.len() as u32, MAX_KEY_PERIODS);
        assert_eq!(Consortium::worker_keys(&account(1)), expected);
        // Forgotten as a period, and not as a key: it stays this hospital's, and can still be marked.
        assert_ok!(admit(2, "South"));
        assert_noop!(set(2, key(1)), Error::<Test>::AlreadyExists);
        assert_ok!(suspect(1, 1, 10));
        assert_noop!(set(1, key(1)), Error::<Test>::AlreadySuspect);
    });
}

#[test]
fn a_suspect_key_in_force_is_so_no_longer() {
    run(|| {
        assert_ok!(admit(1, "North"));
        System::set_block_number(10);
        assert_ok!(set(1, key(1)));
        System::set_block_number(30);
        assert_ok!(suspect(1, 1, 20));
        assert_eq!(Consortium::worker_key(&account(1)), None);
        assert_eq!(Consortium::member_of_worker_key(&key(1)), None);
        assert_eq!(Consortium::worker_keys(&account(1)), vec![period(1, 10, Some(30), Some(20))]);
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(account(1)), Kind::WorkerKeySuspect, key(1), None))
        );
        let event = Event::WorkerKeySuspect { hospital: account(1), key: key(1), from: 20 };
        System::assert_last_event(event.into());
        assert_noop!(set(1, key(1)), Error::<Test>::AlreadySuspect);
        assert_ok!(set(1, key(2)));
        assert_eq!(Consortium::worker_key(&account(1)), Some(key(2)));
    });
}

#[test]
fn an_old_key_is_marked_and_the_one_in_force_stays() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        System::set_block_number(10);
        assert_ok!(set(1, key(2)));
        assert_ok!(suspect(1, 1, 5));
        assert_eq!(Consortium::worker_key(&account(1)), Some(key(2)));
        let expected = vec![period(1, 1, Some(10), Some(5)), period(2, 10, None, None)];
        assert_eq!(Consortium::worker_keys(&account(1)), expected);
        // A later mark takes nothing back, an earlier one holds.
        assert_ok!(suspect(1, 1, 8));
        assert_eq!(Consortium::worker_keys(&account(1))[0].suspect_from, Some(5));
        assert_ok!(suspect(1, 1, 2));
        assert_eq!(Consortium::worker_keys(&account(1))[0].suspect_from, Some(2));
    });
}

#[test]
fn the_hospital_and_the_council_mark_and_nobody_else() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(set(1, key(1)));
        for signer in [2, 3, 101] {
            assert_noop!(suspect(signer, 1, 1), Error::<Test>::NotMember);
        }
        assert_noop!(suspect(1, 9, 1), Error::<Test>::NotFound);
        assert_noop!(suspect(1, 1, 2), Error::<Test>::InvalidBlock);
        // A hospital that is suspended can still warn of its key.
        assert_ok!(suspend(1, 5));
        assert_ok!(suspect(1, 1, 1));
        // The council can when the hospital is gone.
        assert_ok!(set(2, key(2)));
        assert_ok!(evict(2));
        let call = Call::<Test>::mark_worker_key_suspect { hospital: account(2), key: key(2), from: 0 };
        assert_noop!(act(account(2), call.clone()), Error::<Test>::NotMember);
        assert_ok!(act(council(), call));
        assert_eq!(FakeAudit::entries().last(), Some(&(None, Kind::WorkerKeySuspect, key(2), None)));
        assert_eq!(Consortium::worker_keys(&account(2))[0].suspect_from, Some(0));
    });
}

#[test]
fn a_key_of_the_past_stays_suspect_when_the_hospital_comes_back() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        assert_ok!(suspect(1, 1, 0));
        assert_ok!(evict(1));
        assert_ok!(admit(1, "North"));
        assert_noop!(set(1, key(1)), Error::<Test>::AlreadySuspect);
    });
}

#[test]
fn a_key_that_is_or_was_anothers_is_refused() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(set(1, key(1)));
        assert_noop!(set(2, key(1)), Error::<Test>::AlreadyExists);
        // Nor when it is no longer in force, nor when its hospital is gone: what it signed is that hospital's.
        assert_ok!(set(1, key(2)));
        assert_noop!(set(2, key(1)), Error::<Test>::AlreadyExists);
        assert_ok!(evict(1));
        assert_noop!(set(2, key(1)), Error::<Test>::AlreadyExists);
        assert_noop!(set(2, key(2)), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn outsiders_and_the_council_have_no_key() {
    run(|| {
        assert_noop!(set(1, key(1)), Error::<Test>::NotMember);
        assert_noop!(act(council(), Call::<Test>::set_worker_key { key: key(1) }), Error::<Test>::NotMember);
        assert_noop!(Consortium::set_worker_key(RuntimeOrigin::root(), key(1)), DispatchError::BadOrigin);
    });
}

#[test]
fn without_a_log_no_key_is_set() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, key(1)));
        FakeAudit::room_for(0);
        assert_noop!(set(1, key(2)), FakeAudit::FULL);
        assert_noop!(suspect(1, 1, 0), FakeAudit::FULL);
    });
}

//! The invariants notice damage.

use crate::{Call, GrantsToday, Members, WorkerKeys, mock::*};
use frame_support::{assert_ok, storage::with_transaction};
use sp_runtime::{DispatchError, TransactionOutcome};

fn damaged(damage: impl FnOnce()) -> bool {
    with_transaction(|| {
        damage();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(Consortium::do_try_state().is_err()))
    })
    .unwrap()
}

#[test]
fn damage_is_noticed() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(act(account(1), Call::<Test>::set_worker_key { key: key(1) }));
        let change = |text: &str, worker_key| {
            Members::<Test>::mutate(account(2), |member| {
                let member = member.as_mut().unwrap();
                member.name = name(text);
                member.worker_key = worker_key;
            });
        };
        assert!(!damaged(|| change("East", None)));
        assert!(damaged(|| change("NORTH", None)));
        assert!(damaged(|| change("", None)));
        assert!(damaged(|| change("South", Some(key(2)))));
        assert!(damaged(|| change("South", Some(key(1)))));
        assert!(damaged(|| WorkerKeys::<Test>::remove(key(1))));
        assert!(damaged(|| WorkerKeys::<Test>::insert(key(2), account(2))));
        assert!(damaged(|| GrantsToday::<Test>::insert(account(3), (1, 1))));
        assert!(damaged(|| (3..8).for_each(|seed| {
            let member = Consortium::member(account(2)).unwrap();
            let name = name(&format!("H{seed}"));
            Members::<Test>::insert(account(seed), galen_primitives::member::Member { name, ..member });
        })));
    });
}

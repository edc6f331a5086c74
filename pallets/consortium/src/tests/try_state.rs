//! The invariants notice damage.

use crate::{
    Call, GrantsToday, HospitalOf, Members, NodeOwner, NodesOf, ValidatorsOf, WorkerKeyPeriods, WorkerKeys,
    mock::*,
};
use frame_support::assert_ok;
use galen_primitives::member::{Member, PeerId, WorkerKeyUse};
use galen_testing::try_state_after;

fn damaged(damage: impl FnOnce()) -> bool {
    try_state_after(damage, Consortium::do_try_state).is_err()
}

fn id(text: &str) -> PeerId {
    text.as_bytes().to_vec().try_into().unwrap()
}

#[test]
fn damage_to_members_is_noticed() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        let rename = |text: &str| {
            Members::<Test>::mutate(account(2), |member| member.as_mut().unwrap().name = name(text));
        };
        assert!(!damaged(|| rename("East")));
        assert!(damaged(|| rename("NORTH")));
        assert!(damaged(|| rename("")));
        assert!(damaged(|| GrantsToday::<Test>::insert(account(3), (1, 1))));
        assert!(damaged(|| (3..8).for_each(|seed| {
            let member = Consortium::member(account(2)).unwrap();
            let name = name(&format!("H{seed}"));
            Members::<Test>::insert(account(seed), Member { name, ..member });
        })));
    });
}

#[test]
fn damage_to_worker_keys_is_noticed() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(act(account(1), Call::<Test>::set_worker_key { key: key(9) }));
        assert_ok!(act(account(1), Call::<Test>::set_worker_key { key: key(1) }));
        let set = |seed: u8, worker_key| {
            Members::<Test>::mutate(account(seed), |member| member.as_mut().unwrap().worker_key = worker_key);
        };
        assert!(damaged(|| set(1, None)));
        assert!(damaged(|| set(1, Some(key(9)))));
        assert!(damaged(|| set(2, Some(key(1)))));
        assert!(damaged(|| WorkerKeys::<Test>::remove(key(1))));
        assert!(damaged(|| WorkerKeys::<Test>::remove(key(9))));
        let known = |hospital, suspect_from| WorkerKeyUse { hospital: account(hospital), suspect_from };
        assert!(damaged(|| WorkerKeys::<Test>::insert(key(1), known(2, None))));
        assert!(damaged(|| WorkerKeys::<Test>::insert(key(9), known(1, Some(1)))));
        let change = |change: fn(&mut galen_primitives::member::WorkerKeyPeriod)| {
            WorkerKeyPeriods::<Test>::mutate(account(1), |periods| change(&mut periods[0]));
        };
        assert!(damaged(|| change(|period| period.until = None)));
        assert!(damaged(|| change(|period| period.until = Some(0))));
        assert!(damaged(|| change(|period| period.until = Some(2))));
        assert!(damaged(|| change(|period| period.suspect_from = Some(1))));
        assert!(damaged(|| Members::<Test>::remove(account(1))));
        // In force and suspect, on both sides.
        assert!(damaged(|| {
            WorkerKeys::<Test>::insert(key(1), known(1, Some(1)));
            WorkerKeyPeriods::<Test>::mutate(account(1), |periods| periods[1].suspect_from = Some(1));
        }));
    });
}

#[test]
fn damage_to_validators_and_nodes_is_noticed() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(add_validator(1, 11));
        let nodes = vec![id("A")].try_into().unwrap();
        assert_ok!(act(account(1), Call::<Test>::set_nodes { nodes }));

        assert!(damaged(|| HospitalOf::<Test>::remove(account(11))));
        assert!(damaged(|| HospitalOf::<Test>::insert(account(11), account(2))));
        assert!(damaged(|| HospitalOf::<Test>::insert(account(12), account(1))));
        assert!(damaged(|| ValidatorsOf::<Test>::remove(account(1))));
        assert!(damaged(|| {
            let accounts = ValidatorsOf::<Test>::take(account(1));
            ValidatorsOf::<Test>::insert(account(3), accounts);
            HospitalOf::<Test>::insert(account(11), account(3));
        }));
        assert!(damaged(|| ValidatorsOf::<Test>::insert(account(2), frame_support::BoundedVec::default())));
        assert!(damaged(|| {
            let member = Consortium::member(account(2)).unwrap();
            Members::<Test>::insert(account(11), Member { name: name("East"), ..member });
        }));

        assert!(damaged(|| NodeOwner::<Test>::remove(id("A"))));
        assert!(damaged(|| NodeOwner::<Test>::insert(id("A"), account(2))));
        assert!(damaged(|| NodeOwner::<Test>::insert(id("B"), account(1))));
        assert!(damaged(|| NodesOf::<Test>::remove(account(1))));
        assert!(damaged(|| NodesOf::<Test>::insert(account(2), frame_support::BoundedVec::default())));
        assert!(damaged(|| {
            NodesOf::<Test>::mutate(account(1), |nodes| nodes[0] = id("-"));
            NodeOwner::<Test>::remove(id("A"));
            NodeOwner::<Test>::insert(id("-"), account(1));
        }));
    });
}

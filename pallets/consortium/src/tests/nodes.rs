use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{audit::Kind, audit::account_subject, member::PeerId};
use sp_runtime::DispatchResult;

fn id(text: &str) -> PeerId {
    text.as_bytes().to_vec().try_into().unwrap()
}

fn set(seed: u8, ids: &[&str]) -> DispatchResult {
    let nodes: Vec<_> = ids.iter().map(|text| id(text)).collect();
    act(account(seed), Call::<Test>::set_nodes { nodes: nodes.try_into().unwrap() })
}

#[test]
fn a_member_names_its_nodes() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(set(2, &["B", "A"]));
        assert_ok!(set(1, &["C"]));
        let expected = vec![(account(1), id("C")), (account(2), id("A")), (account(2), id("B"))];
        assert_eq!(Consortium::nodes(), expected);
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(account(1)), Kind::NodesSet, account_subject(&account(1)), None))
        );
        System::assert_last_event(Event::NodesSet { hospital: account(1), nodes: vec![id("C")] }.into());
    });
}

#[test]
fn a_new_list_replaces_the_old_one() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(set(1, &["A", "B"]));
        assert_ok!(set(1, &["B", "C"]));
        assert_eq!(Consortium::nodes(), vec![(account(1), id("B")), (account(1), id("C"))]);
        assert_ok!(set(2, &["A"]));
        assert_ok!(set(1, &[]));
        assert_eq!(Consortium::nodes(), vec![(account(2), id("A"))]);
    });
}

#[test]
fn a_node_is_one_hospitals_and_stands_once() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(set(1, &["A"]));
        assert_noop!(set(2, &["A"]), Error::<Test>::AlreadyExists);
        assert_noop!(set(2, &["B", "B"]), Error::<Test>::AlreadyExists);
        assert_ok!(evict(1));
        assert_ok!(set(2, &["A"]));
    });
}

#[test]
fn a_peer_id_is_short_ascii() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for bad in ["", "12D3 KooW", "12D3-KooW", "12D3KooW\n", "\u{e4}"] {
            assert_noop!(set(1, &[bad]), Error::<Test>::InvalidPeerId);
        }
        assert!(PeerId::try_from(vec![b'a'; 65]).is_err());
        assert_ok!(set(1, &[&"a".repeat(64)]));
    });
}

#[test]
fn outsiders_have_no_nodes_and_without_a_log_nodes_stay() {
    run(|| {
        assert_noop!(set(1, &["A"]), Error::<Test>::NotMember);
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, &["A"]));
        FakeAudit::room_for(0);
        assert_noop!(set(1, &["B"]), FakeAudit::FULL);
    });
}

//! Suspension and expiry: every right is gone while they last, and nothing has to happen when they end.

use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{audit::Kind, audit::account_subject, member::PeerId, traits::Consortium as _};
use sp_runtime::{DispatchError, DispatchResult, Perbill};

const NOW: u64 = 20_000 * DAY;

fn lift(signer: sp_runtime::AccountId32, seed: u8) -> DispatchResult {
    act(signer, Call::<Test>::lift_suspension { account: account(seed) })
}

// A hospital with everything that one can have.
fn member() {
    assert_ok!(admit(1, "North"));
    assert_ok!(add_validator(1, 11));
    assert_ok!(act(account(1), Call::<Test>::set_worker_key { key: key(1) }));
    let nodes: Vec<PeerId> = vec![b"12D3KooWNorth".to_vec().try_into().unwrap()];
    assert_ok!(act(account(1), Call::<Test>::set_nodes { nodes: nodes.try_into().unwrap() }));
}

fn calls_of_members() -> Vec<RuntimeCall> {
    vec![
        Call::<Test>::set_worker_key { key: key(2) }.into(),
        Call::<Test>::validate { commission: Perbill::zero() }.into(),
        Call::<Test>::add_validator { stash: account(12) }.into(),
        Call::<Test>::remove_validator { stash: account(11) }.into(),
        Call::<Test>::set_nodes { nodes: Default::default() }.into(),
        Call::<Test>::nominate { targets: vec![account(1)].try_into().unwrap() }.into(),
    ]
}

fn has_its_rights() -> bool {
    let rights = [
        Consortium::is_member(&account(1)),
        Consortium::may_validate(&account(1)),
        Consortium::may_validate(&account(11)),
        <Consortium as galen_primitives::traits::Consortium>::name(&account(1)).is_some(),
        Consortium::worker_key(&account(1)).is_some(),
        Consortium::member_of_worker_key(&key(1)).is_some(),
        Consortium::quotas(&account(1)).is_some(),
        !Consortium::electorate().is_empty(),
        !Consortium::nodes().is_empty(),
    ];
    assert!(rights.iter().all(|right| *right == rights[0]), "{rights:?}");
    if !rights[0] {
        for call in calls_of_members() {
            assert_noop!(act(account(1), call), Error::<Test>::NotMember);
        }
        assert_noop!(Consortium::charge_grant(&account(1)), Error::<Test>::NotMember);
        assert!(Consortium::member(account(1)).is_some(), "what it is can still be read");
    }
    rights[0]
}

#[test]
fn more_than_half_suspend_for_a_time() {
    run(|| {
        member();
        AskedOfStaking::set(&vec![]);
        assert!(has_its_rights());
        assert_ok!(suspend(1, 5));
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(None, Kind::MemberSuspended, account_subject(&account(1)), None))
        );
        System::assert_last_event(Event::Suspended { account: account(1), until: 6, chilled: true }.into());
        let asked = vec![Asked::Chill(account(1)), Asked::Chill(account(11)), Asked::NewEra];
        assert_eq!(AskedOfStaking::get(), asked);
        for block in 1..6 {
            System::set_block_number(block);
            assert!(!has_its_rights(), "block {block}");
        }
        System::set_block_number(6);
        assert!(has_its_rights());
    });
}

#[test]
fn a_suspension_is_prolonged_and_not_shortened() {
    run(|| {
        member();
        let until = || Consortium::member(account(1)).unwrap().suspended_until;
        assert_ok!(suspend(1, 5));
        assert_ok!(suspend(1, 2));
        assert_eq!(until(), Some(6));
        assert_ok!(suspend(1, 8));
        assert_eq!(until(), Some(9));
        // One that is over counts for nothing.
        System::set_block_number(20);
        assert_ok!(suspend(1, 1));
        assert_eq!(until(), Some(21));
    });
}

#[test]
fn a_suspension_has_bounds() {
    run(|| {
        member();
        for blocks in [0, MAX_SUSPENSION + 1, u32::MAX] {
            assert_noop!(suspend(1, blocks), Error::<Test>::InvalidLength);
        }
        assert_noop!(suspend(2, 1), Error::<Test>::NotFound);
        assert_ok!(suspend(1, MAX_SUSPENSION));
    });
}

#[test]
fn who_suspends_and_who_lifts() {
    run(|| {
        member();
        let suspension = Call::<Test>::suspend { account: account(1), blocks: 5 };
        for signer in [account(1), account(2)] {
            assert_noop!(act(signer, suspension.clone()), DispatchError::BadOrigin);
        }
        assert_noop!(lift(council(), 1), Error::<Test>::NotSuspended);
        assert_ok!(act(council(), suspension.clone()));
        // More than half cannot lift, nor do anything else that takes two thirds.
        for signer in [half(), account(1), account(2)] {
            assert_noop!(lift(signer, 1), DispatchError::BadOrigin);
        }
        assert_noop!(act(half(), Call::<Test>::evict { account: account(1) }), DispatchError::BadOrigin);
        let expiry = Call::<Test>::set_expiry { account: account(1), expires_at: None };
        assert_noop!(act(half(), expiry), DispatchError::BadOrigin);
        assert_ok!(lift(council(), 1));
        assert!(has_its_rights());
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(None, Kind::SuspensionLifted, account_subject(&account(1)), None))
        );
        System::assert_last_event(Event::SuspensionLifted { account: account(1) }.into());
        assert_noop!(lift(council(), 2), Error::<Test>::NotFound);
    });
}

#[test]
fn one_that_cannot_be_chilled_is_suspended_all_the_same() {
    run(|| {
        member();
        AskedOfStaking::set(&vec![]);
        StakingFails::set(&true);
        assert_ok!(suspend(1, 5));
        assert!(!has_its_rights());
        assert_eq!(AskedOfStaking::get(), vec![Asked::NewEra]);
        System::assert_last_event(Event::Suspended { account: account(1), until: 6, chilled: false }.into());
    });
}

#[test]
fn a_membership_ends_at_its_time() {
    run(|| {
        member();
        assert_ok!(set_expiry(1, Some(NOW + 10)));
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(None, Kind::ExpirySet, account_subject(&account(1)), None))
        );
        System::assert_last_event(
            Event::ExpirySet { account: account(1), expires_at: Some(NOW + 10) }.into(),
        );
        Clock::set(NOW + 9);
        assert!(has_its_rights());
        Clock::set(NOW + 10);
        assert!(!has_its_rights());
        // The name and the account stay the hospital's: it can be renewed.
        assert_noop!(admit(2, "North"), Error::<Test>::NameAlreadyExists);
        assert_ok!(set_expiry(1, Some(NOW + 11)));
        assert!(has_its_rights());
        assert_ok!(set_expiry(1, None));
        Clock::set(u64::MAX);
        assert!(has_its_rights());
    });
}

#[test]
fn only_the_council_sets_an_expiry() {
    run(|| {
        member();
        for signer in [account(1), account(2), half()] {
            let call = Call::<Test>::set_expiry { account: account(1), expires_at: None };
            assert_noop!(act(signer, call), DispatchError::BadOrigin);
        }
        assert_noop!(set_expiry(2, None), Error::<Test>::NotFound);
    });
}

#[test]
fn a_lifted_suspension_does_not_renew_an_expired_membership() {
    run(|| {
        member();
        assert_ok!(set_expiry(1, Some(NOW)));
        assert_ok!(suspend(1, 5));
        assert_ok!(lift(council(), 1));
        assert!(!has_its_rights());
    });
}

#[test]
fn without_a_log_standing_stays() {
    run(|| {
        member();
        assert_ok!(suspend(1, 5));
        FakeAudit::room_for(0);
        assert_noop!(suspend(1, 6), FakeAudit::FULL);
        assert_noop!(lift(council(), 1), FakeAudit::FULL);
        assert_noop!(set_expiry(1, Some(1)), FakeAudit::FULL);
    });
}

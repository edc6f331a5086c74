use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{audit::Kind, audit::account_subject};
use sp_runtime::DispatchResult;

fn remove(seed: u8, stash: u8) -> DispatchResult {
    act(account(seed), Call::<Test>::remove_validator { stash: account(stash) })
}

#[test]
fn a_hospital_has_several_accounts() {
    run(|| {
        assert_ok!(admit(2, "South"));
        assert_ok!(admit(1, "North"));
        assert_ok!(add_validator(2, 9));
        assert_ok!(add_validator(2, 8));
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(account(2)), Kind::ValidatorAdded, account_subject(&account(8)), None))
        );
        System::assert_last_event(Event::ValidatorAdded { hospital: account(2), account: account(8) }.into());
        assert_eq!(Consortium::hospital_of(&account(9)), Some(account(2)));
        assert_eq!(Consortium::hospital_of(&account(2)), Some(account(2)));
        assert_eq!(Consortium::hospital_of(&account(3)), None);
        let expected =
            vec![(account(1), vec![account(1)]), (account(2), vec![account(2), account(9), account(8)])];
        assert_eq!(Consortium::electorate(), expected);
    });
}

#[test]
fn there_are_never_too_many() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for stash in 11..11 + MAX_VALIDATORS as u8 {
            assert_ok!(add_validator(1, stash));
        }
        assert_noop!(add_validator(1, 20), Error::<Test>::TooManyValidators);
        assert_ok!(remove(1, 11));
        assert_ok!(add_validator(1, 20));
    });
}

#[test]
fn an_account_is_one_hospitals_only() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(add_validator(1, 11));
        for taken in [1, 2, 11] {
            assert_noop!(add_validator(1, taken), Error::<Test>::AlreadyExists);
            assert_noop!(add_validator(2, taken), Error::<Test>::AlreadyExists);
        }
        assert_noop!(remove(2, 11), Error::<Test>::NotFound);
        assert_noop!(remove(1, 1), Error::<Test>::NotFound);
        assert_noop!(add_validator(3, 12), Error::<Test>::NotMember);
        assert_noop!(remove(3, 11), Error::<Test>::NotMember);
        assert_noop!(remove(11, 11), Error::<Test>::NotMember);
    });
}

#[test]
fn an_account_that_is_given_up_is_chilled() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(add_validator(1, 11));
        assert_ok!(add_validator(1, 12));
        assert_ok!(remove(1, 11));
        assert_eq!(AskedOfStaking::get(), vec![Asked::Chill(account(11))]);
        assert_eq!(Consortium::validator_accounts(&account(1)), vec![account(1), account(12)]);
        assert!(!Consortium::may_validate(&account(11)));
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(account(1)), Kind::ValidatorRemoved, account_subject(&account(11)), None))
        );
        let event = Event::ValidatorRemoved { hospital: account(1), account: account(11), chilled: true };
        System::assert_last_event(event.into());
        // Whether it can be chilled or not.
        StakingFails::set(&true);
        assert_ok!(remove(1, 12));
        assert!(!Consortium::may_validate(&account(12)));
        assert_eq!(AskedOfStaking::get().len(), 1);
    });
}

#[test]
fn without_a_log_accounts_stay_as_they_are() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(add_validator(1, 11));
        FakeAudit::room_for(0);
        assert_noop!(add_validator(1, 12), FakeAudit::FULL);
        assert_noop!(remove(1, 11), FakeAudit::FULL);
    });
}

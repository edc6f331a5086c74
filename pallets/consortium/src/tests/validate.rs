use crate::{Call, Error, Event, ValidatorControl, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult, Perbill};

#[test]
fn a_member_becomes_a_candidate() {
    run(|| {
        assert_ok!(admit(1, "North"));
        let commission = Perbill::from_percent(5);
        assert_ok!(act(account(1), Call::<Test>::validate { commission }));
        assert_eq!(AskedOfStaking::get(), vec![Asked::Validate(account(1), commission)]);
        System::assert_last_event(Event::Validating { account: account(1), commission }.into());
    });
}

#[test]
fn an_outsider_does_not() {
    run(|| {
        let commission = Perbill::zero();
        for signer in [account(1), council()] {
            assert_noop!(act(signer, Call::<Test>::validate { commission }), Error::<Test>::NotMember);
        }
        assert_ok!(admit(1, "North"));
        assert_ok!(act(council(), Call::<Test>::evict { account: account(1) }));
        assert_noop!(act(account(1), Call::<Test>::validate { commission }), Error::<Test>::NotMember);
    });
}

#[test]
fn a_validator_account_of_a_member_becomes_a_candidate() {
    run(|| {
        assert_ok!(admit(1, "North"));
        let call = Call::<Test>::validate { commission: Perbill::zero() };
        assert_noop!(act(account(11), call.clone()), Error::<Test>::NotMember);
        assert_ok!(add_validator(1, 11));
        assert_ok!(act(account(11), call.clone()));
        assert_eq!(AskedOfStaking::get(), vec![Asked::Validate(account(11), Perbill::zero())]);
        // It may validate, and has no other right of the hospital's.
        assert_noop!(
            act(account(11), Call::<Test>::set_worker_key { key: key(1) }),
            Error::<Test>::NotMember
        );
        assert_noop!(add_validator(11, 12), Error::<Test>::NotMember);
        assert_ok!(suspend(1, 5));
        assert_noop!(act(account(11), call), Error::<Test>::NotMember);
    });
}

fn nominate(seed: u8, targets: &[u8]) -> DispatchResult {
    let targets: Vec<_> = targets.iter().map(|seed| account(*seed)).collect();
    act(account(seed), Call::<Test>::nominate { targets: targets.try_into().unwrap() })
}

#[test]
fn members_and_their_validator_accounts_vote_for_members_accounts() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        assert_ok!(add_validator(1, 11));
        for seed in [1, 11] {
            assert_ok!(nominate(seed, &[2, 11]));
            let targets = vec![account(2), account(11)];
            assert_eq!(AskedOfStaking::get().last(), Some(&Asked::Nominate(account(seed), targets.clone())));
            System::assert_last_event(Event::Nominating { account: account(seed), targets }.into());
        }
        assert_noop!(nominate(1, &[2, 3]), Error::<Test>::NotFound);
        assert_noop!(nominate(3, &[2]), Error::<Test>::NotMember);
        StakingFails::set(&true);
        assert_noop!(nominate(1, &[2]), DispatchError::Other("staking"));
        assert_ok!(suspend(1, 5));
        assert_noop!(nominate(1, &[2]), Error::<Test>::NotMember);
    });
}

#[test]
fn what_staking_refuses_is_refused() {
    run(|| {
        assert_ok!(admit(1, "North"));
        StakingFails::set(&true);
        let call = Call::<Test>::validate { commission: Perbill::zero() };
        assert_noop!(act(account(1), call), DispatchError::Other("staking"));
    });
}

#[test]
fn without_a_staking_nobody_validates() {
    assert_eq!(
        <() as ValidatorControl>::validate(&account(1), Perbill::zero()),
        Err(DispatchError::Unavailable)
    );
    assert_eq!(
        <() as ValidatorControl>::nominate(&account(1), vec![account(1)]),
        Err(DispatchError::Unavailable)
    );
    assert_eq!(<() as ValidatorControl>::chill(&account(1)), Err(DispatchError::Unavailable));
}

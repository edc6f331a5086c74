use crate::{Call, Error, Event, ValidatorControl, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

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
            assert_noop!(act(signer, Call::<Test>::validate { commission }), Error::<Test>::NotAuthorized);
        }
        assert_ok!(admit(1, "North"));
        assert_ok!(act(council(), Call::<Test>::evict { account: account(1) }));
        assert_noop!(act(account(1), Call::<Test>::validate { commission }), Error::<Test>::NotAuthorized);
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
    assert_eq!(<() as ValidatorControl>::chill(&account(1)), Err(DispatchError::Unavailable));
}

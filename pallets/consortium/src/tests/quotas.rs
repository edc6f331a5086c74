use crate::{Call, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{audit::Kind, audit::account_subject, member::Quotas, traits::Consortium as _};
use sp_runtime::DispatchError;

fn set(seed: u8, grants_per_day: u32) -> sp_runtime::DispatchResult {
    let quotas = Quotas { grants_per_day, open_jobs: 9 };
    act(council(), Call::<Test>::set_quotas { account: account(seed), quotas })
}

#[test]
fn the_council_sets_quotas() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(set(1, 7));
        let quotas = Quotas { grants_per_day: 7, open_jobs: 9 };
        assert_eq!(Consortium::quotas(&account(1)), Some(quotas));
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(None, Kind::QuotasSet, account_subject(&account(1)), None))
        );
        System::assert_last_event(Event::QuotasSet { account: account(1), quotas }.into());
    });
}

#[test]
fn nobody_else_sets_quotas() {
    run(|| {
        assert_ok!(admit(1, "North"));
        for signer in [1, 2] {
            let call = Call::<Test>::set_quotas { account: account(1), quotas: QUOTAS };
            assert_noop!(act(account(signer), call), DispatchError::BadOrigin);
        }
        assert_noop!(set(2, 1), Error::<Test>::NotFound);
        assert_eq!(Consortium::quotas(&account(2)), None);
    });
}

#[test]
fn without_a_log_quotas_stay() {
    run(|| {
        assert_ok!(admit(1, "North"));
        FakeAudit::room_for(0);
        assert_noop!(set(1, 7), FakeAudit::FULL);
    });
}

#[test]
fn grants_are_counted_by_the_day() {
    run(|| {
        assert_ok!(admit(1, "North"));
        Clock::set(20_000 * DAY + DAY - 1);
        for _ in 0..QUOTAS.grants_per_day {
            assert_ok!(Consortium::charge_grant(&account(1)));
        }
        assert_noop!(Consortium::charge_grant(&account(1)), Error::<Test>::TooManyGrants);
        Clock::set(20_001 * DAY);
        assert_ok!(Consortium::charge_grant(&account(1)));
    });
}

#[test]
fn each_member_has_its_own_count() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(admit(2, "South"));
        for _ in 0..QUOTAS.grants_per_day {
            assert_ok!(Consortium::charge_grant(&account(1)));
        }
        assert_ok!(Consortium::charge_grant(&account(2)));
    });
}

#[test]
fn a_new_quota_holds_at_once() {
    run(|| {
        assert_ok!(admit(1, "North"));
        assert_ok!(Consortium::charge_grant(&account(1)));
        assert_ok!(set(1, 1));
        assert_noop!(Consortium::charge_grant(&account(1)), Error::<Test>::TooManyGrants);
        assert_ok!(set(1, 2));
        assert_ok!(Consortium::charge_grant(&account(1)));
        assert_ok!(set(1, 0));
        assert_noop!(Consortium::charge_grant(&account(1)), Error::<Test>::TooManyGrants);
    });
}

#[test]
fn outsiders_relay_no_grant() {
    run(|| {
        assert_noop!(Consortium::charge_grant(&account(1)), Error::<Test>::NotMember);
    });
}

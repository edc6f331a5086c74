use crate::{AbsenceThreshold, Call, EraReward, Error, Event, Setting, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::audit::Kind;
use sp_runtime::DispatchError;

#[test]
fn the_council_sets_the_rules() {
    run(|| {
        assert_ok!(act(council(), Call::set_absence_threshold { sessions: 9 }));
        assert_eq!(AbsenceThreshold::<Test>::get(), 9);
        System::assert_last_event(Event::AbsenceThresholdSet { sessions: 9 }.into());
        assert_ok!(act(council(), Call::set_era_reward { amount: 77 }));
        assert_eq!(EraReward::<Test>::get(), 77);
        System::assert_last_event(Event::EraRewardSet { amount: 77 }.into());

        let (threshold, reward) = (Setting::<u64>::AbsenceThreshold(9), Setting::EraReward(77u64));
        assert_ne!(threshold.subject(), reward.subject());
        let entries = [threshold, reward].map(|setting| (None, Kind::ConductSet, setting.subject(), None));
        assert_eq!(FakeAudit::entries(), entries);
    });
}

#[test]
fn nobody_else_does() {
    run(|| {
        for call in [Call::set_absence_threshold { sessions: 9 }, Call::set_era_reward { amount: 77 }] {
            assert_noop!(act(account(1), call), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn a_threshold_of_no_session_is_refused() {
    run(|| {
        assert_noop!(
            act(council(), Call::set_absence_threshold { sessions: 0 }),
            Error::<Test>::InvalidThreshold
        );
    });
}

#[test]
fn what_is_not_logged_is_not_set() {
    run(|| {
        FakeAudit::room_for(0);
        for call in [Call::set_absence_threshold { sessions: 9 }, Call::set_era_reward { amount: 77 }] {
            assert_noop!(act(council(), call), FakeAudit::FULL);
        }
    });
}

#[test]
fn a_new_threshold_holds_for_who_is_already_away() {
    run(|| {
        elect(4);
        end_session(&[1]);
        assert_ok!(act(council(), Call::set_absence_threshold { sessions: 2 }));
        end_session(&[1]);
        assert!(!stands(1));
    });
}

#[test]
fn a_threshold_left_out_is_written_as_the_default() {
    let chain = galen_testing::new_ext::<Test>(RuntimeGenesisConfig::default(), || ());
    galen_testing::run(chain, Conduct::do_try_state, || {
        assert!(AbsenceThreshold::<Test>::exists());
        assert_eq!(AbsenceThreshold::<Test>::get(), 4);
    });
}

use crate::{Absences, Event, SeatsLost, mock::*};
use galen_primitives::audit::{Kind, account_subject};
use pallet_im_online::UnresponsivenessOffence;
use sp_staking::offence::{OffenceError, ReportOffence};

fn end_sessions(times: u32, absent: &[u8]) {
    for _ in 0..times {
        end_session(absent);
    }
}

#[test]
fn who_stays_away_for_too_long_loses_its_seat() {
    run(|| {
        elect(4);
        end_sessions(THRESHOLD - 1, &[2]);
        assert!(stands(2));
        assert_eq!(absent_sessions(2), THRESHOLD - 1);
        assert!(FakeAudit::entries().is_empty());

        end_session(&[2]);
        assert!(!stands(2));
        assert!(stands(0) && stands(1) && stands(3));
        let entry = (Some(account(2)), Kind::SeatLost, account_subject(&validator(2)), None);
        assert_eq!(FakeAudit::entries(), [entry]);
        System::assert_last_event(
            Event::SeatLost { validator: validator(2), hospital: Some(account(2)), sessions: THRESHOLD }
                .into(),
        );

        // It sits until the next era, and does not lose its seat twice.
        end_session(&[2]);
        assert_eq!(absent_sessions(2), THRESHOLD + 1);
        assert_eq!(FakeAudit::entries().len(), 1);
    });
}

#[test]
fn being_present_once_is_enough() {
    for others in [&[][..], &[3][..]] {
        run(|| {
            elect(4);
            end_sessions(THRESHOLD - 1, &[2]);
            // Whether somebody else is reported in that session or nobody.
            end_session(others);
            assert_eq!(absent_sessions(2), 0);
            end_sessions(THRESHOLD - 1, &[2]);
            assert!(stands(2));
            end_session(&[2]);
            assert!(!stands(2));
        });
    }
}

#[test]
fn who_was_in_no_session_was_absent_from_none() {
    run(|| {
        assert_eq!(absent_sessions(0), 0);
        elect(4);
        end_session(&[0]);
        assert_eq!((absent_sessions(0), absent_sessions(1), absent_sessions(9)), (1, 0, 0));
    });
}

#[test]
fn the_networks_fault_counts_against_nobody() {
    run(|| {
        elect(4);
        end_session(&[1]);
        end_sessions(10, &[1, 2]);
        assert_eq!((absent_sessions(1), absent_sessions(2)), (1, 0));
        let event = Event::AbsenceExcused { session: 10, absent: 2, validators: 4 };
        System::assert_last_event(event.into());
        // It did not count for the one who was away before either: it goes on where it was.
        end_sessions(THRESHOLD - 1, &[1]);
        assert!(!stands(1) && stands(2));
    });
}

#[test]
fn where_none_can_be_missed_nobody_loses_its_seat() {
    for validators in 1..4 {
        run(|| {
            elect(validators);
            end_sessions(10, &[0]);
            assert!(stands(0));
            assert_eq!(absent_sessions(0), 0);
        });
    }
}

#[test]
fn two_thirds_of_the_seats_stay_in_each_era() {
    run(|| {
        // Of seven, two may be missing. They take turns to be away, and a third comes after them.
        elect(7);
        end_sessions(THRESHOLD, &[0, 1]);
        assert!(!stands(0) && !stands(1));
        end_sessions(THRESHOLD + 1, &[2]);
        assert!(stands(2));
        assert_eq!(SeatsLost::<Test>::get().1.len(), 2);

        // One that comes back and goes away again is not counted twice, nor does it make room for another.
        let mut candidates = Candidates::get();
        candidates.push(validator(0));
        Candidates::set(&candidates);
        end_sessions(THRESHOLD, &[0, 2]);
        assert!(!stands(0) && stands(2));

        // After the next election there is room again.
        let remaining: Vec<_> = (2..9).map(validator).collect();
        Seated::set(&remaining);
        Candidates::set(&remaining);
        Era::set(&(Era::get() + 1));
        end_session(&[2]);
        assert!(!stands(2));
        assert_eq!(SeatsLost::<Test>::get().1.to_vec(), [validator(2)]);
    });
}

#[test]
fn few_seats_of_the_era_to_come_are_taken_with_care() {
    run(|| {
        // Seven sit, but only five were elected for the era that comes.
        elect(5);
        for session in 0..THRESHOLD {
            report(session, 7, &[0, 1]).unwrap();
        }
        assert!(!stands(0) && stands(1));
    });
}

#[test]
fn what_fails_is_undone() {
    run(|| {
        elect(4);
        end_sessions(THRESHOLD - 1, &[2]);
        FakeAudit::room_for(0);
        end_session(&[2]);
        assert!(stands(2));
        assert!(SeatsLost::<Test>::get().1.is_empty());

        FakeAudit::room_for(u32::MAX);
        ChillFails::set(&true);
        end_session(&[2]);
        assert!(stands(2));
        assert!(FakeAudit::entries().is_empty());

        // And tried again.
        ChillFails::set(&false);
        end_session(&[2]);
        assert!(!stands(2));
    });
}

#[test]
fn a_session_is_reported_once() {
    run(|| {
        elect(4);
        for session in [0, 5] {
            assert_eq!(report(session, 4, &[1]), Ok(()));
            assert_eq!(report(session, 4, &[1]), Err(OffenceError::DuplicateReport));
        }
        assert_eq!(report(4, 4, &[1]), Err(OffenceError::DuplicateReport));
        assert_eq!(Absences::<Test>::get().unwrap().1.to_vec(), [(validator(1), 1)]);

        let known = |number, session| {
            <Conduct as ReportOffence<_, _, UnresponsivenessOffence<_>>>::is_known_offence(
                &[(validator(number), ())],
                &session,
            )
        };
        assert!(known(1, 5));
        assert!(!known(1, 6) && !known(2, 5));
    });
}

#[test]
fn a_validator_of_no_hospital_loses_its_seat_all_the_same() {
    run(|| {
        let stranger = account(9);
        assert_eq!(<HospitalOf as sp_runtime::traits::Convert<_, _>>::convert(stranger.clone()), None);
        elect(4);
        Candidates::set(&vec![stranger.clone()]);
        for session in 0..THRESHOLD {
            let offence = UnresponsivenessOffence {
                session_index: session,
                validator_set_count: 4,
                offenders: vec![(stranger.clone(), ())],
            };
            <Conduct as ReportOffence<_, _, _>>::report_offence(Vec::new(), offence).unwrap();
        }
        assert!(Candidates::get().is_empty());
        assert_eq!(FakeAudit::entries(), [(None, Kind::SeatLost, account_subject(&stranger), None)]);
    });
}

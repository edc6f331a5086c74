use crate::{AuditSink, Entries, Error, Event, Log, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    audit::{Entry, Kind, LogState, leaf},
};

#[test]
fn an_empty_log_has_no_entries_and_no_peaks() {
    run(|| assert_eq!(Audit::state(), LogState::default()));
}

#[test]
fn an_entry_says_who_what_and_when() {
    run(|| {
        System::set_block_number(7);
        let (hospital, patient, subject) = (account(1), account(9), H256([5; 32]));
        assert_ok!(Audit::append(Some(&hospital), Kind::RecordAnchored, subject, Some(&patient)));
        let entry = Entry {
            index: 0,
            block: 7,
            hospital: Some(hospital.clone()),
            kind: Kind::RecordAnchored,
            subject,
            patient: Some(patient.clone()),
        };
        assert_eq!(Entries::<Test>::get(0), Some(entry.clone()));
        assert_eq!(Audit::state().count, 1);
        assert_eq!(Audit::state().peaks.to_vec(), vec![leaf(&entry)]);
        assert_eq!(Audit::holders(patient), vec![(hospital.clone(), 0)]);
        System::assert_last_event(
            Event::Appended { index: 0, kind: Kind::RecordAnchored, hospital: Some(hospital) }.into(),
        );
    });
}

#[test]
fn numbers_have_no_gaps() {
    run(|| {
        for index in 0..100u64 {
            assert_ok!(Audit::append(None, Kind::Governed, H256::zero(), None));
            assert_eq!(Entries::<Test>::get(index).unwrap().index, index);
        }
        assert_eq!(Audit::state().count, 100);
        // 100 = 64 + 32 + 4
        assert_eq!(Audit::state().peaks.len(), 3);
    });
}

#[test]
fn acts_of_the_council_are_no_holder() {
    run(|| {
        assert_ok!(Audit::append(None, Kind::Governed, H256::zero(), Some(&account(9))));
        assert_eq!(Audit::holders(account(9)), vec![]);
    });
}

#[test]
fn holders_show_the_latest_entry_of_each_hospital() {
    run(|| {
        for hospital in [2, 1, 2, 3] {
            assert_ok!(Audit::append(
                Some(&account(hospital)),
                Kind::RecordAnchored,
                H256::zero(),
                Some(&account(9))
            ));
        }
        assert_eq!(Audit::holders(account(9)), vec![(account(1), 1), (account(2), 2), (account(3), 3)]);
        assert_eq!(Audit::holders(account(8)), vec![]);
    });
}

#[test]
fn a_full_log_refuses_and_changes_nothing() {
    run(|| {
        let before = Log::<Test>::get();
        Log::<Test>::put(LogState { count: u64::MAX, peaks: Default::default() });
        assert_noop!(
            Audit::append(Some(&account(1)), Kind::Governed, H256::zero(), None),
            Error::<Test>::TooManyEntries
        );
        Log::<Test>::put(before);
    });
}

//! Retired, and in doubt.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::audit::Kind;
use sp_runtime::DispatchError;

#[test]
fn a_retired_device_has_no_key_and_stays_so() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        System::set_block_number(7);
        assert_ok!(Devices::retire(signed(1), id(2)));
        let device = Devices::device(&id(2)).unwrap();
        assert_eq!((device.key(), device.retired_at), (None, Some(7)));
        assert!(device.had(&key(2), 7) && !device.had(&key(2), 8));
        System::assert_last_event(Event::Retired { device: id(2) }.into());
        assert_eq!(FakeAudit::entries().last(), Some(&(Some(account(1)), Kind::DeviceRetired, id(2), None)));
        assert_noop!(Devices::retire(signed(1), id(2)), Error::<Test>::AlreadyRetired);
        // A doubt may come later than the end.
        assert_ok!(Devices::mark_suspect(signed(1), id(2), 3));
    });
}

#[test]
fn a_doubt_is_never_taken_back() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        System::set_block_number(10);
        for (from, holds) in [(8, 8), (9, 8), (3, 3), (10, 3)] {
            assert_ok!(Devices::mark_suspect(signed(1), id(2), from));
            assert_eq!(Devices::device(&id(2)).unwrap().suspect_from, Some(holds));
            System::assert_last_event(Event::MarkedSuspect { device: id(2), from: holds }.into());
        }
        assert_noop!(Devices::mark_suspect(signed(1), id(2), 11), Error::<Test>::InvalidBlock);
        let marks =
            FakeAudit::entries().into_iter().filter(|(_, kind, ..)| *kind == Kind::DeviceSuspect).count();
        assert_eq!(marks, 4);
    });
}

#[test]
fn its_hospital_and_the_council_doubt_and_nobody_else() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        for seed in [2, 7] {
            assert_noop!(Devices::mark_suspect(signed(seed), id(2), 0), Error::<Test>::NotOwner);
            assert_noop!(Devices::retire(signed(seed), id(2)), Error::<Test>::NotOwner);
        }
        assert_noop!(Devices::mark_suspect(signed(1), id(3), 0), Error::<Test>::NotFound);
        assert_noop!(Devices::retire(signed(1), id(3)), Error::<Test>::NotFound);
        assert_noop!(Devices::retire(RuntimeOrigin::root(), id(2)), DispatchError::BadOrigin);
        assert_ok!(Devices::mark_suspect(RuntimeOrigin::root(), id(2), 1));
        assert_eq!(FakeAudit::entries().last(), Some(&(None, Kind::DeviceSuspect, id(2), None)));
        // Without good standing, too.
        FakeConsortium::evict(&account(1));
        assert_ok!(Devices::mark_suspect(signed(1), id(2), 0));
        assert_ok!(Devices::retire(signed(1), id(2)));
    });
}

#[test]
fn nothing_ends_that_cannot_be_audited() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        FakeAudit::room_for(0);
        assert_noop!(Devices::retire(signed(1), id(2)), FakeAudit::FULL);
        assert_noop!(Devices::mark_suspect(signed(1), id(2), 0), FakeAudit::FULL);
    });
}

//! Another key for a device.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{audit::Kind, devices::MAX_KEYS};

#[test]
fn the_new_key_is_in_force_and_the_old_one_is_kept() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        System::set_block_number(9);
        assert_ok!(rotate(1, 2, 3));
        let device = Devices::device(&id(2)).unwrap();
        assert_eq!(device.key(), Some(&key(3)));
        assert!(device.had(&key(2), 9) && !device.had(&key(2), 10) && !device.had(&key(3), 8));
        System::assert_last_event(Event::KeyRotated { device: id(2), key: key(3) }.into());
        assert_eq!(
            FakeAudit::entries().last(),
            Some(&(Some(account(1)), Kind::DeviceKeyRotated, id(2), None))
        );
    });
}

#[test]
fn only_its_hospital_in_good_standing_rotates_with_a_key_that_signed() {
    run(|| {
        assert_noop!(rotate(1, 2, 4), Error::<Test>::NotFound);
        assert_ok!(register(1, 2, 2));
        assert_noop!(rotate(2, 2, 4), Error::<Test>::NotOwner);
        assert_noop!(rotate(7, 2, 4), Error::<Test>::NotMember);
        assert_noop!(rotate(1, 2, 2), Error::<Test>::KeyAlreadyExists);
        assert_noop!(
            Devices::rotate_key(signed(1), id(2), key(4), proof(1, 2, 6)),
            Error::<Test>::InvalidProof
        );
        // What was signed for another device.
        assert_noop!(
            Devices::rotate_key(signed(1), id(2), key(4), proof(1, 3, 4)),
            Error::<Test>::InvalidProof
        );
        FakeConsortium::evict(&account(1));
        assert_noop!(rotate(1, 2, 4), Error::<Test>::NotMember);
    });
}

#[test]
fn a_retired_or_suspect_device_gets_no_other_key() {
    run(|| {
        for device in [2, 3] {
            assert_ok!(register(1, device, device));
        }
        assert_ok!(Devices::retire(signed(1), id(2)));
        assert_noop!(rotate(1, 2, 4), Error::<Test>::AlreadyRetired);
        assert_ok!(Devices::mark_suspect(signed(1), id(3), 0));
        assert_noop!(rotate(1, 3, 4), Error::<Test>::AlreadySuspect);
    });
}

#[test]
fn no_key_is_forgotten() {
    run(|| {
        assert_ok!(register(1, 2, 100));
        for seed in 1..MAX_KEYS as u8 {
            assert_ok!(rotate(1, 2, 100 + seed));
        }
        assert_noop!(rotate(1, 2, 200), Error::<Test>::TooManyKeys);
        let device = Devices::device(&id(2)).unwrap();
        assert_eq!(device.keys.len(), MAX_KEYS as usize);
        assert_eq!(device.key(), Some(&key(100 + MAX_KEYS as u8 - 1)));
    });
}

#[test]
fn nothing_is_rotated_that_cannot_be_audited() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        FakeAudit::room_for(0);
        assert_noop!(rotate(1, 2, 4), FakeAudit::FULL);
    });
}

//! Every invariant is noticed when it does not hold.

use crate::{Batches, ByHospital, Devices as Stored, Keys, Sites, mock::*};
use frame_support::assert_ok;
use galen_primitives::{devices::reading::ReadingBatch, reports::LogBatch};
use galen_testing::try_state_after;

fn broken(change: impl FnOnce(), message: &'static str) {
    run(|| {
        System::set_block_number(10);
        assert_ok!(register(1, 2, 2));
        assert_ok!(register(1, 3, 3));
        System::set_block_number(12);
        assert_ok!(rotate(1, 2, 4));
        assert_ok!(Devices::retire(signed(1), id(3)));
        let mut previous = Default::default();
        for index in 0..2 {
            let batch = ReadingBatch {
                index,
                first: index,
                count: 1,
                root: ReadingBatch::TREE.empty(),
                refused: 0,
                refusals: Default::default(),
                from: 1,
                until: 1,
                previous,
            };
            previous = batch.head();
            System::set_block_number(20 + 10 * index as u32);
            assert_ok!(include(anchor(1, batch, 1)).unwrap());
        }
        assert_ok!(Devices::do_try_state());
        assert_eq!(try_state_after(change, Devices::do_try_state), Err(message.into()));
    });
}

#[test]
fn what_is_wrong_with_devices_is_noticed() {
    let device = |change: fn(&mut galen_primitives::devices::Device)| {
        move || Stored::<Test>::mutate(id(2), |device| change(device.as_mut().unwrap()))
    };
    broken(device(|d| d.keys.clear()), "a device without a key");
    broken(device(|d| d.keys[1].from = 13), "keys do not follow each other");
    broken(device(|d| d.keys[0].from = 11), "keys do not follow each other");
    broken(device(|d| d.keys[1].until = Some(11)), "a key ended before it began");
    broken(device(|d| d.keys[1].until = Some(13)), "no key is in force");
    broken(device(|d| d.retired_at = Some(13)), "two keys are in force");
    broken(device(|d| d.keys[0].until = None), "two keys are in force");
    broken(device(|d| d.suspect_from = Some(99)), "something of the future");
    broken(
        || {
            let other = Stored::<Test>::get(id(3)).unwrap().keys[0].key;
            Stored::<Test>::mutate(id(2), |d| d.as_mut().unwrap().keys[1].key = other);
        },
        "a key serves twice",
    );
    broken(|| Keys::<Test>::remove(key(2)), "keys are not those of the devices");
    broken(|| Keys::<Test>::insert(key(9), id(2)), "keys are not those of the devices");
    broken(
        || ByHospital::<Test>::remove(account(1), id(2)),
        "the index by hospital is not that of the devices",
    );
    broken(
        || ByHospital::<Test>::insert(account(2), id(2), ()),
        "the index by hospital is not that of the devices",
    );
}

#[test]
fn what_is_wrong_with_batches_is_noticed() {
    broken(|| Batches::<Test>::remove(account(1), 0), "a batch is missing");
    broken(
        || Batches::<Test>::mutate(account(1), 0, |b| b.as_mut().unwrap().batch.count = 2),
        "a batch does not follow the one before",
    );
    broken(
        || Batches::<Test>::mutate(account(1), 1, |b| b.as_mut().unwrap().block = 21),
        "a batch came too soon",
    );
    broken(|| Sites::<Test>::mutate(account(1), |s| s.refused = 9), "a site is not that of its batches");
    broken(|| Sites::<Test>::mutate(account(1), |s| s.batches = 3), "a batch is missing");
    broken(
        || {
            let batch = Batches::<Test>::get(account(1), 0).unwrap();
            Batches::<Test>::insert(account(2), 0, batch);
        },
        "a batch beyond its site",
    );
}

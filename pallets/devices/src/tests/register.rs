//! Registration: who may, with which key.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    audit::Kind,
    devices::{Device, DeviceKey, DeviceKeyPeriod, possession_payload},
};
use sp_core::H512;
use sp_runtime::DispatchError;

#[test]
fn a_device_of_either_curve_is_registered_with_its_entry() {
    run(|| {
        System::set_block_number(4);
        for seed in [2, 3] {
            assert_ok!(Devices::register(
                signed(1),
                id(seed),
                key(seed),
                H256([9; 32]),
                proof(1, seed, seed)
            ));
            assert_eq!(
                Devices::device(&id(seed)),
                Some(Device {
                    hospital: account(1),
                    model: H256([9; 32]),
                    registered_at: 4,
                    keys: vec![DeviceKeyPeriod { key: key(seed), from: 4, until: None }].try_into().unwrap(),
                    retired_at: None,
                    suspect_from: None,
                })
            );
            System::assert_last_event(
                Event::Registered { device: id(seed), hospital: account(1), key: key(seed) }.into(),
            );
        }
        let entry = |seed| (Some(account(1)), Kind::DeviceRegistered, id(seed), None);
        assert_eq!(FakeAudit::entries(), vec![entry(2), entry(3)]);
    });
}

#[test]
fn only_members_register() {
    run(|| {
        assert_noop!(register(7, 2, 2), Error::<Test>::NotMember);
        assert_noop!(
            Devices::register(RuntimeOrigin::none(), id(2), key(2), H256::zero(), proof(1, 2, 2)),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn an_id_and_a_key_serve_once() {
    run(|| {
        assert_ok!(register(1, 2, 2));
        assert_noop!(register(1, 2, 4), Error::<Test>::AlreadyExists);
        assert_noop!(register(2, 2, 4), Error::<Test>::AlreadyExists);
        assert_noop!(register(2, 4, 2), Error::<Test>::KeyAlreadyExists);
        // A key that was given up is nobody else's either.
        assert_ok!(rotate(1, 2, 4));
        assert_noop!(register(1, 6, 2), Error::<Test>::KeyAlreadyExists);
    });
}

#[test]
fn a_key_must_have_signed_for_this_device_of_this_hospital_on_this_chain() {
    run(|| {
        let refused = |proof: H512| {
            assert_noop!(
                Devices::register(signed(1), id(2), key(3), H256::zero(), proof),
                Error::<Test>::InvalidProof
            );
        };
        refused(H512::zero());
        refused(proof(1, 2, 5));
        refused(proof(1, 4, 3));
        refused(proof(2, 2, 3));
        refused(sign(3, &possession_payload(&H256([5; 32]), &account(1), &id(2), &key(3))));
        assert_ok!(register(1, 2, 3));
    });
}

#[test]
fn what_is_no_point_is_no_key() {
    run(|| {
        for point in [[0; 33], [4; 33], [0xff; 33]] {
            let register =
                Devices::register(signed(1), id(2), DeviceKey::P256(point), H256::zero(), H512::zero());
            assert_noop!(register, Error::<Test>::InvalidKey);
        }
    });
}

#[test]
fn nothing_is_registered_that_cannot_be_audited() {
    run(|| {
        FakeAudit::room_for(0);
        assert_noop!(register(1, 2, 2), FakeAudit::FULL);
    });
}

#[test]
fn devices_are_listed_by_hospital_page_by_page() {
    run(|| {
        for seed in 10..20 {
            assert_ok!(register(1, seed, seed));
        }
        assert_ok!(register(2, 20, 20));
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = Devices::devices(&account(1), after, 3);
            assert!(page.len() <= 3);
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            seen.extend(page.into_iter().map(|(id, _)| id));
        }
        seen.sort();
        assert_eq!(seen, (10..20).map(id).collect::<Vec<_>>());
        assert_eq!(Devices::devices(&account(2), None, 300).len(), 1);
        assert!(Devices::devices(&account(3), None, 300).is_empty());
    });
}

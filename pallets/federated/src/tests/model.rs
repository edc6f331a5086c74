use crate::{Call, Error, Event, mock::*, model::is_valid_text};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    audit::Kind,
    model::{Model, ModelStatus, ModelTerms, ShortText},
    traits::ModelLookup,
};
use sp_runtime::DispatchError;

fn status(seed: u8) -> (ModelStatus, u32) {
    let model = Federated::model(&hash(seed)).unwrap();
    (model.status, model.status_since)
}

#[test]
fn a_member_registers_a_model() {
    run(|| {
        System::set_block_number(7);
        assert_ok!(register(1, 10, None));
        let model = Model {
            terms: terms(10, None),
            registrant: Some(account(1)),
            registered_at: 7,
            status: ModelStatus::Registered,
            status_since: 7,
        };
        assert_eq!(Federated::model(&hash(10)), Some(model));
        assert!(!Federated::is_approved(&hash(10)));
        assert_eq!(FakeAudit::entries(), vec![(Some(account(1)), Kind::ModelRegistered, hash(10), None)]);
        System::assert_last_event(Event::ModelRegistered { hash: hash(10), registrant: account(1) }.into());
    });
}

#[test]
fn outsiders_register_nothing() {
    run(|| {
        assert_noop!(register(5, 10, None), Error::<Test>::NotMember);
        assert_noop!(
            Federated::register_model(RuntimeOrigin::root(), terms(10, None)),
            DispatchError::BadOrigin
        );
        FakeConsortium::set(Default::default());
        assert_noop!(register(1, 10, None), Error::<Test>::NotMember);
    });
}

#[test]
fn a_model_is_registered_once() {
    run(|| {
        assert_ok!(register(1, 10, None));
        assert_noop!(register(1, 10, None), Error::<Test>::AlreadyExists);
        assert_noop!(register(2, 10, None), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn a_parent_is_registered_first() {
    run(|| {
        assert_noop!(register(1, 11, Some(10)), Error::<Test>::ParentNotFound);
        assert_noop!(register(1, 11, Some(11)), Error::<Test>::ParentNotFound);
        assert_ok!(register(1, 10, None));
        assert_ok!(register(2, 11, Some(10)));
        assert_ok!(register(3, 12, Some(11)));
        assert_eq!(Federated::model(&hash(12)).unwrap().terms.parent, Some(hash(11)));
    });
}

#[test]
fn names_and_licences_can_be_shown() {
    run(|| {
        let good = terms(10, None);
        let invalid = ShortText::try_from(vec![0xff]).unwrap();
        for bad in [
            ModelTerms { name: text(""), ..good.clone() },
            ModelTerms { name: text("two\nlines"), ..good.clone() },
            ModelTerms { name: invalid.clone(), ..good.clone() },
            ModelTerms { licence: text(""), ..good.clone() },
            ModelTerms { licence: invalid, ..good.clone() },
        ] {
            let call = Call::<Test>::register_model { terms: bad };
            assert_noop!(act(account(1), call), Error::<Test>::InvalidText);
        }
        assert!(is_valid_text("Modell f\u{fc}r alle".as_bytes()));
    });
}

#[test]
fn the_council_approves_withdraws_and_approves_again() {
    run(|| {
        assert_ok!(register(1, 10, None));
        System::set_block_number(5);
        assert_ok!(approve(10));
        assert_eq!(status(10), (ModelStatus::Approved, 5));
        assert!(Federated::is_approved(&hash(10)));
        System::assert_last_event(Event::ModelApproved { hash: hash(10) }.into());
        assert_noop!(approve(10), Error::<Test>::AlreadyApproved);

        System::set_block_number(6);
        assert_ok!(withdraw(10));
        assert_eq!(status(10), (ModelStatus::Withdrawn, 6));
        assert!(!Federated::is_approved(&hash(10)));
        System::assert_last_event(Event::ModelWithdrawn { hash: hash(10) }.into());
        assert_noop!(withdraw(10), Error::<Test>::NotApproved);

        assert_ok!(Federated::approve_model(RuntimeOrigin::root(), hash(10)));
        assert!(Federated::is_approved(&hash(10)));
        let kinds: Vec<_> = FakeAudit::entries().into_iter().map(|(who, kind, ..)| (who, kind)).collect();
        assert_eq!(
            kinds,
            vec![
                (Some(account(1)), Kind::ModelRegistered),
                (None, Kind::ModelApproved),
                (None, Kind::ModelWithdrawn),
                (None, Kind::ModelApproved)
            ]
        );
    });
}

#[test]
fn only_the_council_approves_and_withdraws() {
    run(|| {
        assert_ok!(register(1, 10, None));
        for signer in [1, 5] {
            let approval = Call::<Test>::approve_model { hash: hash(10) };
            assert_noop!(act(account(signer), approval), DispatchError::BadOrigin);
        }
        assert_ok!(approve(10));
        for signer in [1, 5] {
            let withdrawal = Call::<Test>::withdraw_model { hash: hash(10) };
            assert_noop!(act(account(signer), withdrawal), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn what_is_not_known_is_neither_approved_nor_withdrawn() {
    run(|| {
        assert_noop!(approve(10), Error::<Test>::NotFound);
        assert_noop!(withdraw(10), Error::<Test>::NotFound);
        assert_ok!(register(1, 10, None));
        assert_noop!(withdraw(10), Error::<Test>::NotApproved);
        assert!(!Federated::is_approved(&hash(11)));
        assert_eq!(Federated::model(&hash(11)), None);
    });
}

#[test]
fn without_a_log_no_model_changes() {
    run(|| {
        FakeAudit::room_for(0);
        assert_noop!(register(1, 10, None), FakeAudit::FULL);
        FakeAudit::room_for(1);
        assert_ok!(register(1, 10, None));
        assert_noop!(approve(10), FakeAudit::FULL);
        FakeAudit::room_for(1);
        assert_ok!(approve(10));
        assert_noop!(withdraw(10), FakeAudit::FULL);
    });
}

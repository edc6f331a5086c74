//! Items from hand to hand.

use crate::{Error, Event, WeightInfo, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    audit::Kind,
    records::custody::{CustodyStep, Item, ItemKind},
};

#[test]
fn a_lot_goes_from_hand_to_hand_and_every_step_stays() {
    run(|| {
        let id = id(1);
        assert_ok!(register(&general(), id));
        let event = Event::Registered { id, holder: general(), kind: ItemKind::DrugLot };
        System::assert_last_event(event.into());
        System::set_block_number(4);
        assert_ok!(offer(&general(), id, &mercy()));
        System::assert_last_event(Event::Offered { id, holder: general(), to: mercy() }.into());
        let held = Custody::item(&id).unwrap();
        assert_eq!((held.holder, held.offered_to, held.steps), (general(), Some(mercy()), 1));
        System::set_block_number(7);
        assert_ok!(accept(&mercy(), id));
        System::assert_last_event(Event::Accepted { id, from: general(), holder: mercy() }.into());
        assert_ok!(offer(&mercy(), id, &general()));
        assert_ok!(withdraw_offer(&mercy(), id));
        System::assert_last_event(Event::OfferWithdrawn { id, holder: mercy() }.into());
        let item = Item { kind: ItemKind::DrugLot, holder: mercy(), offered_to: None, steps: 2 };
        assert_eq!(Custody::item(&id), Some(item));
        let steps = [(general(), 1), (mercy(), 7)].map(|(holder, since)| CustodyStep { holder, since });
        assert_eq!(Custody::steps(&id, 0), steps);
        assert_eq!(Custody::steps(&id, 1), steps[1..]);
        assert_eq!(Custody::steps(&id, 2), []);
        let entries = [
            (general(), Kind::ItemRegistered),
            (general(), Kind::ItemOffered),
            (mercy(), Kind::ItemAccepted),
            (mercy(), Kind::ItemOffered),
            (mercy(), Kind::ItemOfferWithdrawn),
        ];
        assert_eq!(FakeAudit::entries(), entries.map(|(hospital, kind)| (Some(hospital), kind, id, None)));
    });
}

#[test]
fn nobody_gets_what_was_not_offered_or_gives_what_is_not_held() {
    run(|| {
        let id = id(1);
        assert_noop!(register(&outsider(), id), Error::<Test>::NotMember);
        assert_noop!(register(&general(), H256::zero()), Error::<Test>::InvalidId);
        assert_noop!(accept(&mercy(), id), Error::<Test>::NotFound);
        assert_noop!(offer(&general(), id, &mercy()), Error::<Test>::NotFound);
        assert_noop!(withdraw_offer(&general(), id), Error::<Test>::NotFound);
        assert_ok!(register(&general(), id));
        assert_noop!(register(&mercy(), id), Error::<Test>::AlreadyExists);
        assert_noop!(accept(&mercy(), id), Error::<Test>::NotOffered);
        assert_noop!(withdraw_offer(&general(), id), Error::<Test>::NotOffered);
        assert_noop!(offer(&mercy(), id, &mercy()), Error::<Test>::NotHolder);
        assert_noop!(offer(&general(), id, &general()), Error::<Test>::InvalidReceiver);
        assert_noop!(offer(&general(), id, &outsider()), Error::<Test>::InvalidReceiver);
        assert_ok!(offer(&general(), id, &mercy()));
        assert_noop!(offer(&general(), id, &mercy()), Error::<Test>::AlreadyOffered);
        assert_noop!(accept(&general(), id), Error::<Test>::NotOffered);
        assert_noop!(withdraw_offer(&mercy(), id), Error::<Test>::NotHolder);
        FakeConsortium::evict(&mercy());
        assert_noop!(accept(&mercy(), id), Error::<Test>::NotMember);
        assert_ok!(withdraw_offer(&general(), id));
    });
}

#[test]
fn what_an_evicted_hospital_holds_stays_its_own() {
    run(|| {
        let id = id(1);
        assert_ok!(register(&general(), id));
        assert_ok!(offer(&general(), id, &mercy()));
        FakeConsortium::evict(&general());
        assert_eq!(Custody::item(&id).unwrap().holder, general());
        assert_noop!(withdraw_offer(&general(), id), Error::<Test>::NotMember);
        assert_ok!(accept(&mercy(), id));
        assert_noop!(offer(&mercy(), id, &general()), Error::<Test>::InvalidReceiver);
        assert_noop!(offer(&general(), id, &mercy()), Error::<Test>::NotMember);
        assert_eq!(Custody::steps(&id, 0)[0].holder, general());
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        let id = id(1);
        FakeAudit::room_for(0);
        assert_noop!(register(&general(), id), FakeAudit::FULL);
        FakeAudit::room_for(1);
        assert_ok!(register(&general(), id));
        assert_noop!(offer(&general(), id, &mercy()), FakeAudit::FULL);
        FakeAudit::room_for(1);
        assert_ok!(offer(&general(), id, &mercy()));
        assert_noop!(accept(&mercy(), id), FakeAudit::FULL);
        assert_noop!(withdraw_offer(&general(), id), FakeAudit::FULL);
        assert!(<() as WeightInfo>::step().ref_time() > <() as WeightInfo>::offer().ref_time());
    });
}

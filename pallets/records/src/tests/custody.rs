//! Items from hand to hand.

use crate::{Call, Error, Event, WeightInfo, mock::*};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    AccountId, H256,
    audit::Kind,
    records::custody::{CustodyStep, Item, ItemKind},
};
use sp_runtime::{DispatchError, DispatchResult};

fn register(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::register_item { id, kind: ItemKind::DrugLot })
}

fn offer(who: &AccountId, id: H256, to: &AccountId) -> DispatchResult {
    submit(who, Call::offer { id, to: to.clone() })
}

fn accept(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::accept { id })
}

fn withdraw(who: &AccountId, id: H256) -> DispatchResult {
    submit(who, Call::withdraw_offer { id })
}

#[test]
fn a_lot_goes_from_hand_to_hand_and_every_step_stays() {
    run(|| {
        let id = commitment(1);
        assert_ok!(register(&general(), id));
        System::assert_last_event(
            Event::ItemRegistered { id, holder: general(), kind: ItemKind::DrugLot }.into(),
        );
        System::set_block_number(4);
        assert_ok!(offer(&general(), id, &mercy()));
        System::assert_last_event(Event::ItemOffered { id, holder: general(), to: mercy() }.into());
        let held = Records::item(&id).unwrap();
        assert_eq!((held.holder, held.offered_to, held.steps), (general(), Some(mercy()), 1));
        System::set_block_number(7);
        assert_ok!(accept(&mercy(), id));
        System::assert_last_event(Event::ItemAccepted { id, from: general(), holder: mercy() }.into());
        assert_ok!(offer(&mercy(), id, &general()));
        assert_ok!(withdraw(&mercy(), id));
        System::assert_last_event(Event::OfferWithdrawn { id, holder: mercy() }.into());
        let item = Item { kind: ItemKind::DrugLot, holder: mercy(), offered_to: None, steps: 2 };
        assert_eq!(Records::item(&id), Some(item));
        let steps = [(general(), 1), (mercy(), 7)].map(|(holder, since)| CustodyStep { holder, since });
        assert_eq!(Records::custody(&id, 0), steps);
        assert_eq!(Records::custody(&id, 1), steps[1..]);
        assert_eq!(Records::custody(&id, 2), []);
        let kinds: Vec<_> = Log::entries().into_iter().map(|(who, kind, ..)| (who.unwrap(), kind)).collect();
        assert_eq!(
            kinds,
            [
                (general(), Kind::ItemRegistered),
                (general(), Kind::ItemOffered),
                (mercy(), Kind::ItemAccepted),
                (mercy(), Kind::ItemOffered),
                (mercy(), Kind::ItemOfferWithdrawn),
            ]
        );
    });
}

#[test]
fn nobody_gets_what_was_not_offered_or_gives_what_is_not_held() {
    run(|| {
        let id = commitment(1);
        assert_noop!(register(&outsider(), id), Error::<Test>::NotMember);
        assert_noop!(register(&general(), H256::zero()), Error::<Test>::BadItem);
        assert_noop!(accept(&mercy(), id), Error::<Test>::ItemNotFound);
        assert_noop!(offer(&general(), id, &mercy()), Error::<Test>::ItemNotFound);
        assert_ok!(register(&general(), id));
        assert_noop!(register(&mercy(), id), Error::<Test>::AlreadyExists);
        assert_noop!(accept(&mercy(), id), Error::<Test>::NotOffered);
        assert_noop!(withdraw(&general(), id), Error::<Test>::NotOffered);
        assert_noop!(offer(&mercy(), id, &mercy()), Error::<Test>::NotHolder);
        assert_noop!(offer(&general(), id, &general()), Error::<Test>::BadReceiver);
        assert_noop!(offer(&general(), id, &outsider()), Error::<Test>::BadReceiver);
        assert_ok!(offer(&general(), id, &mercy()));
        assert_noop!(offer(&general(), id, &mercy()), Error::<Test>::AlreadyOffered);
        assert_noop!(accept(&general(), id), Error::<Test>::NotOffered);
        assert_noop!(withdraw(&mercy(), id), Error::<Test>::NotHolder);
        Hospitals::evict(&mercy());
        assert_noop!(accept(&mercy(), id), Error::<Test>::NotMember);
        assert_ok!(withdraw(&general(), id));
    });
}

#[test]
fn without_an_audit_entry_nothing_happens() {
    run(|| {
        let id = commitment(1);
        Log::room_for(0);
        assert_noop!(register(&general(), id), DispatchError::Unavailable);
        Log::room_for(1);
        assert_ok!(register(&general(), id));
        assert_noop!(offer(&general(), id, &mercy()), DispatchError::Unavailable);
        Log::room_for(1);
        assert_ok!(offer(&general(), id, &mercy()));
        assert_noop!(accept(&mercy(), id), DispatchError::Unavailable);
        assert_noop!(withdraw(&general(), id), DispatchError::Unavailable);
        assert!(<() as WeightInfo>::item_step().ref_time() > <() as WeightInfo>::item_offer().ref_time());
    });
}

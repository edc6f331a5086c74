//! `try_state` notices what must not be.

use crate::{Live, Overflow, Patients, Readers, Uses, Versions, mock::*};
use frame_support::{BoundedVec, assert_ok};
use galen_primitives::{
    H256,
    consent::{Ended, Ending, Settlement},
};
use galen_testing::try_state_after;

/// Breaks the state, expects `try_state` to notice, and restores it.
fn notices(what: &str, spoil: impl FnOnce()) {
    assert!(try_state_after(spoil, Consent::do_try_state).is_err(), "{what}");
    assert_ok!(Consent::do_try_state());
}

#[test]
fn every_broken_invariant_is_noticed() {
    run(|| {
        let wallet = Wallet::sr(1);
        let key = wallet.key();
        assert_ok!(enrol(&general(), &key));
        for _ in 0..3 {
            assert_ok!(grant(&general(), &wallet, &terms(&key)));
        }
        to_block(2);
        assert_ok!(revoke(&general(), &wallet, 1));

        notices("a gap", || Versions::<Test>::remove(&key, 0));
        notices("a version too many", || {
            Versions::<Test>::insert(&key, 3, Versions::<Test>::get(&key, 0).unwrap());
        });
        notices("a version under another id", || {
            Versions::<Test>::insert(&key, 0, Versions::<Test>::get(&key, 2).unwrap());
        });
        let change = |id: u32, spoil: &dyn Fn(&mut galen_primitives::consent::ConsentVersion)| {
            Versions::<Test>::mutate(&key, id, |version| spoil(version.as_mut().unwrap()));
        };
        let over = |block| Some(Ended { block, at: START, why: Ending::Superseded(2) });
        notices("ends before it begins", || change(1, &|version| version.ended = over(0)));
        notices("ends in the future", || change(1, &|version| version.ended = over(9)));
        notices("begins out of order", || change(0, &|version| version.from_block = 2));
        notices("revoked but live", || change(0, &|version| version.ended = over(2)));
        notices("revived", || change(1, &|version| version.ended = None));
        notices("another custodian", || change(0, &|version| version.terms.custodian = mercy()));
        notices("a nonce that runs behind", || {
            Patients::<Test>::mutate(&key, |patient| patient.as_mut().unwrap().nonce = 2);
        });
        notices("a key not enrolled", || Patients::<Test>::remove(&key));
        notices("one in force is forgotten", || Live::<Test>::remove(&key));
        notices("out of order", || Live::<Test>::insert(&key, BoundedVec::truncate_from(vec![2, 0])));
        notices("listed without being", || {
            Live::<Test>::insert(&key, BoundedVec::truncate_from(vec![0, 2, 7]));
        });
        notices("an end not counted", || {
            Patients::<Test>::mutate(&key, |patient| patient.as_mut().unwrap().past.ended = 0);
        });
        notices("a grant that waits", || {
            Live::<Test>::insert(&key, BoundedVec::truncate_from(vec![2]));
            Overflow::<Test>::insert(&key, [0; 4], ());
            change(0, &|version| version.listed_from = None);
            Patients::<Test>::mutate(&key, |patient| patient.as_mut().unwrap().overflow = 1);
        });
        notices("waiting for nobody", || Overflow::<Test>::insert(&key, 7u32.to_be_bytes(), ()));
        assert_ok!(Consent::do_note_use(&key, 0, &mercy()));
        notices("a reader without a use", || Uses::<Test>::remove(mercy(), (&key, 0)));
        notices("a use without a reader", || Readers::<Test>::remove((&key, 0), mercy()));
        notices("settled before its end", || {
            Uses::<Test>::mutate(mercy(), (&key, 0), |used| {
                used.as_mut().unwrap().settled = Some((Settlement::Deleted(H256([1; 32])), 2));
            });
        });
    });
}

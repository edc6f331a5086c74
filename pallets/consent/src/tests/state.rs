//! `try_state` notices what must not be.

use crate::{Live, Pallet, Pasts, Patients, Versions, mock::*, types::Past};
use frame_support::{assert_ok, storage::with_transaction};
use sp_runtime::{DispatchError, TransactionOutcome};

/// Breaks the state, expects `try_state` to notice, and restores it.
fn notices(what: &str, spoil: impl FnOnce()) {
    let noticed = with_transaction(|| {
        spoil();
        let result = Pallet::<Test>::do_try_state();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(result.is_err()))
    });
    assert_eq!(noticed, Ok(true), "{what}");
    assert_ok!(Pallet::<Test>::do_try_state());
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
        notices("ends before it begins", || change(1, &|version| version.until_block = Some(0)));
        notices("ends in the future", || change(1, &|version| version.until_block = Some(9)));
        notices("begins out of order", || change(0, &|version| version.from_block = 2));
        notices("revoked but live", || change(0, &|version| version.until_block = Some(2)));
        notices("revived", || change(1, &|version| version.until_block = None));
        notices("another custodian", || change(0, &|version| version.terms.custodian = mercy()));
        notices("another grantee", || change(0, &|version| version.terms.grantee = general()));
        notices("a nonce that runs behind", || {
            Patients::<Test>::mutate(&key, |patient| patient.as_mut().unwrap().nonce = 3);
        });
        notices("a key not enrolled", || Patients::<Test>::remove(&key));
        notices("one in force is forgotten", || Live::<Test>::remove(&key, mercy()));
        notices("out of order", || {
            Live::<Test>::insert(&key, mercy(), frame_support::BoundedVec::truncate_from(vec![2, 0]));
        });
        notices("a revocation not counted", || Pasts::<Test>::remove(&key, mercy()));
        notices("counted for nothing", || {
            Pasts::<Test>::insert(&key, general(), Past { revoked: 0, pruned: 1 });
        });
    });
}

//! The invariants notice damage.

use crate::{AuditSink, Batches, ByHospital, ByPatient, Entries, Holders, Log, Nodes, Sites, mock::*};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    audit::{Kind, disclosure::DisclosureBatch},
};
use galen_testing::try_state_after;

fn damaged(damage: impl FnOnce()) -> bool {
    try_state_after(damage, Audit::do_try_state).is_err()
}

#[test]
fn damage_is_noticed() {
    run(|| {
        for _ in 0..5 {
            assert_ok!(Audit::append(
                Some(&account(1)),
                Kind::RecordAnchored,
                H256::zero(),
                Some(&account(9))
            ));
        }
        let batch = DisclosureBatch { first: 0, count: 2, root: H256([7; 32]), previous: H256::zero() };
        assert_ok!(include(report(1, batch, 1)).unwrap());
        assert!(!damaged(|| ()));
        assert!(damaged(|| Nodes::<Test>::remove((1, 0))));
        assert!(damaged(|| Nodes::<Test>::insert((1, 0), H256::zero())));
        assert!(damaged(|| Nodes::<Test>::insert((3, 0), H256::zero())));
        assert!(damaged(|| Sites::<Test>::remove(account(1))));
        assert!(damaged(|| Sites::<Test>::mutate(account(1), |site| site.next = 3)));
        assert!(damaged(|| Batches::<Test>::remove(account(1), 1u64.to_be_bytes())));
        assert!(damaged(|| Batches::<Test>::mutate(account(1), 1u64.to_be_bytes(), |batch| {
            batch.as_mut().unwrap().entry = 0;
        })));
        assert!(damaged(|| Entries::<Test>::remove(2)));
        assert!(
            damaged(|| Entries::<Test>::mutate(2, |entry| entry.as_mut().unwrap().kind = Kind::Governed))
        );
        assert!(damaged(|| Entries::<Test>::insert(5, Entries::<Test>::get(4).unwrap())));
        assert!(damaged(|| Log::<Test>::mutate(|log| log.count += 1)));
        assert!(damaged(|| Log::<Test>::mutate(|log| log.peaks[0] = H256::zero())));
        assert!(damaged(|| ByHospital::<Test>::remove(account(1), 3u64.to_be_bytes())));
        assert!(damaged(|| ByHospital::<Test>::insert(account(2), 3u64.to_be_bytes(), ())));
        assert!(damaged(|| ByPatient::<Test>::remove(account(9), 3u64.to_be_bytes())));
        assert!(damaged(|| Holders::<Test>::insert(account(9), account(1), 3)));
    });
}

use crate::mock::*;
use frame_support::assert_ok;
use galen_primitives::{
    AccountId, H256,
    emergency::{AccessPage, Finding},
};
use std::collections::BTreeSet;

/// All pages, each of at most `limit`; the ids, none twice.
fn walk(page: impl Fn(Option<H256>) -> AccessPage) -> BTreeSet<H256> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let AccessPage { accesses, next } = page(after);
        all.extend(accesses.into_iter().map(|listed| listed.id));
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let ids: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(ids.len(), all.len(), "none comes twice");
    ids
}

fn opened(hospital: &AccountId, patients: impl IntoIterator<Item = u8>) -> Vec<H256> {
    let open = |n| {
        set_answer(&patient(n), ConsentAnswer::Refuse(galen_primitives::consent::Reason::NoConsent));
        assert_ok!(open_for(hospital, &patient(n), None, doctor(1)));
        last()
    };
    patients.into_iter().map(open).collect()
}

#[test]
fn pages_hold_every_open_access_once() {
    run(|| {
        let mine: BTreeSet<_> = opened(&mercy(), [1, 2, 3, 4, 5, 1, 1]).into_iter().collect();
        opened(&general(), [1, 2]);
        for limit in [1, 2, 3, 100, 0] {
            assert_eq!(walk(|after| Emergency::open_accesses(&mercy(), after, limit)), mine, "{limit}");
        }
        wait(ACCESS + 1);
        assert!(walk(|after| Emergency::open_accesses(&mercy(), after, 2)).is_empty());
    });
}

#[test]
fn what_waits_for_a_review_is_listed_and_what_is_overdue_can_be_singled_out() {
    run(|| {
        let early = opened(&mercy(), [1, 2, 3]);
        wait(1);
        let late = opened(&mercy(), [1, 2]);
        let waiting = |overdue| walk(|after| Emergency::unreviewed(&mercy(), overdue, after, 2));
        assert_eq!(waiting(false), early.iter().chain(&late).copied().collect());
        wait(REVIEW - 1);
        assert!(waiting(true).is_empty());
        wait(1);
        assert_eq!(waiting(true), early.iter().copied().collect());
        assert!(Emergency::access(early[0]).unwrap().overdue && !Emergency::access(late[0]).unwrap().overdue);
        assert_ok!(review(RuntimeOrigin::signed(mercy()), early[0], doctor(2), Finding::Justified));
        assert_eq!(waiting(true), early[1..].iter().copied().collect());
        assert!(!waiting(false).contains(&early[0]) && !Emergency::access(early[0]).unwrap().overdue);
        assert!(Emergency::unreviewed(&general(), false, None, 10).accesses.is_empty());
        assert_eq!(Emergency::access(hash(3)), None);
    });
}

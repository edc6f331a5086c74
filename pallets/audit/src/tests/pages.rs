use crate::{AuditSink, MAX_SCAN, mock::*};
use frame_support::assert_ok;
use galen_primitives::{
    H256,
    api::MAX_PAGE,
    audit::{Filter, Kind, Page},
};

fn fill(count: u32) {
    for _ in 0..count {
        assert_ok!(Audit::append(Some(&account(1)), Kind::RecordAnchored, H256::zero(), Some(&account(9))));
    }
}

fn numbers(page: &Page) -> Vec<u64> {
    page.entries.iter().map(|entry| entry.index).collect()
}

#[test]
fn a_page_never_holds_more_than_its_limit() {
    run(|| {
        fill(MAX_PAGE + 44);
        let by_patient = Filter { patient: Some(account(9)), ..Default::default() };
        for filter in [Filter::default(), by_patient] {
            let page = Audit::entries(filter.clone(), 0, u32::MAX);
            assert_eq!(numbers(&page), (0..256).collect::<Vec<u64>>());
            assert_eq!(page.next, Some(256));
            let page = Audit::entries(filter.clone(), 256, u32::MAX);
            assert_eq!(numbers(&page), (256..300).collect::<Vec<u64>>());
            assert_eq!(page.next, None);
            assert_eq!(Audit::entries(filter, 5, 0), Page { entries: vec![], next: Some(5) });
        }
    });
}

#[test]
fn a_page_that_ends_with_the_log_has_no_next() {
    run(|| {
        fill(10);
        assert_eq!(Audit::entries(Filter::default(), 0, 10).next, None);
        assert_eq!(Audit::entries(Filter::default(), 10, 10), Page { entries: vec![], next: None });
        assert_eq!(Audit::entries(Filter::default(), u64::MAX, 10), Page { entries: vec![], next: None });
    });
}

#[test]
fn a_rare_kind_is_found_behind_more_entries_than_one_page_looks_at() {
    run(|| {
        fill(MAX_SCAN + 3);
        assert_ok!(Audit::append(Some(&account(1)), Kind::ConsentGranted, H256::zero(), Some(&account(9))));
        let rare = |hospital, patient| Filter { hospital, kind: Some(Kind::ConsentGranted), patient };
        for filter in [rare(None, None), rare(Some(account(1)), None), rare(None, Some(account(9)))] {
            let first = Audit::entries(filter.clone(), 0, 10);
            assert_eq!(first, Page { entries: vec![], next: Some(MAX_SCAN.into()) });
            let second = Audit::entries(filter, first.next.unwrap(), 10);
            assert_eq!(numbers(&second), vec![u64::from(MAX_SCAN) + 3]);
            assert_eq!(second.next, None);
        }
    });
}

#[test]
fn a_patient_among_many_entries_is_found_at_once() {
    run(|| {
        fill(MAX_SCAN + 3);
        assert_ok!(Audit::append(Some(&account(2)), Kind::RecordAnchored, H256::zero(), Some(&account(8))));
        let by_patient = Filter { patient: Some(account(8)), ..Default::default() };
        assert_eq!(numbers(&Audit::entries(by_patient, 0, 10)), vec![u64::from(MAX_SCAN) + 3]);
        let by_hospital = Filter { hospital: Some(account(2)), ..Default::default() };
        assert_eq!(numbers(&Audit::entries(by_hospital, 0, 10)), vec![u64::from(MAX_SCAN) + 3]);
    });
}

//! Reports of disclosures: what is taken, what is refused, and both against a model.

use crate::{Batches, Call, Error, Event, Sites, mock::*};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::GetCallMetadata};
use frame_system::RawOrigin;
use galen_offchain::reports::{FORK, GAP, LONGEVITY};
use galen_primitives::{
    H256,
    audit::{
        Kind,
        disclosure::{DisclosureBatch, ReportedBatch, Site, SiteStatus},
    },
    reports::{LogBatch, MAX_BATCH},
};
use proptest::prelude::*;
use sp_runtime::{
    DispatchError,
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, TransactionValidityError, ValidTransaction},
};

fn invalid(reason: InvalidTransaction) -> Result<ValidTransaction, TransactionValidityError> {
    Err(reason.into())
}

fn batch(first: u64, count: u32, previous: H256) -> DisclosureBatch {
    DisclosureBatch { first, count, root: H256::from_low_u64_be(first + 77), previous }
}

/// The site's next batch, of so many.
fn next(hospital: u8, count: u32) -> DisclosureBatch {
    let Site { next, head, .. } = Audit::site(&account(hospital));
    batch(next, count, head)
}

#[test]
fn a_batch_is_taken_with_its_entry() {
    run(|| {
        System::set_block_number(4);
        let first = next(1, 10);
        assert_ok!(include(report(1, first, 1)).unwrap());
        assert_eq!(Audit::site(&account(1)), Site { next: 10, head: first.head(), last_block: 4 });
        let entry = Audit::entries(Default::default(), 0, 1).entries.remove(0);
        assert_eq!(
            (entry.kind, entry.hospital, entry.subject, entry.patient, entry.block),
            (Kind::DisclosuresReported, Some(account(1)), first.root, None, 4)
        );
        let reported = ReportedBatch { batch: first, block: 4, entry: 0, key: worker_key(1) };
        assert_eq!(Audit::disclosure_batches(account(1), 0, 10), vec![reported]);
        System::assert_last_event(
            Event::Reported { hospital: account(1), first: 0, count: 10, root: first.root }.into(),
        );
        assert_ok!(include(report(1, next(1, 1), 1)).unwrap());
        assert_eq!(Audit::site(&account(1)).next, 11);
        assert_eq!(Audit::site(&account(2)), Site::default(), "sites do not mix");
    });
}

#[test]
fn a_replay_a_gap_and_another_order_are_refused() {
    run(|| {
        let first = next(1, 10);
        let call = report(1, first, 1);
        assert_ok!(include(call.clone()).unwrap());
        let second = batch(10, 5, first.head());
        let third = batch(15, 5, second.head());
        assert_eq!(validate(&call), invalid(InvalidTransaction::Stale));
        assert_eq!(validate(&report(1, third, 1)), invalid(InvalidTransaction::Custom(GAP)));
        // Overlapping what is reported, from within it.
        assert_eq!(validate(&report(1, batch(9, 5, first.head()), 1)), invalid(InvalidTransaction::Stale));
        // A log in which something earlier was changed has another head.
        let changed = DisclosureBatch { root: H256([9; 32]), ..first };
        assert_eq!(
            validate(&report(1, batch(10, 5, changed.head()), 1)),
            invalid(InvalidTransaction::Custom(FORK))
        );
        assert_ok!(include(report(1, second, 1)).unwrap());
        assert_ok!(include(report(1, third, 1)).unwrap());
    });
}

#[test]
fn only_the_hospitals_key_in_force_reports_for_it() {
    run(|| {
        let first = next(1, 10);
        assert_eq!(validate(&report(1, first, 2)), invalid(InvalidTransaction::BadProof));
        // What another hospital signed for itself, sent as this one's.
        let Call::report { batch, signature, .. } = report(2, first, 1);
        let stolen = Call::report { hospital: account(1), batch, signature };
        assert_eq!(validate(&stolen), invalid(InvalidTransaction::BadProof));
        // What was signed for another batch.
        let Call::report { hospital, signature, .. } = report(1, first, 1);
        let batch = DisclosureBatch { count: 11, ..first };
        let changed = Call::report { hospital, batch, signature };
        assert_eq!(validate(&changed), invalid(InvalidTransaction::BadProof));

        let before = report(1, first, 1);
        FakeConsortium::set_worker_key(&account(1), Some(worker_key(9)));
        assert_eq!(validate(&before), invalid(InvalidTransaction::BadProof), "rotated away");
        assert_ok!(include(report(1, first, 9)).unwrap());
        FakeConsortium::evict(&account(1));
        assert_eq!(validate(&report(1, next(1, 1), 9)), invalid(InvalidTransaction::BadSigner));
        assert_eq!(validate(&report(7, next(7, 1), 7)), invalid(InvalidTransaction::BadSigner));
    });
}

#[test]
fn a_signature_of_another_chain_is_none() {
    let there = run(|| {
        frame_system::BlockHash::<Test>::insert(0, H256([3; 32]));
        report(1, next(1, 1), 1)
    });
    run(|| assert_eq!(validate(&there), invalid(InvalidTransaction::BadProof)));
}

#[test]
fn empty_and_huge_batches_are_refused() {
    run(|| {
        for count in [0, MAX_BATCH + 1, u32::MAX] {
            assert_eq!(validate(&report(1, next(1, count), 1)), invalid(InvalidTransaction::Call), "{count}");
        }
        assert_ok!(include(report(1, next(1, MAX_BATCH), 1)).unwrap());
        Sites::<Test>::mutate(account(2), |site| site.next = u64::MAX);
        assert_eq!(validate(&report(2, next(2, 1), 2)), invalid(InvalidTransaction::Call));
        Sites::<Test>::remove(account(2));
    });
}

#[test]
fn it_comes_in_by_no_account_and_excludes_another_for_its_number() {
    run(|| {
        let call = report(1, next(1, 10), 1);
        for origin in [RawOrigin::Signed(account(1)), RawOrigin::Root, RawOrigin::None] {
            assert_noop!(
                RuntimeCall::from(call.clone()).dispatch(origin.into()).map_err(|error| error.error),
                DispatchError::BadOrigin
            );
        }
        let (one, other) = (validate(&call).unwrap(), validate(&report(1, next(1, 11), 1)).unwrap());
        assert_eq!(one.provides, other.provides);
        assert_eq!(one.provides, vec![("GalenReport", (account(1), 0u64)).encode()]);
        assert_eq!((one.longevity, one.propagate), (u64::from(LONGEVITY), true));
        assert!(one.requires.is_empty());
        assert_eq!(RuntimeCall::from(call).get_call_metadata().function_name, "report");
    });
}

#[test]
fn what_is_not_next_changes_nothing_even_if_it_was_authorized() {
    run(|| {
        let call = RuntimeCall::from(report(1, batch(5, 1, H256::zero()), 1));
        assert_noop!(
            call.dispatch(RawOrigin::Authorized.into()).map_err(|error| error.error),
            Error::<Test>::NotNext
        );
    });
}

#[test]
fn sites_show_who_is_silent() {
    run(|| {
        System::set_block_number(6);
        assert_ok!(include(report(1, next(1, 3), 1)).unwrap());
        let head = Audit::site(&account(1)).head;
        // Hospital 3 has no worker key; 1 is evicted later.
        let status = |seed, can_report, site| SiteStatus { hospital: account(seed), can_report, site };
        let reported = Site { next: 3, head, last_block: 6 };
        assert_eq!(
            Audit::sites(vec![account(3), account(2), account(1)]),
            vec![
                status(1, true, reported),
                status(2, true, Site::default()),
                status(3, false, Site::default())
            ]
        );
        FakeConsortium::evict(&account(1));
        assert_eq!(
            Audit::sites(vec![account(2)]),
            vec![status(1, false, reported), status(2, true, Site::default())]
        );
    });
}

#[test]
fn the_batch_that_holds_a_number_is_the_first_one_from_it_on() {
    run(|| {
        for count in [10, 1, 5] {
            assert_ok!(include(report(1, next(1, count), 1)).unwrap());
        }
        assert_ok!(include(report(2, next(2, 100), 2)).unwrap());
        for (from, firsts) in
            [(0, vec![0, 10, 11]), (9, vec![0, 10, 11]), (10, vec![10, 11]), (11, vec![11]), (15, vec![11])]
        {
            let found: Vec<u64> =
                Audit::disclosure_batches(account(1), from, 10).iter().map(|b| b.batch.first).collect();
            assert_eq!(found, firsts, "from {from}");
        }
        assert!(Audit::disclosure_batches(account(1), 16, 10).is_empty());
        assert_eq!(Audit::disclosure_batches(account(1), 0, 2).len(), 2);
        assert!(Audit::disclosure_batches(account(1), 0, 0).is_empty());
    });
}

// The model of a site: all that was taken, as (first, count, root).
type Model = Vec<DisclosureBatch>;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_site_is_what_a_list_of_batches_says(
        acts in proptest::collection::vec((1u8..3, -2i64..3, 0u32..4, 0u8..8, 1u8..3, 0u32..3), 0..60)
    ) {
        run(|| {
            let mut models: [Model; 2] = Default::default();
            for (hospital, shift, count, previous, signer, step) in acts {
                System::set_block_number(System::block_number() + step);
                let model = &mut models[usize::from(hospital) - 1];
                let end = model.last().map_or(0, |b| b.first + u64::from(b.count));
                let first = end.saturating_add_signed(shift);
                let wrong = H256::repeat_byte(previous);
                let head = match previous {
                    0 => wrong,
                    _ => model.last().map_or(H256::zero(), DisclosureBatch::head),
                };
                let offered = batch(first, count, head);
                let right = first == end
                    && count > 0
                    && head == model.last().map_or(H256::zero(), DisclosureBatch::head)
                    && signer == hospital;
                let taken = include(report(hospital, offered, signer));
                prop_assert_eq!(taken.is_ok(), right);
                if right {
                    prop_assert_eq!(taken.unwrap(), Ok(()));
                    model.push(offered);
                }
            }
            for (seed, model) in (1..).zip(&models) {
                let stored: Model =
                    Batches::<Test>::iter_prefix_values(account(seed)).map(|reported| reported.batch).collect();
                prop_assert_eq!(&stored, model);
                let site = Audit::site(&account(seed));
                prop_assert_eq!(site.next, model.iter().map(|b| u64::from(b.count)).sum::<u64>());
            }
            Ok(())
        })?;
    }
}

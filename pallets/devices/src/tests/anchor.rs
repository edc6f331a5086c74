//! Batches of readings: what is taken, what is refused, and both against a model.

use crate::{Call, Error, Event, Sites, mock::*};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use galen_offchain::reports::{EARLY, FORK, GAP, LONGEVITY};
use galen_primitives::{
    H256,
    audit::Kind,
    devices::reading::{AnchoredReadings, ReadingBatch, ReadingSite, refusals_hash},
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

fn batch(index: u64, first: u64, count: u32, refused: u32, previous: H256) -> ReadingBatch {
    ReadingBatch {
        index,
        first,
        count,
        root: if count == 0 {
            ReadingBatch::TREE.empty()
        } else {
            H256::from_low_u64_be(first.wrapping_add(77))
        },
        refused,
        refusals: if refused == 0 { H256::zero() } else { refusals_hash([index.to_le_bytes()]) },
        from: 100,
        until: 160,
        previous,
    }
}

/// The hospital's next batch.
fn next(hospital: u8, count: u32, refused: u32) -> ReadingBatch {
    let site = Devices::reading_site(&account(hospital));
    batch(site.batches, site.next, count, refused, site.head)
}

/// Anchors the next batch when it is time.
fn anchored(hospital: u8, count: u32, refused: u32) -> ReadingBatch {
    let site = Devices::reading_site(&account(hospital));
    System::set_block_number(System::block_number().max(Devices::earliest(&site)));
    let batch = next(hospital, count, refused);
    assert_ok!(include(anchor(hospital, batch, hospital)).unwrap());
    batch
}

#[test]
fn a_batch_is_taken_with_its_entry() {
    run(|| {
        System::set_block_number(4);
        let first = anchored(1, 10, 2);
        let site = ReadingSite { batches: 1, next: 10, refused: 2, head: first.head(), last_block: 4 };
        assert_eq!(Devices::reading_site(&account(1)), site);
        assert_eq!(
            FakeAudit::entries(),
            vec![(Some(account(1)), Kind::ReadingsAnchored, first.head(), None)]
        );
        let taken = AnchoredReadings { batch: first, block: 4, key: worker_key(1) };
        assert_eq!(Devices::reading_batches(&account(1), 0, 10), vec![taken]);
        System::assert_last_event(
            Event::Anchored {
                hospital: account(1),
                index: 0,
                first: 0,
                count: 10,
                refused: 2,
                root: first.root,
            }
            .into(),
        );
        // Only refusals, which count as no reading.
        anchored(1, 0, 3);
        anchored(1, 1, 0);
        let site = Devices::reading_site(&account(1));
        assert_eq!((site.batches, site.next, site.refused), (3, 11, 5));
        assert_eq!(Devices::reading_site(&account(2)), ReadingSite::default(), "hospitals do not mix");
        let page = |from, limit| Devices::reading_batches(&account(1), from, limit).len();
        assert_eq!((page(0, 2), page(1, 10), page(3, 10), page(u64::MAX, 10)), (2, 2, 0, 0));
    });
}

#[test]
fn a_replay_a_gap_and_another_order_are_refused() {
    run(|| {
        let first = next(1, 10, 0);
        let call = anchor(1, first, 1);
        assert_ok!(include(call.clone()).unwrap());
        System::set_block_number(50);
        assert_eq!(validate(&call), invalid(InvalidTransaction::Stale));
        let second = next(1, 5, 0);
        for lost in [
            batch(2, 15, 5, 0, second.head()),
            batch(1, 11, 5, 0, first.head()),
            batch(1, 9, 5, 0, first.head()),
            batch(2, 10, 5, 0, first.head()),
        ] {
            assert_eq!(validate(&anchor(1, lost, 1)), invalid(InvalidTransaction::Custom(GAP)));
        }
        // A store in which something earlier was changed has another head.
        let changed = ReadingBatch { root: H256([9; 32]), ..first };
        assert_eq!(
            validate(&anchor(1, batch(1, 10, 5, 0, changed.head()), 1)),
            invalid(InvalidTransaction::Custom(FORK))
        );
        assert_ok!(include(anchor(1, second, 1)).unwrap());
    });
}

#[test]
fn batches_keep_their_distance() {
    run(|| {
        System::set_block_number(10);
        anchored(1, 1, 0);
        let call = anchor(1, next(1, 1, 0), 1);
        for block in [10, 10 + MIN_PERIOD - 1] {
            System::set_block_number(block);
            assert_eq!(validate(&call), invalid(InvalidTransaction::Custom(EARLY)), "{block}");
        }
        assert_ok!(include(anchor(2, next(2, 1, 0), 2)).unwrap());
        System::set_block_number(10 + MIN_PERIOD);
        assert_ok!(include(call).unwrap());
    });
}

#[test]
fn only_the_hospitals_key_in_force_anchors_for_it() {
    run(|| {
        let first = next(1, 10, 0);
        assert_eq!(validate(&anchor(1, first, 2)), invalid(InvalidTransaction::BadProof));
        // What another hospital signed for itself, sent as this one's.
        let Call::anchor_readings { batch, signature, .. } = anchor(2, first, 1) else { unreachable!() };
        let stolen = Call::anchor_readings { hospital: account(1), batch, signature };
        assert_eq!(validate(&stolen), invalid(InvalidTransaction::BadProof));
        // What was signed for another batch.
        let Call::anchor_readings { hospital, signature, .. } = anchor(1, first, 1) else { unreachable!() };
        let changed =
            Call::anchor_readings { hospital, batch: ReadingBatch { count: 11, ..first }, signature };
        assert_eq!(validate(&changed), invalid(InvalidTransaction::BadProof));

        let before = anchor(1, first, 1);
        FakeConsortium::set_worker_key(&account(1), Some(worker_key(9)));
        assert_eq!(validate(&before), invalid(InvalidTransaction::BadProof), "rotated away");
        assert_ok!(include(anchor(1, first, 9)).unwrap());
        FakeConsortium::evict(&account(1));
        assert_eq!(validate(&anchor(1, next(1, 1, 0), 9)), invalid(InvalidTransaction::BadSigner));
        assert_eq!(validate(&anchor(7, next(7, 1, 0), 7)), invalid(InvalidTransaction::BadSigner));
    });
}

#[test]
fn a_signature_of_another_chain_is_none() {
    let there = run(|| {
        frame_system::BlockHash::<Test>::insert(0, H256([3; 32]));
        anchor(1, next(1, 1, 0), 1)
    });
    run(|| assert_eq!(validate(&there), invalid(InvalidTransaction::BadProof)));
}

#[test]
fn batches_that_contradict_themselves_are_refused() {
    run(|| {
        let good = next(1, 3, 1);
        for wrong in [
            next(1, 0, 0),
            next(1, MAX_BATCH + 1, 0),
            next(1, 1, MAX_BATCH + 1),
            ReadingBatch { from: 161, ..good },
            ReadingBatch { refusals: H256::zero(), ..good },
            ReadingBatch { refused: 0, ..good },
        ] {
            assert_eq!(validate(&anchor(1, wrong, 1)), invalid(InvalidTransaction::Call), "{wrong:?}");
        }
        anchored(1, MAX_BATCH, MAX_BATCH);
        Sites::<Test>::mutate(account(2), |site| site.next = u64::MAX);
        assert_eq!(validate(&anchor(2, next(2, 1, 0), 2)), invalid(InvalidTransaction::Call));
        Sites::<Test>::remove(account(2));
    });
}

#[test]
fn it_comes_in_by_no_account_and_excludes_another_for_its_number() {
    run(|| {
        let call = anchor(1, next(1, 10, 0), 1);
        for origin in [RawOrigin::Signed(account(1)), RawOrigin::Root, RawOrigin::None] {
            assert_noop!(
                RuntimeCall::from(call.clone()).dispatch(origin.into()).map_err(|error| error.error),
                DispatchError::BadOrigin
            );
        }
        let (one, other) = (validate(&call).unwrap(), validate(&anchor(1, next(1, 11, 0), 1)).unwrap());
        assert_eq!(one.provides, other.provides);
        assert_eq!(one.provides, vec![("GalenReadings", (account(1), 0u64)).encode()]);
        assert_eq!((one.longevity, one.propagate), (u64::from(LONGEVITY), true));
        assert!(one.requires.is_empty());
    });
}

#[test]
fn what_is_not_next_or_cannot_be_audited_changes_nothing_even_if_it_was_authorized() {
    run(|| {
        let dispatch = |batch| {
            let call = RuntimeCall::from(anchor(1, batch, 1));
            call.dispatch(RawOrigin::Authorized.into()).map_err(|error| error.error)
        };
        assert_noop!(dispatch(batch(5, 0, 1, 0, H256::zero())), Error::<Test>::NotNext);
        FakeAudit::room_for(0);
        assert_noop!(dispatch(next(1, 1, 0)), FakeAudit::FULL);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_site_is_what_a_list_of_batches_says(
        acts in proptest::collection::vec(
            (1u8..3, -1i64..2, -1i64..2, 0u32..3, 0u32..2, 0u8..8, 1u8..3, 0u32..9), 0..60
        )
    ) {
        run(|| {
            // The model: all that was taken, each with its block.
            let mut models: [Vec<(ReadingBatch, u32)>; 2] = Default::default();
            for (hospital, skip, shift, count, refused, head, signer, step) in acts {
                System::set_block_number(System::block_number() + step);
                let now = System::block_number();
                let model = &mut models[usize::from(hospital) - 1];
                let last = model.last().map_or(H256::zero(), |(batch, _)| batch.head());
                let number = model.len() as u64;
                let end: u64 = model.iter().map(|(batch, _)| u64::from(batch.count)).sum();
                let previous = if head == 0 { H256([1; 32]) } else { last };
                let (index, first) = (number.saturating_add_signed(skip), end.saturating_add_signed(shift));
                let offered = batch(index, first, count, refused, previous);
                let right = index == number
                    && first == end
                    && count + refused > 0
                    && previous == last
                    && signer == hospital
                    && model.last().is_none_or(|(_, block)| block + MIN_PERIOD <= now);
                let taken = include(anchor(hospital, offered, signer));
                prop_assert_eq!(taken.is_ok(), right);
                if right {
                    prop_assert_eq!(taken, Ok(Ok(())));
                    model.push((offered, now));
                }
            }
            for (model, seed) in models.iter().zip(1..) {
                let site = Devices::reading_site(&account(seed));
                prop_assert_eq!(site.batches, model.len() as u64);
                prop_assert_eq!(site.next, model.iter().map(|(b, _)| u64::from(b.count)).sum::<u64>());
                prop_assert_eq!(site.refused, model.iter().map(|(b, _)| u64::from(b.refused)).sum::<u64>());
                let stored = Devices::reading_batches(&account(seed), 0, 256);
                let stored: Vec<_> = stored.iter().map(|anchored| (anchored.batch, anchored.block)).collect();
                prop_assert_eq!(&stored, model);
            }
            Ok(())
        })?;
    }
}

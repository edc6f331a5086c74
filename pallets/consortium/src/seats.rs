//! How many seats a hospital may hold among the validators.
//!
//! BABE and GRANDPA weigh authorities equally, so control is seats and not stake. Of `n` authorities GRANDPA
//! tolerates `(n - 1) / 3`, rounded down, that are faulty or hostile; a hospital holds no more than that, and
//! at least one, so that no hospital alone can halt finality where any number of seats could prevent it (from
//! four hospitals on).
//!
//! The bound depends on the size of the set that comes out, and that size on the bound: with few hospitals
//! there are fewer seats than wanted. [`shortlist`] finds the largest size at which both agree.

use alloc::vec::Vec;
use core::cmp::Reverse;
use galen_primitives::AccountId;

/// One who may get a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contender {
    /// The hospital whose account it is.
    pub hospital: AccountId,
    /// The validator account.
    pub account: AccountId,
    /// The stake behind it; among a hospital's accounts the best-backed come first.
    pub backing: u128,
}

/// Who may win, and how many seats there are to win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortlist {
    /// The seats: not more than there are contenders in the list.
    pub seats: u32,
    /// For each hospital its best-backed contenders, not more than [`cap`] of `seats`; by hospital, the best
    /// first.
    pub contenders: Vec<Contender>,
}

/// The seats that one hospital may hold in a set of `size`.
pub fn cap(size: u32) -> u32 {
    (size.saturating_sub(1) / 3).max(1)
}

/// The largest set of at most `desired` seats that these contenders can fill without any hospital exceeding
/// its cap, and those who may sit in it.
pub fn shortlist(desired: u32, mut contenders: Vec<Contender>) -> Shortlist {
    contenders.sort_by(|left, right| {
        let key = |one: &Contender| (one.hospital.clone(), Reverse(one.backing), one.account.clone());
        key(left).cmp(&key(right))
    });
    let mut seats = desired;
    loop {
        let kept = best_of_each(&contenders, cap(seats));
        let fillable = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        // A smaller set has a smaller cap or the same, and can be filled by fewer: once it is enough, it is
        // the largest.
        if fillable >= seats {
            return Shortlist { seats, contenders: kept };
        }
        seats = fillable;
    }
}

// Of contenders sorted by hospital, the first `cap` of each.
fn best_of_each(contenders: &[Contender], cap: u32) -> Vec<Contender> {
    let mut kept: Vec<Contender> = Vec::new();
    let mut of_this_hospital = 0u32;
    for contender in contenders {
        if kept.last().is_none_or(|last| last.hospital != contender.hospital) {
            of_this_hospital = 0;
        }
        if of_this_hospital < cap {
            kept.push(contender.clone());
            of_this_hospital = of_this_hospital.saturating_add(1);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::account;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    // Hospital `h` has the accounts 10 h, 10 h + 1, ... with these backings.
    fn contenders(backings: &[Vec<u32>]) -> Vec<Contender> {
        let mut all = Vec::new();
        for (hospital, backings) in backings.iter().enumerate() {
            for (index, backing) in backings.iter().enumerate() {
                all.push(Contender {
                    hospital: account(hospital as u8 * 10),
                    account: account((hospital * 10 + index) as u8),
                    backing: u128::from(*backing),
                });
            }
        }
        all
    }

    fn by_hospital(list: &Shortlist) -> BTreeMap<AccountId, Vec<Contender>> {
        let mut all = BTreeMap::<_, Vec<_>>::new();
        for contender in &list.contenders {
            all.entry(contender.hospital.clone()).or_default().push(contender.clone());
        }
        all
    }

    // From the definition and nothing else: tries every way to seat so many of each hospital's contenders.
    fn largest_set(desired: u32, counts: &[u32]) -> u32 {
        fn every_way(counts: &[u32], seated: &mut Vec<u32>, best: &mut u32, desired: u32) {
            let Some((first, rest)) = counts.split_first() else {
                let size: u32 = seated.iter().sum();
                let allowed = std::cmp::max(1, (i64::from(size) - 1) / 3);
                let fair = seated.iter().all(|seats| i64::from(*seats) <= allowed);
                if size <= desired && fair {
                    *best = size.max(*best);
                }
                return;
            };
            for seats in 0..=*first {
                seated.push(seats);
                every_way(rest, seated, best, desired);
                seated.pop();
            }
        }
        let mut best = 0;
        every_way(counts, &mut Vec::new(), &mut best, desired);
        best
    }

    #[test]
    fn the_cap_is_what_finality_tolerates() {
        let expected = [(0, 1), (1, 1), (3, 1), (4, 1), (6, 1), (7, 2), (9, 2), (10, 3), (13, 4), (100, 33)];
        for (size, seats) in expected {
            assert_eq!(cap(size), seats, "of {size}");
        }
    }

    #[test]
    fn money_buys_two_of_seven_seats() {
        let list =
            shortlist(7, contenders(&[vec![9, 8, 7, 6, 5], vec![1], vec![1], vec![1], vec![1], vec![1]]));
        assert_eq!(list.seats, 7);
        assert_eq!(by_hospital(&list)[&account(0)].len(), 2);
        assert_eq!(list.contenders.len(), 7);
    }

    #[test]
    fn with_few_hospitals_there_are_fewer_seats() {
        // Two each of four hospitals fill seven seats; with three hospitals the cap falls to one, and so do
        // their seats.
        assert_eq!(shortlist(7, contenders(&vec![vec![3, 2, 1]; 4])).seats, 7);
        assert_eq!(shortlist(7, contenders(&vec![vec![3, 2, 1]; 3])).seats, 3);
        assert_eq!(shortlist(7, contenders(&[vec![3, 2, 1]])).seats, 1);
        assert_eq!(shortlist(7, Vec::new()), Shortlist { seats: 0, contenders: Vec::new() });
        assert_eq!(shortlist(0, contenders(&[vec![3]])).seats, 0);
    }

    #[test]
    fn the_best_backed_stay_and_ties_go_by_account() {
        let list = shortlist(1, contenders(&[vec![1, 5, 5]]));
        assert_eq!(list.contenders[0].account, account(1));
    }

    proptest! {
        #[test]
        fn as_many_seats_as_the_definition_allows(
            desired in 0u32..12,
            counts in proptest::collection::vec(0u32..5, 0..6),
        ) {
            let backings: Vec<_> = counts.iter().map(|count| (1..=*count).collect()).collect();
            let list = shortlist(desired, contenders(&backings));
            prop_assert_eq!(list.seats, largest_set(desired, &counts));
        }

        #[test]
        fn who_is_kept_can_fill_the_seats_and_is_better_than_who_is_not(
            desired in 0u32..40,
            backings in proptest::collection::vec(proptest::collection::vec(1u32..6, 0..9), 0..12),
            turn in any::<usize>(),
        ) {
            let mut all = contenders(&backings);
            let sorted = shortlist(desired, all.clone());
            if !all.is_empty() {
                let middle = turn % all.len();
                all.rotate_left(middle);
            }
            let list = shortlist(desired, all.clone());
            prop_assert_eq!(&list, &sorted, "the order they come in matters");
            prop_assert!(list.seats <= desired && list.seats as usize <= list.contenders.len());
            for (hospital, kept) in by_hospital(&list) {
                prop_assert!(kept.len() as u32 <= cap(list.seats));
                let of_hospital: Vec<_> = all.iter().filter(|one| one.hospital == hospital).collect();
                prop_assert!(kept.len() == of_hospital.len() || kept.len() as u32 == cap(list.seats));
                let least = kept.iter().map(|one| one.backing).min().unwrap();
                let best_left = of_hospital.iter().filter(|one| !kept.contains(one)).map(|one| one.backing).max();
                prop_assert!(best_left.is_none_or(|backing| backing <= least));
            }
        }

        #[test]
        fn winners_within_the_cap_all_stay_and_others_come_within_it(
            backings in proptest::collection::vec(proptest::collection::vec(1u32..6, 0..9), 0..12),
        ) {
            let winners = contenders(&backings);
            let count = winners.len() as u32;
            let list = shortlist(count, winners.clone());
            let fair = backings.iter().all(|one| one.len() as u32 <= cap(count));
            prop_assert_eq!(list.contenders.len() == winners.len(), fair);
            // Whoever stays is seated: the set that is left keeps the rule.
            prop_assert_eq!(list.contenders.len() as u32, list.seats);
            prop_assert!(by_hospital(&list).values().all(|kept| kept.len() as u32 <= cap(list.seats)));
        }
    }
}

//! Who could do what with the seats they hold.
//!
//! GRANDPA weighs seats alike. Of n it tolerates f = ⌊(n-1)/3⌋ that are faulty: n - f votes finalise, and so f + 1 seats that stay silent
//! halt finality (Stewart and Kokoris-Kogia, GRANDPA: a Byzantine Finality Gadget, 2020). Stake decides only who is elected.

use crate::council::Origin;
use galen_primitives::AccountId;
use serde::Serialize;
use std::collections::BTreeMap;

/// The seats of one hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The hospital.
    pub hospital: AccountId,
    /// How many validators of the current session are its own.
    pub seats: u32,
}

/// What the distribution of seats means for finality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// Seats in all.
    pub seats: u32,
    /// Hospitals that hold seats, those with most first.
    pub holdings: Vec<Holding>,
    /// So many seats finalise: more than two thirds.
    pub to_finalise: u32,
    /// So many seats, silent or against the others, halt finality: the others are too few then.
    pub to_halt: u32,
    /// So many seats must vote for two histories at once to have both finalised, while the network is cut in two: the least that two
    /// majorities share.
    pub to_fork: u32,
    /// The Nakamoto coefficient: the least number of hospitals that together can halt finality; 0 if there are no seats.
    pub nakamoto: u32,
    /// As many hospitals that can: those with most seats.
    pub halting: Vec<AccountId>,
    /// The least number of hospitals that together could finalise what they want; 0 if there are no seats.
    pub takeover: u32,
    /// Hospitals of which each can halt finality alone.
    pub halt_alone: Vec<AccountId>,
    /// Hospitals of which each could finalise alone, whatever the others want.
    pub finalise_alone: Vec<AccountId>,
}

impl Control {
    /// Of the hospitals that the seats belong to, one entry for each seat.
    pub fn of(seats: impl IntoIterator<Item = AccountId>) -> Self {
        let mut held: BTreeMap<AccountId, u32> = BTreeMap::new();
        for hospital in seats {
            *held.entry(hospital).or_default() += 1;
        }
        let mut holdings: Vec<Holding> =
            held.into_iter().map(|(hospital, seats)| Holding { hospital, seats }).collect();
        // Stable, so that hospitals with as many seats stay in the order of their accounts.
        holdings.sort_by_key(|holding| std::cmp::Reverse(holding.seats));

        let seats = holdings.iter().map(|holding| holding.seats).sum::<u32>();
        let faulty = seats.saturating_sub(1) / 3;
        let (to_finalise, to_halt) = (seats - faulty, faulty + 1);
        let halting = least(&holdings, to_halt);
        let alone = |needed: u32| {
            let able = holdings.iter().filter(|holding| holding.seats >= needed);
            able.map(|holding| holding.hospital.clone()).collect()
        };
        Control {
            to_fork: (2 * to_finalise).saturating_sub(seats),
            nakamoto: halting.len() as u32,
            takeover: least(&holdings, to_finalise).len() as u32,
            halt_alone: alone(to_halt),
            finalise_alone: alone(to_finalise),
            seats,
            to_finalise,
            to_halt,
            halting,
            holdings,
        }
    }

    /// What an attacker would need, in sentences; `council` is how many seats the council has.
    pub fn words(&self, council: u32, name: impl Fn(&AccountId) -> String) -> Vec<String> {
        let names = |hospitals: &[AccountId]| hospitals.iter().map(&name).collect::<Vec<_>>().join(", ");
        if self.seats == 0 {
            return vec!["No seat is taken: nothing is finalised.".into()];
        }
        let mut words = vec![
            format!(
                "Any {} of the {} seats finalise; {} that stay silent halt finality, and it resumes when they return.",
                self.to_finalise, self.seats, self.to_halt
            ),
            format!(
                "To halt finality an attacker needs the validators of {} hospital{} (the Nakamoto coefficient), such as {}.",
                self.nakamoto,
                if self.nakamoto == 1 { "" } else { "s" },
                names(&self.halting)
            ),
            format!(
                "To finalise what the others do not want, those of {} hospitals; to finalise two histories while the network is cut in two, \
                 {} seats that vote for both, which slashes them.",
                self.takeover, self.to_fork
            ),
        ];
        words.push(match self.halt_alone.as_slice() {
            [] => "No hospital can halt finality alone.".into(),
            able => format!("Alone can halt finality: {}.", names(able)),
        });
        if !self.finalise_alone.is_empty() {
            words.push(format!("Alone could finalise anything: {}.", names(&self.finalise_alone)));
        }
        if council > 0 {
            words.push(format!(
                "To change members or the runtime, {} of the council's {council} votes; stake alone changes nothing.",
                Origin::Govern.votes_needed(council)
            ));
        }
        words
    }
}

/// The least coalition that holds so many seats: those with most first.
fn least(holdings: &[Holding], needed: u32) -> Vec<AccountId> {
    let mut chosen = Vec::new();
    let mut sum = 0;
    for holding in holdings {
        if sum >= needed {
            break;
        }
        sum += holding.seats;
        chosen.push(holding.hospital.clone());
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    // Hospitals 0, 1, ... with so many seats each.
    fn control(held: &[u32]) -> Control {
        let seats = held.iter().enumerate();
        Control::of(seats.flat_map(|(who, count)| (0..*count).map(move |_| hospital(who as u8))))
    }

    fn hospital(number: u8) -> AccountId {
        AccountId::new([number; 32])
    }

    #[test]
    fn four_equal_hospitals() {
        let found = control(&[1, 1, 1, 1]);
        assert_eq!((found.seats, found.to_finalise, found.to_halt, found.to_fork), (4, 3, 2, 2));
        assert_eq!((found.nakamoto, found.takeover), (2, 3));
        assert!(found.halt_alone.is_empty() && found.finalise_alone.is_empty());
    }

    #[test]
    fn of_three_each_halts_alone_and_none_finalises() {
        let found = control(&[1, 1, 1]);
        assert_eq!((found.to_finalise, found.to_halt), (3, 1));
        assert_eq!(found.nakamoto, 1);
        assert_eq!(found.halt_alone.len(), 3);
        assert!(found.finalise_alone.is_empty());
    }

    #[test]
    fn one_owns_all() {
        let found = control(&[1]);
        assert_eq!((found.nakamoto, found.to_finalise, found.to_halt, found.to_fork), (1, 1, 1, 1));
        assert_eq!(found.finalise_alone, vec![hospital(0)]);
    }

    #[test]
    fn the_largest_count_first() {
        // 10 seats, f = 3: 4 halt, 7 finalise.
        let found = control(&[1, 3, 1, 2, 3]);
        assert_eq!((found.to_halt, found.to_finalise, found.to_fork), (4, 7, 4));
        assert_eq!(found.halting, vec![hospital(1), hospital(4)]);
        assert!(found.halt_alone.is_empty());
        let found = control(&[1, 7, 2]);
        assert_eq!(found.halt_alone, vec![hospital(1)]);
        assert_eq!(found.finalise_alone, vec![hospital(1)]);
        // A cap of max(1, (n-1)/3) seats keeps everyone below what halts.
        for n in 4..200u32 {
            let cap = ((n - 1) / 3).max(1);
            let mut held = vec![cap; (n / cap) as usize];
            held.push(n % cap);
            assert!(control(&held).halt_alone.is_empty(), "{n} seats");
            assert!(control(&held).nakamoto >= 2, "{n} seats");
        }
    }

    #[test]
    fn without_seats_nobody_can() {
        let found = control(&[]);
        assert_eq!((found.seats, found.nakamoto), (0, 0));
        assert!(found.halting.is_empty() && found.halt_alone.is_empty());
    }

    #[test]
    fn words_name_what_an_attacker_needs() {
        let name = |account: &AccountId| format!("H{}", AsRef::<[u8]>::as_ref(account)[0]);
        let words = control(&[1, 1, 1, 1]).words(4, name).join(" ");
        for part in [
            "Any 3 of the 4 seats",
            "2 hospitals (the Nakamoto",
            "such as H0, H1",
            "No hospital can halt",
            "3 of the council's 4",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let words = control(&[7, 1, 2]).words(3, name).join(" ");
        assert!(
            words.contains("Alone can halt finality: H0.")
                && words.contains("Alone could finalise anything: H0.")
        );
        assert_eq!(control(&[]).words(0, name).len(), 1);
    }

    // Against all subsets: the greedy choice is the least.
    #[test]
    fn no_smaller_coalition_halts() {
        for held in [&[1, 2, 3, 1, 2][..], &[4, 1, 1, 1], &[2, 2, 2, 2, 2, 2], &[1, 1, 5, 1, 1, 1, 3]] {
            let found = control(held);
            let least = (0u32..1 << held.len())
                .filter(|set| {
                    let chosen = held.iter().enumerate().filter(|(i, _)| set & (1 << i) != 0);
                    chosen.map(|(_, seats)| seats).sum::<u32>() >= found.to_halt
                })
                .map(u32::count_ones)
                .min();
            assert_eq!(Some(found.nakamoto), least, "{held:?}");
        }
    }
}

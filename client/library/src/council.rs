//! What the council's rules ask of a motion. Source: the runtime's `GovernOrigin` and `EmergencyOrigin`
//! (`runtime/src/configs/consortium.rs`).

use crate::Error;
use galen_primitives::{AccountId, BlockNumber, H256};
use serde::Serialize;

/// How much of the council a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// At least two thirds.
    Govern,
    /// More than half.
    Emergency,
}

impl Origin {
    /// The least number of votes that reaches it in a council of so many seats.
    pub fn votes_needed(self, seats: u32) -> u32 {
        match self {
            Origin::Govern => (2 * seats).div_ceil(3).max(1),
            Origin::Emergency => seats / 2 + 1,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Origin::Govern => "two thirds of it",
            Origin::Emergency => "more than half of it",
        }
    }

    /// The threshold of a motion: the one given if it can do what it is for, otherwise what is needed.
    ///
    /// A motion that passes with fewer votes than its call asks for is executed and fails: refused here, before it is sent.
    pub fn threshold(self, seats: u32, given: Option<u32>) -> Result<u32, Error> {
        if seats == 0 {
            return Err(Error::Input("the council has no members: nothing can be moved".into()));
        }
        let needed = self.votes_needed(seats);
        match given {
            None => Ok(needed),
            Some(threshold) if threshold < needed => Err(Error::Input(format!(
                "a threshold of {threshold} cannot do this: the council has {seats} members and the call asks for {}, so \
                 {needed} votes are needed; give --threshold {needed} or leave it out",
                self.words()
            ))),
            Some(threshold) if threshold > seats => Err(Error::Input(format!(
                "a threshold of {threshold} can never be reached: the council has {seats} members; {needed} votes are needed"
            ))),
            Some(threshold) => Ok(threshold),
        }
    }
}

/// A motion that waits for votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenMotion {
    /// BLAKE2b-256 of the call.
    pub proposal: H256,
    /// Its number.
    pub index: u32,
    /// What it would do: `Pallet.call`.
    pub name: String,
    /// The call with its arguments, readable.
    pub call: String,
    /// Bytes of the call.
    pub length: u32,
    /// So many ayes carry it.
    pub threshold: u32,
    /// Who is for it.
    pub ayes: Vec<AccountId>,
    /// Who is against it.
    pub nays: Vec<AccountId>,
    /// The last block of the vote.
    pub end: BlockNumber,
}

impl OpenMotion {
    /// Whether it can be closed at block `now`: carried, lost, or its time is over.
    pub fn can_close(&self, seats: u32, now: BlockNumber) -> bool {
        let ayes = self.ayes.len() as u32;
        let possible = seats.saturating_sub(self.nays.len() as u32);
        ayes >= self.threshold || possible < self.threshold || now >= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_needed_are_the_least_that_reach_the_origin() {
        for seats in 1..=100u32 {
            // As pallet-collective's EnsureProportionAtLeast<2, 3> and EnsureProportionMoreThan<1, 2> count.
            let govern = (1..=seats).find(|votes| votes * 3 >= seats * 2).unwrap();
            let emergency = (1..=seats).find(|votes| votes * 2 > seats).unwrap();
            assert_eq!(Origin::Govern.votes_needed(seats), govern, "{seats}");
            assert_eq!(Origin::Emergency.votes_needed(seats), emergency, "{seats}");
        }
    }

    #[test]
    fn a_threshold_that_cannot_do_it_is_refused_with_the_one_that_can() {
        assert_eq!(Origin::Govern.threshold(4, None).unwrap(), 3);
        assert_eq!(Origin::Govern.threshold(4, Some(4)).unwrap(), 4);
        let error = Origin::Govern.threshold(4, Some(2)).unwrap_err().to_string();
        assert!(error.contains("3 votes are needed") && error.contains("two thirds"), "{error}");
        let error = Origin::Emergency.threshold(4, Some(2)).unwrap_err().to_string();
        assert!(error.contains("3 votes are needed") && error.contains("more than half"), "{error}");
        assert!(Origin::Govern.threshold(4, Some(5)).unwrap_err().to_string().contains("never"));
        assert!(Origin::Govern.threshold(0, None).is_err());
        assert_eq!(Origin::Govern.threshold(1, None).unwrap(), 1);
    }

    #[test]
    fn a_motion_can_be_closed_once_it_is_decided() {
        let voter = |number: u8| AccountId::new([number; 32]);
        let mut motion = OpenMotion {
            proposal: H256::zero(),
            index: 0,
            name: String::new(),
            call: String::new(),
            length: 0,
            threshold: 3,
            ayes: vec![voter(1), voter(2)],
            nays: vec![],
            end: 100,
        };
        assert!(!motion.can_close(4, 50));
        assert!(motion.can_close(4, 100));
        motion.nays = vec![voter(3), voter(4)];
        assert!(motion.can_close(4, 50));
        motion.nays = vec![];
        motion.ayes.push(voter(5));
        assert!(motion.can_close(4, 50));
    }
}

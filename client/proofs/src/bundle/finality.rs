//! Whether a justification makes a block final.

use super::{
    Bytes,
    header::{self, Header},
};
use codec::DecodeAll;
use finality_grandpa::{Chain, Error as GrandpaError, Message, validate_commit, voter_set::VoterSet};
use galen_primitives::{BlockNumber, H256};
use sp_consensus_grandpa::{
    AuthorityId, AuthorityList, GrandpaJustification, SetId, SignatureResult, check_message_signature,
};
use sp_runtime::traits::Header as _;
use std::collections::{HashMap, HashSet};

/// At most this many votes, and this many headers between votes and block, are looked at in one justification. Honest ones hold
/// a vote of each authority, for this block or a few further.
const MAX_VOTES: usize = 4096;

/// The authorities that make blocks final, between two changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthoritySet {
    /// Its number: 0 at genesis, one more with each change, whether or not the authorities are others.
    pub id: SetId,
    /// Keys and weights.
    pub authorities: AuthorityList,
}

impl AuthoritySet {
    /// Checks that more than two thirds of this set, by weight, made the block final.
    ///
    /// As nodes check it (sc-consensus-grandpa, `justification.rs`): the commit is for exactly this block; every vote is signed
    /// over round and set number; every vote is for this block or leads to it through the headers that the justification brings,
    /// of which none is left over; an authority counts once, and one that voted for two blocks counts as if for each. Votes of
    /// others do not count. Beyond that, the numbers of blocks that are voted for must be those of the headers.
    pub fn finalizes(&self, hash: H256, number: BlockNumber, justification: &Bytes) -> Result<(), String> {
        let justification = GrandpaJustification::<Header>::decode_all(&mut justification.0.as_slice())
            .map_err(|_| "the justification cannot be read".to_owned())?;
        let commit = &justification.commit;
        if (commit.target_hash, commit.target_number) != (hash, number) {
            return Err(format!(
                "the justification is for block {} {:?}",
                commit.target_number, commit.target_hash
            ));
        }
        if commit.precommits.len() > MAX_VOTES || justification.votes_ancestries.len() > MAX_VOTES {
            return Err(format!("the justification has more than {MAX_VOTES} votes or headers"));
        }
        let voters = VoterSet::new(self.authorities.iter().cloned())
            .ok_or("the authority set is empty, or its weights are no weights")?;
        for vote in &commit.precommits {
            let message = Message::Precommit(vote.precommit.clone());
            match check_message_signature(&message, &vote.id, &vote.signature, justification.round, self.id) {
                SignatureResult::Valid => {}
                SignatureResult::OutdatedSet => {
                    return Err(format!("a vote is signed for the set before set {}", self.id));
                }
                SignatureResult::Invalid => {
                    return Err(format!("a vote is not signed by its voter for set {}", self.id));
                }
            }
        }

        let ancestry = Ancestry::new(&justification.votes_ancestries, (hash, number))?;
        for vote in &commit.precommits {
            if ancestry.numbers.get(&vote.precommit.target_hash) != Some(&vote.precommit.target_number) {
                return Err("a vote is for a block that the justification does not connect".into());
            }
        }
        let votes = commit.precommits.iter().map(|vote| &vote.precommit);
        ancestry.all_used(votes.map(|vote| (vote.target_hash, vote.target_number)))?;

        let counted = validate_commit(commit, &voters, &ancestry);
        if counted.is_ok_and(|counted| counted.is_valid()) {
            return Ok(());
        }
        Err(format!(
            "too few votes: more than two thirds of set {} ({} authorities) are needed",
            self.id,
            self.authorities.len()
        ))
    }

    /// The set after this one, if the header announces one.
    pub(super) fn after(&self, header: &Header) -> Result<Option<AuthoritySet>, String> {
        let Some(authorities) = header::next_authorities(header)? else { return Ok(None) };
        let id = self.id.checked_add(1).ok_or("the number of the set is the highest there is")?;
        // Refused here already, so that no checkpoint can hold one that could finalize nothing.
        VoterSet::<AuthorityId>::new(authorities.iter().cloned())
            .ok_or("it announces a set of no authorities")?;
        Ok(Some(AuthoritySet { id, authorities }))
    }
}

/// The headers that a justification brings.
struct Ancestry {
    parents: HashMap<H256, H256>,
    // Of every block that they name, the justified one included.
    numbers: HashMap<H256, BlockNumber>,
}

impl Ancestry {
    fn new(headers: &[Header], justified: (H256, BlockNumber)) -> Result<Self, String> {
        let mut parents = HashMap::new();
        let mut numbers = HashMap::from([justified]);
        for header in headers {
            let (hash, number) = (header.hash(), *header.number());
            parents.insert(hash, *header.parent_hash());
            let before = number.checked_sub(1).ok_or("a header of the justification has number 0")?;
            for (hash, number) in [(hash, number), (*header.parent_hash(), before)] {
                if *numbers.entry(hash).or_insert(number) != number {
                    return Err("the headers of the justification are not numbered one by one".into());
                }
            }
        }
        Ok(Ancestry { parents, numbers })
    }

    /// Fails if a header lies on no way from a vote down to the lowest block that is voted for.
    fn all_used(&self, votes: impl Iterator<Item = (H256, BlockNumber)>) -> Result<(), String> {
        let votes: Vec<_> = votes.collect();
        let Some((base, _)) = votes.iter().min_by_key(|(_, number)| number) else {
            return Err("the justification has no votes".into());
        };
        let mut used = HashSet::new();
        for (vote, _) in &votes {
            let mut at = *vote;
            while at != *base && used.insert(at) {
                at = *self
                    .parents
                    .get(&at)
                    .ok_or("a vote is for a block that the justification does not connect")?;
            }
        }
        if used.len() != self.parents.len() {
            return Err("the justification brings headers that no vote needs".into());
        }
        Ok(())
    }
}

impl Chain<H256, BlockNumber> for Ancestry {
    // From the parent of `block` down to the child of `base`.
    fn ancestry(&self, base: H256, block: H256) -> Result<Vec<H256>, GrandpaError> {
        let mut route = Vec::new();
        let mut at = block;
        while at != base {
            at = *self.parents.get(&at).ok_or(GrandpaError::NotDescendent)?;
            route.push(at);
        }
        route.pop();
        Ok(route)
    }
}

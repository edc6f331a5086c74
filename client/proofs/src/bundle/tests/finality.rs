//! When a set has made a block final.

use super::{
    super::{AuthoritySet, Bytes, Final, Header},
    chain::*,
};
use codec::{DecodeAll, Encode};
use finality_grandpa::Commit;
use galen_primitives::{BlockNumber, H256};
use proptest::prelude::*;
use sp_core::Pair;
use sp_runtime::traits::Header as _;
use std::collections::BTreeSet;

type Block = (H256, BlockNumber);

fn child(parent: &Header, salt: u8) -> Header {
    header(*parent.number() + 1, parent.hash(), H256([salt; 32]), Vec::new())
}

fn block(header: &Header) -> Block {
    (header.hash(), *header.number())
}

/// A justification of `target` out of these votes, with these headers.
fn justification(target: Block, set_id: u64, votes: &[(u8, Block)], headers: Vec<Header>) -> Bytes {
    let precommits = votes.iter().map(|(voter, block)| vote(*voter, set_id, *block)).collect();
    let commit = Commit { target_hash: target.0, target_number: target.1, precommits };
    Bytes(Commits { round: ROUND, commit, votes_ancestries: headers }.encode())
}

fn all_for(target: Block, voters: impl IntoIterator<Item = u8>) -> Vec<(u8, Block)> {
    voters.into_iter().map(|voter| (voter, target)).collect()
}

fn finalizes(
    set: &AuthoritySet,
    target: Block,
    votes: &[(u8, Block)],
    headers: Vec<Header>,
) -> Result<(), String> {
    set.finalizes(target.0, target.1, &justification(target, set.id, votes, headers))
}

fn says(result: Result<(), String>, words: &str) {
    let why = result.unwrap_err();
    assert!(why.contains(words), "{why}");
}

fn some_block() -> Header {
    header(40, H256([1; 32]), H256([2; 32]), Vec::new())
}

#[test]
fn more_than_two_thirds_are_needed() {
    let target = block(&some_block());
    for (authorities, needed) in [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (9, 7), (10, 7)] {
        let set = set(5, 1..=authorities);
        assert_eq!(finalizes(&set, target, &all_for(target, 1..=needed), vec![]), Ok(()));
        // Of 3, 6 and 9, what is left are two thirds exactly.
        says(
            finalizes(&set, target, &all_for(target, 1..needed), vec![]),
            if needed == 1 { "" } else { "too few votes" },
        );
    }
}

#[test]
fn weights_count_and_not_heads() {
    let target = block(&some_block());
    let mut set = set(5, 1..=4);
    set.authorities[0].1 = 9;
    assert_eq!(finalizes(&set, target, &all_for(target, [1]), vec![]), Ok(()));
    says(finalizes(&set, target, &all_for(target, 2..=4), vec![]), "too few votes");
    set.authorities[0].1 = 0;
    assert_eq!(finalizes(&set, target, &all_for(target, 2..=4), vec![]), Ok(()));
    set.authorities[0].1 = u64::MAX;
    says(finalizes(&set, target, &all_for(target, 1..=4), vec![]), "no weights");
}

#[test]
fn a_vote_given_twice_counts_once_and_others_votes_do_not() {
    let target = block(&some_block());
    let set = set(5, 1..=4);
    says(finalizes(&set, target, &all_for(target, [1, 1, 1, 2, 2]), vec![]), "too few votes");
    says(finalizes(&set, target, &all_for(target, [1, 2, 11, 12, 13]), vec![]), "too few votes");
    assert_eq!(finalizes(&set, target, &all_for(target, [1, 2, 2, 3, 11]), vec![]), Ok(()));
}

#[test]
fn votes_for_later_blocks_count_if_the_headers_lead_back() {
    let target = some_block();
    let next = child(&target, 7);
    let after = child(&next, 7);
    let set = set(5, 1..=4);
    let votes = [(1, block(&target)), (2, block(&next)), (3, block(&after))];
    let headers = vec![next.clone(), after.clone()];
    assert_eq!(finalizes(&set, block(&target), &votes, headers.clone()), Ok(()));
    // In any order, but each of them, and no other.
    assert_eq!(finalizes(&set, block(&target), &votes, vec![after.clone(), next.clone()]), Ok(()));
    says(finalizes(&set, block(&target), &votes, vec![after.clone()]), "connect");
    says(finalizes(&set, block(&target), &votes, vec![]), "connect");
    let surplus = [headers.clone(), vec![child(&after, 7)]].concat();
    says(finalizes(&set, block(&target), &votes, surplus), "no vote needs");
    // More than two thirds are for a later block: that one is final by this commit, and the commit should say so.
    let votes = all_for(block(&next), 1..=4);
    assert!(
        finalizes(&set, block(&target), &[votes, all_for(block(&target), [4])].concat(), vec![next]).is_err()
    );
}

#[test]
fn votes_for_a_fork_do_not_count() {
    let parent = header(39, H256([8; 32]), H256([2; 32]), Vec::new());
    let (target, fork) = (child(&parent, 1), child(&parent, 2));
    let set = set(5, 1..=4);
    let votes = [(1, block(&target)), (2, block(&target)), (3, block(&fork)), (4, block(&parent))];
    let headers = vec![target.clone(), fork.clone()];
    says(finalizes(&set, block(&target), &votes, headers.clone()), "too few votes");
    // Who votes for both is counted for both, as the paper has it: less than a third do that.
    let votes = [votes.as_slice(), &[(3, block(&target))]].concat();
    assert_eq!(finalizes(&set, block(&target), &votes, headers), Ok(()));
}

#[test]
fn forged_numbers_of_blocks_are_refused() {
    let target = some_block();
    let next = child(&target, 7);
    let set = set(5, 1..=4);
    // Validly signed, but that hash is not block 0, 41 or the highest.
    for number in [0, 41, BlockNumber::MAX] {
        let votes = [all_for(block(&target), 1..=3), vec![(4, (target.hash(), number))]].concat();
        says(finalizes(&set, block(&target), &votes, vec![]), "connect");
    }
    let mut misnumbered = next.clone();
    misnumbered.set_number(1000);
    let votes = [all_for(block(&target), 1..=3), vec![(4, block(&misnumbered))]].concat();
    says(finalizes(&set, block(&target), &votes, vec![misnumbered]), "one by one");
    let mut zero = next;
    zero.set_number(0);
    let votes = [all_for(block(&target), 1..=3), vec![(4, block(&zero))]].concat();
    says(finalizes(&set, block(&target), &votes, vec![zero]), "number 0");
}

#[test]
fn signatures_bind_voter_round_set_and_block() {
    let target = block(&some_block());
    let set = set(5, 1..=4);
    let honest = justification(target, 5, &all_for(target, 1..=4), vec![]);
    let check = |change: &dyn Fn(&mut Commits)| {
        let mut commits = Commits::decode_all(&mut honest.0.as_slice()).unwrap();
        change(&mut commits);
        set.finalizes(target.0, target.1, &Bytes(commits.encode()))
    };
    assert_eq!(check(&|_| ()), Ok(()));
    says(check(&|commits| commits.round += 1), "not signed");
    says(check(&|commits| commits.commit.precommits[0].id = authority(2).public()), "not signed");
    says(check(&|commits| commits.commit.precommits[0].precommit.target_number += 1), "not signed");
    says(check(&|commits| commits.commit.precommits[3] = vote(4, 4, target)), "set before");
    says(check(&|commits| commits.commit.precommits[3] = vote(4, 6, target)), "not signed");
    says(check(&|commits| commits.commit.precommits.clear()), "no votes");
    says(check(&|commits| commits.commit.target_number += 1), "the justification is for block 41");
    // A vote of an outsider does not count, but it must be signed all the same.
    says(check(&|commits| commits.commit.precommits.push(vote(9, 4, target))), "set before");
    let many =
        |commits: &mut Commits| commits.commit.precommits = vec![commits.commit.precommits[0].clone(); 5000];
    says(check(&many), "more than 4096 votes");
}

#[test]
fn a_justification_of_the_set_before_is_refused() {
    let target = some_block();
    let Final { justification, .. } = justified(&target, 4, 1..=4);
    says(set(5, 1..=4).finalizes(target.hash(), 40, &justification), "signed for the set before set 5");
    says(set(6, 1..=4).finalizes(target.hash(), 40, &justification), "not signed");
    says(set(0, 1..=4).finalizes(target.hash(), 40, &justification), "not signed");
    assert_eq!(set(4, 1..=4).finalizes(target.hash(), 40, &justification), Ok(()));
}

/// A small tree: `parent`, its child `target`, and two children of that.
fn tree() -> [Header; 4] {
    let parent = header(39, H256([8; 32]), H256([2; 32]), Vec::new());
    let target = child(&parent, 1);
    let (left, right) = (child(&target, 1), child(&target, 2));
    [parent, target, left, right]
}

/// Whether a block of the [tree] is final, counted from the definition: the weight of all who voted for it or for something above
/// it, or for two different blocks, is more than two thirds.
fn wins(block: usize, weights: &[u64], votes: &[BTreeSet<usize>]) -> bool {
    let at_or_above = |vote: &usize| *vote == block || (block == 1 && *vote > 1);
    let counted =
        weights.iter().zip(votes).filter(|(_, votes)| votes.len() > 1 || votes.iter().any(at_or_above));
    counted.map(|(weight, _)| weight).sum::<u64>() * 3 > weights.iter().sum::<u64>() * 2
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn votes_are_counted_as_defined(
        voters in proptest::collection::vec((1u64..4, proptest::collection::btree_set(0usize..4, 0..=2)), 1..8)
    ) {
        let tree = tree();
        let blocks = tree.each_ref().map(block);
        let (weights, votes): (Vec<u64>, Vec<BTreeSet<usize>>) = voters.into_iter().unzip();
        let mut set = set(5, 1..=weights.len() as u8);
        for (authority, weight) in set.authorities.iter_mut().zip(&weights) {
            authority.1 = *weight;
        }
        let cast: Vec<(u8, Block)> = votes
            .iter()
            .enumerate()
            .flat_map(|(voter, votes)| votes.iter().map(move |vote| (voter as u8 + 1, blocks[*vote])))
            .collect();
        // Headers from each vote down to the lowest one.
        let voted: BTreeSet<usize> = votes.iter().flatten().copied().collect();
        let lowest = voted.first().copied().unwrap_or(0);
        let used = |block: usize| {
            block > lowest && (voted.contains(&block) || (block == 1 && voted.iter().any(|vote| *vote > 1)))
        };
        let headers: Vec<Header> = (1..4).filter(|block| used(*block)).map(|block| tree[block].clone()).collect();
        let found = finalizes(&set, blocks[1], &cast, headers);

        // A commit is for the highest block that is final by it, and all its votes are above the lowest.
        let [target, left, right] = [1, 2, 3].map(|block| wins(block, &weights, &votes));
        let based = lowest < 2 && !voted.is_empty();
        if found.is_ok() {
            prop_assert!(target && based, "{:?} {:?}", weights, votes);
        } else {
            prop_assert!(!(target && based) || left || right, "{:?} {:?}: {:?}", weights, votes, found);
        }
        // Of who voted for two blocks, the second vote alone does not make a block the highest.
        if votes.iter().all(|votes| votes.len() < 2) {
            prop_assert_eq!(found.is_ok(), target && based && !left && !right, "{:?} {:?}", weights, votes);
        }
    }
}

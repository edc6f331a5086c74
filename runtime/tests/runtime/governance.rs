//! Two thirds of the council reach Root by `Consortium::govern`, and nothing less does.

use crate::{account, on_chain};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use galen_runtime::{
    AccountId, Council, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
    genesis::{DEVELOPMENT, LOCAL},
};
use sp_runtime::traits::{BlakeTwo256, Dispatchable, Hash};

fn govern(call: impl Into<RuntimeCall>) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::govern { call: Box::new(call.into()) })
}

fn propose(seed: &str, threshold: u32, proposal: &RuntimeCall) -> sp_core::H256 {
    let length = u32::try_from(proposal.encoded_size()).unwrap();
    assert_ok!(Council::propose(
        RuntimeOrigin::signed(account(seed)),
        threshold,
        Box::new(proposal.clone()),
        length
    ));
    BlakeTwo256::hash_of(proposal)
}

fn close(proposal: &RuntimeCall, hash: sp_core::H256) {
    use frame_support::dispatch::GetDispatchInfo;
    let length = u32::try_from(proposal.encoded_size()).unwrap();
    let weight = proposal.get_dispatch_info().call_weight;
    assert_ok!(Council::close(RuntimeOrigin::signed(account("Eve")), hash, 0, weight, length));
}

fn seats() -> u32 {
    pallet_staking::ValidatorCount::<Runtime>::get()
}

fn set_seats(new: u32) -> pallet_staking::Call<Runtime> {
    pallet_staking::Call::set_validator_count { new }
}

#[test]
fn a_council_of_one_reaches_root() {
    on_chain(DEVELOPMENT, || {
        propose("Alice", 1, &govern(RuntimeCall::Staking(set_seats(7))));
        assert_eq!(seats(), 7);
    });
}

#[test]
fn three_of_four_reach_root() {
    on_chain(LOCAL, || {
        let motion = govern(RuntimeCall::Staking(set_seats(7)));
        let hash = propose("Alice", 3, &motion);
        for seed in ["Alice", "Bob", "Charlie"] {
            assert_ok!(Council::vote(RuntimeOrigin::signed(account(seed)), hash, 0, true));
        }
        assert_eq!(seats(), 4);
        close(&motion, hash);
        assert_eq!(seats(), 7);
    });
}

#[test]
fn two_of_four_do_not() {
    on_chain(LOCAL, || {
        let motion = govern(RuntimeCall::Staking(set_seats(7)));
        let hash = propose("Alice", 2, &motion);
        for seed in ["Alice", "Bob"] {
            assert_ok!(Council::vote(RuntimeOrigin::signed(account(seed)), hash, 0, true));
        }
        close(&motion, hash);
        assert_eq!(seats(), 4);
        System::assert_has_event(RuntimeEvent::Council(pallet_collective::Event::Executed {
            proposal_hash: hash,
            result: Err(sp_runtime::DispatchError::BadOrigin),
        }));
    });
}

#[test]
fn one_of_four_neither_proposes_nor_executes_its_way_to_root() {
    on_chain(LOCAL, || {
        let motion = govern(RuntimeCall::Staking(set_seats(7)));
        propose("Alice", 1, &motion);
        let length = u32::try_from(motion.encoded_size()).unwrap();
        assert_ok!(Council::execute(
            RuntimeOrigin::signed(account("Alice")),
            Box::new(motion.clone()),
            length
        ));
        assert_noop!(
            motion.dispatch(RuntimeOrigin::signed(account("Alice"))).map_err(|error| error.error),
            sp_runtime::DispatchError::BadOrigin
        );
        assert_eq!(seats(), 4);
    });
}

#[test]
fn the_council_sets_its_own_members() {
    on_chain(DEVELOPMENT, || {
        let members: Vec<AccountId> = vec![account("Alice"), account("Bob")];
        let set =
            pallet_collective::Call::set_members { new_members: members.clone(), prime: None, old_count: 1 };
        propose("Alice", 1, &govern(RuntimeCall::Council(set)));
        let mut council = pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get();
        council.sort();
        let mut expected = members;
        expected.sort();
        assert_eq!(council, expected);
        // One of two is no longer enough.
        propose("Alice", 1, &govern(RuntimeCall::Staking(set_seats(7))));
        assert_eq!(seats(), 1);
    });
}

fn vote(motion: &RuntimeCall, threshold: u32, seeds: &[&str]) {
    let (first, _) = seeds.split_first().unwrap();
    let hash = propose(first, threshold, motion);
    let index = pallet_collective::ProposalCount::<Runtime, pallet_collective::Instance1>::get() - 1;
    for seed in seeds {
        assert_ok!(Council::vote(RuntimeOrigin::signed(account(seed)), hash, index, true));
    }
    use frame_support::dispatch::GetDispatchInfo;
    let length = u32::try_from(motion.encoded_size()).unwrap();
    let weight = motion.get_dispatch_info().call_weight;
    assert_ok!(Council::close(RuntimeOrigin::signed(account("Eve")), hash, index, weight, length));
}

fn outcome(motion: &RuntimeCall) -> sp_runtime::DispatchResult {
    let hash = BlakeTwo256::hash_of(motion);
    let executed = System::events().into_iter().rev().find_map(|record| match record.event {
        RuntimeEvent::Council(pallet_collective::Event::Executed { proposal_hash, result })
            if proposal_hash == hash =>
        {
            Some(result)
        }
        _ => None,
    });
    executed.unwrap()
}

const REFUSED: sp_runtime::DispatchResult = Err(sp_runtime::DispatchError::BadOrigin);

fn evict(seed: &str) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::evict { account: account(seed) })
}

fn suspend(seed: &str) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::suspend { account: account(seed), blocks: 100 })
}

fn is_member(seed: &str) -> bool {
    <galen_runtime::Consortium as galen_primitives::traits::Consortium>::is_member(&account(seed))
}

#[test]
fn half_of_four_neither_evict_nor_suspend() {
    on_chain(LOCAL, || {
        for motion in [evict("Dave"), suspend("Dave")] {
            vote(&motion, 2, &["Alice", "Bob"]);
            assert_eq!(outcome(&motion), REFUSED);
            assert!(is_member("Dave"));
        }
        vote(&evict("Dave"), 3, &["Alice", "Bob", "Charlie"]);
        assert!(!is_member("Dave"));
    });
}

#[test]
fn more_than_half_suspend_and_two_thirds_evict() {
    on_chain(LOCAL, || {
        let members = ["Alice", "Bob", "Charlie", "Dave", "Eve"].map(account).to_vec();
        let set = pallet_collective::Call::set_members { new_members: members, prime: None, old_count: 4 };
        assert_ok!(RuntimeCall::Council(set).dispatch(RuntimeOrigin::root()));

        let three = ["Alice", "Bob", "Charlie"];
        let calls: [RuntimeCall; 4] = [
            evict("Dave"),
            govern(RuntimeCall::Staking(set_seats(7))),
            RuntimeCall::Consortium(pallet_consortium::Call::lift_suspension { account: account("Dave") }),
            RuntimeCall::Consortium(pallet_consortium::Call::set_expiry {
                account: account("Dave"),
                expires_at: Some(1),
            }),
        ];
        vote(&suspend("Dave"), 3, &three);
        assert_eq!(outcome(&suspend("Dave")), Ok(()));
        assert!(!is_member("Dave"));
        for motion in &calls {
            vote(motion, 3, &three);
            assert_eq!(outcome(motion), REFUSED);
        }
        let four = ["Alice", "Bob", "Charlie", "Eve"];
        vote(&calls[2], 4, &four);
        assert!(is_member("Dave"));
        vote(&calls[0], 4, &four);
        assert!(galen_runtime::Consortium::member(account("Dave")).is_none());
    });
}

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

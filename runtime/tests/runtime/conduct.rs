//! Validators' conduct: who stays away loses its seat, who equivocates loses stake.

use crate::{account, on_chain, pair, preset, run_sessions, run_to, switch_off};
use codec::{Decode, Encode};
use frame_support::{
    assert_noop, assert_ok,
    traits::{Get, KeyOwnerProofSystem, fungible::Inspect},
};
use frame_system::offchain::CreateAuthorizedTransaction;
use galen_primitives::audit::{Entry, Kind, account_subject};
use galen_runtime::{
    Authorship, Babe, Balance, Balances, Conduct, Executive, GLN, Grandpa, Header, Historical, ImOnline,
    Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Session, Staking, System, UncheckedExtrinsic,
    configs::fees::TreasuryAccount,
    genesis::{CONSORTIUM, DEVELOPMENT, LOCAL},
    limits::STAKE_ENDOWMENT,
    parameters::{SessionsPerEra, SlashDeferEras},
};
use pallet_conduct::AbsenceThreshold;
use pallet_im_online::Heartbeat;
use sp_consensus_babe::{
    EquivocationProof,
    digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest},
};
use sp_core::{H256, Pair, ed25519};
use sp_runtime::{
    BuildStorage, Digest, DigestItem, Perbill,
    traits::{Dispatchable, Header as _},
    transaction_validity::InvalidTransaction,
};
use sp_session::MembershipProof;
use sp_staking::StakingInterface;

const HOSPITALS: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

fn seated(seed: &str) -> bool {
    Session::validators().contains(&account(seed))
}

fn stands(seed: &str) -> bool {
    pallet_staking::Validators::<Runtime>::contains_key(account(seed))
}

fn absent_sessions(seed: &str) -> u32 {
    Conduct::absent_sessions(&account(seed))
}

fn end_session() {
    let session = Session::current_index();
    while Session::current_index() == session {
        run_to(System::block_number() + 1);
    }
}

// Not the first of a session: pallet-session leaves no room in that.
fn next_block() {
    run_to(System::block_number() + 1);
}

// An equivocator does not put the report of it into a block of its own: disabled at once, it could not author
// that.
fn next_block_of_another(seed: &str) {
    next_block();
    while Authorship::author() == Some(account(seed)) {
        next_block();
    }
}

fn logged(kind: Kind) -> Vec<Entry> {
    let entries = pallet_audit::Entries::<Runtime>::iter_values();
    let mut entries: Vec<Entry> = entries.filter(|entry| entry.kind == kind).collect();
    entries.sort_by_key(|entry| entry.index);
    entries
}

fn assert_logged_once(kind: Kind, seed: &str) {
    let entries: Vec<_> =
        logged(kind).into_iter().map(|entry| (entry.hospital, entry.subject, entry.patient)).collect();
    assert_eq!(entries, [(Some(account(seed)), account_subject(&account(seed)), None)]);
}

fn active_era() -> u32 {
    pallet_staking::ActiveEra::<Runtime>::get().unwrap().index
}

#[test]
fn who_stays_away_loses_its_seat_at_the_next_era() {
    on_chain(LOCAL, || {
        end_session();
        switch_off(&["Dave"]);
        let threshold = AbsenceThreshold::<Runtime>::get();
        for session in 1..threshold {
            end_session();
            assert_eq!(absent_sessions("Dave"), session);
            assert!(stands("Dave"));
        }
        end_session();
        assert!(!stands("Dave"));
        assert!(
            ["Alice", "Bob", "Charlie"].into_iter().all(|seed| stands(seed) && absent_sessions(seed) == 0)
        );
        assert_logged_once(Kind::SeatLost, "Dave");
        assert_eq!(Staking::stake(&account("Dave")).unwrap().active, STAKE_ENDOWMENT, "it costs no stake");

        // It keeps its seat for the eras that were elected before, and no longer.
        let elected = pallet_staking::CurrentEra::<Runtime>::get().unwrap();
        while pallet_staking::CurrentEra::<Runtime>::get().unwrap() == elected {
            assert!(seated("Dave"));
            end_session();
        }
        while active_era() <= elected {
            assert!(seated("Dave"));
            end_session();
        }
        assert_eq!(active_era(), elected + 1);
        assert_eq!(HOSPITALS.map(seated), [true, true, true, false]);
        assert_eq!(logged(Kind::SeatLost).len(), 1);

        // Without a seat there is nothing to be absent from. Back again, it stands again, and is elected.
        end_session();
        assert_eq!(absent_sessions("Dave"), 0);
        switch_off(&[]);
        let validate = pallet_consortium::Call::<Runtime>::validate { commission: Perbill::zero() };
        assert_ok!(RuntimeCall::Consortium(validate).dispatch(RuntimeOrigin::signed(account("Dave"))));
        run_sessions(2 * SessionsPerEra::<Runtime>::get() + 1);
        assert_eq!(HOSPITALS.map(seated), [true; 4]);
        assert_eq!(HOSPITALS.map(absent_sessions), [0; 4]);
        Conduct::do_try_state().unwrap();
    });
}

#[test]
fn two_of_four_are_the_networks_fault() {
    on_chain(LOCAL, || {
        end_session();
        switch_off(&["Charlie", "Dave"]);
        for _ in 0..3 * AbsenceThreshold::<Runtime>::get() {
            let session = Session::current_index();
            end_session();
            System::assert_has_event(RuntimeEvent::Conduct(pallet_conduct::Event::AbsenceExcused {
                session,
                absent: 2,
                validators: 4,
            }));
            assert_eq!(HOSPITALS.map(absent_sessions), [0; 4]);
        }
        assert_eq!((HOSPITALS.map(stands), HOSPITALS.map(seated)), ([true; 4], [true; 4]));
        assert!(logged(Kind::SeatLost).is_empty());
    });
}

fn beat(seed: &str) {
    let index = Session::validators().iter().position(|validator| *validator == account(seed)).unwrap();
    let heartbeat = Heartbeat {
        block_number: System::block_number(),
        session_index: Session::current_index(),
        authority_index: index as u32,
        validators_len: 4,
    };
    let signature = pair(seed).sign(&heartbeat.encode()).into();
    let call = pallet_im_online::Call::heartbeat { heartbeat, signature };
    let beat = <Runtime as CreateAuthorizedTransaction<pallet_im_online::Call<Runtime>>>::create_authorized_transaction(
        RuntimeCall::ImOnline(call),
    );
    Executive::apply_extrinsic(beat).unwrap().unwrap();
    assert!(ImOnline::received_heartbeat_in_current_session(index as u32));
}

#[test]
fn a_heartbeat_is_presence_enough() {
    on_chain(LOCAL, || {
        end_session();
        switch_off(&["Dave"]);
        for _ in 0..2 * AbsenceThreshold::<Runtime>::get() {
            end_session();
            assert_eq!(absent_sessions("Dave"), 1);
            next_block();
            beat("Dave");
            end_session();
            assert_eq!(absent_sessions("Dave"), 0);
        }
        assert!(stands("Dave"));
    });
}

// Two blocks of one slot, sealed with the session key of a seed.
fn two_blocks(seed: &str) -> EquivocationProof<Header> {
    let slot = Babe::current_slot();
    let key = sp_consensus_babe::AuthorityId::from(pair(seed).public());
    let index = Babe::authorities().iter().position(|(other, _)| *other == key).unwrap();
    let block = |state_root: H256| {
        let pre_digest =
            PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: index as u32, slot });
        let digest = Digest {
            logs: vec![DigestItem::PreRuntime(sp_consensus_babe::BABE_ENGINE_ID, pre_digest.encode())],
        };
        let number = System::block_number();
        let mut header = Header::new(number, Default::default(), state_root, System::parent_hash(), digest);
        let signature = pair(seed).sign(header.hash().as_ref());
        header.digest_mut().push(<DigestItem as CompatibleDigestItem>::babe_seal(signature.into()));
        header
    };
    EquivocationProof {
        offender: key.clone(),
        slot,
        first_header: block(H256([1; 32])),
        second_header: block(H256([2; 32])),
    }
}

fn report_blocks(proof: EquivocationProof<Header>) -> RuntimeCall {
    let key = (sp_consensus_babe::KEY_TYPE, proof.offender.clone());
    RuntimeCall::Babe(pallet_babe::Call::report_equivocation_unsigned {
        equivocation_proof: Box::new(proof),
        key_owner_proof: Historical::prove(key).unwrap(),
    })
}

// Two votes of one round, signed with the session key of a seed. As in the round's messages, a prevote is
// kind 0.
fn two_votes(seed: &str) -> RuntimeCall {
    let (round, set_id) = (7u64, pallet_grandpa::CurrentSetId::<Runtime>::get());
    let voter = ed25519::Pair::from_string(&format!("//{seed}"), None).unwrap();
    let vote = |target: H256| {
        let payload = sp_consensus_grandpa::localized_payload(round, set_id, &(0u8, target, 1u32));
        ((target, 1u32), voter.sign(&payload))
    };
    let equivocation = (0u8, round, voter.public(), vote(H256([1; 32])), vote(H256([2; 32]))).encode();
    let equivocation = sp_consensus_grandpa::Equivocation::decode(&mut &equivocation[..]).unwrap();
    let key = sp_consensus_grandpa::AuthorityId::from(voter.public());
    assert!(Grandpa::grandpa_authorities().iter().any(|(other, _)| *other == key));
    RuntimeCall::Grandpa(pallet_grandpa::Call::report_equivocation_unsigned {
        equivocation_proof: Box::new(sp_consensus_grandpa::EquivocationProof::new(set_id, equivocation)),
        key_owner_proof: Historical::prove((sp_consensus_grandpa::KEY_TYPE, key)).unwrap(),
    })
}

// As a block's author puts it into its block.
fn submit(report: RuntimeCall) -> sp_runtime::ApplyExtrinsicResult {
    Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(report))
}

fn stake(seed: &str) -> Balance {
    Staking::stake(&account(seed)).unwrap().active
}

fn treasury() -> Balance {
    Balances::total_balance(&TreasuryAccount::get())
}

// One of four: (3/4)^2 of the stake.
const SLASH: Balance = STAKE_ENDOWMENT / 16 * 9;

fn is_slashed_once(report: impl FnOnce() -> RuntimeCall) {
    on_chain(LOCAL, || {
        end_session();
        next_block_of_another("Bob");
        let (issued, held) = (Balances::total_issuance(), treasury());
        let total = Balances::total_balance(&account("Bob"));
        let report = report();
        assert_ok!(submit(report.clone()).unwrap());

        assert_eq!(stake("Bob"), STAKE_ENDOWMENT - SLASH);
        assert_eq!(Balances::total_balance(&account("Bob")), total - SLASH);
        assert_eq!(treasury(), held + SLASH);
        assert_eq!(Balances::total_issuance(), issued);
        let index = Session::validators().iter().position(|validator| *validator == account("Bob")).unwrap();
        assert_eq!(Session::disabled_validators(), [index as u32]);
        assert_logged_once(Kind::OffenceReported, "Bob");
        System::assert_has_event(RuntimeEvent::Conduct(pallet_conduct::Event::OffenceReported {
            validator: account("Bob"),
            hospital: Some(account("Bob")),
            fraction: Perbill::from_rational(9u32, 16),
            session: Session::current_index(),
        }));
        for other in ["Alice", "Charlie", "Dave"] {
            assert_eq!(stake(other), STAKE_ENDOWMENT);
        }

        // The same report again, and later again, is refused.
        assert_eq!(submit(report.clone()), Err(InvalidTransaction::Stale.into()));
        run_sessions(1);
        assert_eq!(submit(report), Err(InvalidTransaction::Stale.into()));
        assert_eq!(stake("Bob"), STAKE_ENDOWMENT - SLASH);
        assert_logged_once(Kind::OffenceReported, "Bob");
    });
}

#[test]
fn who_authors_two_blocks_of_a_slot_is_slashed() {
    is_slashed_once(|| report_blocks(two_blocks("Bob")));
}

#[test]
fn who_votes_twice_in_a_round_is_slashed() {
    is_slashed_once(|| two_votes("Bob"));
}

#[test]
fn a_report_by_an_account_is_refused_the_second_time() {
    on_chain(LOCAL, || {
        let proof = two_blocks("Bob");
        let key_owner_proof: MembershipProof =
            Historical::prove((sp_consensus_babe::KEY_TYPE, proof.offender.clone())).unwrap();
        let report = RuntimeCall::Babe(pallet_babe::Call::report_equivocation {
            equivocation_proof: Box::new(proof),
            key_owner_proof,
        });
        let ferdie = RuntimeOrigin::signed(account("Ferdie"));
        assert_ok!(report.clone().dispatch(ferdie.clone()));
        assert_eq!(stake("Bob"), STAKE_ENDOWMENT - SLASH);
        assert_noop!(
            report.dispatch(ferdie).map_err(|failed| failed.error),
            pallet_babe::Error::<Runtime>::DuplicateOffenceReport
        );
    });
}

#[test]
fn what_proves_nothing_harms_nobody() {
    on_chain(LOCAL, || {
        let twice_the_same = {
            let mut proof = two_blocks("Bob");
            proof.second_header = proof.first_header.clone();
            proof
        };
        let signed_by_another = {
            let mut proof = two_blocks("Alice");
            proof.offender = two_blocks("Bob").offender;
            proof
        };
        for proof in [twice_the_same, signed_by_another] {
            next_block();
            assert_eq!(
                submit(report_blocks(proof)).unwrap(),
                Err(pallet_babe::Error::<Runtime>::InvalidEquivocationProof.into())
            );
        }
        assert_eq!(HOSPITALS.map(stake), [STAKE_ENDOWMENT; 4]);
        assert!(logged(Kind::OffenceReported).is_empty());
    });
}

#[test]
fn a_slash_waits_where_the_network_says_so() {
    on_chain(LOCAL, || {
        SlashDeferEras::<Runtime>::put(1);
        next_block_of_another("Bob");
        let era = active_era();
        let held = treasury();
        assert_ok!(submit(report_blocks(two_blocks("Bob"))).unwrap());
        // Logged and disabled at once.
        assert_logged_once(Kind::OffenceReported, "Bob");
        assert_eq!(Session::disabled_validators().len(), 1);
        while active_era() < era + 2 {
            assert_eq!((stake("Bob"), treasury()), (STAKE_ENDOWMENT, held));
            end_session();
        }
        assert_eq!((stake("Bob"), treasury()), (STAKE_ENDOWMENT - SLASH, held + SLASH));
    });
}

#[test]
fn the_council_can_cancel_a_slash_that_waits() {
    on_chain(LOCAL, || {
        SlashDeferEras::<Runtime>::put(1);
        next_block_of_another("Bob");
        let era = active_era();
        assert_ok!(submit(report_blocks(two_blocks("Bob"))).unwrap());
        let cancel = pallet_staking::Call::cancel_deferred_slash { era: era + 2, slash_indices: vec![0] };
        assert_ok!(RuntimeCall::Staking(cancel).dispatch(RuntimeOrigin::root()));
        while active_era() < era + 3 {
            end_session();
        }
        assert_eq!(stake("Bob"), STAKE_ENDOWMENT);
    });
}

#[test]
fn genesis_says_how_strict_a_network_is() {
    for (name, defer, threshold) in [(DEVELOPMENT, 0, 2), (LOCAL, 0, 2), (CONSORTIUM, 7, 4)] {
        let mut chain: sp_io::TestExternalities = preset(name).build_storage().unwrap().into();
        chain.execute_with(|| {
            assert_eq!(<Runtime as pallet_staking::Config>::SlashDeferDuration::get(), defer);
            assert_eq!(AbsenceThreshold::<Runtime>::get(), threshold);
        });
    }
    let mut silent = preset(LOCAL);
    silent.network.slash_defer_eras = None;
    sp_io::TestExternalities::from(silent.build_storage().unwrap()).execute_with(|| {
        assert!(SlashDeferEras::<Runtime>::exists());
        assert_eq!(SlashDeferEras::<Runtime>::get(), 7);
    });
}

#[test]
#[should_panic = "slash_defer_eras must be less than the eras for which stake stays bonded"]
fn a_slash_that_waits_longer_than_stake_is_refused() {
    let mut config = preset(LOCAL);
    config.network.slash_defer_eras = Some(28);
    let _ = config.build_storage();
}

#[test]
fn an_era_reward_set_by_the_council_is_logged() {
    on_chain(LOCAL, || {
        let set = pallet_conduct::Call::<Runtime>::set_era_reward { amount: 5 * GLN };
        assert_ok!(RuntimeCall::Conduct(set.clone()).dispatch(RuntimeOrigin::root()));
        assert_eq!(logged(Kind::ConductSet).len(), 1);
        let alone = RuntimeCall::Conduct(set).dispatch(RuntimeOrigin::signed(account("Alice")));
        assert_eq!(alone.unwrap_err().error, sp_runtime::DispatchError::BadOrigin);
    });
}

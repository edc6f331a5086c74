//! Session keys are taken only with a proof that whoever sets them holds them.

use crate::{account, on_chain};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use galen_runtime::{Runtime, RuntimeOrigin, Session, SessionKeys, genesis::LOCAL};
use sp_runtime::traits::OpaqueKeys;

type Error = pallet_session::Error<Runtime>;

/// New keys in this node's keystore, with the proof that they are `owner`'s.
fn keys_of(owner: &str) -> (SessionKeys, Vec<u8>) {
    let generated = SessionKeys::generate(&account(owner).encode(), None);
    (generated.keys, generated.proof.encode())
}

fn set(seed: &str, keys: &SessionKeys, proof: &[u8]) -> frame_support::dispatch::DispatchResult {
    Session::set_keys(RuntimeOrigin::signed(account(seed)), keys.clone(), proof.to_vec())
}

#[test]
fn somebody_elses_proof_is_refused() {
    on_chain(LOCAL, || {
        let (keys, proof) = keys_of("Alice");
        // Bob has read Alice's transaction: her keys and her proof do not become his.
        assert_noop!(set("Bob", &keys, &proof), Error::InvalidProof);
        // Nor does her proof serve for keys of his own, or his for hers.
        let (own, own_proof) = keys_of("Bob");
        assert_noop!(set("Bob", &own, &proof), Error::InvalidProof);
        assert_noop!(set("Bob", &keys, &own_proof), Error::InvalidProof);
        assert_ok!(set("Alice", &keys, &proof));
        assert_ok!(set("Bob", &own, &own_proof));
    });
}

#[test]
fn a_proof_that_is_none_is_refused() {
    on_chain(LOCAL, || {
        let (keys, proof) = keys_of("Alice");
        let (mut cut, mut longer, mut flipped) = (proof.clone(), proof.clone(), proof.clone());
        cut.pop();
        longer.push(0);
        flipped[7] ^= 1;
        for bad in [Vec::new(), vec![0; proof.len()], cut, longer, flipped] {
            assert_noop!(set("Alice", &keys, &bad), Error::InvalidProof);
        }
    });
}

#[test]
fn one_key_of_another_is_refused() {
    on_chain(LOCAL, || {
        let (alices, _) = keys_of("Alice");
        let (bobs, proof) = keys_of("Bob");
        for id in SessionKeys::key_ids() {
            let mixed = match *id {
                sp_core::crypto::key_types::GRANDPA => {
                    SessionKeys { grandpa: alices.grandpa.clone(), ..bobs.clone() }
                }
                sp_core::crypto::key_types::BABE => SessionKeys { babe: alices.babe.clone(), ..bobs.clone() },
                sp_core::crypto::key_types::IM_ONLINE => {
                    SessionKeys { im_online: alices.im_online.clone(), ..bobs.clone() }
                }
                sp_core::crypto::key_types::AUTHORITY_DISCOVERY => {
                    SessionKeys { authority_discovery: alices.authority_discovery.clone(), ..bobs.clone() }
                }
                other => panic!("a session key that this test does not know: {other:?}"),
            };
            assert_noop!(set("Bob", &mixed, &proof), Error::InvalidProof);
        }
    });
}

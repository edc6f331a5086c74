//! How a hospital comes to validate: keys made by its node, stake bonded, a candidacy.

use crate::{
    error::{Context, Result},
    hospital::Hospital,
    network::Network,
    node::Node,
    rpc::params,
    state::{State, authored_since},
    submit::{Call, Desk},
    wait::{eventually, seconds},
};
use galen_client::{calls, session_keys::SessionKeys};
use galen_primitives::{AccountId, BlockNumber};
use serde::Deserialize;
use std::time::Duration;

/// A set changes at the end of the era after the one in which somebody stood: two eras of 40 s and a session, doubled for a
/// slow machine.
pub const TWO_ERAS: Duration = seconds(240);

/// New session keys in a node's keystore, and the proof that the node holds them.
pub struct NewKeys {
    /// The public keys.
    pub keys: SessionKeys,
    /// The signatures over the owner's account.
    pub proof: Vec<u8>,
}

/// Has a node make session keys for an account.
pub async fn new_keys(node: &Node, owner: &AccountId) -> Result<NewKeys> {
    #[derive(Deserialize)]
    struct Answer {
        keys: String,
        proof: String,
    }
    let owner = format!("0x{}", hex::encode(<AccountId as AsRef<[u8]>>::as_ref(owner)));
    let answer: Answer = node.rpc().ask("author_rotateKeysWithOwner", params([owner.into()])).await?;
    let bytes =
        |text: &str| hex::decode(text.trim_start_matches("0x")).context(|| "author_rotateKeysWithOwner");
    Ok(NewKeys {
        keys: SessionKeys::from_bytes(&bytes(&answer.keys)?).context(|| "author_rotateKeysWithOwner")?,
        proof: bytes(&answer.proof)?,
    })
}

/// `Session.set_keys`.
pub fn set_keys(new: &NewKeys) -> Call {
    calls::set_session_keys(&new.keys, &new.proof)
}

/// `Consortium.validate` without commission.
pub fn validate() -> Call {
    calls::validate(0)
}

/// `Consortium.nominate`.
pub fn nominate(targets: &[Hospital]) -> Call {
    calls::nominate(&targets.iter().map(Hospital::account).collect::<Vec<_>>())
}

/// Bonds, has the node make keys, registers them, stands.
pub async fn stand(desk: &Desk, node: &Node, stake: u128) -> Result<()> {
    let hospital = node.hospital();
    desk.submit(&calls::bond(stake), &hospital.key()).await?;
    let keys = new_keys(node, &hospital.account()).await?;
    desk.submit(&set_keys(&keys), &hospital.key()).await?;
    desk.submit(&validate(), &hospital.key()).await?;
    Ok(())
}

/// Waits until the finalized session's validators are these; returns the session's number.
pub async fn set_is(network: &Network, expected: &[&str]) -> Result<u32> {
    let mut wanted: Vec<AccountId> = expected.iter().map(|name| Hospital::of(name).account()).collect();
    wanted.sort();
    let rpc = network.node("alice").rpc();
    let wanted = &wanted;
    eventually(&format!("the validators to be {}", expected.join(", ")), TWO_ERAS, || async move {
        let (_, head) = rpc.finalized().await?;
        let state = State::at(rpc, head);
        let (mut validators, session) = (state.validators().await?, state.session().await?);
        validators.sort();
        Ok((validators == *wanted).then_some(session))
    })
    .await
}

/// Waits until a block of this hospital, made from now on, is final at alice; returns its number.
pub async fn authors(network: &Network, name: &str) -> Result<BlockNumber> {
    let (account, rpc) = (Hospital::of(name).account(), network.node("alice").rpc());
    let (from, _) = rpc.best().await?;
    eventually(&format!("a finalized block of {name}"), seconds(180), || authored_since(rpc, &account, from))
        .await
}

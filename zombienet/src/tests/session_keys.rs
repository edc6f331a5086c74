//! Session keys rotated while the network runs.

use super::{
    Held, Lab,
    setup::desk,
    standing::{new_keys, set_keys},
};
use crate::{
    ensure,
    error::{Context, Result},
    hospital::Hospital,
    rpc::Rpc,
    state::State,
    wait::{eventually, seconds},
};
use galen_primitives::{BlockNumber, H256};
use std::{cell::Cell, time::Duration};
use tokio::time::{Instant, sleep};

/// Finality may stand still for as long while the set changes hands: a few slots, doubled for a slow machine.
const GAP: Duration = seconds(20);

pub async fn rotate(lab: &mut Lab) -> Result<Held> {
    let network = lab.four().await?;
    let (alice, rpc) = (Hospital::of("alice"), network.node("bob").rpc());
    let at_bob = desk(network, "bob").await?;

    let longest = Cell::new(Duration::ZERO);
    let rotating = async {
        // Keys of a node cannot be registered without the proof that it holds them.
        let mut stolen = new_keys(network.node("bob"), &Hospital::of("bob").account()).await?;
        let why = at_bob.refused(&set_keys(&stolen), &alice.key()).await?;
        ensure!(why == "Session.InvalidProof", "keys with another's proof: {why}");
        stolen.proof.clear();
        let why = at_bob.refused(&set_keys(&stolen), &alice.key()).await?;
        ensure!(why == "Session.InvalidProof", "keys without a proof: {why}");

        let new = new_keys(network.node("alice"), &alice.account()).await?;
        let set = at_bob.finalize(&set_keys(&new), &alice.key()).await?;
        let session = State::at(rpc, set.block).session().await?;
        let (number, authored) = eventually("a block authored with the new key", seconds(180), || {
            authored_with(rpc, &new.keys.babe)
        })
        .await?;
        ensure!(
            authored <= session + 2,
            "set in session {session}, the new keys authored first in {authored}"
        );
        // The old key is gone from the set, and finality, voted for with the new one, goes on.
        let (last, _) = rpc.finalized().await?;
        network.finalizes(last + 4, seconds(90)).await?;
        let (_, head) = rpc.finalized().await?;
        let old = H256(alice.account().into());
        ensure!(
            !State::at(rpc, head).babe_authorities().await?.contains(&old),
            "the old key is still in the set"
        );
        Ok((session, number, authored))
    };
    let (session, number, authored) = tokio::select! {
        rotated = rotating => rotated?,
        never = watch(rpc, &longest) => match never {},
    };
    ensure!(longest.get() <= GAP, "finality stood still for {} s", longest.get().as_secs());
    network.agrees().await?;
    Ok(Held::seen(format!(
        "set in session {session}, authored block {number} in session {authored}; longest pause of finality {:.1} s",
        longest.get().as_secs_f32()
    )))
}

// The finalized head and its session, if it was authored with this BABE key.
async fn authored_with(rpc: &Rpc, key: &H256) -> Result<Option<(BlockNumber, u32)>> {
    let (number, head) = rpc.finalized().await?;
    let state = State::at(rpc, head);
    let claim = rpc.header(head).await?.claim().context(|| "a block without an author")?;
    let with = state.babe_authorities().await?.get(claim.authority as usize) == Some(key);
    Ok(if with { Some((number, state.session().await?)) } else { None })
}

// Keeps the longest time for which nothing new was finalized.
async fn watch(rpc: &Rpc, longest: &Cell<Duration>) -> std::convert::Infallible {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        if let Ok((number, _)) = rpc.finalized().await
            && number > last
        {
            (last, since) = (number, Instant::now());
        }
        longest.set(longest.get().max(since.elapsed()));
        sleep(Duration::from_millis(200)).await;
    }
}

//! A network for members' nodes only.

use super::{
    Held, Lab,
    setup::{FOUR, desk},
};
use crate::{
    ensure,
    error::Result,
    hospital::Hospital,
    node::{Identity, Peering},
    spec::Genesis,
    submit::Call,
    topology::NodeConfig,
    wait::{eventually, seconds},
};
use serde_json::json;
use tokio::time::Instant;

pub async fn members_only(lab: &mut Lab) -> Result<Held> {
    let mut genesis = Genesis::of(&FOUR);
    let nodes: Vec<_> = FOUR
        .iter()
        .map(|name| json!([Hospital::of(name).address(), [Identity::of(name).peer_id()]]))
        .collect();
    genesis.more = json!({ "network": { "membersOnlyPeers": true }, "consortium": { "nodes": nodes } });
    let network = lab.start(genesis, Peering::Open).await?;

    // A stranger with the right spec and everybody's address.
    network.add(NodeConfig::new("stranger", false), false)?;
    network.node_mut("stranger").start().await?;
    let (from, _) = network.node("alice").rpc().finalized().await?;
    for name in FOUR {
        network.node(name).finalizes(from + 8, seconds(120)).await?;
    }
    let stranger = network.node("stranger").rpc();
    let (best, _) = stranger.best().await?;
    ensure!(best == 0, "a stranger's node has got {best} blocks");
    let id = network.node("stranger").peer_id();
    for name in FOUR {
        let rpc = network.node(name).rpc();
        ensure!(!rpc.peers().await?.contains(&id), "{name} has the stranger as a peer");
        ensure!(rpc.peers().await?.len() == 3, "{name} has not all members' nodes as peers");
    }

    let admitted = Instant::now();
    let nodes: Vec<Vec<u8>> =
        ["alice", "stranger"].iter().map(|name| network.node(name).peer_id().into_bytes()).collect();
    let at_alice = desk(network, "alice").await?;
    at_alice.finalize(&Call::new("Consortium", "set_nodes", (nodes,)), &Hospital::of("alice").key()).await?;
    let (head, _) = network.node("alice").rpc().finalized().await?;
    eventually("the node to sync once it is admitted", seconds(180), || async {
        Ok((stranger.finalized().await?.0 >= head).then_some(()))
    })
    .await?;
    let recovery = admitted.elapsed();
    network.agrees().await?;
    Ok(Held::recovered(
        recovery,
        format!("no block in the time of 8; synced to {head} once alice had named it"),
    ))
}

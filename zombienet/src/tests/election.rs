//! Votes decide who validates.

use super::{
    Held, Lab,
    setup::{FOUR, desk, hospitals},
    standing::{authors, nominate, set_is, stand},
};
use crate::{
    error::Result,
    hospital::Hospital,
    node::Peering,
    spec::{Genesis, STAKE},
    topology::{NodeConfig, Topology},
};
use galen_client::calls;

pub async fn era_by_votes(lab: &mut Lab) -> Result<Held> {
    let mut genesis = Genesis::of(&FOUR);
    // Five candidates will stand for four seats with equal stakes; the sixth member only votes.
    genesis.seats = Some(4);
    genesis.members = hospitals(&["eve", "ferdie"]);
    let mut topology = Topology::find("four-hospitals")?;
    topology.nodes.push(NodeConfig::new("eve", true));
    lab.prepare(&topology, genesis, Peering::Open).await?;
    let network = lab.finalizing().await?;
    let at_alice = desk(network, "alice").await?;
    let ferdie = Hospital::of("ferdie");

    stand(&at_alice, network.node("eve"), STAKE).await?;
    at_alice.submit(&calls::bond(STAKE), &ferdie.key()).await?;
    at_alice.submit(&nominate(&hospitals(&["alice", "bob", "charlie", "eve"])), &ferdie.key()).await?;
    set_is(network, &["alice", "bob", "charlie", "eve"]).await?;
    let first = authors(network, "eve").await?;

    // Other votes, another set: the same stake now backs dave instead of bob.
    at_alice.submit(&nominate(&hospitals(&["alice", "charlie", "dave", "eve"])), &ferdie.key()).await?;
    set_is(network, &["alice", "charlie", "dave", "eve"]).await?;
    let second = authors(network, "dave").await?;
    network.agrees().await?;
    Ok(Held::seen(format!("eve in for dave (block {first}), then dave for bob (block {second})")))
}

//! A network that is cut apart while it runs, and heals.

use super::{Held, Lab, setup::FOUR};
use crate::{
    ensure, error::Result, network::Network, node::Peering, spec::Genesis, topology::Topology, wait::seconds,
};
use tokio::time::Instant;

/// How soon finality must run again once the network is whole.
const RESUMES: std::time::Duration = seconds(60);

pub async fn two_and_two(lab: &mut Lab) -> Result<Held> {
    let network = lab.start(Genesis::of(&FOUR), Peering::Reserved).await?;
    let (one, other) = (["alice", "bob"], ["charlie", "dave"]);
    network.cut(&one, &other).await?;

    // Both sides go on building; what was voted for before the cut may still be finalized.
    let start = network.node("alice").rpc().best().await?.0;
    for name in FOUR {
        network.node(name).reaches(start + 2, seconds(120)).await?;
    }
    let halted = finalized(network).await?;
    for name in FOUR {
        network.node(name).reaches(start + 6, seconds(120)).await?;
    }
    let now = finalized(network).await?;
    ensure!(now == halted, "cut 2|2, a side finalized: heights {halted:?} became {now:?}");
    let (mine, theirs) =
        (network.node("alice").rpc().best().await?, network.node("dave").rpc().best().await?);
    ensure!(
        network.node("alice").rpc().hash(theirs.0.min(mine.0)).await?
            != network.node("dave").rpc().hash(theirs.0.min(mine.0)).await?,
        "the two sides have the same chain: they were not cut apart"
    );
    network.agrees().await?;
    healed(network, &one, &other, mine.0.max(theirs.0)).await
}

pub async fn three_and_one(lab: &mut Lab) -> Result<Held> {
    let network =
        lab.prepare(&Topology::find("four-hospitals")?, Genesis::of(&FOUR), Peering::Reserved).await?;
    // A node without peers authors nothing; this one shall, so that there is a fork to be given up.
    network.node_mut("dave").args = vec!["--force-authoring".into()];
    let network = lab.finalizing().await?;
    let (three, one) = (["alice", "bob", "charlie"], ["dave"]);
    network.cut(&three, &one).await?;

    let dave = network.node("dave");
    let start = dave.rpc().best().await?.0;
    dave.reaches(start + 1, seconds(120)).await?;
    let halted = dave.rpc().finalized().await?.0;
    for name in three {
        network.node(name).finalizes(halted + 6, seconds(120)).await?;
    }
    // Alone it has one slot in four.
    dave.reaches(start + 3, seconds(120)).await?;
    let now = dave.rpc().finalized().await?.0;
    ensure!(now == halted, "cut off alone, dave finalized block {now} after {halted}");
    network.agrees().await?;
    let grown = network.node("alice").rpc().best().await?.0;
    healed(network, &three, &one, grown).await
}

// Heals the cut and waits until everybody has finalized beyond what either side had.
async fn healed(network: &Network, one: &[&str], other: &[&str], grown: u32) -> Result<Held> {
    let back = Instant::now();
    network.heal(one, other).await?;
    network.finalizes(grown + 1, RESUMES).await?;
    let recovery = back.elapsed();
    network.agrees().await?;
    Ok(Held::recovered(recovery, format!("agreed beyond block {grown}")))
}

async fn finalized(network: &Network) -> Result<Vec<u32>> {
    let mut heights = Vec::new();
    for node in network.nodes() {
        heights.push(node.rpc().finalized().await?.0);
    }
    Ok(heights)
}

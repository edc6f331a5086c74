//! Seven hospitals, one that only follows, and one that comes late.

use super::{Held, Lab};
use crate::{error::Result, node::Peering, spec::Genesis, topology::Topology, wait::seconds};
use tokio::time::Instant;

pub async fn joiner(lab: &mut Lab) -> Result<Held> {
    let topology = Topology::find("seven-hospitals")?;
    let genesis = Genesis::of(&topology.validators());
    lab.prepare(&topology, genesis, Peering::Open).await?;
    let network = lab.finalizing().await?;
    // More than a session, so that warp sync has something to prove.
    network.finalizes(14, seconds(180)).await?;

    let came = Instant::now();
    network.node_mut("late").start().await?;
    let (head, _) = network.node("alice").rpc().finalized().await?;
    network.node("late").finalizes(head, seconds(180)).await?;
    let recovery = came.elapsed();
    network.agrees().await?;

    for name in ["ferdie", "one"] {
        network.node_mut(name).kill().await?;
    }
    let (before, _) = network.node("alice").rpc().finalized().await?;
    network.finalizes(before + 5, seconds(180)).await?;
    let common = network.agrees().await?;
    Ok(Held::recovered(
        recovery,
        format!("late came to {head} by warp sync; with five of seven up, {common} final on all seven nodes"),
    ))
}

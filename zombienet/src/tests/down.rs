//! Hospitals that go down and come back.

use super::{Held, Lab};
use crate::{
    ensure,
    error::Result,
    state::authored_since,
    wait::{eventually, seconds},
};
use tokio::time::Instant;

/// How soon finality must run again once enough validators are back.
const RESUMES: std::time::Duration = seconds(60);

pub async fn one_down(lab: &mut Lab) -> Result<Held> {
    let network = lab.four().await?;
    network.node_mut("dave").kill().await?;
    let (before, _) = network.node("alice").rpc().finalized().await?;
    network.finalizes(before + 4, seconds(60)).await?;

    let back = Instant::now();
    network.node_mut("dave").start().await?;
    let (head, _) = network.node("alice").rpc().finalized().await?;
    network.node("dave").finalizes(head, RESUMES).await?;
    let recovery = back.elapsed();
    network.agrees().await?;
    Ok(Held::recovered(recovery, format!("finalized {before} to {head} without it")))
}

pub async fn two_down(lab: &mut Lab) -> Result<Held> {
    let network = lab.four().await?;
    for name in ["charlie", "dave"] {
        network.node_mut(name).kill().await?;
    }
    // What was voted for before they died may still be finalized; two blocks later that is over.
    let alice = network.node("alice").rpc();
    let (best, _) = alice.best().await?;
    network.node("alice").reaches(best + 2, seconds(90)).await?;
    let (halted, _) = alice.finalized().await?;
    let (best, _) = alice.best().await?;
    for name in ["alice", "bob"] {
        network.node(name).reaches(best + 4, seconds(120)).await?;
    }
    let (grown, _) = alice.best().await?;
    for name in ["alice", "bob"] {
        let (now, _) = network.node(name).rpc().finalized().await?;
        ensure!(now == halted, "{name} finalized block {now} after {halted}, with two of four down");
    }
    network.agrees().await?;

    let back = Instant::now();
    for name in ["charlie", "dave"] {
        network.node_mut(name).launch()?;
    }
    for name in ["charlie", "dave"] {
        network.node_mut(name).ready().await?;
    }
    network.finalizes(grown, RESUMES).await?;
    let recovery = back.elapsed();
    ensure!(recovery <= RESUMES, "finality took {} s to run again", recovery.as_secs());
    network.agrees().await?;
    Ok(Held::recovered(recovery, format!("halted at {halted} while the best chain grew to {grown}")))
}

pub async fn fresh_database(lab: &mut Lab) -> Result<Held> {
    let network = lab.four().await?;
    // Far enough that there is something to sync: a session has ended.
    network.finalizes(12, seconds(90)).await?;
    let dave = network.node_mut("dave");
    dave.kill().await?;
    dave.remove_database()?;
    dave.args = vec!["--sync=warp".into()];

    let back = Instant::now();
    dave.start().await?;
    let (head, _) = network.node("alice").rpc().finalized().await?;
    network.node("dave").finalizes(head, seconds(120)).await?;
    let synced = back.elapsed();
    let account = network.node("dave").account();
    let alice = network.node("alice").rpc();
    let (from, _) = alice.best().await?;
    let number = eventually("dave to author a block that is finalized", seconds(120), || {
        authored_since(alice, &account, from)
    })
    .await?;
    let recovery = back.elapsed();
    network.agrees().await?;
    Ok(Held::recovered(
        recovery,
        format!("synced to {head} in {} s, authored block {number}", synced.as_secs()),
    ))
}

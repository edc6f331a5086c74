//! A clock that is wrong.

use super::{Held, Lab, setup::FOUR};
use crate::{
    ensure,
    error::{Context, Result},
    node::Peering,
    rpc::Rpc,
    spec::Genesis,
    state::authored_since,
    topology::Topology,
    wait::{eventually, seconds},
};
use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::time::Instant;

/// Seconds of a slot.
const SLOT: u64 = 2;
/// Less than a slot. BABE takes a block of the next slot for one of this.
const LITTLE: &str = "+0.9";
/// Two slots and a half: always more than BABE lets a block be ahead.
const MUCH: &str = "+5";

pub async fn skew(lab: &mut Lab) -> Result<Held> {
    let network = lab.prepare(&Topology::find("four-hospitals")?, Genesis::of(&FOUR), Peering::Open).await?;
    network.node_mut("dave").env = ahead(LITTLE)?;
    let network = lab.finalizing().await?;
    let account = network.node("dave").account();

    let start = network.node("alice").rpc().best().await?.0;
    let little = eventually("a finalized block of dave, less than a slot ahead", seconds(120), || {
        authored_since(network.node("alice").rpc(), &account, start)
    })
    .await?;
    network.agrees().await?;

    let dave = network.node_mut("dave");
    dave.stop().await?;
    dave.env = ahead(MUCH)?;
    dave.start().await?;
    // It really is ahead: it builds on a block of a slot that is not yet.
    let dave = network.node("dave").rpc();
    eventually("dave to build a block in the future", seconds(120), || async {
        Ok((future(dave).await? > 1).then_some(()))
    })
    .await?;
    // And nobody follows it there, while the three go on.
    let from = network.node("alice").rpc().finalized().await?.0;
    eventually("the three to finalize on", seconds(120), || async {
        let mut least = u32::MAX;
        for name in ["alice", "bob", "charlie"] {
            let rpc = network.node(name).rpc();
            ensure!(future(rpc).await? <= 1, "{name} has taken a block from the future");
            least = least.min(rpc.finalized().await?.0);
        }
        Ok((least >= from + 6).then_some(()))
    })
    .await?;
    network.agrees().await?;

    let dave = network.node_mut("dave");
    dave.stop().await?;
    dave.env.clear();
    let back = Instant::now();
    dave.start().await?;
    let from = network.node("alice").rpc().best().await?.0;
    let right = eventually("a finalized block of dave, its clock put right", seconds(120), || {
        authored_since(network.node("alice").rpc(), &account, from)
    })
    .await?;
    let recovery = back.elapsed();
    network.agrees().await?;
    Ok(Held::recovered(
        recovery,
        format!("0.9 s ahead it made block {little}, 5 s ahead none that was taken early, put right {right}"),
    ))
}

// How many slots the best block of a node is ahead of this machine's clock; 0 if it is not.
async fn future(rpc: &Rpc) -> Result<u64> {
    let (_, best) = rpc.best().await?;
    let slot = rpc.header(best).await?.claim().map_or(0, |claim| claim.slot);
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).context(|| "this machine's clock")?.as_secs() / SLOT;
    Ok(slot.saturating_sub(now))
}

// Environment of a process whose clock is ahead; its monotonic clock, by which it waits, is left alone.
fn ahead(offset: &str) -> Result<Vec<(String, String)>> {
    let library = libfaketime()?.display().to_string();
    let env = [("LD_PRELOAD", library.as_str()), ("FAKETIME", offset), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
    Ok(env.map(|(name, value)| (name.into(), value.into())).to_vec())
}

fn libfaketime() -> Result<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").context(|| "/usr/lib")?;
    let found = folders
        .filter_map(|folder| Some(folder.ok()?.path().join("faketime/libfaketimeMT.so.1")))
        .find(|library| library.is_file());
    found.context(|| "no libfaketime: install Debian's package `faketime` (scripts/setup does)")
}

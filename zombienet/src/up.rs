//! A network to play with: started, told about, stopped by Ctrl-C.

use crate::{
    error::{Context, Result},
    hospital::Hospital,
    network::{Network, model},
    node::Peering,
    programs::Programs,
    spec::{Genesis, Specs},
    topology::Topology,
    wait::seconds,
};
use std::{fmt::Write as _, future::Future, path::Path};
use tokio::time::Instant;

/// Sessions of a network to play with: 20 slots, three to an era, as in the preset `local`.
const EPOCH_BLOCKS: u32 = 20;
const SESSIONS_PER_ERA: u32 = 3;
/// How far the others are before one joins late: more than a session, so that there is something to catch up with.
const LATE: u32 = 25;

/// What a network of that name starts from.
pub fn genesis(topology: &Topology) -> Genesis {
    let mut genesis = Genesis::of(&topology.validators());
    (genesis.epoch_blocks, genesis.sessions_per_era) = (EPOCH_BLOCKS, SESSIONS_PER_ERA);
    // Well-known accounts that are not in the network, to play outsiders.
    let outside = ["eve", "ferdie", "one", "two"].map(Hospital::of);
    genesis.outsiders =
        outside.into_iter().filter(|hospital| !genesis.validators.contains(hospital)).collect();
    genesis
}

/// Starts a network in `folder`, prints how to reach it, and stops it when `stopped` is.
pub async fn up(
    programs: &Programs,
    folder: &Path,
    topology: &Topology,
    with_workers: bool,
    stopped: impl Future<Output = ()>,
) -> Result<()> {
    tokio::pin!(stopped);
    let start = Instant::now();
    let spec = Specs::new(&programs.node, folder).raw(&genesis(topology)).await?;
    let mut network = Network::prepare(programs, folder, topology, spec, Peering::Open)?;
    let running = async {
        if with_workers {
            for name in topology.validators() {
                network.add_worker(name).await?;
            }
        }
        network.start().await?;
        network.start_workers().await?;
        network.finalizes(2, seconds(120)).await?;
        let environment = folder.join("env");
        std::fs::write(&environment, exports(&network)?).context(|| environment.display().to_string())?;
        println!("{}", card(&network, &environment));
        println!("Finalizing after {} s. Ctrl-C stops it.", start.elapsed().as_secs());
        let late: Vec<String> =
            topology.nodes.iter().filter(|node| node.joins_late()).map(|node| node.name.clone()).collect();
        if !late.is_empty() {
            network.finalizes(LATE, seconds(300)).await?;
            for name in late {
                network.node_mut(&name).start().await?;
                println!("{name} joins late: {}", network.node(&name).rpc().url());
            }
        }
        watch(&mut network).await
    };
    let ended = tokio::select! {
        ended = running => ended,
        () = &mut stopped => Ok(()),
    };
    eprintln!("Stopping.");
    let stopped = network.stop().await;
    ended.and(stopped)
}

// Until a node ends by itself, which none should.
async fn watch(network: &mut Network) -> Result<()> {
    loop {
        network.ended()?;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

/// The endpoints, for people.
pub fn card(network: &Network, environment: &Path) -> String {
    let mut text = String::new();
    for node in network.nodes() {
        let role = if node.is_validator() { "validator" } else { "full node" };
        let _ = writeln!(text, "{} ({role})", node.name());
        let _ = writeln!(text, "  rpc      {}", node.rpc().url());
        let _ = writeln!(text, "  p2p      {}", node.address());
        let _ = writeln!(text, "  metrics  {}", node.metrics());
        let _ = writeln!(text, "  log      {}", node.log().display());
        if let Some(worker) = network.worker(node.name()) {
            let _ = writeln!(text, "  worker   {}", worker.url());
            let _ = writeln!(text, "  tokens   {}", worker.tokens().display());
        }
    }
    let galen = network.programs().galen.display().to_string();
    let first = network.nodes().first().map_or("", |node| node.rpc().url());
    let _ = writeln!(text, "\nAsk it:");
    let _ = writeln!(text, "  {galen} --node {first} network status");
    let _ = writeln!(text, "  {galen} --node {first} member list");
    let _ = writeln!(text, "With names instead of ports, as docs/networks.md has it:");
    let _ = write!(text, "  . {}", environment.display());
    text
}

/// The same for shells: `ALICE_NODE`, `ALICE_WORKER`, `ALICE_TOKENS` and so on, `galen` on the path.
pub fn exports(network: &Network) -> Result<String> {
    let mut text = String::from("# How to reach the network of this folder; to be sourced.\n");
    let mut export = |name: &str, value: String| {
        let quoted = value.replace('\'', r"'\''");
        let _ = writeln!(text, "export {name}='{quoted}'");
    };
    for node in network.nodes() {
        let name = node.name().to_ascii_uppercase().replace('-', "_");
        export(&format!("{name}_NODE"), node.rpc().url().into());
        export(&format!("{name}_METRICS"), node.metrics());
        if let Some(worker) = network.worker(node.name()) {
            export(&format!("{name}_WORKER"), worker.url());
            export(&format!("{name}_TOKENS"), worker.tokens().display().to_string());
        }
    }
    export("MODEL", model()?.display().to_string());
    let folder =
        network.programs().galen.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let _ = writeln!(text, "export PATH='{}':\"$PATH\"", folder.replace('\'', r"'\''"));
    Ok(text)
}

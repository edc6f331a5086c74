//! What a test is given: the programs, a folder, and the network that it makes there.

use crate::{
    error::Result,
    hospital::Hospital,
    network::Network,
    node::Peering,
    process::tail,
    programs::Programs,
    spec::{Genesis, Specs},
    submit::Desk,
    topology::Topology,
    wait::seconds,
};
use std::{path::PathBuf, rc::Rc};

/// The four hospitals of most tests.
pub const FOUR: [&str; 4] = ["alice", "bob", "charlie", "dave"];

/// A test's place to work.
pub struct Lab {
    programs: Programs,
    specs: Rc<Specs>,
    folder: PathBuf,
    network: Option<Network>,
}

impl Lab {
    /// In `folder`, which is the test's own.
    pub fn new(programs: Programs, specs: Rc<Specs>, folder: PathBuf) -> Self {
        Lab { programs, specs, folder, network: None }
    }

    /// Four hospitals, started and finalizing.
    pub async fn four(&mut self) -> Result<&mut Network> {
        self.start(Genesis::of(&FOUR), Peering::Open).await
    }

    /// Four hospitals with another genesis.
    pub async fn start(&mut self, genesis: Genesis, peering: Peering) -> Result<&mut Network> {
        self.prepare(&Topology::find("four-hospitals")?, genesis, peering).await?;
        self.finalizing().await
    }

    /// A network that is not started yet.
    pub async fn prepare(
        &mut self,
        topology: &Topology,
        genesis: Genesis,
        peering: Peering,
    ) -> Result<&mut Network> {
        // Tests run beside each other, and beside a tester's network: no port is wished for.
        let mut topology = topology.clone();
        for node in &mut topology.nodes {
            (node.rpc_port, node.p2p_port, node.prometheus_port) = (None, None, None);
        }
        let spec = self.specs.raw(&genesis).await?;
        let network = Network::prepare(&self.programs, &self.folder, &topology, spec, peering)?;
        Ok(self.network.insert(network))
    }

    /// Starts the prepared network and waits until all of it finalizes.
    pub async fn finalizing(&mut self) -> Result<&mut Network> {
        let network = self.network.as_mut().expect("a test prepares its network first");
        network.start().await?;
        network.finalizes(2, seconds(120)).await?;
        Ok(network)
    }

    /// Stops what the test started.
    pub async fn stop(&mut self) -> Result<()> {
        match self.network.take() {
            Some(mut network) => network.stop().await,
            None => Ok(()),
        }
    }

    /// The ends of all logs.
    pub fn tails(&self, lines: usize) -> String {
        let mut logs: Vec<PathBuf> = std::fs::read_dir(&self.folder)
            .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
            .unwrap_or_default();
        logs.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
        logs.sort();
        logs.iter().map(|log| format!("--- {}\n{}\n", log.display(), tail(log, lines))).collect()
    }
}

/// Hospitals by name.
pub fn hospitals(names: &[&str]) -> Vec<Hospital> {
    names.iter().map(|name| Hospital::of(name)).collect()
}

/// Where transactions are submitted: at the node of this name.
pub async fn desk(network: &Network, name: &str) -> Result<Desk> {
    Desk::open(network.node(name).rpc().url()).await
}

//! A network: nodes of one chain spec, and workers beside them, in one folder.

use crate::{
    ensure,
    error::{Context, Result},
    fail,
    node::{Node, Peering},
    process::tail,
    programs::Programs,
    rpc::params,
    topology::{NodeConfig, Topology},
    wait::{eventually, seconds},
    worker::Worker,
};
use futures::future::{join_all, try_join_all};
use galen_primitives::{BlockNumber, H256};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A network, running or not.
pub struct Network {
    programs: Programs,
    folder: PathBuf,
    spec: PathBuf,
    peering: Peering,
    nodes: Vec<Node>,
    workers: BTreeMap<String, Worker>,
}

impl Network {
    /// Makes the nodes of a network in `folder`; starts nothing.
    pub fn prepare(
        programs: &Programs,
        folder: &Path,
        topology: &Topology,
        spec: PathBuf,
        peering: Peering,
    ) -> Result<Self> {
        let mut network = Network {
            programs: programs.clone(),
            folder: folder.to_owned(),
            spec,
            peering,
            nodes: Vec::new(),
            workers: BTreeMap::new(),
        };
        for config in &topology.nodes {
            network.add(config.clone(), config.validator)?;
        }
        Ok(network)
    }

    /// Adds a node, not started; with keys, those of the hospital of its name are in its keystore.
    pub fn add(&mut self, config: NodeConfig, with_keys: bool) -> Result<()> {
        let folder = self.folder.join(&config.name);
        let node = Node::new(&self.programs.node, &self.spec, config, folder)?;
        if with_keys {
            node.insert_keys(node.hospital())?;
        }
        self.nodes.push(node);
        // Everybody is told of everybody, at the next start.
        let addresses: Vec<(String, String)> =
            self.nodes.iter().map(|n| (n.name().to_owned(), n.address())).collect();
        for node in &mut self.nodes {
            let others = addresses.iter().filter(|(name, _)| name != node.name());
            let others = others.map(|(_, address)| address.clone()).collect();
            node.meet(self.peering, others);
        }
        Ok(())
    }

    /// Gives a hospital a worker; its node learns of it at its next start.
    pub async fn add_worker(&mut self, name: &str) -> Result<()> {
        let worker = Worker::init(&self.programs, self.folder.join(format!("{name}-worker"))).await?;
        self.node_mut(name).set_worker(worker.url(), worker.token("node"));
        self.workers.insert(name.to_owned(), worker);
        Ok(())
    }

    /// Starts the nodes that do not join late, all at once, and waits until they answer.
    pub async fn start(&mut self) -> Result<()> {
        let first = self.nodes.iter_mut().filter(|node| !node.joins_late());
        try_join_all(first.map(Node::start)).await.map(|_| ())
    }

    /// Starts the workers, with the model that ships.
    pub async fn start_workers(&mut self) -> Result<()> {
        let model = model()?;
        for (name, worker) in &mut self.workers {
            let node = self.nodes.iter().find(|node| node.name() == name).context(|| name.clone())?;
            worker
                .start(&self.programs, node.rpc().url(), &model)
                .await
                .context(|| format!("{name}'s worker"))?;
        }
        Ok(())
    }

    /// Stops everything, workers first.
    pub async fn stop(&mut self) -> Result<()> {
        let workers = join_all(self.workers.values_mut().map(Worker::stop)).await;
        let nodes = join_all(self.nodes.iter_mut().map(Node::stop)).await;
        workers.into_iter().chain(nodes).collect()
    }

    /// An error if a node that was started has ended by itself.
    pub fn ended(&mut self) -> Result<()> {
        for node in &mut self.nodes {
            if let Some(status) = node.ended()? {
                fail!("{} ended by itself ({status}):\n{}", node.name(), tail(&node.log(), 10));
            }
        }
        Ok(())
    }

    /// Where it is kept.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its programs.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Its nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A node by name. Names are the test's own, so a wrong one is a fault of the test.
    pub fn node(&self, name: &str) -> &Node {
        self.nodes.iter().find(|node| node.name() == name).unwrap_or_else(|| panic!("no node {name}"))
    }

    /// A node by name, to start and stop.
    pub fn node_mut(&mut self, name: &str) -> &mut Node {
        self.nodes.iter_mut().find(|node| node.name() == name).unwrap_or_else(|| panic!("no node {name}"))
    }

    /// A hospital's worker, if it has one.
    pub fn worker(&self, name: &str) -> Option<&Worker> {
        self.workers.get(name)
    }

    /// Waits until all running nodes have finalized block `number`.
    pub async fn finalizes(&self, number: BlockNumber, limit: std::time::Duration) -> Result<()> {
        let running = self.nodes.iter().filter(|node| node.is_running());
        try_join_all(running.map(|node| node.finalizes(number, limit))).await.map(|_| ())
    }

    /// Checks that running nodes have one finalized history: equal hashes at every height that both have finalized. Returns
    /// the height that all of them have.
    pub async fn agrees(&self) -> Result<BlockNumber> {
        let mut heights: BTreeMap<BlockNumber, (H256, &str)> = BTreeMap::new();
        let mut lowest = BlockNumber::MAX;
        for node in self.nodes.iter().filter(|node| node.is_running()) {
            let (last, head) = node.rpc().finalized().await?;
            lowest = lowest.min(last);
            let (mut number, mut hash) = (last, head);
            // From its finalized head along the parents: not what it calls its best chain.
            loop {
                let (known, first) = *heights.entry(number).or_insert((hash, node.name()));
                ensure!(
                    known == hash,
                    "two finalized histories: at height {number}, {first} has {known:?} and {} has {hash:?}",
                    node.name()
                );
                // A node that came by warp sync may not have the oldest headers yet.
                let Ok(header) = node.rpc().header(hash).await else { break };
                if number == 0 {
                    break;
                }
                (number, hash) = (number - 1, header.parent_hash);
            }
        }
        Ok(lowest)
    }

    /// Cuts the network between two groups, on both sides, while it runs. Needs [`Peering::Reserved`].
    pub async fn cut(&self, one: &[&str], other: &[&str]) -> Result<()> {
        for (here, there) in pairs(one, other) {
            self.node(here)
                .rpc()
                .ask::<()>("system_removeReservedPeer", params([self.node(there).peer_id().into()]))
                .await?;
        }
        for (here, there) in pairs(one, other) {
            let (rpc, peer) = (self.node(here).rpc(), self.node(there).peer_id());
            eventually(&format!("{here} to have lost {there}"), seconds(30), || async {
                Ok((!rpc.peers().await?.contains(&peer)).then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    /// Connects the two groups again.
    pub async fn heal(&self, one: &[&str], other: &[&str]) -> Result<()> {
        for (here, there) in pairs(one, other) {
            self.node(here)
                .rpc()
                .ask::<()>("system_addReservedPeer", params([self.node(there).address().into()]))
                .await?;
        }
        Ok(())
    }
}

// Each of one group with each of the other, both ways.
fn pairs<'a>(one: &'a [&'a str], other: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let there = one.iter().flat_map(move |a| other.iter().map(move |b| (*a, *b)));
    let back = other.iter().flat_map(move |a| one.iter().map(move |b| (*a, *b)));
    there.chain(back)
}

/// The model that ships: what `GALEN_MODEL` names, or the file of this source tree.
pub fn model() -> Result<PathBuf> {
    let path = std::env::var_os("GALEN_MODEL").map(PathBuf::from).unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../ai-worker/models/galen-extract-v1.gguf")
    });
    ensure!(path.is_file(), "no model at {}: name one in GALEN_MODEL", path.display());
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_goes_both_ways() {
        let cut: Vec<_> = pairs(&["a"], &["b", "c"]).collect();
        assert_eq!(cut, [("a", "b"), ("a", "c"), ("b", "a"), ("c", "a")]);
    }
}

//! One node: its keys, its folder, its process, its RPC.

use crate::{
    ensure,
    error::{Context, Error, Result},
    hospital::Hospital,
    keystore,
    ports::Port,
    process::{Process, tail},
    rpc::{Rpc, params},
    topology::NodeConfig,
    wait::{eventually, seconds},
};
use galen_primitives::{AccountId, BlockNumber};
use sp_core::{Pair, ed25519};
use sp_crypto_hashing::blake2_256;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The id of the chain that the specs here are of: the name of its folder in a node's base path.
const CHAIN: &str = "galen_local";

/// So often a node is started that finds ports taken.
const STARTS: usize = 3;

/// How a node finds the others, and whom it lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peering {
    /// The others are its bootnodes, and anybody may connect: how networks run.
    Open,
    /// The others are its reserved nodes, and nobody else may connect: how a network can be cut apart while it runs.
    Reserved,
}

/// A node's network identity, which follows from its name.
pub struct Identity(ed25519::Pair);

impl Identity {
    /// That of the node of this name.
    pub fn of(name: &str) -> Self {
        Identity(ed25519::Pair::from_seed(&blake2_256(format!("galen-network:{name}").as_bytes())))
    }

    /// Its id among peers: base58 of the multihash (identity) of its protobuf-encoded ed25519 key.
    pub fn peer_id(&self) -> String {
        let key = self.0.public().0;
        bs58::encode([&[0x00, 0x24, 0x08, 0x01, 0x12, 0x20], &key[..]].concat()).into_string()
    }
}

/// A node, running or not.
pub struct Node {
    config: NodeConfig,
    hospital: Hospital,
    folder: PathBuf,
    program: PathBuf,
    spec: PathBuf,
    p2p: Port,
    rpc_port: Port,
    metrics: Port,
    identity: Identity,
    peering: Peering,
    others: Vec<String>,
    worker: Option<(String, PathBuf)>,
    /// Arguments of the next start, beside those of the network.
    pub args: Vec<String>,
    /// Environment of the next start.
    pub env: Vec<(String, String)>,
    process: Option<Process>,
    rpc: Rpc,
}

impl Node {
    /// A node in `folder`, not started. Its network identity follows from its name, its ports are free ones, which it
    /// holds for as long as it lives.
    pub fn new(program: &Path, spec: &Path, config: NodeConfig, folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).context(|| folder.display().to_string())?;
        let rpc_port = Port::preferably(config.rpc_port)?;
        Ok(Node {
            hospital: Hospital::of(&config.name),
            identity: Identity::of(&config.name),
            p2p: Port::preferably(config.p2p_port)?,
            metrics: Port::preferably(config.prometheus_port)?,
            rpc: Rpc::new(url(&rpc_port)),
            rpc_port,
            config,
            folder,
            program: program.to_owned(),
            spec: spec.to_owned(),
            peering: Peering::Open,
            others: Vec::new(),
            worker: None,
            args: Vec::new(),
            env: Vec::new(),
            process: None,
        })
    }

    /// Puts the session keys and the worker key of a hospital into the keystore.
    pub fn insert_keys(&self, hospital: &Hospital) -> Result<()> {
        keystore::insert(&self.folder.join("chains").join(CHAIN).join("keystore"), hospital)
    }

    /// Tells it whom to look for.
    pub fn meet(&mut self, peering: Peering, others: Vec<String>) {
        self.peering = peering;
        self.others = others;
    }

    /// Tells it where its hospital's worker is.
    pub fn set_worker(&mut self, url: String, token: PathBuf) {
        self.worker = Some((url, token));
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// The hospital of that name.
    pub fn hospital(&self) -> &Hospital {
        &self.hospital
    }

    /// The account of that hospital.
    pub fn account(&self) -> AccountId {
        self.hospital.account()
    }

    /// Whether it is a validator.
    pub fn is_validator(&self) -> bool {
        self.config.validator
    }

    /// Whether it is to come when the others have been running for a while.
    pub fn joins_late(&self) -> bool {
        self.config.joins_late()
    }

    /// Its RPC.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// Where its log is.
    pub fn log(&self) -> PathBuf {
        self.folder.with_extension("log")
    }

    /// Where its metrics are.
    pub fn metrics(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.metrics.number())
    }

    /// Its id among peers.
    pub fn peer_id(&self) -> String {
        self.identity.peer_id()
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", self.p2p.number(), self.peer_id())
    }

    /// Starts it and waits until its RPC answers. If another program has meanwhile taken the port of its RPC or of
    /// its metrics, it is started again with others; other nodes have been told of its third one.
    pub async fn start(&mut self) -> Result<()> {
        for _ in 1..STARTS {
            self.launch()?;
            match self.ready().await {
                Err(why) if lost_port(&why.to_string()) => {
                    (self.rpc_port, self.metrics) = (Port::free()?, Port::free()?);
                    self.rpc = Rpc::new(url(&self.rpc_port));
                }
                ended => return ended,
            }
        }
        self.launch()?;
        self.ready().await
    }

    /// Starts it.
    pub fn launch(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Err(Error::new(format!("{} is running already", self.name())));
        }
        self.process = Some(Process::spawn(&self.program, self.arguments(), &self.env, &self.log())?);
        Ok(())
    }

    fn arguments(&self) -> Vec<String> {
        let mut args = vec![
            format!("--name={}", self.name()),
            format!("--chain={}", self.spec.display()),
            format!("--base-path={}", self.folder.display()),
            format!("--node-key={}", hex::encode(self.identity.0.seed())),
            format!("--listen-addr=/ip4/127.0.0.1/tcp/{}", self.p2p.number()),
            format!("--rpc-port={}", self.rpc_port.number()),
            format!("--prometheus-port={}", self.metrics.number()),
            // Loopback only, as is the default: the faults here are made over RPC.
            "--rpc-methods=unsafe".into(),
            "--no-mdns".into(),
            "--no-telemetry".into(),
        ];
        if self.config.validator {
            args.push("--validator".into());
        }
        let flag = match self.peering {
            Peering::Open => "--bootnodes",
            Peering::Reserved => {
                // With slots free, litep2p keeps a peer that is reserved no longer as an ordinary one, though none are let in.
                args.extend(
                    ["--reserved-only", "--in-peers=0", "--in-peers-light=0", "--out-peers=0"]
                        .map(String::from),
                );
                "--reserved-nodes"
            }
        };
        args.extend(self.others.iter().map(|address| format!("{flag}={address}")));
        if let Some((url, token)) = &self.worker {
            args.extend([format!("--worker-url={url}"), format!("--worker-token-file={}", token.display())]);
        }
        args.extend(self.config.args.iter().chain(&self.args).cloned());
        args
    }

    /// Waits until its RPC answers, and it is no other node that does; an error with the end of its log if it ends before
    /// that.
    pub async fn ready(&mut self) -> Result<()> {
        let what = format!("{} to answer", self.name());
        let (rpc, process, log) = (&self.rpc, &mut self.process, self.folder.with_extension("log"));
        let own = self.identity.peer_id();
        let process = process.as_mut().context(|| format!("{} is not running", self.config.name))?;
        let ended = eventually(&what, seconds(120), || {
            let (ended, own) = (process.ended(), &own);
            async move {
                if let Some(status) = ended? {
                    return Ok(Some(Some(status)));
                }
                let answering: String = rpc.ask("system_localPeerId", params([])).await?;
                ensure!(answering == *own, "another node answers at {}", rpc.url());
                rpc.best().await.map(|_| Some(None))
            }
        });
        match ended.await? {
            None => Ok(()),
            Some(status) => {
                self.process = None;
                Err(Error::new(format!("{} ended at its start ({status}):\n{}", self.name(), tail(&log, 10))))
            }
        }
    }

    /// Whether its process runs.
    pub fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// How its process ended, if it has ended by itself.
    pub fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        self.process.as_mut().map_or(Ok(None), Process::ended)
    }

    /// Stops it as an operator would.
    pub async fn stop(&mut self) -> Result<()> {
        match self.process.take() {
            Some(process) => process.stop().await,
            None => Ok(()),
        }
    }

    /// Kills it (`kill -9`).
    pub async fn kill(&mut self) -> Result<()> {
        self.process.take().context(|| format!("{} is not running", self.config.name))?.kill().await
    }

    /// Removes its database; its keys and its network identity stay.
    pub fn remove_database(&self) -> Result<()> {
        if self.process.is_some() {
            return Err(Error::new(format!("{} is running: its database cannot be removed", self.name())));
        }
        let chain = self.folder.join("chains").join(CHAIN);
        let mut removed = false;
        for entry in fs::read_dir(&chain).context(|| chain.display().to_string())? {
            let entry = entry?;
            if entry.file_name() != "keystore" && entry.file_name() != "network" {
                fs::remove_dir_all(entry.path())?;
                removed = true;
            }
        }
        if removed {
            Ok(())
        } else {
            Err(Error::new(format!("{} has no database in {}", self.name(), chain.display())))
        }
    }

    /// Waits until it has finalized block `number`.
    pub async fn finalizes(&self, number: BlockNumber, limit: std::time::Duration) -> Result<()> {
        eventually(&format!("{} to finalize block {number}", self.name()), limit, || async {
            Ok((self.rpc.finalized().await?.0 >= number).then_some(()))
        })
        .await
    }

    /// Waits until it knows a best block `number`.
    pub async fn reaches(&self, number: BlockNumber, limit: std::time::Duration) -> Result<()> {
        eventually(&format!("{} to reach block {number}", self.name()), limit, || async {
            Ok((self.rpc.best().await?.0 >= number).then_some(()))
        })
        .await
    }
}

/// Whether a node has refused to start because of a port that nobody else has been told of.
fn lost_port(said: &str) -> bool {
    let refused = |option: &&str| said.contains(option) && said.contains("another program has");
    ["--rpc-port", "--prometheus-port"].iter().any(refused)
}

fn url(rpc: &Port) -> String {
    format!("ws://127.0.0.1:{}", rpc.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(folder: &Path) -> Node {
        let config = NodeConfig::new("alice", true);
        Node::new(Path::new("galen-node"), Path::new("spec.json"), config, folder.join("alice")).unwrap()
    }

    #[test]
    fn an_identity_follows_from_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (node(folder.path()), node(folder.path()));
        assert_eq!(one.peer_id(), other.peer_id());
        assert!(one.peer_id().starts_with("12D3KooW") && one.peer_id().len() == 52);
        assert_ne!(one.address(), other.address(), "its port is its own");
    }

    #[test]
    fn the_arguments_say_how_it_meets_others() {
        let folder = tempfile::tempdir().unwrap();
        let mut node = node(folder.path());
        node.meet(Peering::Reserved, vec!["/ip4/127.0.0.1/tcp/1/p2p/x".into()]);
        let args = node.arguments();
        assert!(args.contains(&"--reserved-only".into()) && args.contains(&"--validator".into()));
        assert!(args.contains(&"--reserved-nodes=/ip4/127.0.0.1/tcp/1/p2p/x".into()));
        node.meet(Peering::Open, vec!["/ip4/127.0.0.1/tcp/1/p2p/x".into()]);
        assert!(!node.arguments().contains(&"--reserved-only".into()));
    }

    #[test]
    fn a_port_that_others_know_is_not_given_up() {
        let said = |option| format!("Error: Input(\"{option} 21000: another program has 127.0.0.1:21000\")");
        assert!(lost_port(&said("--rpc-port")) && lost_port(&said("--prometheus-port")));
        assert!(!lost_port(&said("--port")));
        assert!(!lost_port("--rpc-port: a number is needed"));
    }

    #[test]
    fn removing_the_database_leaves_the_keys() {
        let folder = tempfile::tempdir().unwrap();
        let node = node(folder.path());
        node.insert_keys(&Hospital::of("alice")).unwrap();
        let chain = folder.path().join("alice/chains").join(CHAIN);
        assert!(node.remove_database().unwrap_err().to_string().contains("no database"));
        fs::create_dir_all(chain.join("paritydb/full")).unwrap();
        fs::create_dir_all(chain.join("network")).unwrap();
        node.remove_database().unwrap();
        assert!(!chain.join("paritydb").exists());
        assert!(chain.join("network").exists());
        assert_eq!(fs::read_dir(chain.join("keystore")).unwrap().count(), 5);
    }
}

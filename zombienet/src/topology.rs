//! Networks as zombienet writes them, in TOML. What is not named here is zombienet's alone.

use crate::{
    ensure,
    error::{Context, Result},
};
use serde::Deserialize;
use std::path::Path;

/// The networks that come with this program.
pub const KNOWN: [(&str, &str); 2] = [
    ("four-hospitals", include_str!("../four-hospitals.toml")),
    ("seven-hospitals", include_str!("../seven-hospitals.toml")),
];

/// One node of a network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NodeConfig {
    /// Its name; a hospital's keys are those of the seed of that name, `alice` having `//Alice`.
    pub name: String,
    /// Whether it authors and finalises.
    #[serde(default = "yes")]
    pub validator: bool,
    /// Its arguments, instead of the network's.
    #[serde(default)]
    pub args: Vec<String>,
    /// Its RPC port, if the network asks for one.
    pub rpc_port: Option<u16>,
    /// Its p2p port, if the network asks for one.
    pub p2p_port: Option<u16>,
    /// Its metrics' port, if the network asks for one.
    pub prometheus_port: Option<u16>,
}

fn yes() -> bool {
    true
}

impl NodeConfig {
    /// A node of that name without arguments of its own.
    pub fn new(name: &str, validator: bool) -> Self {
        NodeConfig {
            name: name.into(),
            validator,
            args: Vec::new(),
            rpc_port: None,
            p2p_port: None,
            prometheus_port: None,
        }
    }

    /// Whether it is to come when the others have been running for a while: what a warp sync is for.
    pub fn joins_late(&self) -> bool {
        self.args.iter().any(|arg| arg == "--sync=warp")
    }
}

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// Its nodes.
    pub nodes: Vec<NodeConfig>,
}

#[derive(Deserialize)]
struct File {
    relaychain: Relaychain,
}

#[derive(Deserialize)]
struct Relaychain {
    #[serde(default)]
    default_args: Vec<String>,
    nodes: Vec<NodeConfig>,
}

impl Topology {
    /// The network of a name in [`KNOWN`] or of a file.
    pub fn find(name: &str) -> Result<Self> {
        if let Some((_, text)) = KNOWN.iter().find(|(known, _)| *known == name) {
            return Self::parse(text).context(|| name.to_owned());
        }
        let path = Path::new(name);
        let known: Vec<_> = KNOWN.iter().map(|(name, _)| *name).collect();
        ensure!(path.is_file(), "no network {name}: one of {}, or the path of a TOML file", known.join(", "));
        let text = std::fs::read_to_string(path).context(|| name.to_owned())?;
        Self::parse(&text).context(|| name.to_owned())
    }

    fn parse(text: &str) -> Result<Self> {
        let File { relaychain: Relaychain { default_args, mut nodes } } = toml::from_str(text)?;
        ensure!(!nodes.is_empty(), "a network needs nodes");
        for node in &mut nodes {
            let plain = node.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            ensure!(
                plain && !node.name.is_empty(),
                "`{}` is no name for a node: use a to z and -",
                node.name
            );
            // As zombienet does: a node's own arguments replace the network's.
            if node.args.is_empty() {
                node.args.clone_from(&default_args);
            }
        }
        let mut names: Vec<_> = nodes.iter().map(|node| &node.name).collect();
        names.sort();
        names.dedup();
        ensure!(names.len() == nodes.len(), "two nodes have the same name");
        Ok(Topology { nodes })
    }

    /// The names of its validators.
    pub fn validators(&self) -> Vec<&str> {
        self.nodes.iter().filter(|node| node.validator).map(|node| node.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_networks_that_come_with_it_are_read() {
        let four = Topology::find("four-hospitals").unwrap();
        assert_eq!(four.validators(), ["alice", "bob", "charlie", "dave"]);
        assert_eq!(four.nodes.len(), 4);
        let seven = Topology::find("seven-hospitals").unwrap();
        assert_eq!(seven.validators().len(), 7);
        let late: Vec<_> = seven.nodes.iter().filter(|node| node.joins_late()).collect();
        assert_eq!((late.len(), late[0].validator), (1, false));
        assert_eq!(seven.nodes.len(), 9);
    }

    #[test]
    fn a_nodes_arguments_replace_the_networks() {
        let text = "[relaychain]\ndefault_args = [\"-lbabe=debug\"]\n\
                    [[relaychain.nodes]]\nname = \"a\"\n\
                    [[relaychain.nodes]]\nname = \"b\"\nvalidator = false\nargs = [\"--sync=warp\"]\n";
        let read = Topology::parse(text).unwrap();
        assert_eq!(read.nodes[0].args, ["-lbabe=debug"]);
        assert!(read.nodes[0].validator && !read.nodes[0].joins_late());
        assert!(!read.nodes[1].validator && read.nodes[1].joins_late());
    }

    #[test]
    fn what_makes_no_network_is_refused() {
        for (text, why) in [
            ("[relaychain]\nnodes = []\n", "needs nodes"),
            ("[[relaychain.nodes]]\nname = \"../a\"\n", "no name for a node"),
            ("[[relaychain.nodes]]\nname = \"a\"\n[[relaychain.nodes]]\nname = \"a\"\n", "same name"),
            ("[settings]\ntimeout = 1\n", "relaychain"),
        ] {
            let error = Topology::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        assert!(Topology::find("eleven-hospitals").unwrap_err().to_string().contains("four-hospitals"));
    }
}

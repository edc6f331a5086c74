//! Networks of real Galen nodes on one machine, and the faults that they must survive.
//!
//! The programs under test run as processes of their own; this crate starts, cuts apart, kills and asks them, and links none of them.
//!
//! - [`topology`]: networks as zombienet writes them, in TOML;
//! - [`spec`]: the chain spec of a run;
//! - [`node`], [`worker`], [`network`]: processes, with folders, keys and ports of their own;
//! - [`rpc`], [`state`]: what a node knows; [`submit`], [`council`]: what hospitals do; [`cli`]: the `galen` command;
//! - [`wait`]: until something is true, with a deadline;
//! - [`tests`]: the tests, one file for each subject.

pub mod bench;
pub mod cli;
pub mod council;
pub mod error;
pub mod grant;
pub mod hospital;
pub mod keystore;
pub mod network;
pub mod node;
pub mod ports;
pub mod process;
pub mod programs;
pub mod rpc;
pub mod scan;
pub mod spec;
pub mod state;
pub mod submit;
pub mod tests;
pub mod topology;
pub mod up;
pub mod wait;
pub mod worker;

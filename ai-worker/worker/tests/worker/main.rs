//! The worker as a whole: its binary, its JSON-RPC, its jobs. The chain is a stand-in that fails on demand;
//! the joined test with a real node is elsewhere.

mod audit;
mod backup;
mod cli;
mod common;
mod durability;
mod emergency;
mod erasures;
mod garbage;
mod jobs;
mod overdue;
mod readings;
mod rights;
mod rpc;

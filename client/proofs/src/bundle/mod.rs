//! Proof bundles: one file that shows, to whoever knows the genesis hash and asks nobody, that something stands in the final
//! state of the chain.
//!
//! The chain of proof, each link held by the one before it:
//!
//! 1. the genesis hash, which the reader brings, is that of the genesis header in the file;
//! 2. a read proof under that header's state root names the first set of GRANDPA authorities;
//! 3. for each change of the set: the header that announces the next one, with a justification in which more than two thirds of
//!    the present set signed exactly that block, their set's number and a round;
//! 4. a header justified in the same way by the last of these sets;
//! 5. a read proof under its state root of what is to be shown, and, for an entry of the audit log, its path in the log's tree.
//!
//! Instead of 1 and 2 a bundle may begin at a [`Checkpoint`] that the reader trusts: what an earlier bundle proved, as a hash.
//!
//! [`check`] needs no node and makes no connection; `galen-client` makes bundles of what a node tells. The file is JSON with SCALE
//! in hexadecimal, see [`Bundle`]. The rules of votes are those of the GRANDPA paper (<https://arxiv.org/abs/2007.01560>), counted by the crate
//! `finality-grandpa` as nodes do.

mod check;
mod checkpoint;
mod finality;
mod follow;
mod format;
mod header;
mod keys;
mod leaf;
mod report;
mod state;
mod subject;

#[cfg(test)]
mod tests;

pub use check::{Trust, check};
pub use checkpoint::Checkpoint;
pub use finality::AuthoritySet;
pub use follow::{Position, begin};
pub use format::{Bundle, Bytes, Claim, Final, Format, MAX_FILE, Start};
pub use header::Header;
pub use keys::genesis as genesis_keys;
pub use report::{FinalBlock, ReachedCheckpoint, Report};
pub use state::{ReadProof, Trie};
pub use subject::{Proven, Subject};

//! The start at the genesis block, out of the spec that defines it. A node need not have the state of its first block any more.

use super::super::{Bytes, Start, Trie, follow::genesis_keys};
use crate::{Error, spec::Spec};
use codec::Encode;

/// The genesis header of a spec, with a read proof of the first authorities.
pub fn start(spec: &Spec) -> Result<Start, Error> {
    let first = spec.first_block()?;
    let trie = Trie::new(&spec.storage, first.layout).map_err(Error::Input)?;
    let state = trie.prove(&genesis_keys()).map_err(Error::Input)?;
    Ok(Start::Genesis { header: Bytes(first.header.encode()), state })
}

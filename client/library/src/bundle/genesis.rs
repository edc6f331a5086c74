//! The start at the genesis block, out of the spec that defines it. A node need not have the state of its first block any more.

use crate::{Error, spec::Spec};
use codec::Encode;
use galen_proofs::bundle::{Bytes, Start, Trie, genesis_keys};

/// The genesis header of a spec, with a read proof of the first authorities.
pub fn start(spec: &Spec) -> Result<Start, Error> {
    let first = spec.first_block()?;
    let trie = Trie::new(&spec.storage, first.layout).map_err(Error::Input)?;
    let state = trie.prove(&genesis_keys()).map_err(Error::Input)?;
    Ok(Start::Genesis { header: Bytes(first.header.encode()), state })
}

//! Where the state comes from that an upgrade is tried on.

use frame_remote_externalities::{Builder, Mode, OnlineConfig, RemoteExternalities};
use galen_runtime::{Block, genesis::LOCAL};
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sp_io::SubstrateHostFunctions;
use std::{ops::Deref, path::Path};

/// A state is kept in memory, hashed as the chain hashes it.
pub type Storage = <RemoteExternalities<Block> as Deref>::Target;

/// A state stands at a block.
pub struct State {
    /// The state itself.
    pub storage: Storage,
    /// In words: the block, or the runtime it was built by.
    pub of: String,
}

/// Fetches the state of the last finalized block of the node at `uri` (`ws://…` or `http://…`). It is all
/// there: its root is compared with the block's.
pub async fn fetch(uri: &str) -> Result<State, String> {
    let online = OnlineConfig { transport_uris: vec![uri.to_owned()], ..Default::default() };
    let fetched = Builder::<Block>::new()
        .mode(Mode::Online(online))
        .build()
        .await
        .map_err(|error| format!("the state of {uri} could not be fetched: {error}"))?;
    let of = format!("{uri}, finalized block {} ({:?})", fetched.header.number, fetched.header.hash());
    Ok(State { storage: fetched.inner_ext, of })
}

/// Builds the genesis of the runtime in `file` from its preset of four hospitals.
pub fn genesis_of(file: &Path) -> Result<State, String> {
    let code = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let storage = GenesisConfigBuilderRuntimeCaller::<SubstrateHostFunctions>::new(&code)
        .get_storage_for_named_preset(Some(&LOCAL.to_owned()))
        .map_err(|error| format!("{}: no genesis from preset `{LOCAL}`: {error}", file.display()))?;
    let storage = Storage::new_with_code(&code, storage);
    Ok(State { storage, of: format!("genesis of preset `{LOCAL}` by {}", file.display()) })
}

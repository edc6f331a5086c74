//! Storage of the chain, for what no runtime API tells. Keys come from [`galen_proofs::storage_key`].

use super::{Chain, node};
use crate::Error;
use codec::Decode;
use galen_primitives::H256;

/// Keys asked for at once.
const PAGE: u32 = 500;

impl Chain {
    /// The start of what stands under `key` at a block, read as a `T`; `what` names it in errors.
    pub(super) async fn stored<T: Decode>(
        &self,
        what: &'static str,
        key: Vec<u8>,
        at: H256,
    ) -> Result<Option<T>, Error> {
        let bytes = self.rpc.state_get_storage(&key, Some(at)).await.map_err(node)?;
        let read = |bytes: Vec<u8>| T::decode(&mut bytes.as_slice()).map_err(|_| Error::Undecodable(what));
        bytes.map(read).transpose()
    }

    /// All keys that begin with `prefix` at a block.
    pub(super) async fn stored_keys(&self, prefix: &[u8], at: H256) -> Result<Vec<Vec<u8>>, Error> {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        loop {
            let last = keys.last().map(Vec::as_slice);
            let page = self.rpc.state_get_keys_paged(prefix, PAGE, last, Some(at)).await.map_err(node)?;
            let more = page.len() == PAGE as usize;
            keys.extend(page);
            if !more {
                return Ok(keys);
            }
        }
    }
}

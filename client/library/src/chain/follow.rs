//! The audit log as it grows, over the node's JSON-RPC.

use super::{Chain, node};
use crate::Error;
use galen_primitives::audit::{Entry, Filter};
use serde::Deserialize;
use std::time::Duration;
use subxt::rpcs::{client::RpcSubscription, rpc_params};

/// Before subscribing again: a node that ends every subscription is not to be asked without pause.
const PAUSE: Duration = Duration::from_millis(500);

/// What the node's own methods answer; the block that it was read at is left unread.
#[derive(Deserialize)]
struct Answer {
    value: Entry,
}

/// Entries as they become final: each that matches once, in order.
pub struct Entries {
    chain: Chain,
    filter: Filter,
    next: u64,
    arriving: RpcSubscription<Answer>,
}

impl Chain {
    /// Follows the log from entry number `from` on, or from those to come.
    pub async fn follow_entries(&self, filter: Filter, from: Option<u64>) -> Result<Entries, Error> {
        // Known before the first entry arrives, so that a connection lost before then loses none.
        let next = match from {
            Some(from) => from,
            None => self.audit_state(None).await?.count,
        };
        let arriving = self.subscribe_entries(&filter, next).await?;
        Ok(Entries { chain: self.clone(), filter, next, arriving })
    }

    async fn subscribe_entries(&self, filter: &Filter, next: u64) -> Result<RpcSubscription<Answer>, Error> {
        let params = rpc_params![filter, next];
        self.raw.subscribe("audit_subscribeEntries", params, "audit_unsubscribeEntries").await.map_err(node)
    }
}

impl Entries {
    /// The next entry; waits for it. Goes on where it was after a lost connection, and after an error if called again.
    pub async fn next(&mut self) -> Result<Entry, Error> {
        loop {
            match self.arriving.next().await {
                Some(Ok(Answer { value: entry })) => {
                    self.next = entry.index.saturating_add(1);
                    return Ok(entry);
                }
                Some(Err(why)) if !why.is_disconnected_will_reconnect() => return Err(node(why)),
                _ => {
                    tokio::time::sleep(PAUSE).await;
                    self.arriving = self.chain.subscribe_entries(&self.filter, self.next).await?;
                }
            }
        }
    }
}

//! Tells subscriptions that finality has moved on.

use crate::client::FullClient;
use futures::StreamExt;
use sc_client_api::BlockchainEvents;
use std::{future::Future, sync::Arc};
use tokio::sync::watch;

/// Wakes whoever waits for the next finalized block. However long that is not looked at, nothing piles up: a
/// client that reads slowly holds back no blocks from being pruned.
#[derive(Clone)]
pub struct Finality(watch::Receiver<()>);

impl Finality {
    /// Makes one end, and the task that wakes it until the node stops.
    pub fn follow(client: Arc<FullClient>) -> (Self, impl Future<Output = ()> + Send) {
        let (moved, receiver) = watch::channel(());
        let mut blocks = client.finality_notification_stream();
        let task = async move { while blocks.next().await.is_some() && moved.send(()).is_ok() {} };
        (Self(receiver), task)
    }

    /// Waits until finality has moved on since the last call; false once the node stops.
    pub async fn moved(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

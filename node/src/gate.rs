//! Requests are answered for admitted peers only.
//!
//! A peer set (`--reserved-only`, and what [`crate::admission`] does with it) governs the protocols that
//! push: blocks, votes, transactions. Those that answer requests (blocks, state, warp proofs, light clients'
//! proofs) serve whoever asks. So their requests go through here first.

use crate::{admission::Admitted, client::Block};
use galen_runtime::Hash;
use prometheus_endpoint::{Counter, U64};
use sc_network::{
    NetworkBackend, NotificationMetrics, PeerId, ProtocolName,
    config::{IncomingRequest, NotificationHandshake, Params, SetConfig},
    peer_store::PeerStoreProvider,
    service::traits::{NetworkService, NotificationService, RequestResponseConfig},
};
use sc_service::SpawnTaskHandle;
use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc, time::Duration};

/// A request protocol as it wishes to be configured: it waits for the gate to be put in front of its handler.
#[derive(Debug)]
pub struct RequestProtocol {
    name: ProtocolName,
    fallback_names: Vec<ProtocolName>,
    max_request: u64,
    max_response: u64,
    timeout: Duration,
    handler: Option<async_channel::Sender<IncomingRequest>>,
}

impl RequestResponseConfig for RequestProtocol {
    fn protocol_name(&self) -> &ProtocolName {
        &self.name
    }
}

/// The gate lets requests of admitted peers through.
#[derive(Clone)]
pub struct Gate {
    admitted: Admitted,
    refused: Option<Counter<U64>>,
    tasks: SpawnTaskHandle,
}

impl Gate {
    /// Makes a gate that counts what it refuses.
    pub fn new(admitted: Admitted, refused: Option<Counter<U64>>, tasks: SpawnTaskHandle) -> Self {
        Self { admitted, refused, tasks }
    }

    /// Configures a protocol for backend `N`, with the gate in front of its handler.
    pub fn guard<N: NetworkBackend<Block, Hash>>(
        &self,
        protocol: RequestProtocol,
    ) -> N::RequestResponseProtocolConfig {
        let RequestProtocol { name, fallback_names, max_request, max_response, timeout, handler } = protocol;
        let inbound = handler.map(|handler| {
            let (inbound, requests) = async_channel::bounded(handler.capacity().unwrap_or(1));
            let pass = pass(requests, handler, self.admitted.clone(), self.refused.clone());
            self.tasks.spawn("request-gate", Some("networking"), pass);
            inbound
        });
        N::request_response_config(name, fallback_names, max_request, max_response, timeout, inbound)
    }
}

async fn pass(
    requests: async_channel::Receiver<IncomingRequest>,
    handler: async_channel::Sender<IncomingRequest>,
    admitted: Admitted,
    refused: Option<Counter<U64>>,
) {
    while let Ok(request) = requests.recv().await {
        if !admitted.admits(&request.peer) {
            // A request that is dropped is refused.
            if let Some(refused) = &refused {
                refused.inc();
            }
        } else if handler.send(request).await.is_err() {
            return;
        }
    }
}

/// Makes protocols as backend `N` does, but for those that answer requests, which it keeps for
/// [`Gate::guard`].
pub struct Holding<N>(PhantomData<fn() -> N>);

impl<N: NetworkBackend<Block, Hash>> NetworkBackend<Block, Hash> for Holding<N> {
    type NotificationProtocolConfig = N::NotificationProtocolConfig;
    type RequestResponseProtocolConfig = RequestProtocol;
    type NetworkService<B, H> = N::NetworkService<B, H>;
    type PeerStore = N::PeerStore;

    // A network is never built over this backend; `N` is what runs.
    fn new(_: Params<Block, Hash, Self>) -> Result<Self, sc_network::error::Error> {
        Err(std::io::Error::other("this backend only makes protocols").into())
    }

    fn network_service(&self) -> Arc<dyn NetworkService> {
        unreachable!("`new` makes none")
    }

    fn peer_store(
        bootnodes: Vec<PeerId>,
        registry: Option<prometheus_endpoint::Registry>,
    ) -> Self::PeerStore {
        N::peer_store(bootnodes, registry)
    }

    fn register_notification_metrics(
        registry: Option<&prometheus_endpoint::Registry>,
    ) -> NotificationMetrics {
        N::register_notification_metrics(registry)
    }

    fn notification_config(
        name: ProtocolName,
        fallback_names: Vec<ProtocolName>,
        max_size: u64,
        handshake: Option<NotificationHandshake>,
        set: SetConfig,
        metrics: NotificationMetrics,
        peer_store: Arc<dyn PeerStoreProvider>,
    ) -> (Self::NotificationProtocolConfig, Box<dyn NotificationService>) {
        N::notification_config(name, fallback_names, max_size, handshake, set, metrics, peer_store)
    }

    fn request_response_config(
        name: ProtocolName,
        fallback_names: Vec<ProtocolName>,
        max_request: u64,
        max_response: u64,
        timeout: Duration,
        handler: Option<async_channel::Sender<IncomingRequest>>,
    ) -> RequestProtocol {
        RequestProtocol { name, fallback_names, max_request, max_response, timeout, handler }
    }

    fn run<'a>(self) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>
    where
        Self: 'a,
    {
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::{Admission, Peers};
    use futures::channel::oneshot;
    use std::collections::HashSet;

    struct Nobody;

    impl Peers for Nobody {
        fn take_listed_only(&self, _: bool) {}
        fn list(&self, _: HashSet<PeerId>) {}
    }

    #[test]
    fn requests_of_others_are_refused_and_counted() {
        let [own, member, stranger] = std::array::from_fn(|_| PeerId::random());
        let admitted = Admitted::default();
        let refused = Counter::new("refused", "refused").unwrap();
        let (inbound, requests) = async_channel::unbounded();
        let (handler, handled) = async_channel::unbounded();
        let ask = |peer| {
            let (answer, pending) = oneshot::channel();
            inbound.try_send(IncomingRequest { peer, payload: vec![1], pending_response: answer }).unwrap();
            pending
        };

        let mut admission = Admission::new(Nobody, own, HashSet::new(), admitted.clone(), None).unwrap();
        admission.apply(Some(HashSet::from([member])));
        let (mut of_stranger, mut of_member) = (ask(stranger), ask(member));
        inbound.close();
        futures::executor::block_on(pass(requests, handler, admitted, Some(refused.clone())));

        // The stranger's end of the answer is gone; the member's waits for the handler.
        assert!(of_stranger.try_recv().is_err());
        assert!(matches!(of_member.try_recv(), Ok(None)));
        assert_eq!(handled.try_recv().unwrap().peer, member);
        assert!(handled.try_recv().is_err());
        assert_eq!(refused.get(), 1);
    }
}

//! The node's network: put together as `sc_service::build_network` does, with a gate in front of what answers
//! requests.

use crate::{
    admission::{self, Admission, Admitted},
    client::{Block, FullClient},
    gate::{Gate, Holding},
};
use futures::{FutureExt, StreamExt, future};
use galen_runtime::Hash;
use prometheus_endpoint::{Counter, PrometheusError, Registry, U64, register};
use sc_client_api::{BlockBackend, BlockchainEvents, HeaderBackend};
use sc_consensus::{DefaultImportQueue, ImportQueue, import_queue::ImportQueueService};
use sc_network::{
    NetworkBackend, NetworkBlock as _, NotificationMetrics, ProtocolName,
    config::{FullNetworkConfiguration, Params, ProtocolId, SyncMode},
    service::traits::{NetworkService, PeerStore, RequestResponseConfig},
};
use sc_network_light::light_client_requests::handler::LightClientRequestHandler;
use sc_network_sync::{
    SyncingService, WarpSyncConfig,
    block_relay_protocol::{BlockDownloader, BlockRelayParams},
    block_request_handler::BlockRequestHandler,
    engine::SyncingEngine,
    service::network::{NetworkServiceHandle, NetworkServiceProvider},
    state_request_handler::StateRequestHandler,
    strategy::{
        polkadot::{PolkadotSyncingStrategy, PolkadotSyncingStrategyConfig},
        warp::WarpSyncProvider,
    },
    warp_request_handler::RequestHandler as WarpRequestHandler,
};
use sc_network_transactions::{TransactionsHandlerController, TransactionsHandlerPrototype};
use sc_service::{Configuration, TaskManager, TransactionPoolAdapter, error::Error};
use sc_transaction_pool::TransactionPoolHandle;
use sc_utils::mpsc::{TracingUnboundedSender, tracing_unbounded};
use sp_consensus_babe::SlotDuration;
use std::sync::Arc;

/// The network is made of these.
pub struct Parts<'a, N: NetworkBackend<Block, Hash>> {
    /// The node's configuration.
    pub config: &'a Configuration,
    /// The network's, with the protocols that others have added.
    pub protocols: FullNetworkConfiguration<Block, Hash, N>,
    /// The client.
    pub client: Arc<FullClient>,
    /// The pool whose transactions are passed on.
    pub transaction_pool: Arc<TransactionPoolHandle<Block, FullClient>>,
    /// Where what arrives is imported.
    pub import_queue: DefaultImportQueue<Block>,
    /// What makes and checks warp proofs.
    pub warp_sync: Arc<dyn WarpSyncProvider<Block>>,
    /// Counts notifications.
    pub metrics: NotificationMetrics,
    /// Milliseconds of a slot, by which the age of a block is told.
    pub slot: SlotDuration,
    /// Where the network's tasks run.
    pub task_manager: &'a TaskManager,
}

/// The network runs, and is reached through these.
pub struct Running {
    /// Connections and substreams.
    pub service: Arc<dyn NetworkService>,
    /// Block synchronisation.
    pub sync: Arc<SyncingService<Block>>,
    /// Where the RPC asks about the network.
    pub system_rpc: TracingUnboundedSender<sc_rpc::system::Request<Block>>,
    /// What passes transactions on.
    pub transactions: TransactionsHandlerController<Hash>,
}

/// Starts the network.
pub fn start<N: NetworkBackend<Block, Hash>>(parts: Parts<'_, N>) -> Result<Running, Error> {
    let Parts {
        config,
        mut protocols,
        client,
        transaction_pool,
        import_queue,
        warp_sync,
        metrics,
        slot,
        task_manager,
    } = parts;
    check(config, &client)?;
    let spawn = task_manager.spawn_handle();
    let registry = config.prometheus_registry();
    let node = Node {
        config,
        protocol_id: config.protocol_id(),
        fork_id: config.chain_spec.fork_id(),
        genesis: client.info().genesis_hash,
        client: client.clone(),
        task_manager,
    };

    let admitted = Admitted::default();
    let gate = Gate::new(admitted.clone(), refusals(registry)?, spawn.clone());
    let provider = NetworkServiceProvider::new();
    let served = node.serve_requests::<N>(&gate, &mut protocols, provider.handle(), warp_sync.clone());
    let (sync, block_announcements) = node.synchronise::<N>(
        &protocols,
        served,
        warp_sync,
        provider.handle(),
        import_queue.service(),
        metrics.clone(),
    )?;
    let (transactions, transaction_protocol) = TransactionsHandlerPrototype::new::<_, Block, N>(
        node.protocol_id.clone(),
        node.genesis,
        node.fork_id,
        metrics.clone(),
        protocols.peer_store_handle(),
    );
    protocols.add_notification_protocol(transaction_protocol);

    spawn.spawn("peer-store", Some("networking"), protocols.take_peer_store().run());
    let has_bootnodes = !protocols.network_config.boot_nodes.is_empty();
    let network = N::new(Params {
        role: config.role,
        executor: {
            let spawn = spawn.clone();
            Box::new(move |future| spawn.spawn("libp2p-node", Some("networking"), future))
        },
        network_config: protocols,
        genesis_hash: node.genesis,
        protocol_id: node.protocol_id.clone(),
        fork_id: node.fork_id.map(ToOwned::to_owned),
        metrics_registry: registry.cloned(),
        block_announce_config: block_announcements,
        ipfs_config: None,
        notification_metrics: metrics,
    })?;
    let service = network.network_service();
    let (transaction_handler, transactions) = transactions.build(
        service.clone(),
        sync.clone(),
        Arc::new(TransactionPoolAdapter::new(transaction_pool, client.clone())),
        registry,
    )?;

    spawn.spawn_blocking("network-transactions-handler", Some("networking"), transaction_handler.run());
    spawn.spawn_blocking(
        "chain-sync-network-service-provider",
        Some("networking"),
        provider.run(Arc::new(service.clone())),
    );
    let imported = sync.clone();
    spawn.spawn("import-queue", None, async move { import_queue.run(imported.as_ref()).await });
    let (system_rpc, asked) = tracing_unbounded("mpsc_system_rpc", 10_000);
    spawn.spawn(
        "system-rpc-handler",
        Some("networking"),
        sc_service::build_system_rpc_future::<_, _, Hash>(
            config.role,
            service.clone(),
            sync.clone(),
            client.clone(),
            asked,
            has_bootnodes,
        ),
    );
    node.admit(slot, admitted, &service, &sync)?;
    task_manager.spawn_essential_handle().spawn_blocking(
        "network-worker",
        Some("networking"),
        run(network, client, sync.clone(), config.announce_block),
    );
    Ok(Running { service, sync, system_rpc, transactions })
}

/// Refuses what this node does not do, with words of its own.
fn check(config: &Configuration, client: &FullClient) -> Result<(), Error> {
    if config.network.ipfs_server {
        return Err(Error::Other(
            "--ipfs-server: this node serves no files to strangers; leave it out".into(),
        ));
    }
    if !matches!(config.network.sync_mode, SyncMode::Full) && client.requires_full_sync() {
        return Err(Error::Other(
            "warp sync leaves out the states that an archive keeps: use --sync full".into(),
        ));
    }
    Ok(())
}

/// The node whose network is started.
struct Node<'a> {
    config: &'a Configuration,
    client: Arc<FullClient>,
    task_manager: &'a TaskManager,
    protocol_id: ProtocolId,
    fork_id: Option<&'a str>,
    genesis: Hash,
}

/// The requests that are served, as far as synchronisation makes the same of others.
struct Served {
    blocks: Arc<dyn BlockDownloader<Block>>,
    states: ProtocolName,
    warp_proofs: ProtocolName,
}

impl Node<'_> {
    /// Answers requests for blocks, states, warp proofs and light clients' proofs, each behind the gate.
    fn serve_requests<N: NetworkBackend<Block, Hash>>(
        &self,
        gate: &Gate,
        protocols: &mut FullNetworkConfiguration<Block, Hash, N>,
        network: NetworkServiceHandle,
        warp_sync: Arc<dyn WarpSyncProvider<Block>>,
    ) -> Served {
        let (client, protocol_id, fork_id) = (&self.client, &self.protocol_id, self.fork_id);
        let spawn = self.task_manager.spawn_handle();
        let peers = &self.config.network.default_peers_set;
        let expected_peers =
            usize::try_from(peers.in_peers.saturating_add(peers.out_peers)).unwrap_or(usize::MAX);

        let BlockRelayParams { server: mut blocks, downloader, request_response_config } =
            BlockRequestHandler::new::<Holding<N>>(
                network,
                protocol_id,
                fork_id,
                client.clone(),
                expected_peers,
            );
        spawn.spawn("block-request-handler", Some("networking"), async move { blocks.run().await });
        protocols.add_request_response_protocol(gate.guard::<N>(request_response_config));

        let (states, state_protocol) =
            StateRequestHandler::new::<Holding<N>>(protocol_id, fork_id, client.clone(), expected_peers);
        let state_protocol_name = state_protocol.protocol_name().clone();
        spawn.spawn("state-request-handler", Some("networking"), states.run());
        protocols.add_request_response_protocol(gate.guard::<N>(state_protocol));

        let (warp_proofs, warp_protocol) =
            WarpRequestHandler::new::<_, Holding<N>>(protocol_id.clone(), self.genesis, fork_id, warp_sync);
        let warp_protocol_name = warp_protocol.protocol_name().clone();
        spawn.spawn("warp-sync-request-handler", Some("networking"), warp_proofs.run());
        protocols.add_request_response_protocol(gate.guard::<N>(warp_protocol));

        let (light_proofs, light_protocol) =
            LightClientRequestHandler::new::<Holding<N>>(protocol_id, fork_id, client.clone());
        spawn.spawn("light-client-request-handler", Some("networking"), light_proofs.run());
        protocols.add_request_response_protocol(gate.guard::<N>(light_protocol));

        Served { blocks: downloader, states: state_protocol_name, warp_proofs: warp_protocol_name }
    }

    /// Starts synchronisation, which also speaks the protocol of block announcements.
    fn synchronise<N: NetworkBackend<Block, Hash>>(
        &self,
        protocols: &FullNetworkConfiguration<Block, Hash, N>,
        served: Served,
        warp_sync: Arc<dyn WarpSyncProvider<Block>>,
        network: NetworkServiceHandle,
        import_queue: Box<dyn ImportQueueService<Block>>,
        metrics: NotificationMetrics,
    ) -> Result<(Arc<SyncingService<Block>>, N::NotificationProtocolConfig), Error> {
        let network_config = &self.config.network;
        let registry = self.config.prometheus_registry();
        let strategy = PolkadotSyncingStrategy::new(
            PolkadotSyncingStrategyConfig {
                mode: network_config.sync_mode,
                max_parallel_downloads: network_config.max_parallel_downloads,
                max_blocks_per_request: network_config.max_blocks_per_request,
                min_peers_to_start_warp_sync: network_config.min_peers_to_start_warp_sync,
                metrics_registry: registry.cloned(),
                state_request_protocol_name: served.states,
                block_downloader: served.blocks,
                gap_sync_body_policy: sc_service::default_gap_sync_body_policy(self.config.blocks_pruning),
            },
            self.client.clone(),
            Some(WarpSyncConfig::WithProvider(warp_sync)),
            Some(served.warp_proofs),
        )?;
        let (engine, sync, block_announcements) = SyncingEngine::new::<N>(
            (&self.config.role).into(),
            self.client.clone(),
            registry,
            metrics,
            protocols,
            self.protocol_id.clone(),
            self.fork_id,
            Box::new(sp_consensus::block_validation::DefaultBlockAnnounceValidator),
            Box::new(strategy),
            network,
            import_queue,
            protocols.peer_store_handle(),
        )?;
        self.task_manager.spawn_essential_handle().spawn_blocking("syncing", None, engine.run());
        Ok((Arc::new(sync), block_announcements))
    }

    /// Keeps the network to the nodes that the chain admits, if it names any.
    fn admit(
        &self,
        slot: SlotDuration,
        admitted: Admitted,
        service: &Arc<dyn NetworkService>,
        sync: &Arc<SyncingService<Block>>,
    ) -> Result<(), Error> {
        let reserved = admission::reserved(&self.config.network);
        if admission::is_reserved_only(&self.config.network) {
            // Narrower than any list on chain, and requests are held to it as well.
            admitted.restrict(reserved);
            return Ok(());
        }
        let network = admission::Network { service: service.clone(), sync: sync.clone() };
        let own = service.local_peer_id();
        let admission = Admission::new(network, own, reserved, admitted, self.config.prometheus_registry())
            .map_err(|error| Error::Other(error.to_string()))?;
        self.task_manager.spawn_handle().spawn(
            "node-admission",
            Some("networking"),
            admission::follow(self.client.clone(), slot, admission),
        );
        Ok(())
    }
}

/// Drives the network, and tells synchronisation what the client has imported and finalised.
async fn run<N: NetworkBackend<Block, Hash>>(
    network: N,
    client: Arc<FullClient>,
    sync: Arc<SyncingService<Block>>,
    announce: bool,
) {
    let imports = client.import_notification_stream().for_each(|block| {
        if announce {
            sync.announce_block(block.hash, None);
        }
        if block.is_new_best {
            sync.new_best_block_imported(block.hash, block.header.number);
        }
        future::ready(())
    });
    let finality = client.finality_notification_stream().for_each(|block| {
        sync.on_block_finalized(block.hash, block.header.clone());
        future::ready(())
    });
    // Each of them ends only when the node does.
    futures::select! {
        () = network.run().fuse() => log::warn!("The network has ended"),
        () = imports.fuse() => log::warn!("The client imports no more blocks"),
        () = finality.fuse() => log::warn!("The client finalises no more blocks"),
    }
}

/// Counts the requests that the gate refuses, where metrics are served.
fn refusals(registry: Option<&Registry>) -> Result<Option<Counter<U64>>, Error> {
    let counter = |registry: &Registry| -> Result<_, PrometheusError> {
        let name = "galen_network_refused_requests_total";
        register(Counter::new(name, "Requests of peers that are not admitted")?, registry)
    };
    registry.map(counter).transpose().map_err(|error| Error::Other(error.to_string()))
}

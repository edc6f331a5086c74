//! Puts the node together: client, import queue, network, BABE, GRANDPA, authority discovery, offchain
//! workers, RPC.

use crate::{
    client::{Block, FullBackend, FullClient, FullSelectChain},
    double_authorship::Reporting,
    genesis, network,
    pool_tasks::PoolTasks,
    rpc,
    worker::{self, Worker},
};
use futures::{FutureExt, StreamExt};
use galen_primitives::worker::WORKER_KEY_TYPE;
use galen_runtime::{Hash, apis::RuntimeApi};
use prometheus_endpoint::Registry;
use sc_client_api::{Backend, BlockBackend};
use sc_consensus_babe::{BabeBlockImport, BabeLink, BabeWorkerHandle, SlotProportion};
use sc_consensus_grandpa::{GrandpaBlockImport, LinkHalf, SharedVoterState};
use sc_network::{
    NetworkBackend, NotificationService, ProtocolName, event::Event, service::traits::NetworkService,
};
use sc_network_sync::SyncingService;
use sc_service::{Configuration, PartialComponents, Role, TaskManager, error::Error};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus::Error as ConsensusError;
use sp_core::offchain::OffchainStorage;
use sp_inherents::CreateInherentDataProviders;
use sp_keystore::KeystorePtr;
use std::{path::Path, sync::Arc, time::Duration};

type GrandpaImport = GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;
type BlockImport<Inherents> =
    Reporting<BabeBlockImport<Block, FullClient, GrandpaImport, Inherents, FullSelectChain>>;
type Pool = TransactionPoolHandle<Block, FullClient>;
type SlotTime = (sp_consensus_babe::inherents::InherentDataProvider, sp_timestamp::InherentDataProvider);

/// At least every so many blocks a justification is made and kept (as is one at each change of the validator
/// set): the blocks for which a proof of finality can be shown to somebody outside. 64 blocks are about two
/// minutes.
const JUSTIFICATION_PERIOD: u32 = 64;

/// [`new_full`] needs these from [`new_partial`] beyond the usual components.
pub struct Consensus<Inherents> {
    block_import: BlockImport<Inherents>,
    grandpa: LinkHalf<Block, FullClient, FullSelectChain>,
    babe: BabeLink<Block>,
    babe_handle: BabeWorkerHandle<Block>,
    telemetry: Option<Telemetry>,
}

/// Makes the parts that subcommands need too: client, database, import queue, transaction pool.
#[allow(clippy::type_complexity)]
pub fn new_partial(
    config: &Configuration,
) -> Result<
    PartialComponents<
        FullClient,
        FullBackend,
        FullSelectChain,
        sc_consensus::DefaultImportQueue<Block>,
        Pool,
        Consensus<
            impl CreateInherentDataProviders<Block, (), InherentDataProviders = SlotTime> + Clone + 'static,
        >,
    >,
    Error,
> {
    let executor = sc_service::new_wasm_executor(&config.executor);
    let backend = sc_service::new_db_backend(config.db_config())?;
    // Before anything else is opened: the database may be another chain's.
    let genesis = genesis::builder(config, backend.clone(), executor.clone())?;

    // Off unless the chain spec or the command line names an endpoint; Galen's presets name none.
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;

    let (client, backend, keystore_container, mut task_manager) =
        sc_service::new_full_parts_with_genesis_builder::<Block, RuntimeApi, _, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            backend,
            genesis,
            false,
        )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::new(
        sc_transaction_pool::Builder::new(
            PoolTasks::new(task_manager.spawn_essential_handle()),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );
    // For subcommands, which drop the pool: its tasks take that for a failure as long as the task manager is
    // there.
    task_manager.keep_alive(transaction_pool.clone());

    let (grandpa_import, grandpa) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry.as_ref().map(|telemetry| telemetry.handle()),
    )?;

    let babe_config = sc_consensus_babe::configuration(&*client)?;
    let slot_duration = babe_config.slot_duration();
    let (block_import, babe) = sc_consensus_babe::block_import(
        babe_config,
        grandpa_import.clone(),
        client.clone(),
        move |_parent: Hash, ()| async move { Ok(slot_and_time(slot_duration)) },
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    )?;
    let block_import = Reporting::new(
        block_import,
        client.clone(),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    );
    let (import_queue, babe_handle) =
        sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
            link: babe.clone(),
            block_import: block_import.clone(),
            justification_import: Some(Box::new(grandpa_import)),
            client: client.clone(),
            slot_duration,
            spawner: &task_manager.spawn_essential_handle(),
            registry: config.prometheus_registry(),
            telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
        })?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: Consensus { block_import, grandpa, babe, babe_handle, telemetry },
    })
}

fn slot_and_time(slot_duration: sp_consensus_babe::SlotDuration) -> SlotTime {
    let time = sp_timestamp::InherentDataProvider::from_system_time();
    let slot = sp_consensus_babe::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
        *time,
        slot_duration,
    );
    (slot, time)
}

/// Starts a whole node, over the network backend that the configuration names (litep2p by default).
pub fn new_full(config: Configuration, worker: Option<Worker>) -> Result<TaskManager, Error> {
    match config.network.network_backend {
        sc_network::config::NetworkBackendType::Libp2p => {
            new_full_over::<sc_network::NetworkWorker<Block, Hash>>(config, worker)
        }
        sc_network::config::NetworkBackendType::Litep2p => {
            new_full_over::<sc_network::Litep2pNetworkBackend>(config, worker)
        }
    }
}

fn new_full_over<N: NetworkBackend<Block, Hash>>(
    config: Configuration,
    worker: Option<Worker>,
) -> Result<TaskManager, Error> {
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: Consensus { block_import, grandpa, babe, babe_handle, mut telemetry },
    } = new_partial(&config)?;
    let keystore = keystore_container.keystore();
    insert_worker_key(&config, &keystore)?;
    let offchain_storage = backend
        .offchain_storage()
        .ok_or_else(|| Error::Other("no offchain storage in the database".into()))?;
    point_to_worker(worker.as_ref(), &offchain_storage, &client, &task_manager);

    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let mut protocols = sc_network::config::FullNetworkConfiguration::<Block, Hash, N>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let genesis = client
        .block_hash(0)
        .ok()
        .flatten()
        .ok_or_else(|| Error::Other("the database has no genesis block".into()))?;
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (grandpa_network, grandpa_notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        grandpa_protocol.clone(),
        metrics.clone(),
        protocols.peer_store_handle(),
    );
    protocols.add_notification_protocol(grandpa_network);
    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa.shared_authority_set().clone(),
        Vec::default(),
    ));
    let network::Running { service: network, sync, system_rpc, transactions } =
        network::start(network::Parts {
            config: &config,
            protocols,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            import_queue,
            warp_sync,
            metrics,
            slot: babe.config().slot_duration(),
            task_manager: &task_manager,
        })?;

    let voter_state = SharedVoterState::empty();
    let (finality, follow_finality) = rpc::Finality::follow(client.clone());
    task_manager.spawn_handle().spawn("rpc-finality", None, follow_finality);
    let rpc_deps = rpc::Deps {
        client: client.clone(),
        pool: transaction_pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore.clone(),
        babe: babe_handle,
        voter_state: voter_state.clone(),
        authority_set: grandpa.shared_authority_set().clone(),
        justifications: grandpa.justification_stream(),
        finality_proofs: sc_consensus_grandpa::FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(grandpa.shared_authority_set().clone()),
        ),
        backend: backend.clone(),
        finality,
    };

    let chain_spec = config.chain_spec.cloned_box();
    let (role, name) = (config.role, config.network.node_name.clone());
    let (force_authoring, votes) = (config.force_authoring, !config.disable_grandpa);
    let runs_offchain_workers = config.offchain_worker.enabled;
    let registry = config.prometheus_registry().cloned();
    let discovery = sc_authority_discovery::WorkerConfig {
        publish_non_global_ips: config.network.allow_non_globals_in_dht,
        public_addresses: config.network.public_addresses.clone(),
        persisted_cache_directory: config.network.net_config_path.as_deref().map(Path::to_path_buf),
        ..Default::default()
    };
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        backend,
        client: client.clone(),
        keystore: keystore.clone(),
        network: network.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::create(rpc_deps.clone(), chain_spec.cloned_box(), executor).map_err(Into::into)
        }),
        transaction_pool: transaction_pool.clone(),
        task_manager: &mut task_manager,
        system_rpc_tx: system_rpc,
        tx_handler_controller: transactions,
        sync_service: sync.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    let telemetry = telemetry.as_ref().map(Telemetry::handle);
    let node =
        Node { client, transaction_pool, keystore, network, sync, registry, telemetry, role, task_manager };
    if runs_offchain_workers {
        node.run_offchain_workers(offchain_storage)?;
    }
    if role.is_authority() {
        node.author(babe, block_import, select_chain, force_authoring)?;
        node.publish_addresses(discovery);
    }
    if votes {
        node.vote(
            grandpa,
            Voter { name, protocol: grandpa_protocol, notifications: grandpa_notifications, voter_state },
        )?;
    }
    Ok(node.task_manager)
}

/// Does for the worker's key what `--alice` does for session keys: development networks know it as
/// `//Alice//worker`.
fn insert_worker_key(config: &Configuration, keystore: &KeystorePtr) -> Result<(), Error> {
    if let Some(seed) = &config.dev_key_seed {
        keystore
            .sr25519_generate_new(WORKER_KEY_TYPE, Some(&format!("{seed}//worker")))
            .map_err(|error| Error::Other(format!("cannot insert the worker's key: {error}")))?;
    }
    Ok(())
}

/// Tells the runtime's offchain worker where the hospital's worker is, and how far finality is.
fn point_to_worker<Storage: OffchainStorage + 'static>(
    worker: Option<&Worker>,
    storage: &Storage,
    client: &Arc<FullClient>,
    task_manager: &TaskManager,
) {
    worker::write(&mut storage.clone(), worker);
    match worker {
        Some(worker) => log::info!("Jobs of this hospital go to its worker: {worker:?}"),
        None => log::info!("No worker: jobs of this hospital wait for one (--worker-url)"),
    }
    task_manager.spawn_handle().spawn(
        "note-finalized",
        Some("offchain-worker"),
        worker::note_finalized(client.clone(), storage.clone()),
    );
}

/// A node's network and RPC run; its further tasks need these.
struct Node {
    client: Arc<FullClient>,
    transaction_pool: Arc<Pool>,
    keystore: KeystorePtr,
    network: Arc<dyn NetworkService>,
    sync: Arc<SyncingService<Block>>,
    registry: Option<Registry>,
    telemetry: Option<TelemetryHandle>,
    role: Role,
    task_manager: TaskManager,
}

/// A voter of GRANDPA needs these beyond [`Node`].
struct Voter {
    name: String,
    protocol: ProtocolName,
    notifications: Box<dyn NotificationService>,
    voter_state: SharedVoterState,
}

impl Node {
    /// Runs the runtime's offchain workers after each block.
    fn run_offchain_workers<Storage: OffchainStorage + 'static>(
        &self,
        storage: Storage,
    ) -> Result<(), Error> {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: self.client.clone(),
            keystore: Some(self.keystore.clone()),
            offchain_db: Some(storage),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(self.transaction_pool.clone())),
            network_provider: Arc::new(self.network.clone()),
            is_validator: self.role.is_authority(),
            enable_http_requests: true,
            custom_extensions: |_| Vec::new(),
        })?;
        self.task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            Some("offchain-worker"),
            workers.run(self.client.clone(), self.task_manager.spawn_handle()).boxed(),
        );
        Ok(())
    }

    /// Authors blocks in this validator's slots.
    fn author<I>(
        &self,
        babe: BabeLink<Block>,
        block_import: I,
        select_chain: FullSelectChain,
        force_authoring: bool,
    ) -> Result<(), Error>
    where
        I: sc_consensus::BlockImport<Block, Error = ConsensusError> + Send + Sync + 'static,
    {
        let proposer = sc_basic_authorship::ProposerFactory::new(
            self.task_manager.spawn_handle(),
            self.client.clone(),
            self.transaction_pool.clone(),
            self.registry.as_ref(),
            self.telemetry.clone(),
        );
        let slot_duration = babe.config().slot_duration();
        let authoring = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
            keystore: self.keystore.clone(),
            client: self.client.clone(),
            select_chain,
            env: proposer,
            block_import,
            sync_oracle: self.sync.clone(),
            justification_sync_link: self.sync.clone(),
            create_inherent_data_providers: move |_, ()| async move { Ok(slot_and_time(slot_duration)) },
            force_authoring,
            backoff_authoring_blocks: Some(
                sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging::default(),
            ),
            babe_link: babe,
            block_proposal_slot_portion: SlotProportion::new(0.5),
            max_block_proposal_slot_portion: None,
            telemetry: self.telemetry.clone(),
        })?;
        self.task_manager.spawn_essential_handle().spawn_blocking(
            "babe-proposer",
            Some("block-authoring"),
            authoring,
        );
        Ok(())
    }

    /// Publishes this validator's addresses, and looks for those of the others.
    fn publish_addresses(&self, config: sc_authority_discovery::WorkerConfig) {
        let dht_events = self.network.event_stream("authority-discovery").filter_map(|event| async move {
            match event {
                Event::Dht(event) => Some(event),
                _ => None,
            }
        });
        let (worker, _service) = sc_authority_discovery::new_worker_and_service_with_config(
            config,
            self.client.clone(),
            Arc::new(self.network.clone()),
            Box::pin(dht_events),
            sc_authority_discovery::Role::PublishAndDiscover(self.keystore.clone()),
            self.registry.clone(),
            self.task_manager.spawn_handle(),
        );
        self.task_manager.spawn_handle().spawn(
            "authority-discovery-worker",
            Some("networking"),
            worker.run(),
        );
    }

    /// Takes part in GRANDPA. Nodes that are no validators follow the rounds too: they check votes and know
    /// justifications.
    fn vote(&self, link: LinkHalf<Block, FullClient, FullSelectChain>, voter: Voter) -> Result<(), Error> {
        let Voter { name, protocol, notifications, voter_state } = voter;
        let voting = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: Duration::from_millis(333),
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(name),
                observer_enabled: false,
                keystore: self.role.is_authority().then(|| self.keystore.clone()),
                local_role: self.role,
                telemetry: self.telemetry.clone(),
                protocol_name: protocol,
            },
            link,
            network: self.network.clone(),
            sync: Arc::new(self.sync.clone()),
            notification_service: notifications,
            telemetry: self.telemetry.clone(),
            voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
            prometheus_registry: self.registry.clone(),
            shared_voter_state: voter_state,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(self.transaction_pool.clone()),
        })?;
        self.task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voting);
        Ok(())
    }
}

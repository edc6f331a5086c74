//! JSON-RPC beyond what every Substrate node answers (system, chain, state, author, chainHead, transaction).
//!
//! Galen's own namespaces are a file each: [`consortium`], [`consent`], [`records`], [`custody`], [`federated`],
//! [`audit`], [`summaries`]. A method is its name, the names of its parameters and what it asks the runtime
//! ([`methods`]); docs/openrpc.json describes it, and scripts/tests/json-rpc compares the two.

mod answer;
mod audit;
mod consent;
mod consortium;
mod custody;
mod errors;
mod federated;
mod finality;
mod methods;
mod reader;
mod records;
mod subscriptions;
mod summaries;

pub use finality::Finality;

use crate::client::{Block, FullBackend, FullClient, FullSelectChain};
use galen_runtime::{BlockNumber, Hash};
use jsonrpsee::{RpcModule, core::RegisterMethodError};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool::TransactionPoolHandle;
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// The methods need these parts of the node.
#[derive(Clone)]
pub struct Deps {
    /// The client.
    pub client: Arc<FullClient>,
    /// The transaction pool.
    pub pool: Arc<TransactionPoolHandle<Block, FullClient>>,
    /// How the best chain is chosen.
    pub select_chain: FullSelectChain,
    /// The node's keys.
    pub keystore: KeystorePtr,
    /// Asks the BABE worker.
    pub babe: BabeWorkerHandle<Block>,
    /// GRANDPA's rounds.
    pub voter_state: SharedVoterState,
    /// GRANDPA's authorities.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// Justifications as they come.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proofs of finality.
    pub finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
    /// The database.
    pub backend: Arc<FullBackend>,
    /// Tells subscriptions of finality.
    pub finality: Finality,
}

/// Makes all methods; a sync state is put into `chain_spec`.
pub fn create(
    deps: Deps,
    chain_spec: Box<dyn sc_service::ChainSpec>,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use sc_consensus_babe_rpc::{Babe, BabeApiServer};
    use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
    use sc_sync_state_rpc::{SyncState, SyncStateApiServer};
    use substrate_frame_rpc_system::{System, SystemApiServer};

    let Deps {
        client,
        pool,
        select_chain,
        keystore,
        babe,
        voter_state,
        authority_set,
        justifications,
        finality_proofs,
        backend,
        finality,
    } = deps;
    let reader = reader::Reader::new(client.clone(), backend);
    let mut module = RpcModule::new(());
    module.merge(System::<_, _, Block>::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::<_, Block>::new(client.clone()).into_rpc())?;
    module.merge(Babe::new(client.clone(), babe.clone(), keystore, select_chain).into_rpc())?;
    module.merge(
        Grandpa::new(executor, authority_set.clone(), voter_state, justifications, finality_proofs)
            .into_rpc(),
    )?;
    module.merge(SyncState::new(chain_spec, client, authority_set, babe)?.into_rpc())?;
    module.merge(galen(methods::Context { reader, finality })?)?;
    Ok(module)
}

fn galen(context: methods::Context) -> Result<methods::Methods, RegisterMethodError> {
    let mut methods = RpcModule::new(context);
    consortium::register(&mut methods)?;
    consent::register(&mut methods)?;
    records::register(&mut methods)?;
    custody::register(&mut methods)?;
    federated::register(&mut methods)?;
    audit::register(&mut methods)?;
    summaries::register(&mut methods)?;
    Ok(methods)
}

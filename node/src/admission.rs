//! Node admission: which peers this node deals with.
//!
//! Where the genesis says so, `ConsortiumApi::admitted_nodes` names the nodes of members in good standing at
//! each finalized block. Then blocks, votes and transactions are exchanged with those alone, and requests of
//! all others are refused ([`crate::gate`]). What stays open to anyone is the transport below: connecting,
//! identifying, Kademlia.

use crate::client::{Block, FullClient};
use futures::{StreamExt, stream};
use galen_primitives::api::ConsortiumApi;
use prometheus_endpoint::{Gauge, PrometheusError, Registry, U64, register};
use sc_client_api::{BlockchainEvents, HeaderBackend};
use sc_network::{PeerId, config::NonReservedPeerMode, service::traits::NetworkService};
use sc_network_sync::SyncingService;
use sp_consensus_babe::{Slot, SlotDuration};
use sp_runtime::traits::Header as _;
use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// A node whose best block is older than this has yet to catch up: the list that it knows may be an old one.
const RECENT: Duration = Duration::from_secs(300);

/// Says whom this node deals with: anyone, or those listed. What follows the chain and what answers requests
/// share it.
#[derive(Clone, Default)]
pub struct Admitted(Arc<RwLock<Option<HashSet<PeerId>>>>);

impl Admitted {
    /// Says whether `peer` is dealt with.
    pub fn admits(&self, peer: &PeerId) -> bool {
        let list = self.0.read().unwrap_or_else(PoisonError::into_inner);
        list.as_ref().is_none_or(|list| list.contains(peer))
    }

    /// Deals with `list` alone from now on.
    pub fn restrict(&self, list: HashSet<PeerId>) {
        self.set(Some(list));
    }

    /// Gives those listed; `None` while anyone is dealt with.
    fn list(&self) -> Option<HashSet<PeerId>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, list: Option<HashSet<PeerId>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = list;
    }
}

/// The network carries admission out.
pub trait Peers: Send {
    /// Sets whether the block announcement protocol, which votes and transactions follow, takes listed peers
    /// only.
    fn take_listed_only(&self, only: bool);
    /// Sets the listed peers.
    fn list(&self, peers: HashSet<PeerId>);
}

/// The running network carries admission out.
pub struct Network {
    /// Connections and substreams.
    pub service: Arc<dyn NetworkService>,
    /// Block synchronisation, which counts its peers once more.
    pub sync: Arc<SyncingService<Block>>,
}

impl Peers for Network {
    fn take_listed_only(&self, only: bool) {
        self.service.set_authorized_only(only);
    }

    fn list(&self, peers: HashSet<PeerId>) {
        self.sync.set_no_slot_peers(peers.clone());
        self.service.set_authorized_peers(peers);
    }
}

/// Shows admission to an operator.
#[derive(Clone)]
struct Metrics {
    members_only: Gauge<U64>,
    admitted: Gauge<U64>,
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        Ok(Self {
            members_only: gauge("galen_network_members_only", "Whether only members' nodes are dealt with")?,
            admitted: gauge("galen_network_admitted_nodes", "Nodes that are dealt with; 0 while anyone is")?,
        })
    }
}

/// Keeps the network to the nodes that the chain admits.
pub struct Admission<P> {
    peers: P,
    own: PeerId,
    reserved: HashSet<PeerId>,
    admitted: Admitted,
    metrics: Option<Metrics>,
}

impl<P: Peers> Admission<P> {
    /// Makes the admission of the node `own`, which deals with its operator's `reserved` nodes whatever the
    /// chain says.
    pub fn new(
        peers: P,
        own: PeerId,
        reserved: HashSet<PeerId>,
        admitted: Admitted,
        registry: Option<&Registry>,
    ) -> Result<Self, PrometheusError> {
        let metrics = registry.map(Metrics::register).transpose()?;
        Ok(Self { peers, own, reserved, admitted, metrics })
    }

    /// Says whether only listed peers are dealt with.
    pub fn is_closed(&self) -> bool {
        self.admitted.list().is_some()
    }

    /// Takes over the nodes that the chain admits, or that it admits all.
    pub fn apply(&mut self, nodes: Option<HashSet<PeerId>>) {
        let listed = nodes.as_ref().is_some_and(|nodes| nodes.contains(&self.own));
        let wanted = nodes.map(|nodes| {
            let mut all: HashSet<PeerId> = nodes.union(&self.reserved).copied().collect();
            all.remove(&self.own);
            all
        });
        let present = self.admitted.list();
        if wanted == present {
            return;
        }
        self.admitted.set(wanted.clone());
        if let Some(metrics) = &self.metrics {
            metrics.members_only.set(wanted.is_some().into());
            metrics.admitted.set(wanted.as_ref().map_or(0, |list| list.len().try_into().unwrap_or(u64::MAX)));
        }
        match (present, wanted) {
            (None, Some(list)) => {
                log::info!("The network is for members' nodes only: {} are admitted", list.len());
                if !listed {
                    log::warn!(
                        "This node ({}) is not among the admitted ones, which will refuse it. Its hospital \
                         must name it with `Consortium.set_nodes`",
                        self.own
                    );
                }
                // All connections end and those listed begin anew, which takes seconds. In the other order
                // litep2p's peer set takes the listed peers that are connected to be closing, and never
                // disconnects them again.
                self.peers.list(HashSet::new());
                self.peers.take_listed_only(true);
                self.peers.list(list);
            }
            (Some(before), Some(list)) => {
                let (new, gone) = (list.difference(&before).count(), before.difference(&list).count());
                log::info!("Admitted nodes: {} ({new} new, {gone} no longer)", list.len());
                self.peers.list(list);
            }
            (_, None) => {
                log::info!("The network is open to any node");
                self.peers.take_listed_only(false);
                self.peers.list(self.reserved.clone());
            }
        }
    }
}

/// Says whether the operator has closed the node to all but reserved nodes, which is narrower than any list
/// on chain.
pub fn is_reserved_only(config: &sc_network::config::NetworkConfiguration) -> bool {
    config.default_peers_set.non_reserved_mode == NonReservedPeerMode::Deny
}

/// Gives the operator's reserved nodes.
pub fn reserved(config: &sc_network::config::NetworkConfiguration) -> HashSet<PeerId> {
    config.default_peers_set.reserved_nodes.iter().map(|node| node.peer_id).collect()
}

/// Follows finality and keeps the network to what the chain admits at each finalized block.
///
/// A node that has yet to catch up stays open, so that an old list does not cut it off. Once closed it stays
/// so while it runs, and what cannot be read (a runtime without the API, above all) changes nothing.
pub async fn follow<P: Peers>(client: Arc<FullClient>, slot: SlotDuration, mut admission: Admission<P>) {
    let mut news = stream::select(
        client.finality_notification_stream().map(|_| ()),
        client.import_notification_stream().map(|_| ()),
    );
    let mut seen = None;
    loop {
        let finalized = client.info().finalized_hash;
        if seen != Some(finalized) && (admission.is_closed() || has_caught_up(&client, slot)) {
            seen = Some(finalized);
            match admitted_nodes(&client, finalized) {
                Ok(nodes) => admission.apply(nodes),
                Err(error) => log::debug!("Admitted nodes at {finalized:?}: {error}"),
            }
        }
        if news.next().await.is_none() {
            return;
        }
    }
}

fn admitted_nodes(
    client: &FullClient,
    at: galen_runtime::Hash,
) -> Result<Option<HashSet<PeerId>>, sp_api::ApiError> {
    use sp_api::ProvideRuntimeApi;
    let nodes = client.runtime_api().admitted_nodes(at)?;
    Ok(nodes.map(|nodes| nodes.iter().filter_map(|(_, node)| parse(node)).collect()))
}

/// A peer id from its base58 text; `None` if it is none, which then admits nobody.
fn parse(text: &[u8]) -> Option<PeerId> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn has_caught_up(client: &FullClient, slot: SlotDuration) -> bool {
    let best = client.info().best_hash;
    let Ok(Some(header)) = client.header(best) else {
        return false;
    };
    // Block 0 has no slot, and says nothing about how far the chain is.
    if header.number() == &0 {
        return false;
    }
    let Ok(digest) = sc_consensus_babe::find_pre_digest::<Block>(&header) else {
        return false;
    };
    is_recent(digest.slot(), *sp_timestamp::InherentDataProvider::from_system_time(), slot)
}

fn is_recent(slot: Slot, now: sp_timestamp::Timestamp, duration: SlotDuration) -> bool {
    let began = slot.saturating_mul(duration.as_millis());
    u128::from(now.as_millis().saturating_sub(began)) <= RECENT.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Debug, PartialEq)]
    enum Said {
        Only(bool),
        List(HashSet<PeerId>),
    }

    #[derive(Clone, Default)]
    struct Recorder(Arc<Mutex<Vec<Said>>>);

    impl Recorder {
        fn take(&self) -> Vec<Said> {
            std::mem::take(&mut self.0.lock().unwrap())
        }
    }

    impl Peers for Recorder {
        fn take_listed_only(&self, only: bool) {
            self.0.lock().unwrap().push(Said::Only(only));
        }

        fn list(&self, peers: HashSet<PeerId>) {
            self.0.lock().unwrap().push(Said::List(peers));
        }
    }

    fn admission(own: PeerId, reserved: &[PeerId]) -> (Recorder, Admitted, Admission<Recorder>) {
        let (recorder, admitted) = (Recorder::default(), Admitted::default());
        let reserved = reserved.iter().copied().collect();
        let admission = Admission::new(recorder.clone(), own, reserved, admitted.clone(), None).unwrap();
        (recorder, admitted, admission)
    }

    fn set(peers: &[PeerId]) -> HashSet<PeerId> {
        peers.iter().copied().collect()
    }

    #[test]
    fn an_open_network_is_left_alone() {
        let (recorder, admitted, mut admission) = admission(PeerId::random(), &[]);
        admission.apply(None);
        assert_eq!(recorder.take(), []);
        assert!(admitted.admits(&PeerId::random()));
    }

    #[test]
    fn closing_ends_all_connections_before_listing() {
        let [own, member, reserved, stranger] = std::array::from_fn(|_| PeerId::random());
        let (recorder, admitted, mut admission) = admission(own, &[reserved]);
        admission.apply(Some(set(&[own, member])));
        let listed = set(&[member, reserved]);
        assert_eq!(recorder.take(), [Said::List(set(&[])), Said::Only(true), Said::List(listed.clone())]);
        assert!(admission.is_closed());
        assert!(admitted.admits(&member) && admitted.admits(&reserved) && !admitted.admits(&stranger));
        // The same list once more says nothing.
        admission.apply(Some(set(&[member, own])));
        assert_eq!(recorder.take(), []);
    }

    #[test]
    fn a_changed_list_is_taken_over_at_once() {
        let [own, first, second] = std::array::from_fn(|_| PeerId::random());
        let (recorder, admitted, mut admission) = admission(own, &[]);
        admission.apply(Some(set(&[first])));
        recorder.take();
        admission.apply(Some(set(&[second])));
        assert_eq!(recorder.take(), [Said::List(set(&[second]))]);
        assert!(!admitted.admits(&first) && admitted.admits(&second));
    }

    #[test]
    fn an_empty_list_admits_the_reserved_alone() {
        let [own, reserved, stranger] = std::array::from_fn(|_| PeerId::random());
        let (_, admitted, mut admission) = admission(own, &[reserved]);
        admission.apply(Some(set(&[])));
        assert!(admitted.admits(&reserved) && !admitted.admits(&stranger));
    }

    #[test]
    fn opening_keeps_the_operators_reserved_nodes() {
        let [own, member, reserved] = std::array::from_fn(|_| PeerId::random());
        let (recorder, admitted, mut admission) = admission(own, &[reserved]);
        admission.apply(Some(set(&[member])));
        recorder.take();
        admission.apply(None);
        assert_eq!(recorder.take(), [Said::Only(false), Said::List(set(&[reserved]))]);
        assert!(admitted.admits(&PeerId::random()));
    }

    #[test]
    fn what_is_no_peer_id_admits_nobody() {
        let peer = PeerId::random();
        assert_eq!(parse(peer.to_base58().as_bytes()), Some(peer));
        for bad in [&b""[..], b"12D3KooW", b"\xff", b"not a peer"] {
            assert_eq!(parse(bad), None);
        }
    }

    #[test]
    fn five_minutes_are_recent_and_more_are_not() {
        let (duration, slot) = (SlotDuration::from_millis(2_000), Slot::from(1_000_000));
        let at = |millis: u64| sp_timestamp::Timestamp::new(2_000_000_000 + millis);
        assert!(is_recent(slot, at(0), duration));
        assert!(is_recent(slot, at(300_000), duration));
        assert!(!is_recent(slot, at(300_001), duration));
        // A block from the future, by a clock that is behind.
        assert!(is_recent(slot, sp_timestamp::Timestamp::new(5), duration));
    }
}

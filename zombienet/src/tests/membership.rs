//! Hospitals come in and go, and outsiders stay out, while the network runs.

use super::{
    Held, Lab,
    setup::{FOUR, desk, hospitals},
    standing::{authors, new_keys, set_is, set_keys, stand, validate},
};
use crate::{
    council::{self, batch},
    ensure,
    error::{Context, Result},
    fail,
    hospital::Hospital,
    network::Network,
    node::Peering,
    spec::{GLN, Genesis, STAKE},
    state::State,
    submit::{Call, Desk, Raw, address},
    topology::NodeConfig,
};
use codec::Compact;
use galen_client::calls;
use galen_primitives::member::Quotas;
use tokio::time::Instant;

/// Sessions of an era.
const ERA: u32 = 2;

pub async fn admit_evict(lab: &mut Lab) -> Result<Held> {
    let mut genesis = Genesis::of(&FOUR);
    // A seat is free.
    genesis.seats = Some(5);
    genesis.sessions_per_era = ERA;
    genesis.outsiders = hospitals(&["ferdie", "one"]);
    let network = lab.start(genesis, Peering::Open).await?;
    let at_alice = desk(network, "alice").await?;
    let council = hospitals(&["alice", "bob", "charlie"]);
    let refused = outsider(network, &at_alice).await?;

    let (eve, dave) = (Hospital::of("eve"), Hospital::of("dave"));
    let quotas = Quotas { grants_per_day: 100, open_jobs: 8 };
    let admit = Call::new("Consortium", "admit", (eve.account(), eve.name().into_bytes(), quotas));
    council::decide(&at_alice, &admit, &council).await?;
    // Its node is new, and so are its keys; its stake is what the treasury has given it.
    network.add(NodeConfig::new("eve", true), false)?;
    network.node_mut("eve").start().await?;
    stand(&at_alice, network.node("eve"), STAKE).await?;
    set_is(network, &["alice", "bob", "charlie", "dave", "eve"]).await?;
    let authored = authors(network, "eve").await?;

    let closed =
        council::decide(&at_alice, &Call::new("Consortium", "evict", (dave.account(),)), &council).await?;
    let (evicted, rpc) = (Instant::now(), network.node("alice").rpc());
    let session = State::at(rpc, closed.block).session().await?;
    let out = set_is(network, &["alice", "bob", "charlie", "eve"]).await?;
    let took = evicted.elapsed();
    // An era's time: sets are elected a session ahead, so that the one that follows may be elected already.
    ensure!(out <= session + ERA, "dave was evicted in session {session} and out only in session {out}");
    let why = at_alice.refused(&validate(), &dave.key()).await?;
    ensure!(why == "Consortium.NotMember", "evicted, dave could stand again: {why}");

    // All this while the outsider has got nowhere.
    let (_, head) = rpc.finalized().await?;
    let state = State::at(rpc, head);
    let ferdie = Hospital::of("ferdie").account();
    ensure!(!state.is_candidate(&ferdie).await?, "the outsider is a candidate");
    ensure!(state.next_keys(&ferdie).await?.is_none(), "the outsider has session keys");
    network.agrees().await?;
    Ok(Held::seen(format!(
        "eve admitted, authored block {authored}; dave out {} s after its eviction; an outsider refused in {refused} ways",
        took.as_secs()
    )))
}

// How an attempt must end.
enum End {
    // The runtime refuses the call with this error.
    Refused(&'static str),
    // The call is taken, and what it carries is refused: the event says so.
    TakenInVain,
}

// Everything that an outsider with stake can try; returns in how many ways it was refused.
async fn outsider(network: &Network, desk: &Desk) -> Result<usize> {
    let (ferdie, one) = (Hospital::of("ferdie"), Hospital::of("one"));
    let rpc = network.node("alice").rpc();
    // Bonding is everybody's right; it leads nowhere. So is having a proxy.
    desk.submit(&calls::bond(50_000 * GLN), &ferdie.key()).await?;
    desk.submit(&Call::new("Proxy", "add_proxy", (address(&one.account()), 0u8, 0u32)), &ferdie.key())
        .await?;

    // Commission, and whether nominators are kept out.
    let direct = Call::new("Staking", "validate", (Compact(0u32), false));
    let inner = desk.encode(&direct).await?;
    let keys = set_keys(&new_keys(network.node("alice"), &ferdie.account()).await?);
    let batched = batch(desk, &[&direct]).await?;
    let proxied = Call::new("Proxy", "proxy", (address(&ferdie.account()), None::<u8>, inner.clone()));
    let multisig = Call::new("Multisig", "as_multi_threshold_1", (vec![one.account()], inner.clone()));
    let scheduled = schedule(network, inner).await?;
    let nominated = Call::new("Staking", "nominate", (vec![address(&ferdie.account())],));
    let registered = Call::new("Consortium", "add_validator", (ferdie.account(),));
    let moved = motion(desk, &ferdie).await?;
    let filtered = || End::Refused("System.CallFiltered");
    let not_a_member = || End::Refused("Consortium.NotMember");
    let attempts = [
        ("directly", &ferdie, direct, filtered()),
        ("in a batch", &ferdie, batched, filtered()),
        ("through a proxy", &one, proxied, End::TakenInVain),
        ("through a multisig", &ferdie, multisig, filtered()),
        ("by a schedule", &ferdie, scheduled, End::Refused("Bad origin")),
        ("as a member does", &ferdie, validate(), not_a_member()),
        ("as a member's other account", &ferdie, registered, not_a_member()),
        ("with session keys", &ferdie, keys, End::Refused("Session.NoAssociatedValidatorId")),
        ("by votes", &ferdie, nominated, filtered()),
        ("by a motion of its own", &ferdie, moved, End::Refused("Council.NotMember")),
    ];
    let count = attempts.len();
    for (way, who, call, end) in attempts {
        let included = desk.attempt(&call, &who.key(), false).await.context(|| way)?;
        match (end, &included.error) {
            (End::Refused(expected), Some(error)) => ensure!(error.contains(expected), "{way}: {error}"),
            (End::Refused(_), None) => fail!("{way}: an outsider's call was carried out"),
            (End::TakenInVain, error) => {
                ensure!(error.is_none(), "{way}: {error:?}");
                let (_, executed) =
                    included.events.iter().find(|(name, _)| name == "Proxy.ProxyExecuted").context(|| way)?;
                ensure!(executed.first() == Some(&1), "{way}: an outsider's call was carried out");
            }
        }
        let (_, best) = rpc.best().await?;
        ensure!(
            !State::at(rpc, best).is_candidate(&ferdie.account()).await?,
            "an outsider became a candidate {way}"
        );
    }
    Ok(count)
}

async fn schedule(network: &Network, inner: Raw) -> Result<Call> {
    let (best, _) = network.node("alice").rpc().best().await?;
    // When, once, with which priority.
    Ok(Call::new("Scheduler", "schedule", (best + 5, None::<(u32, u32)>, 0u8, inner)))
}

async fn motion(desk: &Desk, who: &Hospital) -> Result<Call> {
    let admit =
        Call::new("Consortium", "admit", (who.account(), b"Ferdie Hospital".to_vec(), Quotas::default()));
    Ok(calls::propose(1, &desk.encode(&admit).await?.0))
}

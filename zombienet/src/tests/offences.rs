//! Offences: a validator that signs twice, and one that stays away.

use super::{
    Held, Lab,
    setup::{FOUR, desk},
    standing::{authors, set_is, validate},
};
use crate::{
    ensure,
    error::{Context, Result},
    hospital::Hospital,
    network::Network,
    node::Peering,
    spec::{GLN, Genesis, STAKE, treasury},
    state::State,
    topology::NodeConfig,
    wait::{eventually, seconds},
};
use codec::Encode;
use galen_primitives::{
    H256,
    audit::{Entry, Filter, Kind, Page, account_subject},
};
use serde_json::json;
use tokio::time::Instant;

/// Two nodes have dave's session keys: a true double signer. In each of its slots both author, each with the time of its own
/// clock in the block, hence two blocks of one slot under one BABE key; and both vote in GRANDPA.
pub async fn equivocation(lab: &mut Lab) -> Result<Held> {
    let mut genesis = Genesis::of(&FOUR);
    genesis.more = json!({ "network": { "slashDeferEras": 0 } });
    // Who is disabled is so for the rest of the era: a long one.
    genesis.sessions_per_era = 12;
    let network = lab.start(genesis, Peering::Open).await?;
    let (dave, rpc) = (Hospital::of("dave"), network.node("alice").rpc());
    let (_, head) = rpc.finalized().await?;
    let (before, in_treasury) =
        (State::at(rpc, head).bonded(&dave.account()).await?, State::at(rpc, head).free(&treasury()).await?);
    ensure!(before == STAKE, "dave has {before} at stake");

    network.add(NodeConfig::new("twin", true), false)?;
    network.node("twin").insert_keys(&dave)?;
    let began = Instant::now();
    network.node_mut("twin").start().await?;
    let rpc = network.node("alice").rpc();
    let (number, block, after) = eventually("dave's stake to be slashed", seconds(300), || async {
        let (number, head) = rpc.finalized().await?;
        let bonded = State::at(rpc, head).bonded(&dave.account()).await?;
        Ok((bonded < before).then_some((number, head, bonded)))
    })
    .await?;
    let took = began.elapsed();

    let state = State::at(rpc, block);
    let gained = state.free(&treasury()).await?.saturating_sub(in_treasury);
    ensure!(gained >= before - after, "slashed {} and the treasury gained {gained}", before - after);
    ensure!(state.disabled().await?.contains(&dave.account()), "dave was slashed and not disabled");
    let entry = audited(network, Kind::OffenceReported, &dave, block).await?;
    let entry = entry.context(|| "the audit log has no entry of the offence")?;
    ensure!(entry.hospital == Some(dave.account()), "the entry is about {:?}", entry.hospital);
    for name in ["alice", "bob", "charlie"] {
        network.node(name).finalizes(number + 4, seconds(120)).await?;
    }
    network.agrees().await?;
    let lost = (before - after) / GLN;
    Ok(Held::seen(format!(
        "{} s after the twin came, dave had lost {lost} of {} GLN and was disabled",
        took.as_secs(),
        before / GLN
    )))
}

/// Sessions in a row after which the absent lose their seats, in this test.
const THRESHOLD: u32 = 2;

pub async fn absence(lab: &mut Lab) -> Result<Held> {
    let mut genesis = Genesis::of(&FOUR);
    genesis.more = json!({ "conduct": { "absenceThreshold": THRESHOLD } });
    let network = lab.start(genesis, Peering::Open).await?;
    let dave = Hospital::of("dave");
    network.node_mut("dave").kill().await?;
    let away = Instant::now();
    let rpc = network.node("alice").rpc();
    set_is(network, &["alice", "bob", "charlie"]).await?;
    let without = away.elapsed();
    let (last, head) = rpc.finalized().await?;
    ensure!(State::at(rpc, head).bonded(&dave.account()).await? == STAKE, "staying away has cost dave stake");
    audited(network, Kind::SeatLost, &dave, head)
        .await?
        .context(|| "the audit log has no entry of the lost seat")?;
    network.finalizes(last + 3, seconds(120)).await?;

    let back = Instant::now();
    network.node_mut("dave").start().await?;
    desk(network, "alice").await?.submit(&validate(), &dave.key()).await?;
    set_is(network, &FOUR).await?;
    let block = authors(network, "dave").await?;
    let recovery = back.elapsed();
    network.agrees().await?;
    Ok(Held::recovered(
        recovery,
        format!(
            "out after {} s away (threshold {THRESHOLD} sessions), back in and authored block {block}",
            without.as_secs()
        ),
    ))
}

// The entry of a kind about a hospital's account, as of a block.
async fn audited(network: &Network, kind: Kind, about: &Hospital, at: H256) -> Result<Option<Entry>> {
    let filter = Filter { kind: Some(kind), ..Default::default() };
    let args = (filter, 0u64, 256u32).encode();
    let page: Page = network.node("alice").rpc().call("AuditApi_entries", &args, at).await?;
    let subject = account_subject(&about.account());
    Ok(page.entries.into_iter().find(|entry| entry.subject == subject))
}

//! A consent is one and the same at all hospitals.

use super::{Held, Lab, setup::desk};
use crate::{
    ensure,
    error::{Context, Result},
    grant::grant as sign_grant,
    hospital::Hospital,
    network::Network,
    submit::Desk,
    wait::seconds,
};
use codec::Encode;
use galen_client::{calls, keys::PatientKey};
use galen_primitives::{
    H256,
    consent::{Decision, Purpose, Question},
    records::RecordFacts,
};

pub async fn everywhere(lab: &mut Lab) -> Result<Held> {
    let network = lab.four().await?;
    let (alice, bob) = (Hospital::of("alice"), Hospital::of("bob"));
    let patient = PatientKey::read("//Patient")?;
    let question = Question {
        patient: patient.account(),
        custodian: alice.account(),
        requester: bob.account(),
        actors: Default::default(),
        purpose: Purpose::Treat,
        record: Some(RecordFacts::default()),
    };
    let (_, before) = network.node("alice").rpc().finalized().await?;
    let at_alice = desk(network, "alice").await?;
    at_alice.submit(&calls::enrol(&patient.account()), &alice.key()).await?;
    let granted = grant(network, &at_alice, &patient, &alice, &bob, &[Purpose::Treat]).await?;

    let number = network.node("alice").rpc().header(granted).await?.number()?;
    network.finalizes(number, seconds(90)).await?;
    for (block, permitted) in [(before, false), (granted, true)] {
        let mut decisions = Vec::new();
        for node in network.nodes() {
            let decision: Decision = node.rpc().call("ConsentApi_decide", &question.encode(), block).await?;
            ensure!(decision.permitted() == permitted, "at {}, block {block:?}: {decision:?}", node.name());
            decisions.push(decision);
        }
        ensure!(
            decisions.windows(2).all(|pair| pair[0] == pair[1]),
            "hospitals decide differently: {decisions:?}"
        );
    }
    // Another purpose is decided the same everywhere as well: not at all.
    let other = Question { purpose: Purpose::Hmarkt, ..question };
    for node in network.nodes() {
        let decision: Decision = node.rpc().call("ConsentApi_decide", &other.encode(), granted).await?;
        ensure!(!decision.permitted(), "at {}, a purpose that was not granted: {decision:?}", node.name());
    }
    Ok(Held::seen(format!("granted at alice in block {number}, permitted at all four, refused before")))
}

/// Has a patient sign and `relayer` submit a consent, final; returns its block.
pub async fn grant(
    network: &Network,
    desk: &Desk,
    patient: &PatientKey,
    custodian: &Hospital,
    grantee: &Hospital,
    purposes: &[Purpose],
) -> Result<H256> {
    let rpc = network.nodes().first().context(|| "a network without nodes")?.rpc();
    let call = sign_grant(rpc, patient, custodian.account(), &grantee.account(), purposes).await?;
    Ok(desk.finalize(&call, &custodian.key()).await?.block)
}

//! A consent is one and the same at all hospitals.

use super::{Bench, Held, setup::desk};
use crate::{
    ensure,
    error::{Context, Error, Result},
    hospital::Hospital,
    network::Network,
    submit::Desk,
    wait::seconds,
};
use codec::Encode;
use galen_client::{calls, keys::PatientKey};
use galen_primitives::{
    H256, UnixSeconds,
    consent::{
        Confidentiality, ConsentTerms, Decision, Effect, Policy, Provision, Purpose, Question, decision::id,
    },
    record::RecordFacts,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// For so long what a patient signs can be relayed.
const VALID_FOR: UnixSeconds = 600;

pub async fn everywhere(bench: &mut Bench) -> Result<Held> {
    let network = bench.four().await?;
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
    let terms = ConsentTerms {
        patient: patient.account(),
        custodian: custodian.account(),
        policy: Policy::default(),
        root: Provision {
            purposes: purposes.to_vec().try_into().map_err(|_| Error::new("too many purposes"))?,
            actors: vec![id(&grantee.account())].try_into().map_err(|_| Error::new("too many actors"))?,
            levels: vec![Confidentiality::N].try_into().map_err(|_| Error::new("too many levels"))?,
            ..Provision::all(Effect::Permit)
        },
        exceptions: Default::default(),
        duo: Default::default(),
        supersedes: None,
        form: H256([7; 32]),
    };
    let valid_until = now()? + VALID_FOR;
    let rpc = network.nodes().first().context(|| "a network without nodes")?.rpc();
    let (_, best) = rpc.best().await?;
    let text: Option<Vec<u8>> =
        rpc.call("ConsentApi_grant_text", &(&terms, &terms.patient, valid_until).encode(), best).await?;
    let text = text.context(|| "the chain makes no text of this consent")?;
    let call = calls::grant(&terms, &terms.patient, valid_until, &patient.sign(&text));
    Ok(desk.finalize(&call, &custodian.key()).await?.block)
}

/// Seconds since 1970.
fn now() -> Result<UnixSeconds> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context(|| "this machine's clock")?.as_secs())
}

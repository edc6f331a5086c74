//! What two thirds of the council decide: moved by one hospital, voted for, closed, and seen to have been done.

use crate::{
    ensure,
    error::{Context, Result},
    fail,
    hospital::Hospital,
    submit::{Call, Desk, Included, Raw},
};
use codec::Compact;
use futures::future::try_join_all;
use galen_client::calls;
use galen_primitives::{AccountId, H256};
use subxt::tx::Payload;

/// Moves a call, has all of `voters` vote for it, closes it; an error if what was decided then failed.
pub async fn decide(desk: &Desk, call: &impl Payload, voters: &[Hospital]) -> Result<Included> {
    let proposal = desk.encode(call).await?;
    let length = u32::try_from(proposal.0.len()).context(|| "a call")?;
    let mover = voters.first().context(|| "a motion needs somebody to move it")?.key();
    let threshold = u32::try_from(voters.len()).context(|| "a council")?;
    let moved = desk.submit(&calls::propose(threshold, &proposal.0), &mover).await?;
    let (_, index, hash, _): (AccountId, u32, H256, u32) = moved.event("Council.Proposed")?;

    let vote = calls::vote(hash, index, true);
    let keys: Vec<_> = voters.iter().map(Hospital::key).collect();
    try_join_all(keys.iter().map(|key| desk.submit(&vote, key))).await?;

    // Bounds of time and proof that stay below what the runtime lets a motion take.
    let bounds = (Compact(200_000_000_000u64), Compact(10_000_000u64));
    let close = Call::new("Council", "close", (hash, Compact(index), bounds, Compact(length)));
    let closed = desk.submit(&close, &mover).await?;
    carried_out(desk, &closed).await?;
    Ok(closed)
}

/// The same through the one gate to Root.
pub async fn govern(desk: &Desk, call: &impl Payload, voters: &[Hospital]) -> Result<Included> {
    let inner = desk.encode(call).await?;
    decide(desk, &Call::new("Consortium", "govern", inner), voters).await
}

// A motion that fails does not make the call fail that closed it, nor does what fails behind the gate: events tell. In both, the
// result comes after a hash.
async fn carried_out(desk: &Desk, closed: &Included) -> Result<()> {
    let done = |name: &str| closed.events.iter().find(|(event, _)| event == name).map(|(_, fields)| fields);
    ensure!(done("Council.Executed").is_some(), "the motion was closed and not executed");
    for name in ["Council.Executed", "Consortium.Governed"] {
        match done(name).and_then(|fields| fields.get(32..)) {
            None | Some([0, ..]) => {}
            Some([1, why @ ..]) => fail!("{}", desk.dispatch_error(closed.block, why).await?),
            Some(_) => fail!("{name} cannot be read"),
        }
    }
    Ok(())
}

/// Several calls in one that is carried out whole or not at all.
pub async fn batch(desk: &Desk, calls: &[&Call]) -> Result<Call> {
    let encoded: Vec<Raw> = try_join_all(calls.iter().map(|call| desk.encode(*call))).await?;
    Ok(Call::new("Utility", "batch_all", (encoded,)))
}

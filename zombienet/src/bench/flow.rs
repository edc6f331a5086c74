//! Many calls sent at once and watched until they are final.

use super::{Bench, Times};
use crate::{
    ensure,
    error::{Context, Result},
    rpc::params,
    submit::Signed,
};
use galen_primitives::{BlockNumber, H256, commitment::tagged_hash};
use serde_json::Value;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// How often the node is asked for new blocks: what the times are exact to.
const PAUSE: Duration = Duration::from_millis(100);
/// No run takes longer.
const LIMIT: Duration = Duration::from_secs(600);

/// What came of calls that were sent at once.
pub(super) struct Flow {
    /// Bytes of a call with its signature.
    pub bytes_each: usize,
    /// From sending to standing in a block of the best chain.
    pub included: Times,
    /// From sending to standing in a final block.
    pub finalized: Times,
    count: usize,
    all_included: Duration,
    all_finalized: Duration,
}

/// One side that blocks are seen from: the best head, or the final one.
struct Watch {
    next: BlockNumber,
    seen: HashMap<H256, Instant>,
}

impl Watch {
    async fn follow(&mut self, bench: &Bench, head: BlockNumber) -> Result<()> {
        while self.next <= head {
            let hash = bench.rpc.hash(self.next).await?.context(|| format!("no block {}", self.next))?;
            let block: Value = bench.rpc.ask("chain_getBlock", params([serde_json::to_value(hash)?])).await?;
            let now = Instant::now();
            for extrinsic in
                block.pointer("/block/extrinsics").and_then(Value::as_array).into_iter().flatten()
            {
                let text = extrinsic.as_str().unwrap_or_default().trim_start_matches("0x");
                let bytes = hex::decode(text).context(|| "an extrinsic")?;
                self.seen.entry(name(&bytes)).or_insert(now);
            }
            self.next += 1;
        }
        Ok(())
    }
}

/// What a call is known by.
fn name(bytes: &[u8]) -> H256 {
    tagged_hash(b"", &[bytes])
}

impl Flow {
    /// Sends the calls, in their order, and watches.
    pub(super) async fn run(bench: &Bench, calls: Vec<Signed>) -> Result<Self> {
        let (best, _) = bench.rpc.best().await?;
        let (last, _) = bench.rpc.finalized().await?;
        let mut on_best = Watch { next: best + 1, seen: HashMap::new() };
        let mut on_final = Watch { next: last + 1, seen: HashMap::new() };
        let begun = Instant::now();
        let mut sent = Vec::with_capacity(calls.len());
        for call in &calls {
            bench.send(call).await?;
            sent.push((name(&call.bytes), Instant::now()));
        }
        let arrived = |watch: &Watch| sent.iter().all(|(name, _)| watch.seen.contains_key(name));
        while !arrived(&on_final) {
            ensure!(begun.elapsed() < LIMIT, "not all calls were final after {} s", LIMIT.as_secs());
            let (best, _) = bench.rpc.best().await?;
            on_best.follow(bench, best).await?;
            let (last, _) = bench.rpc.finalized().await?;
            on_final.follow(bench, last).await?;
            tokio::time::sleep(PAUSE).await;
        }
        let waits = |watch: &Watch| {
            let wait =
                |(name, at): &(H256, Instant)| watch.seen.get(name).map(|seen| seen.duration_since(*at));
            sent.iter().filter_map(wait).collect::<Vec<_>>()
        };
        let end = |watch: &Watch| {
            let last = sent.iter().filter_map(|(name, _)| watch.seen.get(name)).max();
            last.map_or(Duration::ZERO, |last| last.duration_since(begun))
        };
        Ok(Flow {
            bytes_each: calls.iter().map(|call| call.bytes.len()).sum::<usize>() / calls.len().max(1),
            all_included: end(&on_best),
            all_finalized: end(&on_final),
            included: Times::new(waits(&on_best)),
            finalized: Times::new(waits(&on_final)),
            count: calls.len(),
        })
    }

    pub(super) fn included_per_second(&self) -> f64 {
        self.count as f64 / self.all_included.as_secs_f64()
    }

    pub(super) fn finalized_per_second(&self) -> f64 {
        self.count as f64 / self.all_finalized.as_secs_f64()
    }
}

impl Bench {
    /// Hands a call to the node's pool.
    pub(super) async fn send(&self, call: &Signed) -> Result<()> {
        let text = format!("0x{}", hex::encode(&call.bytes));
        let _: H256 = self.rpc.ask("author_submitExtrinsic", params([text.into()])).await?;
        Ok(())
    }
}

//! The node among its peers: version, chain, peers, sync, finality.

use super::Finding;
use crate::{Error, chain::Chain};
use galen_primitives::{BlockNumber, H256};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

/// Blocks that finality may lag behind: GRANDPA needs a few slots.
const LAG: BlockNumber = 10;
/// From here on something is wrong; authoring slows down too.
const LONG_LAG: BlockNumber = 60;
/// So many blocks behind the best peer is not keeping up.
const BEHIND: BlockNumber = 10;
/// Seconds after which a block should long have had a successor: slots are 2 s, and some stay empty.
const OLD: u64 = 20;
const VERY_OLD: u64 = 120;
/// Milliseconds that a block may seem to be ahead: clocks differ a little.
const FROM_THE_FUTURE: u64 = 2_000;
/// With fewer peers one failure may cut the node off.
const FEW_PEERS: u64 = 2;

pub async fn examine(chain: &Chain, genesis: Option<H256>) -> Vec<Finding> {
    let mut findings = vec![Finding::of("version", version(chain).await)];
    if let Some(expected) = genesis {
        findings.push(same_chain(chain.genesis(), expected));
    }
    match health(chain).await {
        Ok((health, best, finalized, peers_best)) => {
            findings.push(peers(health.peers, health.should_have_peers));
            findings.push(sync(health.syncing, best, peers_best));
            findings.push(Finding::of("newest block", newest(chain).await));
            findings.push(finality(best, finalized));
        }
        Err(why) => findings.push(Finding::of("peers", Err(why))),
    }
    findings
}

async fn version(chain: &Chain) -> Result<Finding, Error> {
    let program: String = chain.request("system_version").await?;
    let name: String = chain.request("system_chain").await?;
    let (head, _) = chain.finalized().await?;
    let (runtime, number) = chain.runtime(head).await?;
    let seen =
        format!("galen-node {program}, runtime {runtime} {number}, chain `{name}` ({:?})", chain.genesis());
    Ok(match chain.authorized_upgrade(head).await? {
        None => Finding::ok("version", seen),
        Some(hash) => Finding::warn(
            "version",
            format!("{seen}; an upgrade to the code {hash:?} is authorised and not applied yet"),
            "see `galen upgrade status`; apply it with `galen upgrade apply` once every node is ready",
        ),
    })
}

fn same_chain(genesis: H256, expected: H256) -> Finding {
    if genesis == expected {
        Finding::ok("genesis", "the chain of the published spec")
    } else {
        Finding::fail(
            "genesis",
            format!("the node is on chain {genesis:?}, the spec is of {expected:?}"),
            "start the node with --chain and the published raw spec, and a base path of its own",
        )
    }
}

struct Health {
    peers: u64,
    should_have_peers: bool,
    syncing: bool,
}

async fn health(chain: &Chain) -> Result<(Health, BlockNumber, BlockNumber, Option<BlockNumber>), Error> {
    let health: Value = chain.request("system_health").await?;
    let health = Health {
        peers: health["peers"].as_u64().ok_or(Error::Undecodable("system_health"))?,
        should_have_peers: health["shouldHavePeers"].as_bool().unwrap_or(true),
        syncing: health["isSyncing"].as_bool().unwrap_or(false),
    };
    // A node that serves safe methods only does not name its peers.
    let peers = chain.peers().await.unwrap_or_default();
    // Finalized before best, so that the lag is never made too small by blocks in between.
    let (_, finalized) = chain.finalized().await?;
    let (_, best) = chain.best().await?;
    Ok((health, best, finalized, peers.iter().map(|peer| peer.best_number).max()))
}

fn peers(count: u64, expected: bool) -> Finding {
    let advice = "check the boot nodes of the spec, the p2p port and the firewall; where nodes are admitted, that the council's members \
                  list this node's peer id (`galen member nodes`)";
    match count {
        0 if expected => Finding::fail("peers", "none", advice),
        0 => Finding::ok("peers", "none, and none expected on a chain for development"),
        few if few < FEW_PEERS => {
            Finding::warn("peers", format!("{few}: one failure cuts this node off"), advice)
        }
        enough => Finding::ok("peers", enough.to_string()),
    }
}

fn sync(syncing: bool, best: BlockNumber, peers_best: Option<BlockNumber>) -> Finding {
    let ahead = peers_best.map_or(0, |theirs| theirs.saturating_sub(best));
    if ahead > BEHIND {
        return Finding::fail(
            "sync",
            format!("best block {best}, {ahead} behind the best peer"),
            "wait if the node was just started; otherwise see its log: a wrong clock, a full disk or another runtime makes it refuse \
             blocks",
        );
    }
    if syncing {
        return Finding::warn("sync", format!("best block {best}, still syncing"), "wait");
    }
    Finding::ok("sync", format!("best block {best}"))
}

async fn newest(chain: &Chain) -> Result<Finding, Error> {
    let (best, number) = chain.best().await?;
    // Genesis has no time.
    let made = if number == 0 { None } else { Some(chain.timestamp(best).await?) };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as u64);
    Ok(age(made, now))
}

/// When the newest block was made, by its author's clock, and the time here, in milliseconds since 1970.
fn age(made: Option<u64>, now: u64) -> Finding {
    const STALLED: &str = "no blocks reach this node: see its peers and its log, and whether others have newer blocks; or the clock here is \
                           far ahead";
    let Some(made) = made else {
        return Finding::fail("newest block", "none but the first", STALLED);
    };
    let seconds = now.saturating_sub(made) / 1000;
    let seen = format!("{seconds} s old by its own time");
    if made > now + FROM_THE_FUTURE {
        return Finding::fail(
            "newest block",
            format!("made {} s from now by its own time", (made - now) / 1000),
            "the clock here is behind: set it by NTP",
        );
    }
    match seconds {
        0..OLD => Finding::ok("newest block", seen),
        OLD..VERY_OLD => Finding::warn("newest block", seen, STALLED),
        _ => Finding::fail("newest block", seen, STALLED),
    }
}

fn finality(best: BlockNumber, finalized: BlockNumber) -> Finding {
    let lag = best.saturating_sub(finalized);
    let seen = format!("finalized {finalized}, {lag} blocks behind the best");
    let advice = "more than two thirds of the validators must vote: `galen network status` names those that are absent or disabled; \
                  speak to their hospitals";
    if lag > LONG_LAG {
        Finding::fail("finality", seen, advice)
    } else if lag > LAG {
        Finding::warn("finality", seen, advice)
    } else {
        Finding::ok("finality", seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn finality_that_lags() {
        assert_eq!(finality(100, 97).level, Level::Ok);
        assert_eq!(finality(100, 89).level, Level::Warn);
        assert_eq!(finality(100, 30).level, Level::Fail);
        assert_eq!(finality(10, 12).level, Level::Ok);
    }

    #[test]
    fn a_chain_that_stands_still() {
        let now = 1_000_000_000;
        assert_eq!(age(Some(now - 3_000), now).level, Level::Ok);
        assert_eq!(age(Some(now + 1_000), now).level, Level::Ok);
        assert_eq!(age(Some(now - 30_000), now).level, Level::Warn);
        assert_eq!(age(Some(now - 300_000), now).level, Level::Fail);
        assert_eq!(age(None, now).level, Level::Fail);
        assert!(age(Some(now + 60_000), now).seen.contains("from now"));
    }

    #[test]
    fn a_node_that_is_alone_or_behind() {
        assert_eq!(peers(0, true).level, Level::Fail);
        assert_eq!(peers(0, false).level, Level::Ok);
        assert_eq!(peers(1, true).level, Level::Warn);
        assert_eq!(peers(3, true).level, Level::Ok);
        assert_eq!(sync(false, 100, Some(105)).level, Level::Ok);
        assert_eq!(sync(false, 100, Some(150)).level, Level::Fail);
        assert_eq!(sync(true, 100, None).level, Level::Warn);
        assert_eq!(same_chain(H256::zero(), H256::repeat_byte(1)).level, Level::Fail);
    }
}

//! The clock, without asking a time server: the other hospitals' blocks tell the time.
//!
//! A block's slot fixes when it was authored, by its author's clock. It cannot reach this node before that, and on a network that works
//! it arrives within the same slot. Blocks of one's own say nothing.

use super::Finding;
use crate::{
    Error,
    chain::{Arrival, Chain},
};
use std::time::Duration;

/// Blocks to wait for.
const BLOCKS: usize = 6;
/// For how long.
const PATIENCE: Duration = Duration::from_secs(20);
/// Milliseconds of a slot, as the runtime has it.
const SLOT: i64 = 2_000;
/// Milliseconds that clocks kept by NTP may differ by.
const SMALL: i64 = 100;
const ADVICE: &str = "set the clock by NTP (chrony or systemd-timesyncd) and let it run: a validator whose clock is off by more than a \
                      slot authors blocks that the others refuse";

pub async fn examine(chain: &Chain) -> Finding {
    let asked = async {
        let (best, _) = chain.best().await?;
        let validators = chain.session_validators(best).await?;
        let arrivals = chain.arrivals(BLOCKS, PATIENCE).await?;
        // With unsafe methods closed it cannot be told which validators are this node's own: all count as others'.
        let mut own = Vec::new();
        for (index, validator) in (0u32..).zip(&validators) {
            let keys = chain.next_keys(validator, best).await?;
            if let Some(keys) = keys
                && chain.has_key(keys.babe, "babe").await.unwrap_or(false)
            {
                own.push(index);
            }
        }
        Ok::<_, Error>(judge(&arrivals, &own))
    };
    Finding::of("clock", asked.await)
}

/// `own` are the indices of the validators whose keys this node has.
fn judge(arrivals: &[Arrival], own: &[u32]) -> Finding {
    let after_slot = |arrival: &Arrival| arrival.millis as i64 - arrival.slot as i64 * SLOT;
    let mut delays: Vec<i64> =
        arrivals.iter().filter(|arrival| !own.contains(&arrival.author)).map(after_slot).collect();
    delays.sort();
    let Some(median) = delays.get(delays.len() / 2).copied() else {
        return if arrivals.is_empty() {
            Finding::warn(
                "clock",
                format!("no block came within {} s: the clock cannot be compared", PATIENCE.as_secs()),
                "see what `finality` and `peers` say, and compare the clock with `chronyc tracking` or `timedatectl`",
            )
        } else {
            Finding::warn(
                "clock",
                "only blocks of this node's own came: they tell nothing about its clock",
                "compare it with `chronyc tracking` or `timedatectl`",
            )
        };
    };
    let seen = format!(
        "{} blocks of others reached this node {:.1} s after their slot began (median)",
        delays.len(),
        median as f64 / 1000.0
    );
    // Below zero a block would be here before it was made.
    let behind = format!("{seen}: this clock is behind the others'");
    let ahead = format!("{seen}: this clock is ahead of the others', or the network is slow");
    if median < -SLOT {
        Finding::fail("clock", behind, ADVICE)
    } else if median < -SMALL {
        Finding::warn("clock", behind, ADVICE)
    } else if median <= SLOT {
        Finding::ok("clock", seen)
    } else if median <= 2 * SLOT {
        Finding::warn("clock", ahead, ADVICE)
    } else {
        Finding::fail("clock", ahead, ADVICE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    // Blocks of author 1 that came so many milliseconds after their slots began.
    fn late(millis: &[i64]) -> Vec<Arrival> {
        let arrival = |(slot, late): (u64, &i64)| Arrival {
            slot,
            author: 1,
            millis: (slot as i64 * SLOT + late) as u64,
        };
        (1_000_000u64..).zip(millis).map(arrival).collect()
    }

    #[test]
    fn the_median_of_the_others_blocks_tells() {
        for (millis, level, word) in [
            (&[300, 400, 350][..], Level::Ok, "0.3 s"),
            (&[300, 400, 90_000], Level::Ok, "0.4 s"),
            (&[-50, -20, 10], Level::Ok, "0.0 s"),
            (&[-1_500, -1_400, -1_600], Level::Warn, "behind"),
            (&[-3_000, -2_900, -3_100], Level::Fail, "behind"),
            (&[2_500, 2_600, 2_700], Level::Warn, "ahead"),
            (&[9_000, 9_100, 9_200], Level::Fail, "ahead"),
        ] {
            let found = judge(&late(millis), &[0]);
            assert_eq!(found.level, level, "{millis:?}: {}", found.seen);
            assert!(found.seen.contains(word), "{}", found.seen);
        }
    }

    #[test]
    fn ones_own_blocks_tell_nothing() {
        let found = judge(&late(&[300, 400]), &[1]);
        assert_eq!(found.level, Level::Warn);
        assert!(found.seen.contains("own"));
        assert!(judge(&[], &[]).seen.contains("no block came"));
    }
}

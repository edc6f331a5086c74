//! Waiting for something to become true, with a deadline, never for an amount of time.

use crate::error::{Error, Result};
use std::{future::Future, time::Duration};
use tokio::time::{Instant, sleep};

/// How often a condition is asked for.
const PAUSE: Duration = Duration::from_millis(200);

/// Asks until there is an answer; fails with `what` when the time is over. An error of `ask` counts as no answer yet (a
/// node that is starting refuses connections) and is told if it was the last thing seen.
pub async fn eventually<T, F, A>(what: &str, limit: Duration, mut ask: F) -> Result<T>
where
    F: FnMut() -> A,
    A: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + limit;
    loop {
        let why = match ask().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => None,
            Err(why) => Some(why),
        };
        if Instant::now() >= deadline {
            let seconds = limit.as_secs();
            return Err(Error::new(match why {
                None => format!("waited {seconds} s for {what}"),
                Some(why) => format!("waited {seconds} s for {what}; lastly: {why}"),
            }));
        }
        sleep(PAUSE).await;
    }
}

/// Whole seconds.
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waits_until_there_is_an_answer_and_no_longer_than_the_limit() {
        let mut asked = 0;
        let answer = eventually("it", seconds(10), || {
            asked += 1;
            let found = (asked == 3).then_some(asked);
            async move { if asked == 1 { Err(Error::new("not yet")) } else { Ok(found) } }
        });
        assert_eq!(answer.await.unwrap(), 3);

        let never = eventually::<(), _, _>("nothing", seconds(1), || async { Err(Error::new("closed")) });
        let why = never.await.unwrap_err().to_string();
        assert_eq!(why, "waited 1 s for nothing; lastly: closed");
    }
}

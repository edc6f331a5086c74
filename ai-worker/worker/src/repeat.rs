//! Looking again and again, until the worker stops.

use crate::shutdown::Shutdown;
use std::time::Duration;
use tokio::time::sleep;

/// Looks until shutdown is requested: again `pause` after a look that worked, and `retry` after one that
/// failed. A look that runs when shutdown is requested is given up.
pub async fn every<E, F: Future<Output = Result<(), E>>>(
    mut look: impl FnMut() -> F,
    pause: Duration,
    retry: Duration,
    shutdown: &Shutdown,
) {
    loop {
        let looked = tokio::select! {
            looked = look() => looked,
            () = shutdown.requested() => return,
        };
        tokio::select! {
            () = sleep(if looked.is_ok() { pause } else { retry }) => {}
            () = shutdown.requested() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shutdown;
    use std::cell::Cell;

    const NEVER: Duration = Duration::from_secs(3_600);
    const SOON: Duration = Duration::from_millis(1);

    /// Looks with one result until it looked five times; which pause would take for ever tells which one was
    /// made.
    async fn five(result: Result<(), ()>, pause: Duration, retry: Duration) -> u32 {
        let (trigger, shutdown) = shutdown::channel();
        let looks = Cell::new(0);
        let look = || async {
            looks.set(looks.get() + 1);
            if looks.get() == 5 {
                trigger.stop();
            }
            result
        };
        every(look, pause, retry, &shutdown).await;
        looks.get()
    }

    #[tokio::test]
    async fn the_pause_depends_on_what_came_of_the_look() {
        assert_eq!(five(Ok(()), SOON, NEVER).await, 5);
        assert_eq!(five(Err(()), NEVER, SOON).await, 5);
    }

    #[tokio::test]
    async fn neither_a_look_nor_a_pause_holds_up_the_end() {
        let (trigger, shutdown) = shutdown::channel();
        let hang = || std::future::pending::<Result<(), ()>>();
        let wait = || std::future::ready(Ok::<(), ()>(()));
        let stop = async {
            sleep(Duration::from_millis(20)).await;
            trigger.stop();
        };
        tokio::join!(every(hang, SOON, SOON, &shutdown), every(wait, NEVER, NEVER, &shutdown), stop);
    }
}

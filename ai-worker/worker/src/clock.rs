//! What time it is.

use galen_primitives::{UnixSeconds, devices::reading::UnixMillis};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The system's clock. Tests set it ahead; its clones go with it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    // Milliseconds by which it is ahead of the system's.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// Milliseconds since 1970.
    pub fn millis(&self) -> UnixMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let system = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        system.saturating_add_signed(self.ahead.load(Ordering::Relaxed))
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> UnixSeconds {
        self.millis() / 1000
    }

    /// Sets the clock ahead, for tests.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_clock_go_with_it() {
        let clock = Clock::default();
        let (other, system) = (clock.clone(), Clock::default());
        clock.advance(Duration::from_secs(3_600));
        assert!(other.seconds() >= system.seconds() + 3_599);
        assert!(other.millis() < system.millis() + 3_700_000);
    }
}

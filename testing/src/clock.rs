//! A clock that tests set.

use frame_support::{parameter_types, traits::UnixTime};
use galen_primitives::UnixSeconds;
use std::time::Duration;

/// Seconds of a day.
pub const DAY: UnixSeconds = 86_400;
/// The time at which every test begins: the first second of a day.
pub const START: UnixSeconds = 20_000 * DAY;

parameter_types! {
    /// The time of the current block, in Unix seconds. It stands still unless a test sets it.
    pub static Clock: UnixSeconds = START;
}

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(Clock::get())
    }
}

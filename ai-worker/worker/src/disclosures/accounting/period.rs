//! Periods of whole days in UTC, and instants as text.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat};
use galen_worker_api::audit;

/// From one day to another, both included, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

/// Why a period is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongPeriod {
    /// Not a date.
    #[error("from and to are dates, as 2026-05-04")]
    NotADate,
    /// It ends before it begins.
    #[error("the period ends before it begins")]
    Backwards,
}

impl Period {
    /// Reads two dates, `YYYY-MM-DD`.
    pub fn read(from: &str, to: &str) -> Result<Self, WrongPeriod> {
        let date = |text: &str| {
            let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| plain);
            date.ok_or(WrongPeriod::NotADate)
        };
        let period = Period { from: date(from)?, to: date(to)? };
        if period.from > period.to { Err(WrongPeriod::Backwards) } else { Ok(period) }
    }

    /// Whether a second since 1970 is in it.
    pub fn contains(&self, at: u64) -> bool {
        let Ok(at) = i64::try_from(at) else { return false };
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
        let ended = self.to.checked_add_days(Days::new(1)).is_some_and(|after| at >= midnight(after));
        at >= midnight(self.from) && !ended
    }

    /// As it was asked for.
    pub fn written(&self) -> audit::Period {
        audit::Period { from: self.from.to_string(), to: self.to.to_string() }
    }
}

/// A second since 1970 as RFC 3339 has it, in UTC.
pub fn instant(at: u64) -> String {
    let time = i64::try_from(at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default()
}

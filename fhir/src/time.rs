//! FHIR dates and times as spans of seconds.

use chrono::{DateTime, Months, NaiveDate, NaiveTime};
use galen_primitives::consent::pcf::Span;

/// A `date`, `dateTime` or `instant`: a partial date is its whole span, in UTC; a time is one second.
///
/// `None` if the text is none of these, or no such day exists.
pub(crate) fn span(text: &str) -> Option<Span> {
    if !text.is_ascii() {
        return None;
    }
    match text.len() {
        4 => whole(date(text, "01", "01")?, Months::new(12)),
        7 => whole(
            date(text.get(..4)?, text.get(5..).filter(|_| text.as_bytes().get(4) == Some(&b'-'))?, "01")?,
            Months::new(1),
        ),
        10 => {
            let (year, month, day) = (text.get(..4)?, text.get(5..7)?, text.get(8..)?);
            let dashes = text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
            let first = seconds(date(year, month, day).filter(|_| dashes)?);
            Some(Span { start: Some(first), end: Some(first.checked_add(86_399)?) })
        }
        // RFC 3339 is what FHIR takes for a time: with seconds and a zone.
        _ if text.as_bytes().get(10) == Some(&b'T') => {
            Some(Span::instant(DateTime::parse_from_rfc3339(text).ok()?.timestamp()))
        }
        _ => None,
    }
}

fn digits<T: std::str::FromStr>(text: &str, length: usize) -> Option<T> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

fn seconds(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp()
}

fn whole(first: NaiveDate, length: Months) -> Option<Span> {
    let next = first.checked_add_months(length)?;
    Some(Span { start: Some(seconds(first)), end: Some(seconds(next).checked_sub(1)?) })
}

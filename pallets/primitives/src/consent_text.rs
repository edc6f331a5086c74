//! The text that a patient reads and signs, rebuilt by the runtime from the structured consent.
//!
//! It binds the chain (genesis hash), the patient key's nonce and an expiry. What stands blinded on chain appears as the
//! fingerprint of the form; the app shows that form in plain words. Lines end with `\n`, the last one included.

use crate::{AccountId, H256, UnixSeconds, consent::ConsentTerms};
use alloc::{format, string::String, vec::Vec};

/// What every signed text binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The chain's genesis hash.
    pub genesis: H256,
    /// The nonce of the patient key that this text uses up.
    pub nonce: u32,
    /// Last second at which the text is accepted.
    pub valid_until: UnixSeconds,
}

/// A hospital as it is named in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Its account.
    pub account: &'a AccountId,
    /// Its registered name: printable ASCII without `"` (the consortium pallet sees to it).
    pub name: &'a [u8],
}

/// The text of a grant.
pub fn grant_text(terms: &ConsentTerms, custodian: &Named, grantee: &Named, binding: &Binding) -> Vec<u8> {
    let purposes = terms.purposes.iter().map(|p| p.words()).collect::<Vec<_>>().join(", ");
    let period = match (terms.start, terms.end) {
        (None, None) => String::from("from now on, until I withdraw it"),
        (Some(start), None) => format!("from {}, until I withdraw it", utc(start)),
        (None, Some(end)) => format!("until {}", utc(end)),
        (Some(start), Some(end)) => format!("from {} until {}", utc(start), utc(end)),
    };
    let labels = match terms.labels.len() {
        0 => String::from("none"),
        n => format!("{n}, as named in the form"),
    };
    format!(
        "Galen consent\n\
		 I allow {} to use my health records kept by {}.\n\
		 Purposes: {}\n\
		 Period: {}\n\
		 Confidentiality up to: {}\n\
		 Specially protected topics: {}\n\
		 Form: {}\n\
		 {}",
        named(grantee),
        named(custodian),
        purposes,
        period,
        terms.level.words(),
        labels,
        hex(terms.form.as_bytes()),
        footer(&terms.patient, binding),
    )
    .into_bytes()
}

/// The text of a revocation of the patient's consent number `id`.
pub fn revoke_text(patient: &AccountId, id: u32, binding: &Binding) -> Vec<u8> {
    format!("Galen revocation\nI withdraw my consent number {id}.\n{}", footer(patient, binding)).into_bytes()
}

fn footer(patient: &AccountId, binding: &Binding) -> String {
    format!(
        "My key: {}\nChain: {}\nNumber: {}\nSign before: {}\n",
        hex(patient.as_ref()),
        hex(binding.genesis.as_bytes()),
        binding.nonce,
        utc(binding.valid_until),
    )
}

fn named(hospital: &Named) -> String {
    format!("\"{}\" ({})", String::from_utf8_lossy(hospital.name), hex(hospital.account.as_ref()))
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::from("0x");
    for byte in bytes {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// `2026-05-04 10:00:00 UTC`; days to a date by the proleptic Gregorian calendar (Howard Hinnant's `civil_from_days`).
pub fn utc(seconds: UnixSeconds) -> String {
    // The last second of year 9999: what lies beyond is shown as that.
    let seconds = seconds.min(253_402_300_799);
    let (days, rest) = (seconds.checked_div(86_400).unwrap_or(0), seconds.checked_rem(86_400).unwrap_or(0));
    let (year, month, day) = date(days);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        rest.checked_div(3_600).unwrap_or(0),
        rest.checked_rem(3_600).unwrap_or(0).checked_div(60).unwrap_or(0),
        rest.checked_rem(60).unwrap_or(0),
    )
}

// `days` is at most 2,932,896, so nothing here can overflow 64 bits.
#[allow(clippy::arithmetic_side_effects)]
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Confidentiality, Purpose};

    #[test]
    fn utc_knows_leap_years_and_bounds() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_777_888_800), "2026-05-04 10:00:00 UTC");
        assert_eq!(utc(4_107_542_400), "2100-03-01 00:00:00 UTC");
        assert_eq!(utc(u64::MAX), "9999-12-31 23:59:59 UTC");
    }

    #[test]
    fn the_grant_text_reads_as_documented() {
        let (a, b, p) = (AccountId::new([1; 32]), AccountId::new([2; 32]), AccountId::new([3; 32]));
        let terms = ConsentTerms {
            patient: p,
            custodian: a.clone(),
            grantee: b.clone(),
            purposes: vec![Purpose::Treat, Purpose::Hresch].try_into().unwrap(),
            level: Confidentiality::N,
            labels: Default::default(),
            start: None,
            end: Some(1_777_888_800),
            form: H256([4; 32]),
        };
        let binding = Binding { genesis: H256([5; 32]), nonce: 7, valid_until: 0 };
        let text = grant_text(
            &terms,
            &Named { account: &a, name: b"General" },
            &Named { account: &b, name: b"Mercy" },
            &binding,
        );
        let h = |c: &str| format!("0x{}", c.repeat(32));
        assert_eq!(
            String::from_utf8(text).unwrap(),
            format!(
                "Galen consent\nI allow \"Mercy\" ({}) to use my health records kept by \"General\" ({}).\nPurposes: treatment, \
				 research\nPeriod: until 2026-05-04 10:00:00 UTC\nConfidentiality up to: N (normal)\nSpecially protected \
				 topics: none\nForm: {}\nMy key: {}\nChain: {}\nNumber: 7\nSign before: 1970-01-01 00:00:00 UTC\n",
                h("02"),
                h("01"),
                h("04"),
                h("03"),
                h("05")
            )
        );
    }
}

//! The texts that a patient, a guardian or a delegate reads and signs, rebuilt by the runtime from what is to be done.
//!
//! They bind the chain (genesis hash), the patient key's nonce and an expiry. What stands blinded on chain appears in them as a
//! number or a fingerprint; the app shows the form, whose fingerprint they carry, in plain words. Lines end with `\n`, the last
//! one included.

use crate::{
    AccountId, H256, UnixSeconds,
    consent::{ConsentTerms, Effect, Mandate, Meaning, Period, Provision, Purpose, Standing, decision::id},
};
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

/// Writes the texts: knows who signs, and the registered names of hospitals, which are printable ASCII without `"` (the
/// consortium pallet sees to it).
pub struct TextWriter<'a> {
    /// The patient's key.
    pub patient: &'a AccountId,
    /// The key that signs: the patient's, a guardian's or a delegate's.
    pub signer: &'a AccountId,
    /// What the text binds.
    pub binding: Binding,
    /// The name of a hospital; `None` of anybody else.
    pub name: &'a dyn Fn(&AccountId) -> Option<Vec<u8>>,
}

impl TextWriter<'_> {
    /// The text of a grant or a denial.
    pub fn grant(&self, terms: &ConsentTerms) -> Vec<u8> {
        let mut text =
            format!("Galen consent\nMy health records are kept by {}.\n", self.named(&id(&terms.custodian)));
        text.push_str(&self.provision(&terms.root));
        for (number, exception) in (1u32..).zip(&terms.exceptions) {
            text.push_str(&format!("Exception {number}:\n"));
            text.push_str(&self.provision(exception));
        }
        text.push_str(&match terms.policy.name() {
            Some(name) => format!("Policy: {name}\n"),
            None => String::from("Policy: as named in the form\n"),
        });
        if !terms.duo.is_empty() {
            let codes = terms.duo.iter().map(|code| format!("DUO:{:07}", code.0)).collect::<Vec<_>>();
            text.push_str(&format!("Research is bound to: {}\n", codes.join(", ")));
        }
        if let Some(old) = terms.supersedes {
            text.push_str(&format!("This takes the place of my consent number {old}.\n"));
        }
        text.push_str(&format!("Form: {}\n", hex(terms.form.as_bytes())));
        // Binds what the words above only count, as blinded labels: nobody can put others in their place.
        text.push_str(&format!("Terms: {}\n", hex(terms.fingerprint().as_bytes())));
        self.signed(text)
    }

    /// The text of a withdrawal of the patient's consent number `consent`.
    pub fn revoke(&self, consent: u32) -> Vec<u8> {
        self.signed(format!("Galen revocation\nI withdraw my consent number {consent}.\n"))
    }

    /// The text by which a patient lets `delegate` sign.
    pub fn appoint(&self, delegate: &AccountId, mandate: &Mandate) -> Vec<u8> {
        let acts = match (mandate.may_grant, mandate.may_withdraw) {
            (true, true) => "allow, refuse and withdraw",
            (true, false) => "allow",
            (false, true) => "refuse and withdraw",
            (false, false) => "do nothing",
        };
        let ground = match mandate.standing {
            Standing::Guardian => "guardian",
            Standing::Delegate => "delegate",
        };
        self.signed(format!(
            "Galen mandate\n{} may {acts} for me, as my {ground}.\nAllowing for: {}\nPeriod: {}\nPaper: {}\n",
            hex(delegate.as_ref()),
            purposes(&mandate.purposes),
            period(Some(Period { start: mandate.start, end: mandate.end }), "until I end it"),
            hex(mandate.paper.as_bytes()),
        ))
    }

    /// The text by which a patient ends a mandate.
    pub fn dismiss(&self, delegate: &AccountId) -> Vec<u8> {
        self.signed(format!("Galen mandate\n{} may sign for me no more.\n", hex(delegate.as_ref())))
    }

    fn provision(&self, provision: &Provision) -> String {
        let permits = provision.effect == Effect::Permit;
        let mut text = String::from(if permits { "I ALLOW the use of" } else { "I REFUSE the use of" });
        let mut conditions = Vec::new();
        if let Some(written) = provision.data_period {
            conditions.push(format!("written {}", period(Some(written), "and later")));
        }
        let data = provision.data.iter().map(|data| {
            let what = match data.meaning {
                Meaning::Instance => "the record",
                Meaning::Related => "the encounter or plan",
                Meaning::AuthoredBy => "the author",
            };
            format!("{what} {}", hex(data.reference.as_bytes()))
        });
        if !provision.data.is_empty() {
            conditions.push(format!("of {}", data.collect::<Vec<_>>().join(" or ")));
        }
        let levels = if permits { provision.levels.iter().max() } else { provision.levels.iter().min() };
        let labelled = !provision.levels.is_empty() || !provision.labels.is_empty();
        if permits && labelled {
            let highest = levels.copied().unwrap_or_default();
            conditions.push(format!("of confidentiality up to {}", highest.words()));
            conditions.push(match provision.labels.len() {
                0 => String::from("without specially protected topics"),
                count => format!("with no other specially protected topics than {count} named in the form"),
            });
        } else if labelled {
            let lowest = levels.map(|level| format!("of confidentiality {} and above", level.words()));
            let topics = (!provision.labels.is_empty()).then(|| {
                format!("with any of {} specially protected topics named in the form", provision.labels.len())
            });
            conditions.push(lowest.into_iter().chain(topics).collect::<Vec<_>>().join(" or "));
        }
        text.push_str(if conditions.is_empty() { " all of them\n" } else { " those\n" });
        for condition in conditions {
            text.push_str(&format!("  {condition}\n"));
        }
        let actors = provision.actors.iter().map(|actor| self.named(actor)).collect::<Vec<_>>();
        text.push_str(&format!(
            "By: {}\nFor: {}\nPeriod: {}\n",
            if actors.is_empty() {
                String::from("any hospital of the consortium")
            } else {
                actors.join(", ")
            },
            purposes(&provision.purposes),
            period(provision.period, "until I withdraw it"),
        ));
        text
    }

    fn signed(&self, mut text: String) -> Vec<u8> {
        text.push_str(&format!("Patient key: {}\n", hex(self.patient.as_ref())));
        if self.signer != self.patient {
            text.push_str(&format!("I sign for the patient with my key: {}\n", hex(self.signer.as_ref())));
        }
        text.push_str(&format!(
            "Chain: {}\nNumber: {}\nSign before: {}\n",
            hex(self.binding.genesis.as_bytes()),
            self.binding.nonce,
            utc(self.binding.valid_until),
        ));
        text.into_bytes()
    }

    fn named(&self, actor: &H256) -> String {
        let hex = hex(actor.as_bytes());
        match (self.name)(&AccountId::new(actor.0)) {
            Some(name) => format!("\"{}\" ({hex})", String::from_utf8_lossy(&name)),
            None => format!("{hex}, as named in the form"),
        }
    }
}

fn purposes(purposes: &[Purpose]) -> String {
    match purposes {
        [] => String::from("any purpose"),
        some => some.iter().map(|purpose| purpose.words()).collect::<Vec<_>>().join(", "),
    }
}

/// A period in words; `open` says what ends one without an end.
fn period(period: Option<Period>, open: &str) -> String {
    match period.map_or((None, None), |period| (period.start, period.end)) {
        (None, None) => format!("from now on, {open}"),
        (Some(start), None) => format!("from {}, {open}", utc(start)),
        (None, Some(end)) => format!("until {}", utc(end)),
        (Some(start), Some(end)) => format!("from {} until {}", utc(start), utc(end)),
    }
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
    use crate::consent::{Confidentiality, Data, Duo, Policy};

    #[test]
    fn utc_knows_leap_years_and_bounds() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_777_888_800), "2026-05-04 10:00:00 UTC");
        assert_eq!(utc(4_107_542_400), "2100-03-01 00:00:00 UTC");
        assert_eq!(utc(u64::MAX), "9999-12-31 23:59:59 UTC");
    }

    fn written(text: impl FnOnce(&TextWriter<'_>) -> Vec<u8>, signer: u8) -> String {
        let (patient, signer) = (AccountId::new([3; 32]), AccountId::new([signer; 32]));
        let name = |account: &AccountId| match <AccountId as AsRef<[u8; 32]>>::as_ref(account) {
            [1, ..] => Some(b"General".to_vec()),
            [2, ..] => Some(b"Mercy".to_vec()),
            _ => None,
        };
        let binding = Binding { genesis: H256([5; 32]), nonce: 7, valid_until: 0 };
        let writer = TextWriter { patient: &patient, signer: &signer, binding, name: &name };
        String::from_utf8(text(&writer)).unwrap()
    }

    fn h(byte: &str) -> String {
        format!("0x{}", byte.repeat(32))
    }

    fn footer() -> String {
        format!(
            "Patient key: {}\nChain: {}\nNumber: 7\nSign before: 1970-01-01 00:00:00 UTC\n",
            h("03"),
            h("05")
        )
    }

    #[test]
    fn a_plain_grant_reads_as_documented() {
        let terms = ConsentTerms {
            patient: AccountId::new([3; 32]),
            custodian: AccountId::new([1; 32]),
            policy: Policy::BasicNormal,
            root: Provision {
                period: Some(Period { start: None, end: Some(1_777_888_800) }),
                purposes: vec![Purpose::Treat, Purpose::Hresch].try_into().unwrap(),
                actors: vec![H256([2; 32])].try_into().unwrap(),
                levels: vec![Confidentiality::N].try_into().unwrap(),
                ..Provision::all(Effect::Permit)
            },
            exceptions: Default::default(),
            duo: Default::default(),
            supersedes: None,
            form: H256([4; 32]),
        };
        let expected = format!(
            "Galen consent\nMy health records are kept by \"General\" ({}).\nI ALLOW the use of those\n  of \
             confidentiality up to N (normal)\n  without specially protected topics\nBy: \"Mercy\" ({})\nFor: treatment, \
             research\nPeriod: until 2026-05-04 10:00:00 UTC\nPolicy: basic-normal\nForm: {}\nTerms: {:?}\n{}",
            h("01"),
            h("02"),
            h("04"),
            terms.fingerprint(),
            footer()
        );
        assert_eq!(written(|writer| writer.grant(&terms), 3), expected);
    }

    #[test]
    fn every_element_of_a_consent_is_in_its_text() {
        let full = Provision {
            effect: Effect::Deny,
            period: Some(Period { start: Some(0), end: None }),
            purposes: vec![Purpose::Hmarkt].try_into().unwrap(),
            actors: vec![H256([9; 32])].try_into().unwrap(),
            data_period: Some(Period { start: Some(0), end: Some(1) }),
            data: vec![
                Data { meaning: Meaning::Instance, reference: H256([6; 32]) },
                Data { meaning: Meaning::Related, reference: H256([7; 32]) },
                Data { meaning: Meaning::AuthoredBy, reference: H256([8; 32]) },
            ]
            .try_into()
            .unwrap(),
            levels: vec![Confidentiality::V, Confidentiality::R].try_into().unwrap(),
            labels: vec![H256([1; 32]), H256([2; 32])].try_into().unwrap(),
        };
        let terms = ConsentTerms {
            patient: AccountId::new([3; 32]),
            custodian: AccountId::new([1; 32]),
            policy: Policy::Other(H256([2; 32])),
            root: Provision::all(Effect::Permit),
            exceptions: vec![full].try_into().unwrap(),
            duo: vec![Duo(42), Duo(6)].try_into().unwrap(),
            supersedes: Some(4),
            form: H256([4; 32]),
        };
        let expected = format!(
            "Galen consent\nMy health records are kept by \"General\" ({}).\nI ALLOW the use of all of them\nBy: any hospital \
             of the consortium\nFor: any purpose\nPeriod: from now on, until I withdraw it\nException 1:\nI REFUSE the use of \
             those\n  written from 1970-01-01 00:00:00 UTC until 1970-01-01 00:00:01 UTC\n  of the record {} or the encounter \
             or plan {} or the author {}\n  of confidentiality R (restricted) and above or with any of 2 specially protected \
             topics named in the form\nBy: {}, as named in the form\nFor: marketing\nPeriod: from 1970-01-01 00:00:00 UTC, \
             until I withdraw it\nPolicy: as named in the form\nResearch is bound to: DUO:0000042, DUO:0000006\nThis takes the \
             place of my consent number 4.\nForm: {}\nTerms: {:?}\n{}",
            h("01"),
            h("06"),
            h("07"),
            h("08"),
            h("09"),
            h("04"),
            terms.fingerprint(),
            footer()
        );
        assert_eq!(written(|writer| writer.grant(&terms), 3), expected);
    }

    #[test]
    fn whoever_signs_for_a_patient_says_so() {
        let text = written(|writer| writer.revoke(2), 8);
        assert!(text.starts_with("Galen revocation\nI withdraw my consent number 2.\n"));
        assert!(text.contains(&format!("I sign for the patient with my key: {}\n", h("08"))));
        assert!(!written(|writer| writer.revoke(2), 3).contains("I sign for"));
    }

    #[test]
    fn a_mandate_names_its_bounds() {
        let mandate = Mandate {
            standing: Standing::Delegate,
            start: None,
            end: Some(0),
            may_grant: true,
            may_withdraw: false,
            purposes: vec![Purpose::Treat].try_into().unwrap(),
            paper: H256([4; 32]),
        };
        let text = written(|writer| writer.appoint(&AccountId::new([8; 32]), &mandate), 3);
        let expected = format!(
            "Galen mandate\n{} may allow for me, as my delegate.\nAllowing for: treatment\nPeriod: until 1970-01-01 00:00:00 \
             UTC\nPaper: {}\n{}",
            h("08"),
            h("04"),
            footer()
        );
        assert_eq!(text, expected);
        let end = written(|writer| writer.dismiss(&AccountId::new([8; 32])), 3);
        assert!(end.starts_with(&format!("Galen mandate\n{} may sign for me no more.\n", h("08"))));
    }
}

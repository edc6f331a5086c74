//! Terms, as a `Consent` resource.

use super::{ACCOUNT, DUO, FORM, ID, NAME, Names, OTHER_POLICY, POLICY, SUPERSEDES, hex};
use crate::{Malformed, codes, malformed, object};
use chrono::{DateTime, SecondsFormat};
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    consent::{ConsentTerms, ConsentVersion, Data, Effect, Labels, Meaning, Period, Policy, Provision},
};
use serde_json::{Value, json};

const CODES: &str = "http://terminology.hl7.org/CodeSystem/";

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// What is to be signed, or was.
    Terms(&'a ConsentTerms),
    /// What stands on chain: with its number, who signed, and whether it still counts.
    Version(&'a ConsentVersion),
}

/// Writes a `Consent`. What the chain does not hold (`id`, `dateTime`, and what an import leaves out) is not in it.
///
/// # Errors
/// [`Malformed`] where something has no form in FHIR: a label that `names` cannot open, ETH without what it covers, or a time after
/// the year 9999.
pub fn export(source: Source<'_>, names: &impl Names) -> Result<Value, Malformed> {
    let (terms, version) = match source {
        Source::Terms(terms) => (terms, None),
        Source::Version(version) => (&version.terms, Some(version)),
    };
    let patient = names.patient(&terms.patient).unwrap_or_else(|| account(&terms.patient));
    let grantor = version.map(|version| match version.grantor == terms.patient {
        true => patient.clone(),
        false => account(&version.grantor),
    });
    let ended = version.is_some_and(|version| version.ended.is_some());
    let mut root = provision(&terms.root, "Consent.provision", names)?;
    if !terms.exceptions.is_empty() {
        let write = |(index, one)| provision(one, &format!("Consent.provision.provision[{index}]"), names);
        let exceptions = terms.exceptions.iter().enumerate().map(write).collect::<Result<Vec<_>, _>>()?;
        root["provision"] = Value::Array(exceptions);
    }
    let duo = terms.duo.iter().map(|code| json!({ "system": DUO, "code": format!("DUO:{:07}", code.0) }));
    let loinc = json!({ "system": "http://loinc.org", "code": "59284-0" });
    let categories: Vec<Value> =
        std::iter::once(loinc).chain(duo).map(|one| json!({ "coding": [one] })).collect();
    Ok(object([
        ("resourceType", Some(json!("Consent"))),
        (
            "extension",
            terms.supersedes.map(|number| json!([{ "url": SUPERSEDES, "valueUnsignedInt": number }])),
        ),
        ("status", Some(json!(if ended { "inactive" } else { "active" }))),
        (
            "scope",
            Some(
                json!({ "coding": [{ "system": format!("{CODES}consentscope"), "code": "patient-privacy" }] }),
            ),
        ),
        ("category", Some(Value::Array(categories))),
        ("patient", Some(json!({ "reference": patient }))),
        ("performer", grantor.map(|grantor| json!([{ "reference": grantor }]))),
        ("organization", Some(json!([{ "reference": hospital(&terms.custodian, names) }]))),
        (
            "sourceReference",
            Some(json!({ "identifier": { "system": FORM, "value": hex(terms.form.as_bytes()) } })),
        ),
        ("policy", Some(json!([{ "uri": policy(terms.policy, names) }]))),
        ("provision", Some(root)),
    ]))
}

fn provision(provision: &Provision, at: &str, names: &impl Names) -> Result<Value, Malformed> {
    let coded = |system: &str, codes: Vec<&str>| -> Option<Value> {
        let system = format!("{CODES}{system}");
        let codings: Vec<Value> =
            codes.into_iter().map(|code| json!({ "system": system, "code": code })).collect();
        (!codings.is_empty()).then_some(Value::Array(codings))
    };
    let role = json!({ "coding": [{ "system": format!("{CODES}v3-ParticipationType"), "code": "IRCP" }] });
    let actors = provision
        .actors
        .iter()
        .map(|actor| json!({ "role": role, "reference": { "reference": self::actor(actor, names) } }));
    let data = provision.data.iter().map(|entry| datum(entry, names));
    let levels = provision.levels.iter().map(|level| codes::level_code(*level)).collect();
    let labels = sensitivities(&provision.labels, at, names)?;
    let labels = coded("v3-Confidentiality", levels).into_iter().chain(coded("v3-ActCode", labels));
    let labels: Vec<Value> = labels.filter_map(|codings| codings.as_array().cloned()).flatten().collect();
    let some = |items: Vec<Value>| (!items.is_empty()).then_some(Value::Array(items));
    Ok(object([
        ("type", Some(json!(if provision.effect == Effect::Permit { "permit" } else { "deny" }))),
        ("period", provision.period.map(|one| period(one, &format!("{at}.period"))).transpose()?),
        ("actor", some(actors.collect())),
        ("securityLabel", some(labels)),
        ("purpose", coded("v3-ActReason", provision.purposes.iter().map(|purpose| purpose.code()).collect())),
        (
            "dataPeriod",
            provision.data_period.map(|one| period(one, &format!("{at}.dataPeriod"))).transpose()?,
        ),
        ("data", some(data.collect())),
    ]))
}

fn datum(entry: &Data, names: &impl Names) -> Value {
    let (meaning, reference) = match entry.meaning {
        Meaning::Instance => ("instance", name(&entry.reference, names)),
        Meaning::Related => ("related", name(&entry.reference, names)),
        Meaning::AuthoredBy => (
            "authoredby",
            names
                .actor(&entry.reference)
                .unwrap_or_else(|| format!("{ID}{}", hex(entry.reference.as_bytes()))),
        ),
    };
    json!({ "meaning": meaning, "reference": { "reference": reference } })
}

/// The codes of labels. A code that is read stands for what it is a parent of, so that a parent alone cannot be written.
fn sensitivities(labels: &Labels, at: &str, names: &impl Names) -> Result<Vec<&'static str>, Malformed> {
    let at = || format!("{at}.securityLabel");
    let opened = labels.iter().map(|label| names.label(label)).collect::<Option<Vec<_>>>();
    let opened = opened.ok_or_else(|| malformed(at(), "labels that the secret of the pair opens"))?;
    let whole =
        |code: &&str| codes::covered(code).is_some_and(|mut all| all.all(|one| opened.contains(&one)));
    match opened.iter().all(whole) {
        true => Ok(opened),
        false => Err(malformed(at(), "ETH together with ETHUD and OPIOIDUD, which it covers in FHIR")),
    }
}

fn period(period: Period, at: &str) -> Result<Value, Malformed> {
    let time = |second: Option<UnixSeconds>| match second {
        None => Ok(None),
        Some(second) => i64::try_from(second)
            .ok()
            .filter(|second| *second <= 253_402_300_799)
            .and_then(|second| DateTime::from_timestamp(second, 0))
            .map(|time| Some(json!(time.to_rfc3339_opts(SecondsFormat::Secs, true))))
            .ok_or_else(|| malformed(at, "a time of the years up to 9999")),
    };
    Ok(object([("start", time(period.start)?), ("end", time(period.end)?)]))
}

fn actor(id: &H256, names: &impl Names) -> String {
    names
        .hospital(&AccountId::new(id.0))
        .or_else(|| names.actor(id))
        .unwrap_or_else(|| format!("{ID}{}", hex(id.as_bytes())))
}

fn name(blinded: &H256, names: &impl Names) -> String {
    names.name(blinded).unwrap_or_else(|| format!("{NAME}{}", hex(blinded.as_bytes())))
}

fn hospital(account_id: &AccountId, names: &impl Names) -> String {
    names.hospital(account_id).unwrap_or_else(|| account(account_id))
}

fn account(account: &AccountId) -> String {
    format!("{ACCOUNT}{}", hex(account.as_ref()))
}

fn policy(policy: Policy, names: &impl Names) -> String {
    match (policy, policy.name()) {
        (_, Some(name)) => format!("{POLICY}{name}"),
        (Policy::Other(hash), None) => {
            names.policy(&hash).unwrap_or_else(|| format!("{OTHER_POLICY}{}", hex(hash.as_bytes())))
        }
        (_, None) => String::new(),
    }
}

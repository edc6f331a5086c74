//! A `Consent` resource, as terms to be signed.

use super::{ACCOUNT, DUO, FORM, ID, Ids, NAME, OTHER_POLICY, POLICY, SUPERSEDES, left_out, urn};
use crate::{Malformed, codes, list, malformed, provision, reference};
use galen_primitives::{
    AccountId, H256,
    commitment::tagged_hash,
    consent::{ConsentTerms, Data, Duo, Effect, Meaning, Period, Policy, Provision, pcf::Span},
};
use serde_json::Value;
use sp_runtime::{BoundedVec, traits::ConstU32};

/// What an import made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The terms.
    pub terms: ConsentTerms,
    /// Whether `terms.form` is what the resource itself names as its form (`sourceReference`). If not, it is zero, and the
    /// form is to be made.
    pub form_is_named: bool,
    /// What the index does not hold, or holds otherwise: the path, and why.
    pub left_out: Vec<(String, &'static str)>,
}

/// Reads a `Consent` as terms. `custodian` chooses among several organisations, by their reference.
///
/// # Errors
/// [`Malformed`] where the resource is not an active privacy consent, says something that the chain cannot hold, or names what
/// `ids` does not know.
pub fn import(resource: &Value, custodian: Option<&str>, ids: &mut impl Ids) -> Result<Imported, Malformed> {
    let text = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str);
    if text("/resourceType") != Some("Consent") {
        return Err(malformed("the file", "one resource of resourceType Consent"));
    }
    if text("/status") != Some("active") {
        return Err(malformed("Consent.status", "active: the chain holds what was signed and counts"));
    }
    let scopes = list(resource.pointer("/scope/coding"));
    if !scopes.iter().any(|coding| codes::code(coding, codes::CONSENT_SCOPE) == Some(codes::PRIVACY)) {
        return Err(malformed("Consent.scope", "patient-privacy"));
    }
    let reference = |value: &Value| reference::text(value).filter(|text| reference::is_global(text));
    let patient = resource.get("patient").and_then(reference);
    let patient = patient.and_then(|text| account(&text).or_else(|| ids.patient(&text)));
    let patient =
        patient.ok_or_else(|| malformed("Consent.patient", "a patient whose key the directory knows"))?;
    let organizations: Vec<Option<String>> =
        list(resource.get("organization")).iter().map(reference).collect();
    let chosen = match (organizations.as_slice(), custodian) {
        ([_], None) => Some(0),
        (all, Some(wanted)) => all.iter().position(|one| one.as_deref() == Some(wanted)),
        _ => None,
    };
    let keeper = chosen.and_then(|index| organizations.get(index)?.as_deref());
    let keeper = keeper.ok_or_else(|| {
        malformed(
            "Consent.organization",
            "one organisation, or the choice of one: a patient has a key for each",
        )
    })?;
    let custodian = account(keeper).or_else(|| ids.hospital(keeper));
    let custodian = custodian.ok_or_else(|| {
        malformed("Consent.organization", "an organisation whose account the directory knows")
    })?;

    let is_r4 = resource.get("decision").is_none() && resource.get("provision").is_some_and(Value::is_object);
    let (root, exceptions) = provision::of_consent(resource)
        .filter(|_| is_r4)
        .ok_or_else(|| malformed("Consent.provision", "a root provision, as FHIR R4 has it"))?;
    let mut notes = left_out::Notes::default();
    let at = "Consent.provision";
    let root = match convert(&root, at, ids, &mut notes)? {
        Some(root) => root,
        None => {
            return Err(malformed(
                at,
                "a root provision that can match: understood if it permits, with a period that ends after its beginning",
            ));
        }
    };
    let mut kept = Vec::new();
    for (index, exception) in exceptions.iter().enumerate() {
        let at = format!("{at}.provision[{index}]");
        match convert(exception, &at, ids, &mut notes)? {
            Some(exception) => kept.push(exception),
            None => notes
                .drop(at, "it can never match: a permit that is not understood, or a period that is none"),
        }
    }
    let form = list(resource.get("sourceReference"))
        .iter()
        .filter(|source| source.pointer("/identifier/system").and_then(Value::as_str) == Some(FORM))
        .find_map(|source| urn("", source.pointer("/identifier/value")?.as_str()?));
    let terms = ConsentTerms {
        patient,
        custodian,
        policy: policy(resource, ids),
        root,
        exceptions: bounded(kept, &format!("{at}.provision"), "8 exceptions at most")?,
        duo: duo(resource)?,
        supersedes: supersedes(resource)?,
        form: form.unwrap_or_default(),
    };
    let left_out = left_out::of(resource, chosen.unwrap_or(0), form.is_some(), notes);
    Ok(Imported { terms, form_is_named: form.is_some(), left_out })
}

/// A provision as it decides; `None` if it never matches anything.
fn convert(
    read: &provision::Provision,
    at: &str,
    ids: &mut impl Ids,
    notes: &mut left_out::Notes,
) -> Result<Option<Provision>, Malformed> {
    let denies = read.effect == Effect::Deny;
    if !denies && !read.understood() {
        return Ok(None);
    }
    for name in &read.not_understood {
        notes.drop(format!("{at}.{name}"), "it is not understood; the denial counts without it");
    }
    let is_over = |span: &Span| span.end.is_some_and(|end| end < 0);
    let period = match read.period {
        Some(span) if is_over(&span) => return Ok(None),
        span => span.and_then(clamped),
    };
    let data_period = match read.data_period {
        Some(span) if is_over(&span) => {
            if !denies {
                return Ok(None);
            }
            notes.drop(
                format!("{at}.dataPeriod"),
                "no time on chain lies in it; the denial counts without it",
            );
            None
        }
        // Data of any time is still data whose time is known.
        Some(span) => clamped(span).or(Some(Period { start: Some(0), end: None })),
        None => None,
    };
    let mut actors = Vec::new();
    for (index, text) in read.actors.iter().enumerate() {
        let id = urn(ID, text).or_else(|| account(text).map(|account| H256(account.into()))).or_else(|| {
            if is_organization(text) {
                ids.hospital(text).map(|account| H256(account.into()))
            } else {
                ids.actor(text)
            }
        });
        let at = format!("{at}.actor[{index}]");
        push_new(&mut actors, id.ok_or_else(|| malformed(at, "an actor that the directory knows"))?);
    }
    let mut data = Vec::new();
    for (index, (meaning, text)) in read.data.iter().enumerate() {
        let reference = match meaning {
            Meaning::AuthoredBy => urn(ID, text).or_else(|| ids.actor(text)),
            Meaning::Instance | Meaning::Related => urn(NAME, text).or_else(|| ids.name(text)),
        };
        let at = format!("{at}.data[{index}]");
        let reference =
            reference.ok_or_else(|| malformed(at, "data that can be named: give the secret of the pair"))?;
        push_new(&mut data, Data { meaning: *meaning, reference });
    }
    let (mut levels, mut labels, mut purposes) = (Vec::new(), Vec::new(), Vec::new());
    read.purposes.iter().for_each(|purpose| push_new(&mut purposes, *purpose));
    for level in read.labels.iter().flat_map(|labels| &labels.levels) {
        push_new(&mut levels, *level);
    }
    for code in read.labels.iter().flat_map(|labels| &labels.sensitivities) {
        let at = format!("{at}.securityLabel");
        let label = ids.label(code);
        push_new(
            &mut labels,
            label.ok_or_else(|| malformed(at, "the secret of the pair, to blind labels under"))?,
        );
    }
    Ok(Some(Provision {
        effect: read.effect,
        period,
        purposes: bounded(purposes, &format!("{at}.purpose"), "purposes that are known")?,
        actors: bounded(actors, &format!("{at}.actor"), "8 actors at most, as the chain holds")?,
        data_period,
        data: bounded(data, &format!("{at}.data"), "8 entries at most, as the chain holds")?,
        levels: bounded(levels, &format!("{at}.securityLabel"), "levels that are known")?,
        labels: bounded(
            labels,
            &format!("{at}.securityLabel"),
            "16 sensitivities at most, as the chain holds",
        )?,
    }))
}

/// A period in the chain's time, which begins in 1970; `None` if it is open on both sides.
fn clamped(span: Span) -> Option<Period> {
    let second = |second: i64| u64::try_from(second).unwrap_or(0);
    let (start, end) = (span.start.map(second), span.end.map(second));
    (start.is_some() || end.is_some()).then_some(Period { start, end })
}

fn account(text: &str) -> Option<AccountId> {
    urn(ACCOUNT, text).map(|raw| AccountId::new(raw.0))
}

fn is_organization(reference: &str) -> bool {
    reference.rsplit('/').nth(1) == Some("Organization")
}

fn policy(resource: &Value, ids: &mut impl Ids) -> Policy {
    let policies = list(resource.get("policy"));
    let Some(uri) = policies.iter().find_map(|policy| policy.get("uri")?.as_str()) else {
        return Policy::default();
    };
    let known = [Policy::Deny, Policy::BreakGlassOnly, Policy::BasicNormal, Policy::AllNormal];
    let named = uri.strip_prefix(POLICY);
    if let Some(policy) = known.into_iter().find(|policy| policy.name() == named && named.is_some()) {
        return policy;
    }
    if let Some(hash) = urn(OTHER_POLICY, uri) {
        return Policy::Other(hash);
    }
    ids.policy(uri);
    Policy::Other(tagged_hash(b"galen:policy:v1", &[uri.as_bytes()]))
}

fn duo(resource: &Value) -> Result<BoundedVec<Duo, ConstU32<8>>, Malformed> {
    let mut found = Vec::new();
    for coding in list(resource.get("category")).iter().flat_map(|category| list(category.get("coding"))) {
        if coding.get("system").and_then(Value::as_str) != Some(DUO) {
            continue;
        }
        let number = coding.get("code").and_then(Value::as_str).and_then(|code| {
            let digits = code.strip_prefix("DUO:").filter(|digits| digits.len() == 7)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        });
        // A bound on research that is left out would permit more.
        let number = number.ok_or_else(|| malformed("Consent.category", "data use codes as DUO:0000042"))?;
        push_new(&mut found, Duo(number));
    }
    bounded(found, "Consent.category", "8 data use codes at most")
}

fn supersedes(resource: &Value) -> Result<Option<u32>, Malformed> {
    let mut of_ours = list(resource.get("extension"))
        .iter()
        .filter(|extension| extension.get("url").and_then(Value::as_str) == Some(SUPERSEDES));
    let Some(extension) = of_ours.next() else { return Ok(None) };
    let number = extension.get("valueUnsignedInt").and_then(Value::as_u64);
    let number = number.and_then(|number| u32::try_from(number).ok()).filter(|_| of_ours.next().is_none());
    number
        .map(Some)
        .ok_or_else(|| malformed("Consent.extension", "the number of one consent in valueUnsignedInt"))
}

fn push_new<T: PartialEq>(items: &mut Vec<T>, item: T) {
    if !items.contains(&item) {
        items.push(item);
    }
}

fn bounded<T, const N: u32>(
    items: Vec<T>,
    at: &str,
    expected: &'static str,
) -> Result<BoundedVec<T, ConstU32<N>>, Malformed> {
    items.try_into().map_err(|_| malformed(at, expected))
}

//! One provision of a `Consent`, read: for the decision, and for the chain.

use crate::{codes, has, list, reference, time};
use galen_primitives::consent::{Confidentiality, Effect, Meaning, Purpose, pcf::Span};
use serde_json::Value;

/// A provision with its references and labels as they are written. An element that is not understood is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provision {
    pub effect: Effect,
    /// The elements that are not understood, by name.
    pub not_understood: Vec<&'static str>,
    pub period: Option<Span>,
    pub purposes: Vec<Purpose>,
    pub actors: Vec<String>,
    pub data_period: Option<Span>,
    pub data: Vec<(Meaning, String)>,
    pub labels: Option<Labels>,
}

/// The labels of a provision: at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    pub levels: Vec<Confidentiality>,
    /// Codes of sensitivities, each followed by those that it is a parent of.
    pub sensitivities: Vec<&'static str>,
}

impl Provision {
    pub fn understood(&self) -> bool {
        self.not_understood.is_empty()
    }
}

/// The root and its exceptions, if there is a root.
///
/// R5 says `decision` and has a list of provisions. What they say cannot be read here, and is taken for a denial of everything.
pub(crate) fn of_consent(resource: &Value) -> Option<(Provision, Vec<Provision>)> {
    if has(resource, "decision") {
        return Some((read(&Value::Null, true), Vec::new()));
    }
    let root = resource.get("provision").filter(|root| !root.is_null())?;
    let (mut first, mut exceptions) = (read(root, true), Vec::new());
    exceptions.extend(list(root.get("provision")).iter().map(|inner| read(inner, false)));
    // A modifier on the whole, or a root period that cannot be read, leaves no part of it understood.
    for name in ["modifierExtension", "implicitRules"] {
        if has(resource, name) {
            std::iter::once(&mut first)
                .chain(&mut exceptions)
                .for_each(|part| part.not_understood.push(name));
        }
    }
    if period(root.get("period")).is_err() {
        exceptions.iter_mut().for_each(|part| part.not_understood.push("period"));
    }
    Some((first, exceptions))
}

fn read(value: &Value, is_root: bool) -> Provision {
    let mut not_understood = Vec::new();
    if !value.is_object() {
        not_understood.push("provision");
    }
    for beyond in ["class", "code", "action", "modifierExtension"] {
        if has(value, beyond) {
            not_understood.push(beyond);
        }
    }
    if !is_root && has(value, "provision") {
        not_understood.push("provision");
    }
    let effect = match value.get("type").and_then(Value::as_str) {
        Some("permit") => Effect::Permit,
        Some("deny") => Effect::Deny,
        // Fails closed: what is not said to permit is taken for a denial.
        _ => {
            not_understood.push("type");
            Effect::Deny
        }
    };
    let mut times = ["period", "dataPeriod"].map(|name| {
        period(value.get(name)).unwrap_or_else(|()| {
            not_understood.push(name);
            None
        })
    });
    // What a denial names by something that no request can be compared with is not understood.
    let named = |value: Option<&Value>| {
        reference::text(value?).filter(|text| {
            reference::is_global(text) && !(effect == Effect::Deny && reference::is_of_a_bundle(text))
        })
    };
    let purposes =
        all(value.get("purpose"), |coding| codes::purpose(codes::code(coding, codes::ACT_REASON)?));
    let actors = all(value.get("actor"), |actor| {
        let roles = list(actor.pointer("/role/coding"));
        let receives = |role: &Value| codes::code(role, codes::PARTICIPATION_TYPE) == Some("IRCP");
        named(actor.get("reference")).filter(|_| roles.is_empty() || roles.iter().any(receives))
    });
    let data = all(value.get("data"), |data| {
        let meaning = match data.get("meaning")?.as_str()? {
            "instance" => Meaning::Instance,
            "related" => Meaning::Related,
            "authoredby" => Meaning::AuthoredBy,
            _ => return None,
        };
        Some((meaning, named(data.get("reference"))?))
    });
    let labels = all(value.get("securityLabel"), |coding| Some(codes::label_code(coding)?.to_owned()))
        .and_then(|codes| labels(&codes));
    let missing = [
        ("purpose", purposes.is_none()),
        ("actor", actors.is_none()),
        ("data", data.is_none()),
        ("securityLabel", labels.is_none()),
    ];
    not_understood.extend(missing.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name));
    Provision {
        effect,
        not_understood,
        period: times[0].take(),
        purposes: purposes.unwrap_or_default(),
        actors: actors.unwrap_or_default(),
        data_period: times[1].take(),
        data: data.unwrap_or_default(),
        labels: labels.filter(|labels| *labels != Labels::default()),
    }
}

/// Levels and sensitivities, if each code is understood.
fn labels(codes: &[String]) -> Option<Labels> {
    let mut labels = Labels::default();
    for code in codes {
        match codes::level(code) {
            Some(level) => labels.levels.push(level),
            None => labels.sensitivities.extend(codes::covered(code)?),
        }
    }
    Some(labels)
}

/// The items of an element, if each of them is understood.
fn all<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list(value).iter().map(|item| (!has(item, "modifierExtension")).then(|| read(item))?).collect()
}

/// A period; an error if it cannot be read, or ends before it begins, or says by an extension that an end is not known.
fn period(value: Option<&Value>) -> Result<Option<Span>, ()> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
    let side = |name: &str| match value.get(name) {
        None | Some(Value::Null) if has(value, &format!("_{name}")) => Err(()),
        None | Some(Value::Null) => Ok(None),
        Some(text) => text.as_str().and_then(time::span).map(Some).ok_or(()),
    };
    if !value.is_object() {
        return Err(());
    }
    let (start, end) = (side("start")?, side("end")?);
    let span = Span { start: start.and_then(|span| span.start), end: end.and_then(|span| span.end) };
    if matches!((span.start, span.end), (Some(start), Some(end)) if end < start)
        || (start.is_none() && end.is_none() && has(value, "extension"))
    {
        return Err(());
    }
    Ok(Some(span))
}

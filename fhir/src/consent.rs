//! `Consent` resources: one, an array of them, or a Bundle.

use crate::{
    Malformed,
    codes::{self, Label},
    has, list, malformed, reference, resources, time,
};
use galen_primitives::{
    H256,
    consent::{Confidentiality, Purpose},
    pcf::{self, Data, Effect, Meaning, Span},
};
use serde_json::Value;

/// Consents as they were read, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Consents(Vec<Consent>);

#[derive(Clone, Debug)]
struct Consent {
    name: String,
    active: bool,
    privacy: bool,
    patient: Option<H256>,
    controllers: Vec<H256>,
    policy: Option<String>,
    root: Option<Provision>,
    exceptions: Vec<Provision>,
}

#[derive(Clone, Debug)]
struct Provision {
    effect: Effect,
    understood: bool,
    period: Option<Span>,
    purposes: Vec<Purpose>,
    actors: Vec<H256>,
    data_period: Option<Span>,
    data: Vec<Data>,
    labels: Option<(Vec<Confidentiality>, Vec<H256>)>,
}

impl Provision {
    fn view(&self) -> pcf::Provision<'_> {
        pcf::Provision {
            effect: self.effect,
            understood: self.understood,
            period: self.period,
            purposes: &self.purposes,
            actors: &self.actors,
            data_period: self.data_period,
            data: &self.data,
            labels: self.labels.as_ref().map(|(levels, sensitivities)| pcf::Labels { levels, sensitivities }),
        }
    }
}

impl Consents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How the file names a consent: `Consent/` and its id, or its place.
    pub fn name(&self, index: usize) -> &str {
        self.0.get(index).map_or("", |consent| &consent.name)
    }

    /// The policy that a consent states. It is shown, and never adds permission.
    pub fn policy(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.policy.as_deref()
    }

    /// Decides a request over all of them.
    pub fn decide(&self, request: &pcf::Request<'_>) -> pcf::Decision {
        let exceptions: Vec<Vec<pcf::Provision<'_>>> =
            self.0.iter().map(|consent| consent.exceptions.iter().map(Provision::view).collect()).collect();
        let views = self.0.iter().zip(&exceptions).map(|(consent, exceptions)| pcf::Consent {
            active: consent.active,
            privacy: consent.privacy,
            // A patient without a reference that can be compared is nobody's.
            patient: consent.patient.unwrap_or_default(),
            controllers: &consent.controllers,
            root: consent.root.as_ref().map(Provision::view),
            exceptions,
        });
        pcf::decide(views, request)
    }
}

/// Reads a `Consent`, an array of them or a Bundle that holds some among other resources.
pub fn read_consents(value: &Value) -> Result<Consents, Malformed> {
    let found = resources(value, "Consent", "a Consent, an array of them or a Bundle")?;
    let read = |(index, (at, resource)): (usize, (String, &Value))| {
        if kind(resource) != Some("Consent") {
            let at = if at.is_empty() { "the consents".to_owned() } else { at };
            return Err(malformed(at, "a resource of resourceType Consent"));
        }
        Ok(consent(index, resource))
    };
    found.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>().map(Consents)
}

fn kind(value: &Value) -> Option<&str> {
    value.get("resourceType")?.as_str()
}

fn consent(index: usize, resource: &Value) -> Consent {
    let name = match resource.get("id").and_then(Value::as_str) {
        Some(id) => format!("Consent/{id}"),
        None => format!("Consent[{index}]"),
    };
    let scopes = list(resource.pointer("/scope/coding"));
    let root = resource.get("provision").filter(|root| root.is_object());
    let mut consent = Consent {
        name,
        active: resource.get("status").and_then(Value::as_str) == Some("active"),
        privacy: scopes.iter().any(|coding| codes::code(coding) == Some("patient-privacy")),
        patient: resource.get("patient").and_then(reference),
        controllers: list(resource.get("organization")).iter().filter_map(reference).collect(),
        policy: list(resource.get("policy"))
            .iter()
            .find_map(|policy| policy.get("uri")?.as_str().map(str::to_owned)),
        root: root.map(|root| provision(root, true)),
        exceptions: root
            .map(|root| list(root.get("provision")).iter().map(|inner| provision(inner, false)).collect())
            .unwrap_or_default(),
    };
    // A modifier on the whole, or a root period that cannot be read, leaves no part of it understood.
    let modified = has(resource, "modifierExtension") || has(resource, "implicitRules");
    let unbounded = root.is_some_and(|root| period(root.get("period")).is_err());
    if modified || unbounded {
        consent.root.iter_mut().chain(&mut consent.exceptions).for_each(|part| part.understood = false);
    }
    consent
}

fn provision(value: &Value, is_root: bool) -> Provision {
    let mut understood = value.is_object();
    // An element that is not understood is left out, and noted.
    let mut note = |known: bool| {
        understood &= known;
        known
    };
    for beyond in ["class", "code", "action", "modifierExtension"] {
        note(!has(value, beyond));
    }
    note(is_root || !has(value, "provision"));
    let effect = match value.get("type").and_then(Value::as_str) {
        Some("permit") => Effect::Permit,
        Some("deny") => Effect::Deny,
        // Fails closed: what is not said to permit is taken for a denial.
        _ => {
            note(false);
            Effect::Deny
        }
    };
    let mut time_of = |name: &str| match period(value.get(name)) {
        Ok(period) => period,
        Err(()) => {
            note(false);
            None
        }
    };
    let (period, data_period) = (time_of("period"), time_of("dataPeriod"));
    let purposes = all(value.get("purpose"), |coding| codes::purpose(codes::code(coding)?));
    let actors = all(value.get("actor"), |actor| {
        let roles = list(actor.pointer("/role/coding"));
        let recipient = roles.is_empty() || roles.iter().any(|coding| codes::code(coding) == Some("IRCP"));
        actor.get("reference").and_then(reference).filter(|_| recipient)
    });
    let data = all(value.get("data"), |data| {
        let meaning = match data.get("meaning")?.as_str()? {
            "instance" => Meaning::Instance,
            "related" => Meaning::Related,
            "authoredby" => Meaning::AuthoredBy,
            _ => return None,
        };
        Some(Data { meaning, reference: data.get("reference").and_then(reference)? })
    });
    let labels = all(value.get("securityLabel"), |coding| match codes::label(codes::code(coding)?) {
        Label::Unknown(_) => None,
        known => Some(known),
    });
    for known in [purposes.is_some(), actors.is_some(), data.is_some(), labels.is_some()] {
        note(known);
    }
    let labels = labels.filter(|labels| !labels.is_empty()).map(|labels| {
        let (mut levels, mut sensitivities) = (Vec::new(), Vec::new());
        for label in labels {
            match label {
                Label::Level(level) => levels.push(level),
                Label::Sensitivity(ids) => sensitivities.extend(ids),
                Label::Unknown(_) => {}
            }
        }
        (levels, sensitivities)
    });
    Provision {
        effect,
        understood,
        period,
        purposes: purposes.unwrap_or_default(),
        actors: actors.unwrap_or_default(),
        data_period,
        data: data.unwrap_or_default(),
        labels,
    }
}

/// The items of an element, if each of them is understood.
fn all<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list(value).iter().map(|item| (!has(item, "modifierExtension")).then(|| read(item))?).collect()
}

fn period(value: Option<&Value>) -> Result<Option<Span>, ()> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
    let side = |name: &str| match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(text) => text.as_str().and_then(time::span).map(Some).ok_or(()),
    };
    if !value.is_object() {
        return Err(());
    }
    let (start, end) = (side("start")?, side("end")?);
    Ok(Some(Span { start: start.and_then(|span| span.start), end: end.and_then(|span| span.end) }))
}

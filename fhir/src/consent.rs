//! `Consent` resources: one, an array of them, or a Bundle.

use crate::{Malformed, codes, list, malformed, provision, reference, reference_id, resources};
use galen_primitives::{
    H256,
    consent::{
        Confidentiality, Purpose,
        pcf::{self, Data, Effect, Span},
    },
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
    fn of(read: &provision::Provision) -> Self {
        let sensitivities = |labels: &provision::Labels| {
            labels.sensitivities.iter().map(|code| codes::sensitivity_id(code)).collect()
        };
        Provision {
            effect: read.effect,
            understood: read.understood(),
            period: read.period,
            purposes: read.purposes.clone(),
            actors: read.actors.iter().map(|text| reference_id(text)).collect(),
            data_period: read.data_period,
            data: read
                .data
                .iter()
                .map(|(meaning, text)| Data { meaning: *meaning, reference: reference_id(text) })
                .collect(),
            labels: read.labels.as_ref().map(|labels| (labels.levels.clone(), sensitivities(labels))),
        }
    }

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
    let (root, exceptions) = provision::of_consent(resource).unzip();
    Consent {
        name,
        active: resource.get("status").and_then(Value::as_str) == Some("active"),
        privacy: scopes.iter().any(|coding| codes::code(coding) == Some("patient-privacy")),
        patient: resource.get("patient").and_then(reference),
        controllers: list(resource.get("organization")).iter().filter_map(reference).collect(),
        policy: list(resource.get("policy"))
            .iter()
            .find_map(|policy| policy.get("uri")?.as_str().map(str::to_owned)),
        root: root.as_ref().map(Provision::of),
        exceptions: exceptions.iter().flatten().map(Provision::of).collect(),
    }
}

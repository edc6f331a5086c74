//! `Consent` resources: one, an array of them, or a Bundle.

use crate::{Malformed, Request, codes, list, malformed, provision, reference, resources};
use galen_primitives::{
    H256,
    consent::{
        Confidentiality, Purpose,
        pcf::{self, Data, Effect, Meaning, Span},
    },
};
use serde_json::Value;

/// The values of `Consent.status` that say that a consent does not count (FHIR R4, consent-state-codes).
const NOT_ACTIVE: [&str; 5] = ["draft", "proposed", "rejected", "inactive", "entered-in-error"];
/// The codes of `Consent.scope` that say that a consent is about something else (HL7, consentscope).
const OTHER_SCOPES: [&str; 3] = ["adr", "research", "treatment"];

/// Consents as they were read, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Consents(Vec<Consent>);

/// What the file says of something: yes, no, or nothing that can be read. Where it says nothing, denials count and permits do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Nothing,
}

#[derive(Clone, Debug)]
struct Consent {
    name: String,
    active: Said,
    privacy: Said,
    /// The text of the reference, if there is one that can be compared.
    patient: Option<String>,
    /// The same for each organisation that it binds.
    controllers: Vec<Option<String>>,
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
    actors: Vec<String>,
    data_period: Option<Span>,
    data: Vec<(Meaning, String)>,
    labels: Option<(Vec<Confidentiality>, Vec<H256>)>,
}

/// A provision's references as ids, beside a request.
struct Compared {
    actors: Vec<H256>,
    data: Vec<Data>,
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
            actors: read.actors.clone(),
            data_period: read.data_period,
            data: read.data.clone(),
            labels: read.labels.as_ref().map(|labels| (labels.levels.clone(), sensitivities(labels))),
        }
    }

    /// The references under every text by which the request may name the same. Only a denial counts what may be the same.
    fn compared(&self, request: &Request) -> Compared {
        let ids = |text: &str| -> Vec<H256> {
            let others = request
                .texts
                .iter()
                .filter(|other| self.effect == Effect::Deny && reference::may_be_the_same(text, other));
            std::iter::once(reference::id(text)).chain(others.map(|other| reference::id(other))).collect()
        };
        Compared {
            actors: self.actors.iter().flat_map(|text| ids(text)).collect(),
            data: self
                .data
                .iter()
                .flat_map(|(meaning, text)| {
                    ids(text).into_iter().map(|reference| Data { meaning: *meaning, reference })
                })
                .collect(),
        }
    }

    /// `certain` is false where it is not known whether the consent is about the request at all.
    fn view<'a>(&'a self, compared: &'a Compared, certain: bool) -> pcf::Provision<'a> {
        pcf::Provision {
            effect: self.effect,
            understood: self.understood && certain,
            period: self.period,
            purposes: &self.purposes,
            actors: &compared.actors,
            data_period: self.data_period,
            data: &compared.data,
            labels: self.labels.as_ref().map(|(levels, sensitivities)| pcf::Labels { levels, sensitivities }),
        }
    }
}

impl Consent {
    /// Whether the consent is one of the request's patient.
    fn is_of_the_patient(&self, request: &Request) -> Said {
        let Some(text) = &self.patient else { return Said::Nothing };
        let urn = reference::is_of_a_bundle(text);
        if request.patient_texts.contains(text) {
            Said::Yes
        } else if (urn && !request.patient_texts.iter().any(|other| reference::is_of_a_bundle(other)))
            || request.patient_texts.iter().any(|other| reference::may_be_the_same(text, other))
        {
            Said::Nothing
        } else {
            Said::No
        }
    }

    /// Whether the consent binds the custodian that the request names.
    fn binds_the_custodian(&self, request: &Request) -> Said {
        let Some(custodian) = &request.custodian_text else { return Said::Yes };
        let may_be = |controller: &Option<String>| {
            controller.as_ref().is_none_or(|text| {
                reference::may_be_the_same(text, custodian)
                    || (reference::is_of_a_bundle(text) && !reference::is_of_a_bundle(custodian))
            })
        };
        if self.controllers.iter().flatten().any(|text| text == custodian) {
            Said::Yes
        } else if self.controllers.is_empty() || self.controllers.iter().any(may_be) {
            Said::Nothing
        } else {
            Said::No
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
    pub fn decide(&self, request: &Request) -> pcf::Decision {
        let compared: Vec<(Option<Compared>, Vec<Compared>)> = self
            .0
            .iter()
            .map(|consent| {
                let exceptions = consent.exceptions.iter().map(|part| part.compared(request)).collect();
                (consent.root.as_ref().map(|root| root.compared(request)), exceptions)
            })
            .collect();
        let asked = request.view();
        let judged: Vec<(Said, Said, bool)> = self
            .0
            .iter()
            .map(|consent| {
                let (patient, custodian) =
                    (consent.is_of_the_patient(request), consent.binds_the_custodian(request));
                let all = [consent.active, consent.privacy, patient, custodian];
                (patient, custodian, all.iter().all(|said| *said == Said::Yes))
            })
            .collect();
        let exceptions: Vec<Vec<pcf::Provision<'_>>> = self
            .0
            .iter()
            .zip(&compared)
            .zip(&judged)
            .map(|((consent, (_, compared)), (.., certain))| {
                consent.exceptions.iter().zip(compared).map(|(part, ids)| part.view(ids, *certain)).collect()
            })
            .collect();
        let custodian = asked.custodian.as_slice();
        let views = self.0.iter().zip(&compared).zip(&judged).zip(&exceptions);
        let views =
            views.map(|(((consent, (root, _)), (patient, bound, certain)), exceptions)| pcf::Consent {
                active: consent.active != Said::No,
                privacy: consent.privacy != Said::No,
                patient: match patient {
                    Said::No => H256::zero(),
                    Said::Yes | Said::Nothing => asked.patients.first().copied().unwrap_or_default(),
                },
                controllers: if *bound == Said::No { &[] } else { custodian },
                root: consent.root.as_ref().zip(root.as_ref()).map(|(part, ids)| part.view(ids, *certain)),
                exceptions,
            });
        pcf::decide(views, &asked)
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
    let comparable = |value: &Value| reference::text(value).filter(|text| reference::is_global(text));
    let (root, exceptions) = provision::of_consent(resource).unzip();
    Consent {
        name,
        active: match resource.get("status").and_then(Value::as_str) {
            Some("active") => Said::Yes,
            Some(status) if NOT_ACTIVE.contains(&status) => Said::No,
            _ => Said::Nothing,
        },
        privacy: privacy(resource),
        patient: resource.get("patient").and_then(comparable),
        controllers: list(resource.get("organization")).iter().map(comparable).collect(),
        policy: list(resource.get("policy"))
            .iter()
            .find_map(|policy| policy.get("uri")?.as_str().map(str::to_owned)),
        root: root.as_ref().map(Provision::of),
        exceptions: exceptions.iter().flatten().map(Provision::of).collect(),
    }
}

/// Whether the scope is privacy. A consent without a scope that can be read may be one: R5 has no `scope`.
fn privacy(resource: &Value) -> Said {
    let scopes: Vec<&str> = list(resource.pointer("/scope/coding"))
        .iter()
        .filter_map(|coding| codes::code(coding, codes::CONSENT_SCOPE))
        .collect();
    if scopes.contains(&codes::PRIVACY) {
        Said::Yes
    } else if scopes.iter().any(|scope| OTHER_SCOPES.contains(scope)) {
        Said::No
    } else {
        Said::Nothing
    }
}

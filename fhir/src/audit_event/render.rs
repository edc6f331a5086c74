//! An `AuditEvent` resource, written.

use super::{
    Agent, AuditEvent, Coding, Concept, Entity, Identifier, Instant, Network, Party, Pattern, Role, codes,
};
use crate::{Malformed, object};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

impl AuditEvent {
    /// The event as an R4 resource that conforms to its BALP profile, which `meta.profile` names (see [`Self::profile`]).
    ///
    /// # Errors
    /// What [`Self::check`] finds.
    pub fn to_value(&self) -> Result<Value, Malformed> {
        self.check()?;
        let patient = self.patient.iter().map(patient);
        let entities: Vec<Value> = patient.chain(self.entities.iter().map(entity)).collect();
        let agents: Vec<Value> = self.agents.iter().map(|one| agent(one, self.pattern)).collect();
        Ok(object([
            ("resourceType", Some(json!("AuditEvent"))),
            ("id", self.id.as_ref().map(|id| json!(id))),
            ("meta", self.profile().map(|profile| json!({ "profile": [profile] }))),
            ("type", Some(fixed(self.pattern.kind()))),
            ("subtype", Some(json!([fixed(self.pattern.subtype())]))),
            ("action", Some(json!(self.pattern.action()))),
            ("recorded", Some(json!(instant(self.recorded)))),
            ("outcome", Some(json!(codes::code_of(&codes::OUTCOMES, &self.outcome)))),
            ("outcomeDesc", self.outcome_text.as_ref().map(|text| json!(text))),
            ("purposeOfEvent", concepts(&self.purposes)),
            ("agent", Some(json!(agents))),
            (
                "source",
                Some(object([
                    ("site", self.source.site.as_ref().map(|site| json!(site))),
                    ("observer", Some(party(&self.source.observer))),
                ])),
            ),
            ("entity", (!entities.is_empty()).then(|| json!(entities))),
        ]))
    }
}

fn instant(Instant(millis): Instant) -> String {
    DateTime::from_timestamp_millis(millis)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

fn agent(agent: &Agent, pattern: Pattern) -> Value {
    let kind = match &agent.role {
        Role::Other(kind) => kind.as_ref().map(coding),
        role => pattern.agent(role).map(fixed),
    };
    object([
        ("type", kind.map(|kind| json!({ "coding": [kind] }))),
        ("who", (agent.who != Party::default()).then(|| party(&agent.who))),
        ("name", agent.name.as_ref().map(|name| json!(name))),
        ("requestor", Some(json!(agent.requestor))),
        ("network", agent.network.as_ref().map(network)),
        ("purposeOfUse", concepts(&agent.purpose_of_use)),
    ])
}

fn network(network: &Network) -> Value {
    object([
        ("address", network.address.as_ref().map(|address| json!(address))),
        ("type", network.kind.map(|kind| json!(codes::code_of(&codes::NETWORKS, &kind)))),
    ])
}

fn patient(patient: &Party) -> Value {
    let mut what = party(patient);
    what["type"] = json!("Patient");
    json!({ "what": what, "type": fixed(codes::PERSON), "role": fixed(codes::PATIENT) })
}

fn entity(entity: &Entity) -> Value {
    let id = |value: &String| json!({ "identifier": { "value": value } });
    match entity {
        Entity::Record { what, role } => json!({
            "what": party(what),
            "type": fixed(codes::SYSTEM_OBJECT),
            "role": fixed((codes::OBJECT_ROLE, codes::code_of(&codes::RECORD_ROLES, role))),
        }),
        Entity::Query { raw, description } => object([
            ("type", Some(fixed(codes::SYSTEM_OBJECT))),
            ("role", Some(fixed(codes::QUERY))),
            ("description", description.as_ref().map(|text| json!(text))),
            ("query", Some(json!(BASE64_STANDARD.encode(raw)))),
        ]),
        Entity::Consent(what) => json!({ "what": party(what), "type": fixed(codes::CONSENT) }),
        Entity::Token(value) => json!({ "what": id(value), "type": fixed(codes::TOKEN) }),
        Entity::Request(value) => json!({ "what": id(value), "type": fixed(codes::REQUEST_ID) }),
        Entity::Other { kind, role, what } => object([
            ("what", Some(party(what))),
            ("type", kind.as_ref().map(coding)),
            ("role", role.as_ref().map(coding)),
        ]),
    }
}

fn party(party: &Party) -> Value {
    let identifier = |identifier: &Identifier| {
        object([
            ("system", identifier.system.as_ref().map(|system| json!(system))),
            ("value", Some(json!(identifier.value))),
        ])
    };
    object([
        ("reference", party.reference.as_ref().map(|reference| json!(reference))),
        ("identifier", party.identifier.as_ref().map(identifier)),
        ("display", party.display.as_ref().map(|display| json!(display))),
    ])
}

fn concepts(concepts: &[Concept]) -> Option<Value> {
    let written = concepts.iter().map(|concept| {
        object([
            ("coding", concept.coding.as_ref().map(|one| json!([coding(one)]))),
            ("text", concept.text.as_ref().map(|text| json!(text))),
        ])
    });
    (!concepts.is_empty()).then(|| written.collect())
}

fn coding(coding: &Coding) -> Value {
    object([
        ("system", coding.system.as_ref().map(|system| json!(system))),
        ("code", Some(json!(coding.code))),
    ])
}

fn fixed((system, code): codes::Code) -> Value {
    json!({ "system": system, "code": code })
}

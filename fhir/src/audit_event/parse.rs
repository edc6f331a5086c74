//! An `AuditEvent` resource, read.

use super::{
    Agent, AuditEvent, Coding, Concept, Entity, Identifier, Instant, Network, Party, Pattern, RecordRole,
    Role, Source, codes,
};
use crate::{Malformed, has, malformed};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::DateTime;
use serde_json::Value;

/// Reads an `AuditEvent` that follows one of BALP's patterns.
///
/// # Errors
/// [`Malformed`], with the path and what was expected there, when it follows none, or holds what changes its meaning
/// (`modifierExtension`, `implicitRules`).
pub fn parse(value: &Value) -> Result<AuditEvent, Malformed> {
    let at = "AuditEvent";
    if value.get("resourceType").and_then(Value::as_str) != Some(at) {
        return Err(malformed(at, "a resource of resourceType AuditEvent"));
    }
    unmodified(value, at)?;
    let pattern = pattern(value)?;
    let mut event = AuditEvent {
        id: text(value, "id", at)?,
        pattern,
        recorded: instant(value)?,
        outcome: text(value, "outcome", at)?
            .and_then(|code| codes::value_of(&codes::OUTCOMES, &code))
            .ok_or_else(|| malformed("AuditEvent.outcome", "0, 4, 8 or 12"))?,
        outcome_text: text(value, "outcomeDesc", at)?,
        purposes: concepts(value, "purposeOfEvent", at)?,
        agents: Vec::new(),
        source: source(value)?,
        patient: None,
        entities: Vec::new(),
    };
    for (index, item) in array(value, "agent", at)?.iter().enumerate() {
        event.agents.push(agent(item, pattern, &format!("AuditEvent.agent[{index}]"))?);
    }
    for (index, item) in array(value, "entity", at)?.iter().enumerate() {
        let at = format!("AuditEvent.entity[{index}]");
        match entity(item, pattern, &at)? {
            Read::Entity(entity) => {
                event.check_entity(&entity, &at)?;
                event.entities.push(entity);
            }
            Read::Patient(patient) if event.patient.is_none() => event.patient = Some(patient),
            Read::Patient(_) => return Err(malformed(at, "one patient in an event, not several")),
        }
    }
    event.check()?;
    Ok(event)
}

fn pattern(value: &Value) -> Result<Pattern, Malformed> {
    let kind = value.get("type").and_then(coding);
    let of_kind: Vec<Pattern> = Pattern::ALL
        .into_iter()
        .filter(|pattern| kind.as_ref().is_some_and(|kind| kind.is(pattern.kind())))
        .collect();
    if of_kind.is_empty() {
        return Err(malformed(
            "AuditEvent.type",
            "rest of audit-event-type, or 110113, 110106 or 110107 of DICOM: one of BALP's patterns",
        ));
    }
    let subtypes: Vec<Coding> = array(value, "subtype", "AuditEvent")?.iter().filter_map(coding).collect();
    let of_subtype: Vec<Pattern> = of_kind
        .into_iter()
        .filter(|pattern| subtypes.iter().any(|subtype| subtype.is(pattern.subtype())))
        .collect();
    if of_subtype.is_empty() {
        return Err(malformed(
            "AuditEvent.subtype",
            "an interaction (create, read, vread, update, patch, delete, search), AuthZ-Consent or disclose, as fits the type",
        ));
    }
    let action = value.get("action").and_then(Value::as_str);
    of_subtype
        .into_iter()
        .find(|pattern| action == Some(pattern.action()))
        .ok_or_else(|| malformed("AuditEvent.action", "the action of the subtype's pattern"))
}

fn instant(value: &Value) -> Result<Instant, Malformed> {
    let wrong = || malformed("AuditEvent.recorded", "an instant, as \"2026-05-04T10:00:00.000Z\"");
    let text = value.get("recorded").and_then(Value::as_str).ok_or_else(wrong)?;
    // RFC 3339 as FHIR writes it: with a capital T and Z.
    if text.as_bytes().get(10) != Some(&b'T') || text.ends_with('z') {
        return Err(wrong());
    }
    DateTime::parse_from_rfc3339(text).map(|time| Instant(time.timestamp_millis())).map_err(|_| wrong())
}

fn source(value: &Value) -> Result<Source, Malformed> {
    let at = "AuditEvent.source";
    let source = value.get("source").filter(|source| source.is_object());
    let source = source.ok_or_else(|| malformed(at, "who recorded the event"))?;
    unmodified(source, at)?;
    let observer = party(source, "observer", at)?;
    Ok(Source {
        observer: observer
            .ok_or_else(|| malformed("AuditEvent.source.observer", "who recorded the event"))?,
        site: text(source, "site", at)?,
    })
}

fn agent(value: &Value, pattern: Pattern, at: &str) -> Result<Agent, Malformed> {
    unmodified(value, at)?;
    let types = value.get("type").map_or(Ok(&[][..]), |kind| array(kind, "coding", &format!("{at}.type")))?;
    let types: Vec<Coding> = types.iter().filter_map(coding).collect();
    let role_of = |kind: &Coding| {
        codes::ROLES.iter().find(|role| pattern.agent(role).is_some_and(|code| kind.is(code))).cloned()
    };
    let role = match types.iter().find_map(role_of) {
        Some(role) => role,
        None => Role::Other(types.into_iter().next()),
    };
    let network = match value.get("network").filter(|network| !network.is_null()) {
        None => None,
        Some(network) => Some(Network {
            address: text(network, "address", &format!("{at}.network"))?,
            kind: match text(network, "type", &format!("{at}.network"))? {
                None => None,
                Some(code) => Some(
                    codes::value_of(&codes::NETWORKS, &code)
                        .ok_or_else(|| malformed(format!("{at}.network.type"), "1, 2, 3, 4 or 5"))?,
                ),
            },
        }),
    };
    Ok(Agent {
        role,
        who: party(value, "who", at)?.unwrap_or_default(),
        name: text(value, "name", at)?,
        requestor: value
            .get("requestor")
            .and_then(Value::as_bool)
            .ok_or_else(|| malformed(format!("{at}.requestor"), "true or false"))?,
        network,
        purpose_of_use: concepts(value, "purposeOfUse", at)?,
    })
}

enum Read {
    Patient(Party),
    Entity(Entity),
}

fn entity(value: &Value, pattern: Pattern, at: &str) -> Result<Read, Malformed> {
    unmodified(value, at)?;
    let (kind, role) = (value.get("type").and_then(coding), value.get("role").and_then(coding));
    let is = |code| kind.as_ref().is_some_and(|kind| kind.is(code));
    let plays = |code| role.as_ref().is_some_and(|role| role.is(code));
    let what = || party(value, "what", at)?.ok_or_else(|| malformed(format!("{at}.what"), "which it is"));
    let value_of_what = || match what()?.identifier {
        Some(identifier) => Ok(identifier.value),
        None => Err(malformed(format!("{at}.what.identifier.value"), "an id")),
    };
    let entity = if is(codes::PERSON) && plays(codes::PATIENT) {
        return Ok(Read::Patient(what()?));
    } else if is(codes::SYSTEM_OBJECT) && plays(codes::QUERY) {
        let text_of_query = text(value, "query", at)?.unwrap_or_default();
        let packed: String = text_of_query.chars().filter(|one| !one.is_ascii_whitespace()).collect();
        let wrong = |_| malformed(format!("{at}.query"), "the search in base64");
        Entity::Query {
            raw: BASE64_STANDARD.decode(packed).map_err(wrong)?,
            description: text(value, "description", at)?,
        }
    } else if is(codes::SYSTEM_OBJECT) {
        let known = codes::RECORD_ROLES.iter().find(|(_, code)| plays((codes::OBJECT_ROLE, code)));
        match known {
            Some((role, _)) => Entity::Record { what: what()?, role: *role },
            // The profile of a read asks for a role without insisting.
            None if matches!(pattern, Pattern::Read(_)) && role.is_none() => {
                Entity::Record { what: what()?, role: RecordRole::DomainResource }
            }
            None => Entity::Other { kind, role, what: what()? },
        }
    } else if is(codes::CONSENT) {
        Entity::Consent(what()?)
    } else if is(codes::TOKEN) {
        Entity::Token(value_of_what()?)
    } else if is(codes::REQUEST_ID) {
        Entity::Request(value_of_what()?)
    } else {
        Entity::Other { kind, role, what: what()? }
    };
    Ok(Read::Entity(entity))
}

fn party(value: &Value, name: &str, at: &str) -> Result<Option<Party>, Malformed> {
    let at = format!("{at}.{name}");
    let Some(value) = value.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    if !value.is_object() {
        return Err(malformed(at, "a Reference"));
    }
    let identifier = match value.get("identifier").filter(|identifier| !identifier.is_null()) {
        None => None,
        Some(identifier) => {
            let at = format!("{at}.identifier");
            let value = text(identifier, "value", &at)?;
            Some(Identifier {
                system: text(identifier, "system", &at)?,
                value: value.ok_or_else(|| malformed(format!("{at}.value"), "an identifier"))?,
            })
        }
    };
    Ok(Some(Party {
        reference: text(value, "reference", &at)?,
        identifier,
        display: text(value, "display", &at)?,
    }))
}

/// The concepts of an element; of several codings of one, HL7's purpose of use is preferred.
fn concepts(value: &Value, name: &str, at: &str) -> Result<Vec<Concept>, Malformed> {
    let read = |(index, item): (usize, &Value)| {
        let at = format!("{at}.{name}[{index}]");
        let codings: Vec<Coding> = array(item, "coding", &at)?.iter().filter_map(coding).collect();
        let preferred = codings.iter().find(|coding| coding.system.as_deref() == Some(codes::ACT_REASON));
        Ok(Concept { coding: preferred.or(codings.first()).cloned(), text: text(item, "text", &at)? })
    };
    array(value, name, at)?.iter().enumerate().map(read).collect()
}

fn coding(value: &Value) -> Option<Coding> {
    let system = value.get("system").filter(|system| !system.is_null());
    let system = system.map(|system| system.as_str().map(str::to_owned).ok_or(())).transpose().ok()?;
    Some(Coding { system, code: value.get("code")?.as_str()?.to_owned() })
}

fn text(value: &Value, name: &str, at: &str) -> Result<Option<String>, Malformed> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(malformed(format!("{at}.{name}"), "a string")),
    }
}

fn array<'a>(value: &'a Value, name: &str, at: &str) -> Result<&'a [Value], Malformed> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(malformed(format!("{at}.{name}"), "an array")),
    }
}

fn unmodified(value: &Value, at: &str) -> Result<(), Malformed> {
    match ["modifierExtension", "implicitRules"].iter().find(|name| has(value, name)) {
        Some(name) => Err(malformed(format!("{at}.{name}"), "nothing: it would change the meaning")),
        None => Ok(()),
    }
}

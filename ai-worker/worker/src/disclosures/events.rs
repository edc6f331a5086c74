//! Entries of the log as FHIR R4 `AuditEvent`s (IHE BALP), and events of the hospital's other systems as
//! entries.
//!
//! Accounts of the chain, credentials of this worker and commitments are identifiers, each under a system of
//! its own. An event that comes in is kept as [`galen_fhir::audit_event`] reads it. One about a patient must
//! say whose key that is, and is taken only if an accounting can be given from it: purpose and organisation
//! stated.

use super::{Disclosure, Entry, What};
use galen_fhir::{
    Malformed,
    audit_event::{
        Agent, AuditEvent, Concept, Entity, Identifier, Instant, Network, NetworkKind, Outcome, Party,
        Pattern, Read, RecordRole, Role, Search, Source, parse,
    },
};
use galen_primitives::{AccountId, H256, commitment::tagged_hash, consent::Purpose};
use galen_worker_api::disclosures::Event;
use sp_core::crypto::Ss58Codec;
use std::collections::HashMap;

/// The system of accounts of the chain: hospitals and patients' keys, as SS58 addresses.
pub const ACCOUNT: &str = "urn:galen:account";
/// The system of the worker's credentials.
pub const CREDENTIAL: &str = "urn:galen:credential";
/// The system of commitments: documents and summaries.
pub const COMMITMENT: &str = "urn:galen:commitment";

/// The most events that are taken at once.
pub const MAX_EVENTS: usize = 4096;

/// Why events are not taken. None of them is then.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// One is no event of a known pattern, or lacks what an accounting needs.
    #[error("event {0}: {1}")]
    Malformed(usize, Malformed),
    /// The file is none of events.
    #[error("{0}")]
    File(Malformed),
    /// Whose key a patient has is not said.
    #[error(
        "event {0} is about a patient whose key is not said: name it in `patients` by the reference that the event has, or \
         in the event by an identifier of system urn:galen:account"
    )]
    UnknownPatient(usize),
    /// The time is before 1970.
    #[error("event {0} was recorded before 1970")]
    Time(usize),
    /// Too many.
    #[error("at most {MAX_EVENTS} events are taken at once")]
    TooMany,
}

/// Events that another system handed over under the credential `who`, as entries. `patients` has the keys of
/// the patients to whom the events refer.
pub fn entries(
    who: &str,
    events: Vec<AuditEvent>,
    patients: &HashMap<String, AccountId>,
) -> Result<Vec<Disclosure>, NotTaken> {
    if events.len() > MAX_EVENTS {
        return Err(NotTaken::TooMany);
    }
    let entry = |(index, event): (usize, AuditEvent)| {
        let patient = match &event.patient {
            None => None,
            Some(party) => Some(key_of(party, patients).ok_or(NotTaken::UnknownPatient(index))?),
        };
        let malformed = |why| NotTaken::Malformed(index, why);
        if patient.is_some() {
            event.accountable().map_err(malformed)?;
        }
        let at = u64::try_from(event.recorded.0.div_euclid(1000)).map_err(|_| NotTaken::Time(index))?;
        let json = event.to_value().map_err(malformed)?.to_string();
        let subject = tagged_hash(b"galen:event:v1", &[json.as_bytes()]);
        Ok(Disclosure {
            subject: Some(subject),
            patient,
            purpose: purpose(&event),
            event: Some(Event(json)),
            ..Disclosure::new(at, who, What::Event)
        })
    };
    events.into_iter().enumerate().map(entry).collect()
}

fn key_of(party: &Party, patients: &HashMap<String, AccountId>) -> Option<AccountId> {
    let said = party.identifier.as_ref().filter(|id| id.system.as_deref() == Some(ACCOUNT));
    match said {
        Some(id) => AccountId::from_ss58check(&id.value).ok(),
        None => patients.get(party.reference.as_ref()?).cloned(),
    }
}

/// The first purpose of an event that is one of ours.
fn purpose(event: &AuditEvent) -> Option<Purpose> {
    event.purposes_of_use().find_map(|concept| {
        let ours = |purpose: &Purpose| Concept::purpose(*purpose).coding == concept.coding;
        Purpose::ALL.into_iter().find(ours)
    })
}

/// An entry as an event; `None` for one that says only that there was nothing.
pub fn event(entry: &Entry, hospital: Option<&AccountId>) -> Option<AuditEvent> {
    let Entry { index, disclosure } = entry;
    let id = Some(format!("disclosure-{index}"));
    if let Some(Event(json)) = &disclosure.event {
        // It was read once before it was stored.
        return parse(&serde_json::from_str(json).ok()?).ok();
    }
    let record = |role| {
        let what = Party::identifier(COMMITMENT, format!("{:?}", disclosure.subject.unwrap_or_default()));
        vec![Entity::Record { what, role }]
    };
    let query = |method: &str| {
        let of = disclosure.patient.as_ref().map(|patient| format!("?patient={patient}")).unwrap_or_default();
        vec![Entity::Query { raw: format!("{method}{of}").into_bytes(), description: None }]
    };
    let (pattern, entities) = match disclosure.what {
        What::Document => (Pattern::Read(Read::Current), record(RecordRole::DomainResource)),
        What::Summary => (Pattern::Read(Read::Current), record(RecordRole::Report)),
        What::Log => (Pattern::Query(Search::Any), query("disclosures")),
        What::Accounting => (Pattern::Query(Search::Any), query("accounting")),
        What::Event | What::Alive => return None,
    };
    let purpose = match disclosure.purpose {
        Some(purpose) => Concept::purpose(purpose),
        None => Concept { coding: None, text: Some("not stated".into()) },
    };
    Some(AuditEvent {
        id,
        pattern,
        recorded: Instant(i64::try_from(disclosure.at).ok()?.checked_mul(1000)?),
        outcome: Outcome::Success,
        outcome_text: None,
        purposes: vec![purpose],
        agents: agents(disclosure, hospital),
        source: Source { observer: Party::reference("Device/galen-worker"), site: None },
        patient: disclosure.patient.as_ref().map(|patient| Party::identifier(ACCOUNT, patient.to_string())),
        entities,
    })
}

fn agents(disclosure: &Disclosure, hospital: Option<&AccountId>) -> Vec<Agent> {
    // A worker listens on loopback: addresses would say nothing.
    let place = || Some(Network { address: None, kind: Some(NetworkKind::Ip) });
    let agent = |role, who, requestor, network| Agent {
        role,
        who,
        name: None,
        requestor,
        network,
        purpose_of_use: Vec::new(),
    };
    let credential = || Party::identifier(CREDENTIAL, disclosure.who.clone());
    let organisation = match hospital {
        Some(hospital) => Party::identifier(ACCOUNT, hospital.to_string()),
        None => Party { display: Some("the hospital of this worker".into()), ..Party::default() },
    };
    vec![
        agent(Role::Client, credential(), false, place()),
        agent(Role::Server, Party::reference("Device/galen-worker"), false, place()),
        agent(Role::User, credential(), true, None),
        agent(Role::Organization, organisation, false, None),
    ]
}

/// Who received, what and why, as an event of another system says: id, name, organisation, description,
/// purpose.
pub fn said(event: &AuditEvent) -> (String, Option<String>, Option<String>, String, String) {
    let agent = [Role::Recipient, Role::User, Role::Keeper, Role::Informant, Role::Client]
        .iter()
        .find_map(|role| event.agent(role));
    let organisation = event.agent(&Role::Organization).map(|agent| text(&agent.who));
    let id = agent.map(|agent| text(&agent.who)).unwrap_or_default();
    let name = agent.and_then(|agent| agent.name.clone().or_else(|| agent.who.display.clone()));
    let what: Vec<String> = event
        .entities
        .iter()
        .filter_map(|entity| match entity {
            Entity::Record { what, .. } | Entity::Other { what, .. } => Some(text(what)),
            Entity::Query { .. } => Some("what was searched for".into()),
            Entity::Consent(_) | Entity::Token(_) | Entity::Request(_) => None,
        })
        .collect();
    let did = match event.pattern {
        Pattern::Create => "created",
        Pattern::Read(_) => "read",
        Pattern::Update(_) => "changed",
        Pattern::Delete => "deleted",
        Pattern::Query(_) => "searched",
        Pattern::Decision => "decision on access",
        Pattern::DisclosureAtSource => "disclosed",
        Pattern::DisclosureAtRecipient => "received",
    };
    let failed = if event.outcome == Outcome::Success { "" } else { " (not done)" };
    let purposes: Vec<String> = event
        .purposes_of_use()
        .filter_map(|concept| {
            concept.coding.as_ref().map(|coding| coding.code.clone()).or_else(|| concept.text.clone())
        })
        .collect();
    (id, name, organisation, format!("{did} {}{failed}", what.join(", ")), purposes.join(" "))
}

fn text(party: &Party) -> String {
    let identifier = party.identifier.as_ref().map(|Identifier { value, .. }| value.clone());
    identifier.or_else(|| party.reference.clone()).or_else(|| party.display.clone()).unwrap_or_default()
}

/// What tells one event from another: none is taken twice.
pub fn known_by(disclosure: &Disclosure) -> Option<H256> {
    disclosure.event.as_ref().and(disclosure.subject)
}

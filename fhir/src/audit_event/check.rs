//! What an event must be to follow its pattern: asked of what is read and of what is written.

use super::{
    Agent, AuditEvent, Coding, Concept, Entity, Instant, Outcome, Party, Pattern, Role, Source, codes,
};
use crate::reference::unversioned;
use crate::{Malformed, malformed};

/// `AuditEvent.recorded` lies in the years 1 to 9999.
const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_402_300_799_999;
/// What FHIR allows a string at most.
const LONGEST: usize = 1 << 20;

impl AuditEvent {
    /// Whether the event follows its pattern; if not, what it lacks and where.
    ///
    /// Who recorded a decision or disclosure is one of its agents (BALP's invariant `val-audit-source`).
    pub fn check(&self) -> Result<(), Malformed> {
        if let Some(id) = &self.id {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
            refuse_unless(
                (1..=64).contains(&id.len()) && id.bytes().all(plain),
                "AuditEvent.id",
                "1 to 64 letters, digits, - and .",
            )?;
        }
        let Instant(recorded) = self.recorded;
        refuse_unless(
            (FIRST..=LAST).contains(&recorded),
            "AuditEvent.recorded",
            "a time of the years 1 to 9999",
        )?;
        text(self.outcome_text.as_ref(), "AuditEvent.outcomeDesc")?;
        for (index, concept) in self.purposes.iter().enumerate() {
            check_concept(concept, &format!("AuditEvent.purposeOfEvent[{index}]"))?;
        }
        self.source.check()?;
        for (index, agent) in self.agents.iter().enumerate() {
            self.check_agent(agent, &format!("AuditEvent.agent[{index}]"))?;
        }
        self.check_roles()?;
        // As they are written: the patient first.
        for (index, entity) in (usize::from(self.patient.is_some())..).zip(&self.entities) {
            self.check_entity(entity, &format!("AuditEvent.entity[{index}]"))?;
        }
        self.check_entities()?;
        if let Some(patient) = &self.patient {
            patient.check("AuditEvent.entity, the patient's what")?;
            refuse_unless(
                patient.reference.as_deref().is_none_or(may_be_patient),
                "AuditEvent.entity, the patient's what",
                "a reference to a Patient",
            )?;
        }
        Ok(())
    }

    /// The canonical URL of the BALP profile that the event conforms to; `None` if it follows a pattern without conforming.
    ///
    /// The patterns of REST are those of success, and that of a decision wants a consent, which a refusal for want of one
    /// has not.
    pub fn profile(&self) -> Option<String> {
        let conforms = match self.pattern {
            Pattern::Decision => self.has_consent(),
            pattern if pattern.is_rest() => self.outcome == Outcome::Success,
            _ => true,
        };
        conforms.then(|| self.pattern.profile(self.patient.is_some()))
    }

    /// Whether an account of disclosures can be given from it: some purpose is stated and an organisation named, which BALP
    /// leaves open and Galen's own entries never leave out.
    pub fn accountable(&self) -> Result<(), Malformed> {
        refuse_unless(
            self.purposes_of_use().next().is_some(),
            "AuditEvent.purposeOfEvent",
            "a purpose of use, here or of an agent",
        )?;
        refuse_unless(
            self.agent(&Role::Organization).is_some(),
            "AuditEvent.agent",
            "the organisation (v3-RoleClass PROV) that the user acts for",
        )
    }

    fn has_consent(&self) -> bool {
        self.entities.iter().any(|entity| matches!(entity, Entity::Consent(_)))
    }

    fn check_agent(&self, agent: &Agent, at: &str) -> Result<(), Malformed> {
        match &agent.role {
            Role::Other(None) => {}
            Role::Other(Some(coding)) => {
                check_coding(coding, &format!("{at}.type"))?;
                refuse_unless(
                    !codes::ROLES
                        .iter()
                        .any(|role| self.pattern.agent(role).is_some_and(|code| coding.is(code))),
                    &format!("{at}.type"),
                    "the role that has this code in the pattern",
                )?;
            }
            role => refuse_unless(
                self.pattern.agent(role).is_some(),
                &format!("{at}.type"),
                "a role that the pattern knows",
            )?,
        }
        if agent.who != Party::default() || !matches!(agent.role, Role::Other(_)) {
            agent.who.check(&format!("{at}.who"))?;
        }
        text(agent.name.as_ref(), &format!("{at}.name"))?;
        if let Some(network) = &agent.network {
            text(network.address.as_ref(), &format!("{at}.network.address"))?;
            refuse_unless(
                network.address.is_some() || network.kind.is_some(),
                &format!("{at}.network"),
                "an address or its type",
            )?;
        }
        for (index, concept) in agent.purpose_of_use.iter().enumerate() {
            check_concept(concept, &format!("{at}.purposeOfUse[{index}]"))?;
        }
        let decision = self.pattern == Pattern::Decision;
        let networked = match agent.role {
            Role::Client => true,
            Role::Server | Role::Source | Role::Recipient => !decision,
            _ => false,
        };
        refuse_unless(!networked || agent.network.is_some(), &format!("{at}.network"), "where the agent is")?;
        let user = matches!(agent.role, Role::User | Role::Informant | Role::Keeper);
        if user && (decision || self.pattern.is_rest()) {
            refuse_unless(agent.requestor, &format!("{at}.requestor"), "true: the user began it")?;
            refuse_unless(agent.network.is_none(), &format!("{at}.network"), "nothing: a user is no device")?;
        }
        if decision && matches!(agent.role, Role::Organization | Role::Authorizer) {
            refuse_unless(!agent.requestor, &format!("{at}.requestor"), "false")?;
            refuse_unless(agent.network.is_none(), &format!("{at}.network"), "nothing")?;
        }
        if decision && matches!(agent.role, Role::Organization | Role::Authorizer | Role::Client) {
            refuse_unless(
                agent.name.is_none(),
                &format!("{at}.name"),
                "nothing: a name may stand in who.display",
            )?;
        }
        if decision && matches!(agent.role, Role::Authorizer | Role::Client) {
            refuse_unless(
                agent.purpose_of_use.is_empty(),
                &format!("{at}.purposeOfUse"),
                "nothing: the purpose is the user's or the organisation's",
            )?;
        }
        let records = matches!(
            (&agent.role, self.pattern),
            (Role::Authorizer, _)
                | (Role::Source, Pattern::DisclosureAtSource)
                | (Role::Recipient, Pattern::DisclosureAtRecipient)
        );
        refuse_unless(
            !records || agent.who == self.source.observer,
            &format!("{at}.who"),
            "the same as source.observer",
        )
    }

    fn check_roles(&self) -> Result<(), Malformed> {
        let count = |role: &Role| self.agents.iter().filter(|agent| agent.role == *role).count();
        let (once, at_most_once): (&[Role], &[Role]) = match self.pattern {
            Pattern::Decision => (&[Role::Client, Role::User, Role::Organization, Role::Authorizer], &[]),
            Pattern::DisclosureAtSource | Pattern::DisclosureAtRecipient => {
                (&[Role::Source, Role::Recipient], &[Role::Custodian, Role::Advocate])
            }
            _ => (&[Role::Client, Role::Server], &[]),
        };
        for role in once {
            refuse_unless(
                count(role) == 1,
                "AuditEvent.agent",
                match role {
                    Role::Client => "one agent that is the client",
                    Role::Server => "one agent that is the server",
                    Role::User => "one agent that is the user",
                    Role::Organization => "one agent that is the user's organisation",
                    Role::Authorizer => "one agent that is the authorisation server",
                    Role::Source => "one agent that is the source",
                    _ => "one agent that is the recipient",
                },
            )?;
        }
        for role in at_most_once {
            refuse_unless(
                count(role) <= 1,
                "AuditEvent.agent",
                "one custodian and one patient's advocate at most",
            )?;
        }
        let users = count(&Role::User) + count(&Role::Informant) + count(&Role::Keeper);
        refuse_unless(!self.pattern.is_rest() || users <= 1, "AuditEvent.agent", "one user at most")
    }

    pub(super) fn check_entity(&self, entity: &Entity, at: &str) -> Result<(), Malformed> {
        match entity {
            Entity::Record { what, .. } | Entity::Consent(what) => what.check(&format!("{at}.what")),
            Entity::Query { raw, description } => {
                refuse_unless(!raw.is_empty(), &format!("{at}.query"), "the search in base64")?;
                text(description.as_ref(), &format!("{at}.description"))
            }
            Entity::Token(id) | Entity::Request(id) => text(Some(id), &format!("{at}.what.identifier.value")),
            Entity::Other { kind, role, what } => {
                for (coding, name) in [(kind, "type"), (role, "role")] {
                    coding.as_ref().map_or(Ok(()), |coding| check_coding(coding, &format!("{at}.{name}")))?;
                }
                what.check(&format!("{at}.what"))?;
                // What is a system object has one of the roles of BALP in REST, and anything in a disclosure.
                let known = match kind {
                    Some(kind) if kind.is(codes::PERSON) => {
                        role.as_ref().is_some_and(|role| role.is(codes::PATIENT))
                    }
                    Some(kind) if kind.is(codes::SYSTEM_OBJECT) => {
                        self.pattern.is_rest()
                            || role.as_ref().is_some_and(|role| {
                                codes::RECORD_ROLES
                                    .iter()
                                    .any(|(_, code)| role.is((codes::OBJECT_ROLE, code)))
                                    || role.is(codes::QUERY)
                            })
                    }
                    Some(kind) => {
                        [codes::CONSENT, codes::TOKEN, codes::REQUEST_ID].iter().any(|code| kind.is(*code))
                    }
                    None => false,
                };
                refuse_unless(
                    !known,
                    &format!("{at}.type"),
                    "the kind of entity that has this code in the pattern",
                )
            }
        }
    }

    fn check_entities(&self) -> Result<(), Malformed> {
        let at = "AuditEvent.entity";
        let count = |of: fn(&Entity) -> bool| self.entities.iter().filter(|entity| of(entity)).count();
        let records = count(|entity| matches!(entity, Entity::Record { .. }));
        let queries = count(|entity| matches!(entity, Entity::Query { .. }));
        let requests = count(|entity| matches!(entity, Entity::Request(_)));
        match self.pattern {
            Pattern::Decision => {
                refuse_unless(self.patient.is_some(), at, "the patient whose consents decided")?;
                // Closed slicing: a decision names no record.
                let known = count(|entity| matches!(entity, Entity::Consent(_) | Entity::Token(_)));
                let tokens = count(|entity| matches!(entity, Entity::Token(_)));
                refuse_unless(
                    known == self.entities.len() && tokens <= 1,
                    at,
                    "the patient, consents and one token at most, and nothing else",
                )?;
                refuse_unless(
                    self.has_consent() || self.outcome != Outcome::Success,
                    at,
                    "the consent that permitted",
                )
            }
            Pattern::DisclosureAtSource | Pattern::DisclosureAtRecipient => {
                refuse_unless(self.patient.is_some(), at, "the patient whose data was disclosed")?;
                refuse_unless(!self.entities.is_empty(), at, "what was disclosed")
            }
            Pattern::Query(_) => {
                refuse_unless(
                    queries == 1 && records == 0,
                    at,
                    "one search (role 24), and no other system object",
                )?;
                refuse_unless(requests <= 1, at, "one X-Request-Id at most")
            }
            _ => {
                refuse_unless(
                    records == 1 && queries == 0,
                    at,
                    "one resource (type 2, with role 3, 4 or 20), and no other system object",
                )?;
                refuse_unless(requests <= 1, at, "one X-Request-Id at most")
            }
        }
    }
}

impl Source {
    fn check(&self) -> Result<(), Malformed> {
        self.observer.check("AuditEvent.source.observer")?;
        text(self.site.as_ref(), "AuditEvent.source.site")
    }
}

impl Party {
    fn check(&self, at: &str) -> Result<(), Malformed> {
        text(self.reference.as_ref(), &format!("{at}.reference"))?;
        text(self.display.as_ref(), &format!("{at}.display"))?;
        if let Some(identifier) = &self.identifier {
            uri(identifier.system.as_ref(), &format!("{at}.identifier.system"))?;
            text(Some(&identifier.value), &format!("{at}.identifier.value"))?;
        }
        refuse_unless(
            self.reference.is_some() || self.identifier.is_some() || self.display.is_some(),
            at,
            "a reference, an identifier or a name",
        )
    }
}

/// Whether a literal reference may be one to a Patient: `Patient/…` in it, or no type to tell.
fn may_be_patient(reference: &str) -> bool {
    match unversioned(reference).rsplit('/').nth(1) {
        Some(kind) => kind == "Patient",
        None => true,
    }
}

fn check_concept(concept: &Concept, at: &str) -> Result<(), Malformed> {
    concept.coding.as_ref().map_or(Ok(()), |coding| check_coding(coding, &format!("{at}.coding")))?;
    text(concept.text.as_ref(), &format!("{at}.text"))?;
    refuse_unless(concept.coding.is_some() || concept.text.is_some(), at, "a code or a text")
}

fn check_coding(coding: &Coding, at: &str) -> Result<(), Malformed> {
    uri(coding.system.as_ref(), &format!("{at}.system"))?;
    let words = coding.code.split([' ', '\t', '\r', '\n']);
    refuse_unless(
        words.clone().all(|word| !word.is_empty()) && coding.code.len() <= LONGEST && printable(&coding.code),
        &format!("{at}.code"),
        "a code: words with single spaces between",
    )
}

fn uri(value: Option<&String>, at: &str) -> Result<(), Malformed> {
    text(value, at)?;
    refuse_unless(
        value.is_none_or(|value| !value.contains(char::is_whitespace)),
        at,
        "a URI, without white space",
    )
}

fn text(value: Option<&String>, at: &str) -> Result<(), Malformed> {
    refuse_unless(
        value.is_none_or(|value| !value.is_empty() && value.len() <= LONGEST && printable(value)),
        at,
        "a text that is not empty, up to 1 MiB, without control characters",
    )
}

fn printable(text: &str) -> bool {
    text.chars().all(|character| !character.is_control() || matches!(character, '\t' | '\r' | '\n'))
}

fn refuse_unless(holds: bool, at: &str, expected: &'static str) -> Result<(), Malformed> {
    if holds { Ok(()) } else { Err(malformed(at, expected)) }
}

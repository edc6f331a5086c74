//! FHIR R4 `AuditEvent`s as IHE BALP (Basic Audit Log Patterns, <https://profiles.ihe.net/ITI/BALP>) profiles them.
//!
//! [`AuditEvent`] holds what Galen keeps of one: who did what to whose record, when, why, on whose behalf, and how it ended.
//! [`parse`] reads it, [`AuditEvent::to_value`] writes it, and what is written is read as the same. What is left out when one is
//! read: `text`, `extension`, `period`, `severity`, further `subtype`s and codings, `agent.role`, `altId`, `location`, `policy`, `media`,
//! `source.type`, `entity.lifecycle`, `securityLabel`, `detail` and `name`.
//!
//! An event that follows no pattern is refused. One of a failure follows its pattern without conforming to it (the patterns of
//! REST are those of success), and is written without `meta.profile`.

mod bundle;
mod check;
mod codes;
mod parse;
mod render;

pub use bundle::{Kind as BundleKind, bundle, read_events};
pub use parse::parse;

use galen_primitives::consent::Purpose;

/// What happened, by the pattern that records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// Something was created.
    Create,
    /// Something was read.
    Read(Read),
    /// Something was changed.
    Update(Update),
    /// Something was deleted.
    Delete,
    /// Something was searched for.
    Query(Search),
    /// It was decided, by a consent, whether something may be done.
    Decision,
    /// Data left: the source's record of a disclosure.
    DisclosureAtSource,
    /// Data came: the recipient's record of a disclosure.
    DisclosureAtRecipient,
}

/// The interactions that read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// `read`.
    Current,
    /// `vread`.
    Version,
}

/// The interactions that change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Update {
    /// `update`.
    Whole,
    /// `patch`.
    Patch,
}

/// The interactions that search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Search {
    /// `search`.
    Any,
    /// `search-type`.
    Type,
    /// `search-system`.
    System,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Done; of a decision: permitted.
    Success,
    /// Not done, the fault being the request's.
    MinorFailure,
    /// Not done; of a decision: denied.
    SeriousFailure,
    /// Not done, and the system no longer works.
    MajorFailure,
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// A code of a code system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coding {
    /// The code system's URI.
    pub system: Option<String>,
    /// The code.
    pub code: String,
}

/// A concept, as a code, in words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// The code.
    pub coding: Option<Coding>,
    /// The words.
    pub text: Option<String>,
}

/// Whom or what something refers to: at least one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// A literal reference, as `Practitioner/d`.
    pub reference: Option<String>,
    /// An identifier.
    pub identifier: Option<Identifier>,
    /// A name for people to read.
    pub display: Option<String>,
}

/// An identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Whose identifier it is, as a URI.
    pub system: Option<String>,
    /// The identifier.
    pub value: String,
}

/// What an agent was in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The application that asked (REST, decisions).
    Client,
    /// The system that was asked (REST).
    Server,
    /// The person for whom it was done: who received, or who created, changed or deleted.
    User,
    /// The person who informed of what was created, changed or deleted.
    Informant,
    /// The person who keeps what was created, changed or deleted.
    Keeper,
    /// The organisation that the user acts for.
    Organization,
    /// The system that decided.
    Authorizer,
    /// Where disclosed data came from.
    Source,
    /// Where disclosed data went.
    Recipient,
    /// Who released disclosed data.
    Custodian,
    /// Who stood for the patient in a disclosure, perhaps the patient.
    Advocate,
    /// Anything else, if it is said.
    Other(Option<Coding>),
}

/// Who took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// As what.
    pub role: Role,
    /// Who. Nobody may be said of another role than the pattern's own, as of one that stands for a token alone.
    pub who: Party,
    /// A name for people to read, which can be searched for.
    pub name: Option<String>,
    /// Whether this agent began it.
    pub requestor: bool,
    /// Where in the network.
    pub network: Option<Network>,
    /// What for, as this agent said.
    pub purpose_of_use: Vec<Concept>,
}

/// A place in a network: at least one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// The address.
    pub address: Option<String>,
    /// What kind of address it is.
    pub kind: Option<NetworkKind>,
}

/// Kinds of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkKind {
    /// A machine's name.
    Domain,
    /// An IP address.
    Ip,
    /// A telephone number.
    Phone,
    /// An address of electronic mail.
    Email,
    /// A URI.
    Uri,
}

/// Who recorded the event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The system.
    pub observer: Party,
    /// The site at which it stands.
    pub site: Option<String>,
}

/// What took part, the patient aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entity {
    /// A record, document or other resource.
    Record {
        /// Which.
        what: Party,
        /// As what.
        role: RecordRole,
    },
    /// A search.
    Query {
        /// The search as it was sent, byte for byte.
        raw: Vec<u8>,
        /// The search as it was understood.
        description: Option<String>,
    },
    /// A consent that a decision rests on.
    Consent(Party),
    /// The id (`jti`) of a token that a decision issued.
    Token(String),
    /// The value of the request's `X-Request-Id`.
    Request(String),
    /// Anything else.
    Other {
        /// What kind of thing.
        kind: Option<Coding>,
        /// As what.
        role: Option<Coding>,
        /// Which.
        what: Party,
    },
}

/// What a record was in the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordRole {
    /// A resource of the patient's or of the hospital's.
    DomainResource,
    /// A report.
    Report,
    /// A job.
    Job,
}

/// One event of an audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// The resource's id.
    pub id: Option<String>,
    /// What happened.
    pub pattern: Pattern,
    /// When it was recorded.
    pub recorded: Instant,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it ended so.
    pub outcome_text: Option<String>,
    /// What for.
    pub purposes: Vec<Concept>,
    /// Who took part.
    pub agents: Vec<Agent>,
    /// Who recorded it.
    pub source: Source,
    /// Whose data it was.
    pub patient: Option<Party>,
    /// What took part.
    pub entities: Vec<Entity>,
}

impl Concept {
    /// A purpose of use, as HL7 v3 codes it.
    pub fn purpose(purpose: Purpose) -> Self {
        Concept { coding: Some(Coding::new(codes::ACT_REASON, purpose.code())), text: None }
    }
}

impl Coding {
    fn new(system: &str, code: &str) -> Self {
        Coding { system: Some(system.to_owned()), code: code.to_owned() }
    }

    fn is(&self, (system, code): codes::Code) -> bool {
        self.system.as_deref() == Some(system) && self.code == code
    }
}

impl Party {
    /// A party by a literal reference, as `Device/worker`.
    pub fn reference(reference: impl Into<String>) -> Self {
        Party { reference: Some(reference.into()), ..Party::default() }
    }

    /// A party by an identifier, as an account of the chain.
    pub fn identifier(system: impl Into<String>, value: impl Into<String>) -> Self {
        let identifier = Identifier { system: Some(system.into()), value: value.into() };
        Party { identifier: Some(identifier), ..Party::default() }
    }
}

impl AuditEvent {
    /// All that is said of what it was for: first of the event, then by its agents.
    pub fn purposes_of_use(&self) -> impl Iterator<Item = &Concept> {
        self.purposes.iter().chain(self.agents.iter().flat_map(|agent| &agent.purpose_of_use))
    }

    /// The first agent of a role.
    pub fn agent(&self, role: &Role) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.role == *role)
    }
}

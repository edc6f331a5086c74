//! The codes that BALP's profiles fix. Each is a system and a code, compared as such.

use super::{NetworkKind, Outcome, Pattern, Read, RecordRole, Role, Search, Update};

/// A system and a code.
pub(super) type Code = (&'static str, &'static str);

pub(super) const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
pub(super) const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const PROFILES: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";
const AUTHZ: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const SNOMED: &str = "http://snomed.info/sct";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";

pub(super) const PERSON: Code = (ENTITY_TYPE, "1");
pub(super) const SYSTEM_OBJECT: Code = (ENTITY_TYPE, "2");
pub(super) const CONSENT: Code = ("http://hl7.org/fhir/resource-types", "Consent");
pub(super) const TOKEN: Code =
    ("https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes", "UserOauthAgent");
pub(super) const REQUEST_ID: Code =
    ("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId");
pub(super) const PATIENT: Code = (OBJECT_ROLE, "1");
pub(super) const QUERY: Code = (OBJECT_ROLE, "24");

const SOURCE_ROLE: Code = (DICOM, "110153");
const DESTINATION_ROLE: Code = (DICOM, "110152");
const APPLICATION: Code = (DICOM, "110150");

impl Pattern {
    /// Every pattern.
    pub const ALL: [Pattern; 12] = [
        Pattern::Create,
        Pattern::Read(Read::Current),
        Pattern::Read(Read::Version),
        Pattern::Update(Update::Whole),
        Pattern::Update(Update::Patch),
        Pattern::Delete,
        Pattern::Query(Search::Any),
        Pattern::Query(Search::Type),
        Pattern::Query(Search::System),
        Pattern::Decision,
        Pattern::DisclosureAtSource,
        Pattern::DisclosureAtRecipient,
    ];

    /// Whether it is an interaction of REST.
    pub fn is_rest(self) -> bool {
        !matches!(self, Pattern::Decision | Pattern::DisclosureAtSource | Pattern::DisclosureAtRecipient)
    }

    /// `AuditEvent.type`.
    pub(super) fn kind(self) -> Code {
        match self {
            Pattern::Decision => (DICOM, "110113"),
            Pattern::DisclosureAtSource => (DICOM, "110106"),
            Pattern::DisclosureAtRecipient => (DICOM, "110107"),
            _ => (EVENT_TYPE, "rest"),
        }
    }

    /// The `AuditEvent.subtype` that the pattern asks for.
    pub(super) fn subtype(self) -> Code {
        let interaction = match self {
            Pattern::Create => "create",
            Pattern::Read(Read::Current) => "read",
            Pattern::Read(Read::Version) => "vread",
            Pattern::Update(Update::Whole) => "update",
            Pattern::Update(Update::Patch) => "patch",
            Pattern::Delete => "delete",
            Pattern::Query(Search::Any) => "search",
            Pattern::Query(Search::Type) => "search-type",
            Pattern::Query(Search::System) => "search-system",
            Pattern::Decision => return (AUTHZ, "AuthZ-Consent"),
            Pattern::DisclosureAtSource | Pattern::DisclosureAtRecipient => return (LIFECYCLE, "disclose"),
        };
        (INTERACTION, interaction)
    }

    /// `AuditEvent.action`.
    pub(super) fn action(self) -> &'static str {
        match self {
            Pattern::Create | Pattern::DisclosureAtRecipient => "C",
            Pattern::Read(_) | Pattern::DisclosureAtSource => "R",
            Pattern::Update(_) => "U",
            Pattern::Delete => "D",
            Pattern::Query(_) | Pattern::Decision => "E",
        }
    }

    /// The canonical URL of the profile, for an event with or without a patient.
    pub(super) fn profile(self, patient: bool) -> String {
        let name = match (self, patient) {
            (Pattern::Create, false) => "Create",
            (Pattern::Create, true) => "PatientCreate",
            (Pattern::Read(_), false) => "Read",
            (Pattern::Read(_), true) => "PatientRead",
            (Pattern::Update(_), false) => "Update",
            (Pattern::Update(_), true) => "PatientUpdate",
            (Pattern::Delete, false) => "Delete",
            (Pattern::Delete, true) => "PatientDelete",
            (Pattern::Query(_), false) => "Query",
            (Pattern::Query(_), true) => "PatientQuery",
            (Pattern::Decision, _) => "AuthZconsent",
            (Pattern::DisclosureAtSource, _) => "PrivacyDisclosure.Source",
            (Pattern::DisclosureAtRecipient, _) => "PrivacyDisclosure.Recipient",
        };
        format!("{PROFILES}IHE.BasicAudit.{name}")
    }

    /// `AuditEvent.agent.type` of a role; `None` if this pattern has no such role.
    pub(super) fn agent(self, role: &Role) -> Option<Code> {
        let writes = matches!(self, Pattern::Create | Pattern::Update(_) | Pattern::Delete);
        let discloses = matches!(self, Pattern::DisclosureAtSource | Pattern::DisclosureAtRecipient);
        Some(match (role, self) {
            // Data flows from the source to the destination; a query's data are its parameters.
            (Role::Client, Pattern::Create | Pattern::Update(_) | Pattern::Query(_)) => SOURCE_ROLE,
            (Role::Client, Pattern::Read(_)) => DESTINATION_ROLE,
            (Role::Client, Pattern::Delete | Pattern::Decision) => APPLICATION,
            (Role::Server, Pattern::Create | Pattern::Update(_) | Pattern::Query(_)) => DESTINATION_ROLE,
            (Role::Server, Pattern::Read(_)) => SOURCE_ROLE,
            (Role::Server, Pattern::Delete) => {
                ("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "custodian")
            }
            (Role::User, _) if writes => (PARTICIPATION, "AUT"),
            (Role::User, _) => (PARTICIPATION, "IRCP"),
            (Role::Informant, _) if writes => (PARTICIPATION, "INF"),
            (Role::Keeper, _) if writes => (PARTICIPATION, "CST"),
            (Role::Organization, _) => ("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "PROV"),
            (Role::Authorizer, Pattern::Decision) => {
                ("http://terminology.hl7.org/CodeSystem/extra-security-role-type", "authserver")
            }
            (Role::Source, _) if discloses => SOURCE_ROLE,
            (Role::Recipient, _) if discloses => DESTINATION_ROLE,
            (Role::Custodian, _) if discloses => (SNOMED, "159541003"),
            (Role::Advocate, _) if discloses => (SNOMED, "429577009"),
            _ => return None,
        })
    }
}

/// The roles that some pattern gives a code to.
pub(super) const ROLES: [Role; 11] = [
    Role::Client,
    Role::Server,
    Role::User,
    Role::Informant,
    Role::Keeper,
    Role::Organization,
    Role::Authorizer,
    Role::Source,
    Role::Recipient,
    Role::Custodian,
    Role::Advocate,
];

pub(super) const OUTCOMES: [(Outcome, &str); 4] = [
    (Outcome::Success, "0"),
    (Outcome::MinorFailure, "4"),
    (Outcome::SeriousFailure, "8"),
    (Outcome::MajorFailure, "12"),
];

pub(super) const NETWORKS: [(NetworkKind, &str); 5] = [
    (NetworkKind::Domain, "1"),
    (NetworkKind::Ip, "2"),
    (NetworkKind::Phone, "3"),
    (NetworkKind::Email, "4"),
    (NetworkKind::Uri, "5"),
];

pub(super) const RECORD_ROLES: [(RecordRole, &str); 3] =
    [(RecordRole::DomainResource, "4"), (RecordRole::Report, "3"), (RecordRole::Job, "20")];

/// The code of a value in one of the tables above.
pub(super) fn code_of<T: PartialEq>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(one, _)| one == value).map_or("", |(_, code)| code)
}

/// The value of a code in one of the tables above.
pub(super) fn value_of<T: Copy>(table: &[(T, &'static str)], code: &str) -> Option<T> {
    table.iter().find(|(_, one)| *one == code).map(|(value, _)| *value)
}

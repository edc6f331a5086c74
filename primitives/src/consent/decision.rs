//! The question, the answer, and the decision over a patient's consents on chain.

use super::{ConsentVersion, DuoCodes, Period, Provision, Purpose};
use crate::{
    AccountId, H256, UnixSeconds,
    consent::pcf::{self, Span},
    records::RecordFacts,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// Who asks, besides the hospital itself: practitioner, role and groups, by the random ids that their hospital issued.
pub type Askers = BoundedVec<H256, ConstU32<8>>;

/// The question: may `requester` use this for `purpose` now?
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Question {
    /// The patient's pairwise key.
    pub patient: AccountId,
    /// The hospital that keeps the record.
    pub custodian: AccountId,
    /// The hospital that asks. It is an actor of the request without being named among them.
    pub requester: AccountId,
    /// Who asks there. The hospital answers for what it says.
    #[cfg_attr(feature = "std", serde(default))]
    pub actors: Askers,
    /// What for.
    pub purpose: Purpose,
    /// The record, as its custodian fixed it; `None` asks about nothing in particular, which only a consent without
    /// conditions on records permits.
    #[cfg_attr(feature = "std", serde(default))]
    pub record: Option<RecordFacts>,
}

/// What was decided.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
pub enum Outcome {
    /// A consent permits and none denies.
    #[cfg_attr(feature = "std", serde(rename = "CONSENT_PERMIT"))]
    Permit,
    /// A consent denies.
    #[cfg_attr(feature = "std", serde(rename = "CONSENT_DENY"))]
    Deny,
    /// No consent says anything, or the question cannot be decided: refused.
    #[cfg_attr(feature = "std", serde(rename = "NO_CONSENT"))]
    NoConsent,
}

/// The part of a consent that decided.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Part {
    /// Its root provision.
    Root,
    /// The exception with this index.
    Exception(u32),
}

/// What decided: the first consent that did, by its number, and the part of it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Basis {
    /// The number of the patient's consent.
    pub consent: u32,
    /// Its part.
    pub part: Part,
}

/// Why a decision fell as it did. A refusal for want of a consent names what came closest to a decision, in this order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Reason {
    /// The check is not configured, or the block is yet to come: refused.
    Unavailable,
    /// The patient key is not enrolled, or not with that custodian.
    NotEnrolled,
    /// The asking hospital is not an admitted member.
    NotMember,
    /// The record is erased: whatever the consents say, nothing may be made of it.
    RecordErased,
    /// There is no consent.
    NoConsent,
    /// There was one; it is withdrawn.
    Revoked,
    /// A consent's period has not begun or is over.
    OutsidePeriod,
    /// A provision's own period has not begun or is over.
    ProvisionOutsidePeriod,
    /// A consent is for other purposes.
    PurposeNotCovered,
    /// A consent names other actors.
    ActorNotCovered,
    /// A consent is about data of another time.
    DataPeriodNotCovered,
    /// A consent is about other data.
    DataNotCovered,
    /// The record is more confidential or more sensitive than a consent covers.
    LabelNotCovered,
    /// A root provision decided.
    Root,
    /// An exception decided.
    Exception,
    /// The patient has more denials in force than are judged one by one: everything is denied.
    TooManyDenials,
    /// The record was entered in error: whatever the consents say, nothing may be made of it.
    RecordVoided,
    /// The record is in another hospital's custody: nothing may be made of it here.
    RecordTransferred,
    /// A consent permits the use for the purpose BTG, which must be reviewed, and no emergency access is open.
    AccessNotOpened,
}

impl Reason {
    /// Whether a refusal is for want of a consent that covers the question, which an emergency may override; and not
    /// because there is nothing to be decided.
    pub fn wants_consent(self) -> bool {
        match self {
            Reason::NoConsent
            | Reason::Revoked
            | Reason::OutsidePeriod
            | Reason::ProvisionOutsidePeriod
            | Reason::PurposeNotCovered
            | Reason::ActorNotCovered
            | Reason::DataPeriodNotCovered
            | Reason::DataNotCovered
            | Reason::LabelNotCovered => true,
            Reason::Unavailable
            | Reason::NotEnrolled
            | Reason::NotMember
            | Reason::RecordErased
            | Reason::RecordVoided
            | Reason::RecordTransferred
            | Reason::Root
            | Reason::Exception
            | Reason::TooManyDenials
            | Reason::AccessNotOpened => false,
        }
    }
}

/// What whoever uses a permit is bound to.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Obligations {
    /// A second person must review the use, which is one for the purpose BTG.
    pub break_glass_review: bool,
    /// The last second at which the permit holds.
    pub stop_at: Option<UnixSeconds>,
    /// Data use codes of the consent that permits.
    pub duo: DuoCodes,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Decision {
    /// What was decided.
    #[cfg_attr(feature = "std", serde(rename = "decision"))]
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The consent that decided, if one did.
    pub basis: Option<Basis>,
    /// What a permit binds to.
    pub obligations: Obligations,
}

impl Decision {
    /// A refusal for want of a consent.
    pub fn refuse(reason: Reason) -> Self {
        Decision { outcome: Outcome::NoConsent, reason, basis: None, obligations: Default::default() }
    }

    /// Whether the use is permitted. Nothing but a permit is.
    pub fn permitted(&self) -> bool {
        self.outcome == Outcome::Permit
    }

    /// The number of the consent that decided, if one did.
    pub fn consent(&self) -> Option<u32> {
        self.basis.map(|basis| basis.consent)
    }
}

/// The decision over consents of one patient, all of them in force; `now` in seconds of Unix time.
///
/// Any denial outweighs every permit, exceptions outweigh their root, and nothing that matches refuses: [`pcf::decide`].
pub fn decide<'a>(
    versions: impl Iterator<Item = &'a ConsentVersion> + Clone,
    question: &Question,
    now: UnixSeconds,
) -> Decision {
    let bodies: Vec<([H256; 1], Vec<pcf::Provision<'_>>)> = versions
        .clone()
        .map(|version| {
            ([id(&version.terms.custodian)], version.terms.exceptions.iter().map(provision).collect())
        })
        .collect();
    let consents = versions.clone().zip(&bodies).map(|(version, (controllers, exceptions))| pcf::Consent {
        active: true,
        privacy: true,
        patient: id(&version.terms.patient),
        controllers,
        root: Some(provision(&version.terms.root)),
        exceptions,
    });
    let mut actors = Vec::from([id(&question.requester)]);
    actors.extend_from_slice(&question.actors);
    let request = pcf::Request {
        patients: &[id(&question.patient)],
        actors: &actors,
        purpose: Some(Ok(question.purpose)),
        when: Span::instant(seconds(now)),
        record: question.record.as_ref().map(record),
        custodian: Some(id(&question.custodian)),
    };
    let decided = pcf::decide(consents, &request);
    let basis = decided.basis.and_then(|(index, part)| versions.clone().nth(index).zip(Some(part)));
    Decision {
        outcome: match decided.outcome {
            pcf::Outcome::Permit => Outcome::Permit,
            pcf::Outcome::Deny => Outcome::Deny,
            pcf::Outcome::NoConsent => Outcome::NoConsent,
        },
        reason: reason(decided.reason),
        basis: basis.map(|(version, part)| Basis {
            consent: version.id,
            part: match part {
                pcf::Part::Root => Part::Root,
                pcf::Part::Exception(index) => Part::Exception(u32::try_from(index).unwrap_or(u32::MAX)),
            },
        }),
        obligations: Obligations {
            break_glass_review: decided.break_glass_review,
            stop_at: decided.stop_at.and_then(|end| u64::try_from(end).ok()),
            duo: basis
                .filter(|_| decided.outcome == pcf::Outcome::Permit)
                .map(|(version, _)| version.terms.duo.clone())
                .unwrap_or_default(),
        },
    }
}

/// An account as an actor, a patient or a controller.
pub fn id(account: &AccountId) -> H256 {
    H256(*account.as_ref())
}

fn seconds(time: UnixSeconds) -> i64 {
    i64::try_from(time).unwrap_or(i64::MAX)
}

fn span(period: Period) -> Span {
    Span { start: period.start.map(seconds), end: period.end.map(seconds) }
}

fn provision(provision: &Provision) -> pcf::Provision<'_> {
    let labelled = !provision.levels.is_empty() || !provision.labels.is_empty();
    pcf::Provision {
        effect: provision.effect,
        understood: true,
        period: provision.period.map(span),
        purposes: &provision.purposes,
        actors: &provision.actors,
        data_period: provision.data_period.map(span),
        data: &provision.data,
        labels: labelled
            .then_some(pcf::Labels { levels: &provision.levels, sensitivities: &provision.labels }),
    }
}

fn record(facts: &RecordFacts) -> pcf::Record<'_> {
    pcf::Record {
        reference: facts.name,
        authored: facts.authored.map(|second| Span::instant(seconds(second))),
        authors: &facts.authors,
        related: &facts.related,
        level: facts.level,
        sensitivities: &facts.labels,
    }
}

/// On chain every consent is active, private, understood, and of the patient and custodian that were asked for: what
/// remains is told as it is, and the rest, which cannot be, as no consent at all.
fn reason(reason: pcf::Reason) -> Reason {
    match reason {
        pcf::Reason::NoConsents
        | pcf::Reason::OtherPatient
        | pcf::Reason::OtherScope
        | pcf::Reason::NotActive
        | pcf::Reason::OtherCustodian
        | pcf::Reason::NoProvision
        | pcf::Reason::NotUnderstood => Reason::NoConsent,
        pcf::Reason::OutsidePeriod => Reason::OutsidePeriod,
        pcf::Reason::ProvisionOutsidePeriod => Reason::ProvisionOutsidePeriod,
        pcf::Reason::PurposeNotCovered => Reason::PurposeNotCovered,
        pcf::Reason::ActorNotCovered => Reason::ActorNotCovered,
        pcf::Reason::DataPeriodNotCovered => Reason::DataPeriodNotCovered,
        pcf::Reason::DataNotCovered => Reason::DataNotCovered,
        pcf::Reason::LabelNotCovered => Reason::LabelNotCovered,
        pcf::Reason::Root => Reason::Root,
        pcf::Reason::Exception => Reason::Exception,
    }
}

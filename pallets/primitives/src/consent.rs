//! Consent terms, the question asked of them and the decision.
//!
//! Terms use HL7 v3 codes. A consent here permits; nothing that matches means refusal.

use crate::{AccountId, BlindedLabel, BlockNumber, H256, MAX_LABELS, UnixSeconds};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

pub use crate::signature::PatientSignature;

/// HL7 v3 PurposeOfUse.
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
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "UPPERCASE"))]
pub enum Purpose {
    /// Treatment.
    Treat,
    /// Emergency treatment.
    Etreat,
    /// Break the glass.
    Btg,
    /// Healthcare payment.
    Hpaymt,
    /// Healthcare operations.
    Hoperat,
    /// Healthcare research.
    Hresch,
    /// Patient requested.
    Patrqt,
    /// Public health.
    Publhlth,
    /// Healthcare marketing.
    Hmarkt,
}

impl Purpose {
    /// Every purpose, in code order.
    pub const ALL: [Purpose; 9] = [
        Purpose::Treat,
        Purpose::Etreat,
        Purpose::Btg,
        Purpose::Hpaymt,
        Purpose::Hoperat,
        Purpose::Hresch,
        Purpose::Patrqt,
        Purpose::Publhlth,
        Purpose::Hmarkt,
    ];

    /// The HL7 code, as `TREAT`.
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Treat => "TREAT",
            Purpose::Etreat => "ETREAT",
            Purpose::Btg => "BTG",
            Purpose::Hpaymt => "HPAYMT",
            Purpose::Hoperat => "HOPERAT",
            Purpose::Hresch => "HRESCH",
            Purpose::Patrqt => "PATRQT",
            Purpose::Publhlth => "PUBHLTH",
            Purpose::Hmarkt => "HMARKT",
        }
    }

    /// Plain words for the text that a patient signs.
    pub fn words(self) -> &'static str {
        match self {
            Purpose::Treat => "treatment",
            Purpose::Etreat => "emergency treatment",
            Purpose::Btg => "emergency override",
            Purpose::Hpaymt => "payment",
            Purpose::Hoperat => "running the hospital",
            Purpose::Hresch => "research",
            Purpose::Patrqt => "requests of mine",
            Purpose::Publhlth => "public health",
            Purpose::Hmarkt => "marketing",
        }
    }
}

/// HL7 v3 Confidentiality, ordered from least to most confidential. A record without one is [`Confidentiality::N`].
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
pub enum Confidentiality {
    /// Unrestricted.
    U,
    /// Low.
    L,
    /// Moderate.
    M,
    /// Normal.
    #[default]
    N,
    /// Restricted.
    R,
    /// Very restricted.
    V,
}

impl Confidentiality {
    /// The HL7 code and plain words, as `N (normal)`.
    pub fn words(self) -> &'static str {
        match self {
            Confidentiality::U => "U (unrestricted)",
            Confidentiality::L => "L (low)",
            Confidentiality::M => "M (moderate)",
            Confidentiality::N => "N (normal)",
            Confidentiality::R => "R (restricted)",
            Confidentiality::V => "V (very restricted)",
        }
    }
}

/// Purposes of a consent; at least one, none twice.
pub type Purposes = BoundedVec<Purpose, ConstU32<9>>;
/// Blinded labels of a consent or a record.
pub type Labels = BoundedVec<BlindedLabel, ConstU32<{ MAX_LABELS }>>;

/// What a patient allows.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ConsentTerms {
    /// The patient's pairwise key, as enrolled by the custodian.
    pub patient: AccountId,
    /// The hospital that keeps the records.
    pub custodian: AccountId,
    /// The hospital that may use them (may be the custodian itself).
    pub grantee: AccountId,
    /// What for.
    pub purposes: Purposes,
    /// The highest confidentiality level that is covered.
    pub level: Confidentiality,
    /// Sensitivity labels that are covered, blinded. A record with a label not listed here is not covered.
    pub labels: Labels,
    /// First second at which the consent holds; open if `None`.
    pub start: Option<UnixSeconds>,
    /// Last second at which the consent holds; open if `None`.
    pub end: Option<UnixSeconds>,
    /// Fingerprint of the full form that the patient's app showed.
    pub form: H256,
}

/// One immutable version of a consent. Only `until_block` is ever written afterwards, once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct ConsentVersion {
    /// Number of this version among the patient's, from 0 without gaps.
    pub id: u32,
    /// What was allowed.
    pub terms: ConsentTerms,
    /// Who relayed it.
    pub relayer: AccountId,
    /// The block from which it counts.
    pub from_block: BlockNumber,
    /// The block from which it counts no more (revoked), if any.
    pub until_block: Option<BlockNumber>,
}

/// An enrolled patient key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Patient {
    /// The hospital that enrolled the key and keeps the records.
    pub custodian: AccountId,
    /// The block of enrolment.
    pub enrolled_at: BlockNumber,
    /// How many signed texts of this key were accepted: the number that the next text must carry.
    pub nonce: u32,
    /// How many consent versions this key has.
    pub versions: u32,
}

/// The question: may `requester` use this for `purpose` now? Attributes are the record's, as its custodian fixed them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Question {
    /// The patient's pairwise key.
    pub patient: AccountId,
    /// The hospital that keeps the record.
    pub custodian: AccountId,
    /// The hospital that asks.
    pub requester: AccountId,
    /// What for.
    pub purpose: Purpose,
    /// The record's confidentiality.
    pub level: Confidentiality,
    /// The record's blinded sensitivity labels.
    pub labels: Labels,
}

/// Why a decision fell as it did. Codes are stable: new ones are appended.
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
    /// A consent covers the question.
    Covered,
    /// The patient key is not enrolled, or not with that custodian.
    NotEnrolled,
    /// The asking hospital is not an admitted member.
    NotMember,
    /// No consent names the asking hospital.
    NoConsent,
    /// Consents named it once; all are revoked.
    Revoked,
    /// A consent names it, but its period has not begun or is over.
    OutsidePeriod,
    /// A consent names it, but not for this purpose.
    PurposeNotCovered,
    /// A consent names it, but the record is more confidential than it covers.
    LevelNotCovered,
    /// A consent names it, but the record carries a sensitivity label that it does not list.
    LabelNotCovered,
    /// The check is not configured: refused.
    Unavailable,
    /// The record is erased: whatever the consents say, nothing may be made of it.
    RecordErased,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Decision {
    /// Whether the use is permitted.
    pub permitted: bool,
    /// Why.
    pub reason: Reason,
    /// The id of the patient's consent version that permits, if any.
    pub consent: Option<u32>,
}

impl Decision {
    /// A refusal.
    pub fn refuse(reason: Reason) -> Self {
        Decision { permitted: false, reason, consent: None }
    }
}

/// Whether `terms` cover the question at `now`; `Ok` or the first reason why not.
///
/// Order of the checks, and so of the reasons: grantee, period, purpose, level, labels. Period ends are inclusive.
pub fn covers(terms: &ConsentTerms, question: &Question, now: UnixSeconds) -> Result<(), Reason> {
    if terms.grantee != question.requester
        || terms.patient != question.patient
        || terms.custodian != question.custodian
    {
        return Err(Reason::NoConsent);
    }
    if terms.start.is_some_and(|start| now < start) || terms.end.is_some_and(|end| now > end) {
        return Err(Reason::OutsidePeriod);
    }
    if !terms.purposes.contains(&question.purpose) {
        return Err(Reason::PurposeNotCovered);
    }
    if question.level > terms.level {
        return Err(Reason::LevelNotCovered);
    }
    if !question.labels.iter().all(|label| terms.labels.contains(label)) {
        return Err(Reason::LabelNotCovered);
    }
    Ok(())
}

/// The decision over the versions of one patient: the first (lowest id) that covers permits; otherwise the refusal
/// that came closest (the reason latest in the order of [`covers`]).
///
/// `versions` must be those in force at the block that is asked about.
pub fn decide<'a>(
    versions: impl Iterator<Item = &'a ConsentVersion>,
    question: &Question,
    now: UnixSeconds,
) -> Decision {
    let mut closest = Reason::NoConsent;
    for version in versions {
        match covers(&version.terms, question, now) {
            Ok(()) => {
                return Decision { permitted: true, reason: Reason::Covered, consent: Some(version.id) };
            }
            Err(reason) => closest = closest.max(reason),
        }
    }
    Decision::refuse(closest)
}

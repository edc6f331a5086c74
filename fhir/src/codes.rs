//! The HL7 codes that the decision understands.

use galen_primitives::{
    H256,
    commitment::tagged_hash,
    consent::{Confidentiality, Purpose},
};
use serde_json::Value;

/// HL7 v3 ActCode sensitivities, each with what it is a parent of.
const SENSITIVITIES: [(&str, &[&str]); 6] = [
    ("ETH", &["ETHUD", "OPIOIDUD"]),
    ("ETHUD", &[]),
    ("OPIOIDUD", &[]),
    ("PSY", &[]),
    ("SDV", &[]),
    ("HIV", &[]),
];

/// A security label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A level of confidentiality.
    Level(Confidentiality),
    /// A sensitivity: its id and those of all that it covers, itself first.
    Sensitivity(Vec<H256>),
    /// A code that is not understood.
    Unknown(H256),
}

/// The code of `Consent.scope` that the decision is about.
pub(crate) const PRIVACY: &str = "patient-privacy";

/// The names of a code system: its URL and, where HL7 gave it one, the URN of its OID.
pub(crate) type System = [&'static str];

/// HL7 consentscope, the codes of `Consent.scope`.
pub(crate) const CONSENT_SCOPE: &System = &["http://terminology.hl7.org/CodeSystem/consentscope"];
/// HL7 v3 ActReason, whose codes PurposeOfUse takes.
pub(crate) const ACT_REASON: &System =
    &["http://terminology.hl7.org/CodeSystem/v3-ActReason", "urn:oid:2.16.840.1.113883.5.8"];
/// HL7 v3 ParticipationType, the roles of actors.
pub(crate) const PARTICIPATION_TYPE: &System =
    &["http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "urn:oid:2.16.840.1.113883.5.90"];
/// HL7 v3 Confidentiality.
pub(crate) const CONFIDENTIALITY: &System =
    &["http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "urn:oid:2.16.840.1.113883.5.25"];
/// HL7 v3 ActCode, which has the sensitivities.
pub(crate) const ACT_CODE: &System =
    &["http://terminology.hl7.org/CodeSystem/v3-ActCode", "urn:oid:2.16.840.1.113883.5.4"];

/// Returns the code of a `Coding` of this code system. A coding that names no system is taken for one of it; names are compared
/// exactly, as URIs are.
pub(crate) fn code<'a>(coding: &'a Value, system: &System) -> Option<&'a str> {
    let is_of_it = match coding.get("system") {
        None | Some(Value::Null) => true,
        Some(named) => named.as_str().is_some_and(|named| system.contains(&named)),
    };
    coding.get("code")?.as_str().filter(|_| is_of_it)
}

/// Returns the code of a security label: of the system that has it.
pub(crate) fn label_code(coding: &Value) -> Option<&str> {
    let of = |system: &System| code(coding, system);
    of(CONFIDENTIALITY)
        .filter(|code| level(code).is_some())
        .or_else(|| of(ACT_CODE).filter(|code| level(code).is_none()))
}

pub(crate) fn purpose(code: &str) -> Option<Purpose> {
    Purpose::ALL.into_iter().find(|purpose| purpose.code() == code)
}

/// A level by its HL7 v3 code.
pub fn level(code: &str) -> Option<Confidentiality> {
    Some(match code {
        "U" => Confidentiality::U,
        "L" => Confidentiality::L,
        "M" => Confidentiality::M,
        "N" => Confidentiality::N,
        "R" => Confidentiality::R,
        "V" => Confidentiality::V,
        _ => return None,
    })
}

/// The HL7 v3 code of a level.
pub(crate) fn level_code(level: Confidentiality) -> &'static str {
    match level {
        Confidentiality::U => "U",
        Confidentiality::L => "L",
        Confidentiality::M => "M",
        Confidentiality::N => "N",
        Confidentiality::R => "R",
        Confidentiality::V => "V",
    }
}

/// A sensitivity by its HL7 v3 code, and then all that it is a parent of; `None` if the code is not understood.
pub fn covered(code: &str) -> Option<impl Iterator<Item = &'static str> + use<>> {
    let (name, children) = SENSITIVITIES.iter().find(|(name, _)| *name == code)?;
    Some(std::iter::once(*name).chain(children.iter().copied()))
}

pub(crate) fn sensitivity_id(code: &str) -> H256 {
    tagged_hash(b"galen:sensitivity:v1", &[code.as_bytes()])
}

pub(crate) fn label(code: &str) -> Label {
    if let Some(level) = level(code) {
        return Label::Level(level);
    }
    match covered(code) {
        Some(codes) => Label::Sensitivity(codes.map(sensitivity_id).collect()),
        None => Label::Unknown(sensitivity_id(code)),
    }
}

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

/// The code of a `Coding`, if its system, where it names one, is HL7's.
pub(crate) fn code(coding: &Value) -> Option<&str> {
    let known = match coding.get("system") {
        None | Some(Value::Null) => true,
        Some(system) => system.as_str().is_some_and(|system| {
            system.starts_with("http://terminology.hl7.org/")
                || system.starts_with("urn:oid:2.16.840.1.113883.")
        }),
    };
    coding.get("code")?.as_str().filter(|_| known)
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

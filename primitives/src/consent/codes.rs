//! The codes that consents speak in: HL7 v3's, IHE PCF's policies and GA4GH's data use ontology.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;

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
    /// Break the glass: emergency access, which no consent need cover.
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
    Pubhlth,
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
        Purpose::Pubhlth,
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
            Purpose::Pubhlth => "PUBHLTH",
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
            Purpose::Pubhlth => "public health",
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

/// The policy that a consent states: one of IHE PCF's four, or the hash of another. It is recorded and shown, and never
/// adds permission.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Policy {
    /// `urn:ihe:iti:ppc:2021:policy:deny`.
    Deny,
    /// `urn:ihe:iti:ppc:2021:policy:break-glass-only`.
    BreakGlassOnly,
    /// `urn:ihe:iti:ppc:2021:policy:basic-normal`.
    #[default]
    BasicNormal,
    /// `urn:ihe:iti:ppc:2021:policy:all-normal`.
    AllNormal,
    /// Another policy, by the BLAKE2b-256 of its URI under the tag `galen:policy:v1`.
    Other(H256),
}

impl Policy {
    /// PCF's name of the policy, the last part of its URI; `None` of another one.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Policy::Deny => Some("deny"),
            Policy::BreakGlassOnly => Some("break-glass-only"),
            Policy::BasicNormal => Some("basic-normal"),
            Policy::AllNormal => Some("all-normal"),
            Policy::Other(_) => None,
        }
    }
}

/// A term of GA4GH's data use ontology by its number, as 42 for `DUO:0000042` (general research use).
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
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Duo(pub u16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_spells_a_purpose_as_hl7_does() {
        for purpose in Purpose::ALL {
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.code());
        }
        assert!(Purpose::ALL.iter().any(|purpose| purpose.code() == "PUBHLTH"));
    }
}

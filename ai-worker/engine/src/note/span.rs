//! A passage of a text that identifies, and how.

/// What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    Name,
    Address,
    Date,
    Age,
    Phone,
    Fax,
    Email,
    Ssn,
    Mrn,
    Plan,
    Account,
    License,
    Vehicle,
    Device,
    Url,
    Ip,
    Biometric,
    Photo,
    Id,
}

impl Class {
    /// What stands in the text instead.
    #[must_use]
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::Name => "[NAME]",
            Self::Address => "[ADDRESS]",
            Self::Date => "[DATE]",
            Self::Age => "[AGE]",
            Self::Phone => "[PHONE]",
            Self::Fax => "[FAX]",
            Self::Email => "[EMAIL]",
            Self::Ssn => "[SSN]",
            Self::Mrn => "[MRN]",
            Self::Plan => "[PLAN]",
            Self::Account => "[ACCOUNT]",
            Self::License => "[LICENSE]",
            Self::Vehicle => "[VEHICLE]",
            Self::Device => "[DEVICE]",
            Self::Url => "[URL]",
            Self::Ip => "[IP]",
            Self::Biometric => "[BIOMETRIC]",
            Self::Photo => "[PHOTO]",
            Self::Id => "[ID]",
        }
    }
}

/// A passage to remove, in bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
    pub class: Class,
}

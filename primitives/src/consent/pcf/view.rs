//! Consents and requests as the decision sees them.

use crate::{
    H256,
    consent::{Confidentiality, Data, Effect, Purpose},
};

/// A span of time, in seconds of Unix time, ends included; an end that is `None` is open.
///
/// A date without a time is the span of its whole day, a year that of its whole year (UTC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first second.
    pub start: Option<i64>,
    /// The last second.
    pub end: Option<i64>,
}

impl Span {
    /// One second.
    pub fn instant(second: i64) -> Self {
        Span { start: Some(second), end: Some(second) }
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(&self, other: &Span) -> bool {
        let from = self.start.is_none_or(|start| other.start.is_some_and(|other| start <= other));
        let to = self.end.is_none_or(|end| other.end.is_some_and(|other| other <= end));
        // A span that ends before it begins contains nothing, not even itself.
        let sound = |span: &Span| !matches!((span.start, span.end), (Some(start), Some(end)) if end < start);
        from && to && sound(self) && sound(other)
    }
}

/// The labels of a provision: at least one level or one sensitivity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labels<'a> {
    /// Confidentiality levels.
    pub levels: &'a [Confidentiality],
    /// Sensitivities, each with all that it is a parent of.
    pub sensitivities: &'a [H256],
}

/// A provision. An empty list is an element that is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provision<'a> {
    /// What it does.
    pub effect: Effect,
    /// Whether all it holds is understood. What is not is left out of the elements.
    pub understood: bool,
    /// When it holds.
    pub period: Option<Span>,
    /// What for.
    pub purposes: &'a [Purpose],
    /// Whom it is about.
    pub actors: &'a [H256],
    /// The time of the data it is about.
    pub data_period: Option<Span>,
    /// The data it is about.
    pub data: &'a [Data],
    /// The labels it is about.
    pub labels: Option<Labels<'a>>,
}

/// A consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent<'a> {
    /// Whether its status is `active`.
    pub active: bool,
    /// Whether its scope is `patient-privacy`.
    pub privacy: bool,
    /// Whose it is.
    pub patient: H256,
    /// The organisations that it binds.
    pub controllers: &'a [H256],
    /// The root provision; a consent without one says nothing.
    pub root: Option<Provision<'a>>,
    /// Its exceptions.
    pub exceptions: &'a [Provision<'a>],
}

/// The record that a request is about, as its custodian fixed it. An empty list is something that is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The record itself.
    pub reference: Option<H256>,
    /// When it was written.
    pub authored: Option<Span>,
    /// Who wrote it.
    pub authors: &'a [H256],
    /// The encounter or plan it belongs to.
    pub related: &'a [H256],
    /// How confidential it is.
    pub level: Confidentiality,
    /// Its sensitivities.
    pub sensitivities: &'a [H256],
}

/// A request. An empty list is something that is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The patient, by all references that name the patient.
    pub patients: &'a [H256],
    /// All that the requester is: practitioner, organisation, groups.
    pub actors: &'a [H256],
    /// What for: a purpose that is known, or one that is not, which no list of purposes holds.
    pub purpose: Option<Result<Purpose, ()>>,
    /// When.
    pub when: Span,
    /// What it is about, if that is said.
    pub record: Option<Record<'a>>,
    /// Who keeps the record, if that is said.
    pub custodian: Option<H256>,
}

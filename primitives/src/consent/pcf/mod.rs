//! The consent decision over FHIR consents as IHE PCF (Privacy Consent on FHIR) profiles them.
//!
//! One pure function, [`decide`], for the runtime and for native programs. It sees consents and requests as borrowed views:
//! references and sensitivity labels are 32-byte ids (on chain random or blinded, elsewhere a hash of the text), so that
//! equality is all it ever asks of them. Codes that have parents are expanded before they become ids (ETH to ETHUD and
//! OPIOIDUD), so that a list holds whatever it covers.
//!
//! The rules, for each consent:
//! 1. It counts if it is active, about privacy, of the request's patient, in its root period, and of the record's custodian
//!    where the request names one.
//! 2. A provision matches when each element it has matches. An element about something that the request does not say does
//!    not match for a permit and does for a denial. A provision that holds anything not understood never permits; as a denial
//!    it matches as if that element were absent.
//! 3. Labels: a permit covers a record up to its highest level (N if it lists none) whose sensitivities it all lists; a
//!    denial hits at its lowest level or at any sensitivity it lists.
//! 4. Exceptions are judged by their own elements; any that denies outweighs any that permits, and either outweighs the root.
//! 5. Over all consents any denial outweighs any permit; nothing that matches is no consent.
//! 6. A permit for the purpose BTG carries a review; a permit ends at the earliest period end among what permitted.
//!
//! Sources: HL7 FHIR R4 `Consent`, IHE PCF, HL7 v3 PurposeOfUse, Confidentiality and ActCode.

mod matching;
mod view;

pub use crate::consent::terms::{Data, Effect, Meaning};
pub use view::{Consent, Labels, Provision, Record, Request, Span};

use crate::consent::Purpose;
use matching::Fit;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A consent permits and none denies.
    Permit,
    /// A consent denies.
    Deny,
    /// No consent says anything: refused.
    NoConsent,
}

/// The part of a consent that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its root provision.
    Root,
    /// The exception with this index.
    Exception(usize),
}

/// Why. Ordered from the remotest to the closest: a refusal names what came closest to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// There is no consent at all.
    NoConsents,
    /// Consents are about other patients.
    OtherPatient,
    /// A consent is about something else than privacy.
    OtherScope,
    /// A consent is not active.
    NotActive,
    /// A consent is another custodian's.
    OtherCustodian,
    /// A consent's period has not begun or is over.
    OutsidePeriod,
    /// A consent has no provision.
    NoProvision,
    /// A provision that would permit holds something that is not understood.
    NotUnderstood,
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
    /// The record is more sensitive than a consent covers.
    LabelNotCovered,
    /// The root provision decided.
    Root,
    /// An exception decided.
    Exception,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The consent that decided, by its place among those given, and the part of it. The first one, if several agree.
    pub basis: Option<(usize, Part)>,
    /// Whether the use must be reviewed, as one for the purpose BTG.
    pub break_glass_review: bool,
    /// The last second at which the permit holds, if it ends.
    pub stop_at: Option<i64>,
}

/// What one consent says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    Says { effect: Effect, part: Part, stop_at: Option<i64> },
    Silent(Reason),
}

/// Decides over all consents that are given. Cost: linear in the elements of the consents.
pub fn decide<'a>(consents: impl IntoIterator<Item = Consent<'a>>, request: &Request<'_>) -> Decision {
    let mut closest = Reason::NoConsents;
    let mut permit: Option<(usize, Part)> = None;
    let mut deny: Option<(usize, Part)> = None;
    let mut stop_at = None;
    for (index, consent) in consents.into_iter().enumerate() {
        match hear(&consent, request) {
            Voice::Silent(reason) => closest = closest.max(reason),
            Voice::Says { effect: Effect::Deny, part, .. } => deny = deny.or(Some((index, part))),
            Voice::Says { effect: Effect::Permit, part, stop_at: end } => {
                permit = permit.or(Some((index, part)));
                stop_at = earliest(stop_at, end);
            }
        }
    }
    let reason = |part| if part == Part::Root { Reason::Root } else { Reason::Exception };
    match (deny, permit) {
        (Some(basis), _) => Decision {
            outcome: Outcome::Deny,
            reason: reason(basis.1),
            basis: Some(basis),
            break_glass_review: false,
            stop_at: None,
        },
        (None, Some(basis)) => Decision {
            outcome: Outcome::Permit,
            reason: reason(basis.1),
            basis: Some(basis),
            break_glass_review: request.purpose == Some(Ok(Purpose::Btg)),
            stop_at,
        },
        (None, None) => Decision {
            outcome: Outcome::NoConsent,
            reason: closest,
            basis: None,
            break_glass_review: false,
            stop_at: None,
        },
    }
}

fn hear(consent: &Consent<'_>, request: &Request<'_>) -> Voice {
    if let Err(reason) = counts(consent, request) {
        return Voice::Silent(reason);
    }
    let Some(root) = &consent.root else { return Voice::Silent(Reason::NoProvision) };
    let root_end = root.period.and_then(|period| period.end);

    let (mut permit, mut ends, mut closest) = (None, root_end, Reason::NoConsents);
    for (index, exception) in consent.exceptions.iter().enumerate() {
        match matching::fit(exception, request) {
            Fit::Misses(reason) => closest = closest.max(reason),
            Fit::Matches if exception.effect == Effect::Deny => {
                return Voice::Says { effect: Effect::Deny, part: Part::Exception(index), stop_at: None };
            }
            Fit::Matches => {
                permit = permit.or(Some(index));
                ends = earliest(ends, exception.period.and_then(|period| period.end));
            }
        }
    }
    if let Some(index) = permit {
        return Voice::Says { effect: Effect::Permit, part: Part::Exception(index), stop_at: ends };
    }
    match matching::fit(root, request) {
        Fit::Matches => Voice::Says { effect: root.effect, part: Part::Root, stop_at: root_end },
        Fit::Misses(reason) => Voice::Silent(closest.max(reason)),
    }
}

fn counts(consent: &Consent<'_>, request: &Request<'_>) -> Result<(), Reason> {
    let period = consent.root.as_ref().and_then(|root| root.period);
    if !request.patients.contains(&consent.patient) {
        Err(Reason::OtherPatient)
    } else if !consent.privacy {
        Err(Reason::OtherScope)
    } else if !consent.active {
        Err(Reason::NotActive)
    } else if request.custodian.is_some_and(|custodian| !consent.controllers.contains(&custodian)) {
        Err(Reason::OtherCustodian)
    } else if period.is_some_and(|period| !period.contains(&request.when)) {
        Err(Reason::OutsidePeriod)
    } else {
        Ok(())
    }
}

fn earliest(left: Option<i64>, right: Option<i64>) -> Option<i64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (one, other) => one.or(other),
    }
}

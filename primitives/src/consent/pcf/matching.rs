//! Whether a provision matches a request.

use super::{
    Data, Effect, Meaning, Reason,
    view::{Labels, Provision, Record, Request},
};
use crate::consent::Confidentiality;

/// How a provision meets a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Every element it has matches.
    Matches,
    /// The first element that does not.
    Misses(Reason),
}

/// Judges a provision by its own elements.
pub(super) fn fit(provision: &Provision<'_>, request: &Request<'_>) -> Fit {
    let denies = provision.effect == Effect::Deny;
    if !denies && !provision.understood {
        return Fit::Misses(Reason::NotUnderstood);
    }
    let record = request.record.as_ref();
    // What is not said does not match for a permit and does for a denial.
    let unsaid = |said: Option<bool>| said.unwrap_or(denies);

    let period = provision.period.is_none_or(|period| period.contains(&request.when));
    let purpose = provision.purposes.is_empty()
        || unsaid(request.purpose.map(|asked| asked.is_ok_and(|known| provision.purposes.contains(&known))));
    let actor = provision.actors.is_empty()
        || unsaid(
            said(request.actors).map(|actors| actors.iter().any(|actor| provision.actors.contains(actor))),
        );
    let data_period = provision.data_period.is_none_or(|period| {
        unsaid(record.and_then(|record| record.authored).map(|authored| period.contains(&authored)))
    });
    let data = provision.data.is_empty() || provision.data.iter().any(|entry| unsaid(names(entry, record)));
    let labels = provision.labels.is_none_or(|labels| {
        unsaid(record.map(|record| if denies { hits(&labels, record) } else { covers(&labels, record) }))
    });

    let checks = [
        (period, Reason::ProvisionOutsidePeriod),
        (purpose, Reason::PurposeNotCovered),
        (actor, Reason::ActorNotCovered),
        (data_period, Reason::DataPeriodNotCovered),
        (data, Reason::DataNotCovered),
        (labels, Reason::LabelNotCovered),
    ];
    checks.into_iter().find(|(matches, _)| !matches).map_or(Fit::Matches, |(_, reason)| Fit::Misses(reason))
}

fn said<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

/// Whether an entry names the record; `None` if the request does not say what the entry goes by.
fn names(entry: &Data, record: Option<&Record<'_>>) -> Option<bool> {
    let record = record?;
    match entry.meaning {
        Meaning::Instance => record.reference.map(|reference| reference == entry.reference),
        Meaning::Related => said(record.related).map(|related| related.contains(&entry.reference)),
        Meaning::AuthoredBy => said(record.authors).map(|authors| authors.contains(&entry.reference)),
    }
}

/// Whether a permit's labels cover a record.
fn covers(labels: &Labels<'_>, record: &Record<'_>) -> bool {
    let highest = labels.levels.iter().max().copied().unwrap_or(Confidentiality::N);
    record.level <= highest && record.sensitivities.iter().all(|label| labels.sensitivities.contains(label))
}

/// Whether a denial's labels hit a record.
fn hits(labels: &Labels<'_>, record: &Record<'_>) -> bool {
    labels.levels.iter().any(|level| record.level >= *level)
        || record.sensitivities.iter().any(|label| labels.sensitivities.contains(label))
}

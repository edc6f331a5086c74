//! The narrative: sentences of fixed wording around quotes. The model writes none of it.

use crate::facts::{Field, Status};
use crate::summary::{Sentence, Summary};

/// Facts of one sentence at most.
const MAX_FACTS: usize = 8;

/// Sentences that state every fact of the summary, each with its status.
pub(super) fn narrate(summary: &Summary) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut base = 0usize;
    for field in Field::ALL {
        let facts = summary.field(field);
        for status in Status::ALL {
            let chosen: Vec<usize> = (0..facts.len()).filter(|&at| facts[at].status == status).collect();
            for group in chosen.chunks(MAX_FACTS) {
                let quotes: Vec<&str> = group.iter().map(|&at| facts[at].quote.as_str()).collect();
                sentences.push(Sentence {
                    text: format!("{}: {}.", opening(field, status), quotes.join("; ").trim_end_matches('.')),
                    cites: group.iter().filter_map(|at| u32::try_from(base + at).ok()).collect(),
                });
            }
        }
        base += facts.len();
    }
    sentences
}

/// What a sentence begins with: never the bare name of the field where the status is another than present.
fn opening(field: Field, status: Status) -> &'static str {
    match (field, status) {
        (Field::Problems, Status::Present) => "Problems",
        (Field::Problems, Status::Absent) => "Denied or ruled out",
        (Field::Problems, Status::Past) => "History of",
        (Field::Problems, Status::Family) => "In the family",
        (Field::Problems, Status::Planned) => "To be ruled out",
        (Field::Medications, Status::Present) => "Medications",
        (Field::Medications, Status::Absent) => "Not taken",
        (Field::Medications, Status::Past) => "Medications stopped",
        (Field::Medications, Status::Family) => "Medications of relatives",
        (Field::Medications, Status::Planned) => "Medications to be started",
        (Field::Allergies, Status::Present) => "Allergies",
        (Field::Allergies, Status::Absent) => "Allergies denied",
        (Field::Allergies, Status::Past) => "Former allergies",
        (Field::Allergies, Status::Family) => "Allergies of relatives",
        (Field::Allergies, Status::Planned) => "Allergies to be tested",
        (Field::Procedures, Status::Present) => "Procedures",
        (Field::Procedures, Status::Absent) => "Procedures not done",
        (Field::Procedures, Status::Past) => "Earlier procedures",
        (Field::Procedures, Status::Family) => "Procedures of relatives",
        (Field::Procedures, Status::Planned) => "Procedures planned",
        (Field::FollowUp, Status::Present | Status::Planned) => "Follow-up",
        (Field::FollowUp, Status::Absent) => "No follow-up",
        (Field::FollowUp, Status::Past) => "Earlier follow-up",
        (Field::FollowUp, Status::Family) => "Follow-up of relatives",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grounding::Grounded;
    use crate::summary::Counts;

    #[test]
    fn every_fact_is_cited_once_with_its_status() {
        let mut facts = Vec::new();
        for (at, (field, status)) in
            Field::ALL.iter().flat_map(|field| Status::ALL.map(|status| (*field, status))).enumerate()
        {
            let at = u32::try_from(at).expect("small");
            facts.push(Grounded { field, status, quote: format!("quote {at}"), start: at, end: at + 1 });
        }
        facts.push(facts[0].clone());
        let summary = Summary::new(facts, Counts::default());
        let mut cited: Vec<u32> = summary.narrative.iter().flat_map(|s| s.cites.clone()).collect();
        cited.sort_unstable();
        assert_eq!(cited, (0..25).collect::<Vec<_>>());
        let openings: std::collections::HashSet<_> = summary
            .narrative
            .iter()
            .map(|s| s.text.split(':').next().expect("an opening").to_owned())
            .collect();
        assert_eq!(openings.len(), 24, "only follow-up present and planned read alike");
        assert_eq!(summary.narrative[1].text, "Denied or ruled out: quote 1.");
    }

    #[test]
    fn long_lists_are_several_sentences() {
        let facts = (0..20)
            .map(|at| Grounded {
                field: Field::Problems,
                status: Status::Past,
                quote: format!("q{at}"),
                start: at,
                end: at + 1,
            })
            .collect();
        let summary = Summary::new(facts, Counts::default());
        assert_eq!(summary.narrative.len(), 3);
        assert_eq!(summary.narrative[0].text, "History of: q0; q1; q2; q3; q4; q5; q6; q7.");
    }
}

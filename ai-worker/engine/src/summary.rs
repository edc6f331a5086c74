//! A summary of a note: grounded facts, and sentences made of them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::facts::{Fact, Field};
use crate::grounding::Grounded;
use crate::narrative::{Sentence, narrate};

/// What happened on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Segments that the model read, each once however often it occurs in the note.
    pub segments: u32,
    pub prompt_tokens: u32,
    pub output_tokens: u32,
    /// Facts that were dropped because their quote does not occur.
    pub unsupported: u32,
    /// Answers that were cut off at the limit of tokens; what was incomplete in them is dropped.
    pub truncated: u32,
    /// Passages that de-identification replaced.
    pub removed_identifiers: u32,
}

/// A summary. The same note, model, template and parameters give the same bytes of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub problems: Vec<Fact>,
    pub medications: Vec<Fact>,
    pub allergies: Vec<Fact>,
    pub procedures: Vec<Fact>,
    pub follow_up: Vec<Fact>,
    pub narrative: Vec<Sentence>,
    pub counts: Counts,
}

impl Summary {
    /// Makes a summary of facts in the order of the text. Of facts that differ only in their place the first
    /// is kept.
    #[must_use]
    pub fn new(facts: Vec<Grounded>, counts: Counts) -> Self {
        let mut summary = Self { counts, ..Self::default() };
        let mut seen = HashSet::new();
        for fact in facts {
            if seen.insert((fact.field, fact.status, fact.quote.to_lowercase())) {
                let Grounded { field, status, quote, start, end } = fact;
                summary.field_mut(field).push(Fact { status, quote, start, end });
            }
        }
        summary.narrative = narrate(Field::ALL.map(|field| (field, summary.field(field))));
        summary
    }

    /// The facts of a field.
    #[must_use]
    pub fn field(&self, field: Field) -> &[Fact] {
        match field {
            Field::Problems => &self.problems,
            Field::Medications => &self.medications,
            Field::Allergies => &self.allergies,
            Field::Procedures => &self.procedures,
            Field::FollowUp => &self.follow_up,
        }
    }

    fn field_mut(&mut self, field: Field) -> &mut Vec<Fact> {
        match field {
            Field::Problems => &mut self.problems,
            Field::Medications => &mut self.medications,
            Field::Allergies => &mut self.allergies,
            Field::Procedures => &mut self.procedures,
            Field::FollowUp => &mut self.follow_up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Status;

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

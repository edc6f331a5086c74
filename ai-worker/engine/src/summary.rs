//! A summary of a note: grounded facts, and sentences made of them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::facts::{Field, Status};
use crate::grounding::Grounded;
use crate::narrative;

/// A fact of the note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub status: Status,
    /// The note's own words, white space folded.
    pub quote: String,
    /// Half-open range of character offsets (Unicode scalar values) in the note's text.
    pub start: u32,
    pub end: u32,
}

/// A sentence of the narrative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub text: String,
    /// Which facts it states: indexes into all facts of the summary in the order problems, medications, allergies,
    /// procedures, follow-up, counted from 0.
    pub cites: Vec<u32>,
}

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
    /// Makes a summary of facts in the order of the text. Of facts that differ only in their place the first is kept.
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
        summary.narrative = narrative::narrate(&summary);
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

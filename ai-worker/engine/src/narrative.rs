//! The narrative: sentences of fixed wording around quotes. The model writes none of it.

use serde::{Deserialize, Serialize};

use crate::facts::{Fact, Field, Status};

/// A sentence of the narrative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub text: String,
    /// Which facts it states: indexes into all facts of the summary in the order problems, medications,
    /// allergies, procedures, follow-up, counted from 0.
    pub cites: Vec<u32>,
}

/// Facts of one sentence at most.
const MAX_FACTS: usize = 8;

/// Sentences that state every fact, each with its status; the facts of each field, in the order of
/// [`Field::ALL`].
pub(super) fn narrate(fields: [(Field, &[Fact]); 5]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut base = 0usize;
    for (field, facts) in fields {
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

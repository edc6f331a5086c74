//! Facts: what a model says about a segment, and what of it a summary holds.

use serde::{Deserialize, Serialize};

/// The kind of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Problems,
    Medications,
    Allergies,
    Procedures,
    FollowUp,
}

impl Field {
    /// All, in the order in which a summary lists them.
    pub const ALL: [Self; 5] =
        [Self::Problems, Self::Medications, Self::Allergies, Self::Procedures, Self::FollowUp];

    /// Its name in an answer.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Problems => "problems",
            Self::Medications => "medications",
            Self::Allergies => "allergies",
            Self::Procedures => "procedures",
            Self::FollowUp => "follow_up",
        }
    }
}

/// What the note says of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Present,
    Absent,
    Past,
    Family,
    Planned,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Present, Self::Absent, Self::Past, Self::Family, Self::Planned];

    /// Its name in an answer.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Past => "past",
            Self::Family => "family",
            Self::Planned => "planned",
        }
    }
}

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

/// A fact as a model states it, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stated {
    pub field: Field,
    pub status: Status,
    pub quote: String,
}

/// The complete facts of an answer, and whether the answer was a complete JSON array. What comes after the
/// first part that is not as it should be is dropped.
#[must_use]
pub fn parse(answer: &str) -> (Vec<Stated>, bool) {
    if let Ok(facts) = serde_json::from_str(answer) {
        return (facts, true);
    }
    let mut facts = Vec::new();
    let mut rest = answer.trim_start().strip_prefix('[').unwrap_or_default();
    loop {
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Stated>();
        let Some(Ok(fact)) = stream.next() else {
            return (facts, false);
        };
        let used = stream.byte_offset();
        facts.push(fact);
        rest = rest.get(used..).unwrap_or_default().trim_start().strip_prefix(',').unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_and_cut_answers() {
        let fact = r#"{"field":"follow_up","status":"planned","quote":"say \"ah\" \\ \u00e9"}"#;
        assert_eq!(parse("[]"), (vec![], true));
        let (facts, complete) = parse(&format!("[{fact},{fact}]"));
        assert_eq!((facts.len(), complete, facts[0].quote.as_str()), (2, true, "say \"ah\" \\ é"));
        let (facts, complete) = parse(&format!("[{fact},{fact},{{\"field\":\"prob"));
        assert_eq!((facts.len(), complete), (2, false));
        assert_eq!(parse(""), (vec![], false));
        assert_eq!(parse("no json"), (vec![], false));
        assert_eq!(parse(r#"[{"field":"moods","status":"past","quote":"x"}]"#), (vec![], false));
    }
}

//! A note made ready for the model, and what its answers make of it. No llama.cpp here.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::facts::parse;
use crate::grounding::{Grounded, ground};
use crate::llama::Answer;
use crate::note::{Mapped, Note, deidentify};
use crate::segment::{Segment, first_words, segments};
use crate::summary::{Counts, Summary};

/// A note without identifiers, cut into segments.
pub struct Reading {
    pub segments: Vec<Segment>,
    removed: u32,
}

/// What the model sees of a segment, the case of its text included: segments with equal keys have equal
/// answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    context: [String; 3],
    text: String,
}

impl Key {
    /// The key of a segment.
    #[must_use]
    pub fn of(segment: &Segment) -> Self {
        let Segment { heading, lead, opening, .. } = segment;
        Self { context: [heading.clone(), lead.clone(), opening.clone()], text: segment.string() }
    }
}

impl Reading {
    /// De-identifies a note and cuts it.
    #[must_use]
    pub fn new(note: &Note) -> Self {
        let redacted = deidentify(note.text(), note.identity());
        Self { segments: segments(&redacted.chars), removed: redacted.removed }
    }

    /// Has every segment answered, and the list items that an answer passed over once more; equal ones once.
    ///
    /// # Errors
    /// The first error of `ask`.
    pub fn answers<E>(
        segments: &[Segment],
        mut ask: impl FnMut(&Segment) -> Result<Answer, E>,
    ) -> Result<HashMap<Key, Answer>, E> {
        let mut answers = HashMap::new();
        for segment in segments {
            let key = Key::of(segment);
            if !answers.contains_key(&key) {
                let answer = ask(segment)?;
                for item in passed_over(segment, &ground(segment, &parse(&answer.text).0).0) {
                    if let Entry::Vacant(slot) = answers.entry(Key::of(&item)) {
                        slot.insert(ask(&item)?);
                    }
                }
                answers.insert(key, answer);
            }
        }
        Ok(answers)
    }

    /// Grounds answers and makes the summary. Segments without an answer yield nothing.
    #[must_use]
    pub fn summary(&self, answers: &HashMap<Key, Answer>) -> Summary {
        let mut counts = Counts { removed_identifiers: self.removed, ..Counts::default() };
        let mut counted = HashSet::new();
        let mut facts = Vec::new();
        for segment in &self.segments {
            let mut found = read(segment, answers, &mut counts, &mut counted);
            for item in passed_over(segment, &found) {
                found.extend(read(&item, answers, &mut counts, &mut counted));
            }
            found.sort_by_key(|fact| fact.start);
            facts.extend(found);
        }
        Summary::new(facts, counts)
    }
}

/// The grounded facts of one answer, which is counted once.
fn read(
    segment: &Segment,
    answers: &HashMap<Key, Answer>,
    counts: &mut Counts,
    counted: &mut HashSet<Key>,
) -> Vec<Grounded> {
    let key = Key::of(segment);
    let Some(answer) = answers.get(&key) else {
        return Vec::new();
    };
    let (grounded, unsupported) = ground(segment, &parse(&answer.text).0);
    if counted.insert(key) {
        counts.segments += 1;
        counts.prompt_tokens += answer.prompt_tokens;
        counts.output_tokens += answer.output_tokens;
        counts.unsupported += unsupported;
        counts.truncated += u32::from(answer.truncated);
    }
    grounded
}

/// Items of a list that lie between, or after, facts of the same list and are in none: a small model's
/// attention jumps over one of two items that end alike. Each is a segment of its own, cut as if the segment
/// had ended there.
fn passed_over(segment: &Segment, facts: &[Grounded]) -> Vec<Segment> {
    let text = &segment.text;
    let separator = |at: usize| text.get(at).is_some_and(|c| matches!(c.ch, ',' | ';'));
    let place = |offset: u32| text.iter().position(|c| c.start == offset);
    let mut items = Vec::new();
    for (index, fact) in facts.iter().enumerate() {
        let Some(after) = text.iter().rposition(|c| c.end == fact.end).map(|at| at + 1) else {
            continue;
        };
        let next = facts.get(index + 1).and_then(|next| place(next.start)).unwrap_or(text.len());
        let closed = next == text.len() || (next >= 2 && separator(next - 2));
        if !separator(after) || !closed || next < after {
            continue;
        }
        let edge = |c: &&Mapped| matches!(c.ch, ',' | ';' | '.' | ' ');
        let begin = after + text[after..next].iter().take_while(edge).count();
        let end = next - text[begin.min(next)..next].iter().rev().take_while(edge).count();
        if begin < end && text[begin..end].iter().filter(|c| c.ch.is_alphabetic()).count() >= 3 {
            let opening =
                if segment.opening.is_empty() { first_words(text) } else { segment.opening.clone() };
            items.push(Segment { opening, text: text[begin..end].to_vec(), ..segment.clone() });
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Field, Stated, Status};
    use crate::segment::tests::plain;

    fn left(text: &str, quotes: &[&str]) -> Vec<String> {
        let segment = Segment { text: plain(text), ..Segment::default() };
        let stated = |quote: &&str| Stated {
            field: Field::Problems,
            status: Status::Past,
            quote: (*quote).to_owned(),
        };
        let (facts, _) = ground(&segment, &quotes.iter().map(stated).collect::<Vec<_>>());
        passed_over(&segment, &facts).iter().map(Segment::string).collect()
    }

    #[test]
    fn only_whole_items_of_a_list_are_asked_for_again() {
        assert_eq!(left("History of gout, anemia, stress.", &["gout", "stress"]), ["anemia"]);
        assert_eq!(left("gout; anemia; stress;", &["gout"]), ["anemia; stress"]);
        assert_eq!(left("gout, anemia", &["gout", "anemia"]), Vec::<String>::new());
        // What comes before a list, or stands between facts that are no list, is not looked at again.
        assert_eq!(left("History of gout and anemia", &["gout"]), Vec::<String>::new());
        assert_eq!(left("denies fever, reports cough", &["fever", "cough"]), Vec::<String>::new());
        assert_eq!(left("gout", &[]), Vec::<String>::new());
    }
}
